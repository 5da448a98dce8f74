"""The forms of shelfmarks that are known. Each reader answers None for what is not of its form.

Readers get a tidied text: compatibility forms, hyphens for dashes, single spaces.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

GROUP, FONDS, SERIES, NAME, OPIS, BUNDLE, PAPKA = "rg", "f", "s", "n", "op", "b", "p"
LOT, ACCESSION, JOB, BOX, VOLUME, FOLDER = "lot", "acc", "job", "box", "vol", "folder"
DECIMAL, SUBJECT, FILE, NUMBER, TITLE, REST = "dec", "subj", "d", "no", "t", "x"
# These tell the place in a file; they are not part of its key.
PERIOD, ITEM, PAGES, LEAVES = "period", "item", "pages", "leaves"

ABBREVIATIONS = {FONDS: "f.", OPIS: "op.", PAPKA: "p.", FILE: "d."}
WORDS = {FONDS: "fond", OPIS: "opis", PAPKA: "papka", FILE: "delo"}


class Found(NamedTuple):
    """A part of a reference: its level, and its value as written."""

    level: str
    value: str


Reader = Callable[[str], list[Found] | None]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# ---- labelled parts: the archives of Russia, Ukraine, Bulgaria, Albania and Czechoslovakia, and plain English

_LABELS = tuple(
    (level, _compiled(rf"(?:{words})(?![^\W\d_])\.?\s*(?:№|#|no\.)?\s*"))
    for level, words in (
        (FONDS, r"fonds|fondi|fondo|fond|фонд|f|ф"),
        (OPIS, r"opis'?|опись|опис|opys|op|оп|inventory"),
        (PAPKA, r"papka|папка|пап|pap|p|п"),
        (BUNDLE, r"portfel'?|портфель|por|пор|bundle"),
        (
            FILE,
            r"delo|дело|d|д|ed\. ?khr|ед\. ?хр|a\. ?e|а\. ?е|a\. ?j|ar\. ?j|sprava|справа|spr|спр|dosja|dosje|file",
        ),
        (VOLUME, r"volume|vol|tom|том|т|svazek|sv"),
        (SERIES, r"series"),
        (BOX, r"box|karton|kart"),
        (FOLDER, r"folder"),
        (NUMBER, r"no|number|inv\. ?č"),
        (ITEM, r"bod|item"),
        (LEAVES, r"listy?|листы?|ll|лл|l|л|leaves|leaf|folios?|fols?|bl"),
        (PAGES, r"pages?|pp|p|п|стр|с|str"),
    )
)
_VALUE = re.compile(r"(?:[^\W\d_]{1,2}-?)?\d+[^\W\d_]{0,3}(?:[/.-]?[^\W_]+)*")
_VERSO = r"(?:\s?(?:об|ob|v|r)\b\.?)?"
_PAGE_VALUE = _compiled(rf"\d+{_VERSO}(?:\s?[-,]\s?\d+{_VERSO})*")
_FONDS_FIRST = _compiled(
    r"(?<![^\W_])(?:fonds|fondi|fondo|fond|фонд|f|ф)(?![^\W\d_])\.?\s*(?=[^\W\d_]{0,2}-?\d)"
)
_SPELT_OUT = _compiled(r"fond|фонд")
_A_PLACE_IN_IT_FOLLOWS = _compiled(r"[\s,;](?:d|delo|д|дело|ll?|list|лл?|лист)(?![^\W\d_])")
_RANK = {
    FONDS: 0,
    SERIES: 1,
    OPIS: 2,
    VOLUME: 3,
    BUNDLE: 4,
    PAPKA: 5,
    BOX: 6,
    FOLDER: 7,
    FILE: 8,
    NUMBER: 9,
    REST: 10,
}
_BETWEEN = re.compile(r"[\s,;.:)]*")


def labelled(text: str) -> list[Found] | None:
    """Parts that each say what they are, beginning with the fonds: f. 5, op. 30, d. 116, ll. 4-9."""
    start = _FONDS_FIRST.search(text)
    if start is None:
        return None
    found = list(_labelled_parts(text[start.start() :]))
    path = [each for each in found if each.level not in (PAGES, LEAVES, ITEM)]
    if len(path) < 2 and not _SPELT_OUT.match(start[0]):
        return None  # an "f. 5" alone may be anything
    # Some write the papka before the file, some behind it.
    return sorted(found, key=lambda each: _RANK.get(each.level, len(_RANK)))


def _labelled_parts(text: str) -> Iterator[Found]:
    place, seen = 0, set()
    while place < len(text):
        level, label = _label_at(text, place)
        if level == PAPKA and not _A_PLACE_IN_IT_FOLLOWS.search(text, place):
            level = PAGES  # "p." is a papka where a file or a leaf comes after it, else a page
        ends = level in (PAGES, LEAVES)  # what stands behind them is of something else
        value = (_PAGE_VALUE if ends else _VALUE).match(text, label) if level else None
        if value is None or level in seen:
            # What has no name of its own still tells one file from another.
            yield Found(REST, text[place:])
            return
        yield Found(level, value[0])
        if ends:
            return
        seen.add(level)
        place = _end(_BETWEEN, text, value.end())


def _label_at(text: str, place: int) -> tuple[str, int]:
    """The level that is named here, and where its value begins; "" where none is."""
    for level, pattern in _LABELS:
        if match := pattern.match(text, place):
            return level, match.end()
    return "", place


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place


# ---- forms of one country or one archive, each a pattern; the names of groups are levels


class _Form:
    """A pattern whose named groups are levels: ``d`` is a file, ``f2`` a second piece of the fonds' name."""

    def __init__(self, pattern: str, *, flags: int = re.IGNORECASE) -> None:
        self._pattern = re.compile(pattern, flags | re.VERBOSE)

    def __call__(self, text: str) -> list[Found] | None:
        match = self._pattern.search(text)
        if match is None:
            return None
        groups = ((name.rstrip("0123456789"), value) for name, value in match.groupdict().items() if value)
        return [Found(level, value.strip(" ,;")) for level, value in groups]


_AT_START = r"(?:^|(?<=[\s,;:(]))"
_NUMBERS = r"\d[\d\s,-]*"
_GERMAN_PAGES = rf"(?:[,;\s]+(?:(?:Bl|Blatt|fol)\.?\s*(?P<leaves>{_NUMBERS})|S\.?\s*(?P<pages>{_NUMBERS})))?$"
_OTHER_PAGES = (
    rf"(?:[,;\s]+(?:(?:k|karta|karty|ll?|f|fila|filele)\.?\s*(?P<leaves>{_NUMBERS})"
    rf"|(?:s|str|pp?|o|old)\.?\s*(?P<pages>{_NUMBERS})))?$"
)

# Chinese Foreign Ministry: department and file, then the document in it: 105-00604-01(1).
CHINA = _Form(
    r"(?<![\d-])(?P<f>\d{3})-(?P<d>\d{5})-(?P<item>\d{2,3}(?:\s?\(\d+\))?)(?![\d-])"
    r"(?:[,;:\s]+(?:pp?\.?\s*|第)?(?P<pages>\d+(?:\s?-\s?\d+)?)页?)?\.?$"
)
# Hungarian party archives: M-KS 288 f. 5/30 ő.e., or 288. f. 5. cs. 30. ő. e.
HUNGARY_PARTY = _Form(
    r"(?:M-(?:KS|BP)[\s-]*)?\b(?P<f>\d{3})\.?\s?f(?:ond)?\.\s?(?P<s>\d+)(?:/|\.?\s?cs\.\s?)(?P<d>\d+)\.?\s?ő\.?\s?e\.?"
    r"(?:[,;\s]+(?P<pages>\d[\d\s-]*)\.?\s?(?:o|old|fol|p)\.?)?$"
)
# Hungarian ministries: XIX-J-1-j Korea, 1956, 5. doboz.
HUNGARY_STATE = _Form(
    rf"{_AT_START}(?P<f>[IVXLC]+-[A-Z]-\d+-[a-z]+)[\s,-]+(?P<n>[^,\d]+?)(?:,\s*(?P<s>\d{{4}}))?,\s*(?P<box>\d+)\.?\s?d(?:oboz)?\b(?:[,;\s]+(?P<item>.+))?$"
)
# Bundesarchiv and SAPMO: a fonds of letters and a number, a slash, the file.
GERMANY_PARTY = _Form(
    rf"{_AT_START}(?P<f>(?:D[A-Z]{{1,2}}|NY|SgY|BY)\s?\d+[a-z]?)\s?/\s?(?P<d>[^,;]+?){_GERMAN_PAGES}", flags=0
)
GERMANY_FEDERAL = _Form(
    rf"\b(?:BArch|BAarch|Bundesarchiv)\b[^,;/]*?[,;\s]+(?P<f>[A-Z]{{1,3}}\s?\d+[a-z]?)\s?/\s?(?P<d>[^,;]+?){_GERMAN_PAGES}",
    flags=0,
)
# Politisches Archiv: the files of the GDR's foreign ministry, and fonds with volumes.
GERMANY_MFAA = _Form(rf"\b(?P<f>MfAA)[,;\s]+(?P<d>[A-Z]{{1,2}}\s?\d+(?:/\d+)?){_GERMAN_PAGES}", flags=0)
GERMANY_FOREIGN = _Form(
    rf"\b(?:PA\s?AA|PAAA)[,;\s]+(?P<f>[A-Z]{{1,2}}\s?\d+)[,;\s]+(?:Bd|Band|Nr)\.?\s*(?P<d>\d+\w?){_GERMAN_PAGES}",
    flags=0,
)
GERMANY_STASI = _Form(
    rf"\b(?P<f>MfS)[,;\s-]+(?P<s>[A-ZÄÖÜ][\wäöü./]*(?:\s(?:[IVX]+(?:/\d+)?|[A-Z]+))?)[,;\s]+(?:Nr\.?\s?)?(?P<d>\d+){_GERMAN_PAGES}",
    flags=0,
)
# Polish foreign ministry: zespół, wiązka, teczka; party archives: a signature of the Central Committee.
POLAND_MINISTRY = _Form(
    rf"{_AT_START}z(?:espół|esp|\.)?\.?\s?(?P<f>\d+)[,;/\s]+w(?:iązka|\.)?\s?(?P<b>\d+)[,;/\s]+t(?:eczka|\.)?\s?(?P<d>\d+){_OTHER_PAGES}"
)
POLAND_PARTY = _Form(
    rf"{_AT_START}(?P<f>KC\s?PZPR|KC\s?PPR)[,;\s]+(?:sygn(?:atura|\.)?\s*)?(?P<d>[A-Z0-9]+(?:[/-][A-Z0-9]+)+){_OTHER_PAGES}"
)
# Romanian party archives: fond with a name, section, dosar with its year.
ROMANIA = _Form(
    rf"{_AT_START}fond(?:ul)?\s+(?P<f>[^,;]*?[^\W\d][^,;]*),\s*(?:(?P<s>[^,;]+),\s*)?dosar(?:ul)?\s*(?:nr\.?\s*)?(?P<d>\d+(?:/\d+)?){_OTHER_PAGES}"
)
# The National Archives of the United Kingdom: department and series, piece, item.
BRITAIN = _Form(
    rf"{_AT_START}(?P<f>(?:FO|CAB|PREM|DEFE|CO|DO|FCO|WO|AIR|KV|HW|POWE)\s\d+)/(?P<d>\d+)(?:/(?P<item>[\w/]+))?"
    rf"(?:[,;\s]+(?:ff?\.?\s*(?P<leaves>{_NUMBERS})|pp?\.?\s*(?P<pages>{_NUMBERS})))?$",
    flags=0,
)

# ---- the United States

_GROUP = r"(?:.*?\b(?:RG|Record\sGroup)\s?(?P<rg>\d+)[,;:\s]+)?"
_CENTRAL = (
    r"(?:Central\s(?:Decimal\s|Foreign\sPolicy\s)?Files?|C?DF)(?:[,\s]+(?P<period>\d{4}-\d{2,4}))?[,:]?\s"
)
# The number of the document behind the slash is its date: 10-1658 is October 16, 1958.
AMERICA_DECIMAL = _Form(
    rf"^(?:{_GROUP}.*?\b{_CENTRAL}(?:Box\s\d+,?\s)?)?"
    r"(?P<dec>\d{3}[A-Z]?(?:\.\d+[A-Z]?\d*)?(?:[\s-][A-Z]{2,4})?)\s?/\s?"
    r"(?P<item>(?:1[0-2]|[1-9])-(?:3[01]|[12]\d|[1-9])[2-6]\d)(?::\s(?:Telegram|Airgram|Despatch|Circular\s\w+))?$"
)
AMERICA_SUBJECT = _Form(
    rf"^{_GROUP}.*?\b{_CENTRAL}(?P<subj>[A-Z]{{1,7}}(?:\([A-Z]+\))?(?:\s\d+(?:-\d+)?)?(?:\s[A-Z][A-Z.&/\s-]*)?)$"
)
AMERICA_LOT = _Form(rf"^{_GROUP}.*?\bLot\s(?P<lot>\d{{2,3}}\s?[A-Z]{{1,2}}\s?\d+)(?:[,:]\s?(?P<t>.+))?$")
AMERICA_ACCESSION = _Form(
    rf"^{_GROUP}.*?\bFRC:?\s(?P<acc>(?:\d{{3}}\s)?\d{{2}}\s?[A-Z]\s?\d{{4}})(?:[,:]\s?(?P<t>.+))?$"
)
# The files of the Department of State itself are Record Group 59, said or not.
STATE_DEPARTMENT = "59"
_OF_A_POST = re.compile(r"\d{2,3}\s?F\s?\d+")  # a lot of an embassy, which is not among them
AMERICA_JOB = _Form(
    r"\bJob:?\s(?P<job>\d{2}\s?-?[A-Z][\s-]?\d{4,5}\s?[A-Z]?)(?:,\sBox\s(?P<box>\w+))?(?:,\sFolder\s(?P<folder>\w+))?(?:,\s(?P<t>.+))?$"
)
_BOX = re.compile(
    r"^(?P<lead>.+?),? Box (?P<box>\d\w*)(?:, Folder (?P<folder>\d\w*))?(?:, (?P<title>.+))?$", re.IGNORECASE
)
_RECORD_GROUP = re.compile(r"(?:RG|Record Group) ?(\d+)", re.IGNORECASE)


def boxes(text: str) -> list[Found] | None:
    """Names of ever smaller groups, a box, and the title of the folder in it, as American archives cite them."""
    match = _BOX.match(text)
    if match is None:
        return None
    names = [name.strip() for name in match["lead"].split(",")]
    groups = [place for place, name in enumerate(names) if _RECORD_GROUP.fullmatch(name)]
    found = []
    for name in names[groups[0] :] if groups else names:
        group = _RECORD_GROUP.fullmatch(name)
        found.append(Found(GROUP, group[1]) if group else Found(NAME, name))
    rest = ((BOX, match["box"]), (FOLDER, match["folder"]), (TITLE, match["title"]))
    return [*found, *(Found(level, value) for level, value in rest if value)]


def state_department(form: Reader) -> Reader:
    """The same form, under the record group that it is known to be in where it names none."""

    def read_form(text: str) -> list[Found] | None:
        found = form(text)
        if found is None or found[0].level == GROUP or _OF_A_POST.fullmatch(found[0].value):
            return found
        return [Found(GROUP, STATE_DEPARTMENT), *found]

    return read_form


READERS: tuple[Reader, ...] = (
    CHINA,
    HUNGARY_PARTY,
    HUNGARY_STATE,
    POLAND_MINISTRY,
    POLAND_PARTY,
    ROMANIA,
    GERMANY_MFAA,
    GERMANY_FOREIGN,
    GERMANY_STASI,
    GERMANY_FEDERAL,
    GERMANY_PARTY,
    BRITAIN,
    state_department(AMERICA_DECIMAL),
    state_department(AMERICA_SUBJECT),
    AMERICA_ACCESSION,
    state_department(AMERICA_LOT),
    AMERICA_JOB,
    labelled,  # behind those whose codes have an F or a D of their own
    boxes,
)


def read(text: str) -> list[Found] | None:
    """The parts of a tidied reference, from the widest on; None where its form is not known."""
    return next((found for reader in READERS if (found := reader(text))), None)
