"""Reads a date as an archivist writes it. Nothing is guessed: what is unclear is refused with what to write."""

import re
from dataclasses import replace

from dates.clock import without_time
from dates.edtf import read_edtf
from dates.expressions import Single, to_partial
from dates.folding import chinese_figures, fold
from dates.grammar import Sentence
from dates.language import gettext as _
from dates.model import Certainty, DateError, PartialDate
from dates.numeric import ORDERS, refuse_short_year
from dates.points import make_point
from dates.tokens import tokenize
from dates.words import NO_DATE_WORDS, WORDS

LONGEST = 600

# The plain forms, with the hour that telegrams carry: they are nearly all there is, and read at once.
_HOUR = r"(?:\s*[,—–-]\s*(?:(?:0?[1-9]|1[0-2])(?::[0-5]\d)?\s?[AaPp]\.?\s?[Mm]\.?|(?:[01]\d|2[0-3])[0-5]\dZ|[Nn]oon))?"
_PLAIN = re.compile(
    rf"""\s*(?:
      (?P<month>[A-Za-z]{{3,9}})\.?\s(?P<day>\d{{1,2}}),?\s(?P<year>\d{{4}}){_HOUR}
    | (?P<day2>\d{{1,2}})\s(?P<month2>[A-Za-z]{{3,9}})\.?,?\s(?P<year2>\d{{4}}){_HOUR}
    | (?P<year3>\d{{4}})(?:-(?P<month3>\d\d)-(?P<day3>\d\d))?
    | (?P<month4>[A-Za-z]{{3,9}})\.?,?\s(?P<year4>\d{{4}})
    )\s*\Z""",
    re.VERBOSE | re.ASCII,
)
# EDTF that nothing else looks like: with ~, %, X, {}, two dots, or an end that is open.
_EDTF_SIGNS = re.compile(
    r"(?=.*(?:[~%X{]|\.\.|-\?\d|/\]?\Z|\A\[?/))[\dX\[{/.][\dX~?%./,{}\[\]-]*\Z", re.ASCII
)
# In EDTF these brackets are a choice; elsewhere they are the cataloguer's.
_BRACKETED_LIST = re.compile(r"\s*\[[\d?-]+(?:,\s?[\d?-]+)+\]\s*\Z", re.ASCII)
_EAST_ASIAN = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_LEADING_UNDATED = re.compile(
    r"^(?:undated|not dated|no date|n\.? ?d\b\.?|s\.? ?d\b\.?|o\.? ?[dj]\b\.?|ohne datum|undatiert|nicht datiert|б\.? ?д\b\.?|без даты"
    r"|sans date|sin fecha|日期不详|无日期)(?![^\W_])[\s,;:.–-]*"
)
_ASIDES = re.compile(r"\[sic!?\]|\(\s*\)|\[\s*\]")
_ASIDE_DOUBT = re.compile(r"[\[(]\s*\?\s*[\])]")
_ASIDE_WORD = re.compile(r"\(([^()\[\]]{1,30})\)")


def read_date(text: str, *, date_order: str | None = None) -> PartialDate:
    """The date that the text says.

    `date_order` ("dmy" or "mdy") settles numeric dates such as 05/06/1946. Raises DateError (a ValueError) with the
    cure for what is ambiguous, impossible, or no date. The hour stays in what is written.
    """
    if not isinstance(text, str):
        raise DateError(_("a date is text: write one such as May 6, 1946, or undated"))
    if date_order is not None and date_order not in ORDERS:
        raise ValueError(f"date_order is dmy or mdy, not {date_order!r}")
    if len(text) > LONGEST:
        raise DateError(
            _("a date of {length} characters is too long: write the date alone, such as May 6, 1946").format(
                length=len(text)
            )
        )
    return _read_plain(text) or _read_slowly(text, date_order)


def _read_plain(text: str) -> PartialDate | None:
    match = _PLAIN.match(text)
    if not match:
        return None
    groups = match.groups()
    month_name, day, year = groups[0:3] if groups[2] else (groups[4], groups[3], groups[5])
    if groups[6]:
        year, month, day = groups[6], int(groups[7] or 0), groups[8]
        if groups[7] and not (month and int(day)):
            return None
    else:
        month_name = month_name or groups[9]
        kind, month = WORDS.get(month_name.lower(), ("", 0))
        if kind != "month" or not month:
            return None
        year = year or groups[10]
        if day and not int(day):
            return None
    point = make_point(int(year), month, int(day or 0))
    return to_partial(Single(point), text)


def _read_slowly(text: str, date_order: str | None) -> PartialDate:
    edtf = _read_marked_edtf(text)
    if edtf is not None:
        return edtf
    if _BRACKETED_LIST.match(text):
        raise DateError(_("a choice or a list? write [1955 or 1956] or [1955 and 1956]"))
    folded = fold(text)
    if _EAST_ASIAN.search(folded):
        folded = chinese_figures(folded)
    letters = _NOT_LETTERS.sub("", folded)
    no_date = not any(char.isdigit() for char in folded)
    if not folded or (no_date and letters in NO_DATE_WORDS):
        return PartialDate(text, "", None, None, Certainty.UNDATED)
    said_undated = _LEADING_UNDATED.match(folded)
    if said_undated:
        folded = folded[said_undated.end() :]
    folded = without_time(folded)
    folded = _ASIDE_DOUBT.sub("?", _ASIDES.sub(" ", folded))
    folded = _ASIDE_WORD.sub(_aside, folded)
    bare, supplied = _without_brackets(folded)
    refuse_short_year(bare.strip())
    expression = Sentence(tokenize(bare, date_order), text).read()
    partial = to_partial(expression, text, supplied)
    if said_undated and partial.certainty is Certainty.CERTAIN and not supplied:
        raise DateError(
            _(
                "it says undated and gives a date: write undated, or the date in brackets, such as [{date}]"
            ).format(date=bare.strip())
        )
    return partial


def _aside(match: re.Match[str]) -> str:
    """Round brackets around a mark or a weekday fall away; around anything else they stay and are refused."""
    words = re.findall(r"[^\W\d_]+|\d+|\S", match[1])
    kinds = {WORDS.get(word, ("unknown", 0))[0] if word not in (".", "?", ",") else "sign" for word in words}
    return f" {match[1]} " if kinds <= {"weekday", "circa", "perhaps", "sign"} else match[0]


def _without_brackets(text: str) -> tuple[str, bool]:
    """The text without square brackets, and whether it had any."""
    if "[" not in text and "]" not in text:
        return text, False
    depth = 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if depth not in (0, 1):
            break
    if depth:
        raise DateError(
            _("a bracket is not closed or not opened: write [1956] for a date the cataloguer supplies")
        )
    return text.replace("[", "").replace("]", ""), True


def _read_marked_edtf(text: str) -> PartialDate | None:
    stripped = text.strip()
    if not _EDTF_SIGNS.match(stripped):
        return None
    inner = stripped[1:-1]
    is_set = "," in inner or ".." in inner.replace("/..", "").replace("../", "")
    if stripped[0] == "[" and stripped[-1] == "]" and (inner[:1] in ("[", "{") or not is_set):
        return replace(read_edtf(inner, written=text), supplied=True)
    return read_edtf(stripped, written=text)
