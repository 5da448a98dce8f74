"""Folded text cut into tokens that have a meaning in dates."""

import re
from dataclasses import dataclass

from dates.language import gettext as _
from dates.model import DateError
from dates.numeric import (
    day_month_year,
    days_of_one_year,
    month_year,
    roman_month,
    year_and_two_figures,
    year_month_day,
)
from dates.parts import Part, two_figure_year
from dates.words import ORDINAL_WORDS, PHRASES, WORDS

_ROMAN_MONTH = "(?:viii|vii|vi|iv|v|iii|ii|i|xii|xi|ix|x)"
_CENTURY = (
    r"(?:century|cent\b|jahrhunderts?|jh\b|siecle|век[а-я]{0,2}|в(?:\.|(?=\s*$))|世纪|世紀|세기|secolo|siglo)"
)
_EAST_ASIAN_WORDS = sorted(
    (word for word in WORDS if re.match("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", word)),
    key=len,
    reverse=True,
)
_FRACTIONS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_FIRST = ("перв", "перш", "erste", "premier", "1")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}

_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<aacr_decade>\d{{3}})[-–](?=\s?\??\s*$)
  | (?P<aacr_century>\d{{2}})(?:--|–)(?=\s?\??\s*$)
  | (?P<x_decade>\d{{3}})x(?![^\W_])
  | (?P<x_century>\d{{2}})xx(?![^\W_])
  | (?P<days>\d{{1,2}}(?P<s4>[./])\s?\d{{1,2}}\.?(?:\s?[-–]\s?|\s(?:to|bis|по|до)\s)\d{{1,2}}(?P=s4)\s?\d{{1,2}}(?P=s4)\s?
      (?:\d{{4}}|\d{{2}}))(?!\d)
  | (?P<ymd>\d{{4}}(?P<s1>[-–/]|\.\s?)\d{{1,2}}(?P=s1)\d{{1,2}})(?!\d)
  | (?P<roman>\d{{1,2}}(?P<s2>[-/]|\.?\s|\.){_ROMAN_MONTH}(?P=s2)(?:\d{{4}}|\d{{2}}))(?!\d)
  | (?P<dmy>\d{{1,2}}(?P<s3>[-–/]|\.\s?)\d{{1,2}}(?P=s3)(?:\d{{4}}|\d{{2}}))(?!\d)
  | (?P<pair>\d{{4}}(?:[-–/.]\d{{1,2}}(?![\d年])|\s?[-–/]\s?\d{{1,2}}(?!\d|[.\s]*[^\W\d_])))
  | (?P<month_year>\d{{1,2}}[-–/.]\d{{4}})(?!\d|年)
  | (?P<cjk_century>\d{{1,2}})(?:世纪|世紀)(?P<cjk_decade>\d)0年代
  | (?P<decade>\d{{3}}0)(?P<decade_sign>\s?'?s\b|\s?er[ns]?\b|-?(?:е|х|ые|ых)(?![а-я])|年代|년대)(?P<ten>\s\(decade\))?
  | (?:annees|anni|anos|decada\sde)\s(?P<latin_decade>\d{{3}}0)(?!\d)
  | '?(?P<short_decade>\d0)(?:'?s\b|er\b|-?(?:е|х)(?![а-я])|年代)
  | (?P<century>\d{{1,3}})(?:st|nd|rd|th|eme|e|\.|-?(?:и|го|м|е|ыи))?\s?{_CENTURY}
  | (?P<roman_century>[ivx]{{1,5}})(?:eme|e)?\s{_CENTURY}
  | (?:siglo|secolo)\s(?P<latin_century>[ivx]{{1,5}})(?![^\W_])
  | (?P<word_century>(?:twenty-)?{"|".join(word for word in ORDINAL_WORDS)})\scentury
  | (?P<half>first|1st|second|2nd|last)\shalf\sof(?:\sthe)?
  | (?P<quarter>first|1st|second|2nd|third|3rd|fourth|4th|last)\squarter(?:\sof(?:\sthe)?)?
  | q(?P<q>[1-4])(?![^\W_])
  | (?P<ordinal_half>(?:перв|перш|втор|друг)[а-я]{{1,3}}|erste[nr]?|zweite[nr]?|premiere?|seconde?|deuxieme|[12](?:\.|-?[яеи])?|ii?)
      \s(?:половин|полугоди|halfte|halbjahr|moitie|semestre)[^\W\d_]*
  | (?P<cjk_half>[上下])半年
  | '(?P<short_year>\d{{2}})(?!\d)
  | (?P<ordinal>\d{{1,2}})(?:st|nd|rd|th|er|o|a|°|-?(?:го|е|ого))(?![^\W\d_])
  | (?P<number>\d+)
  | (?P<east>{"|".join(map(re.escape, _EAST_ASIAN_WORDS))})
  | (?P<word>[^\W\d_]+)
  | (?P<sign>\S)
    )""",
    re.VERBOSE,
)
_PHRASE = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(sorted(map(re.escape, PHRASES), key=len, reverse=True))})(?![^\W_])"
)
# "6-May-1946": the dashes are no span.
_DASHED_DAY = re.compile(r"(?<!\d)(\d{1,2})([-–/.])([^\W\d_]{3,12})\.?\2('?\d{2,4})(?!\d)")
_DASHED_YEAR = re.compile(r"(?<!\d)(\d{4})([-–/])([^\W\d_]{3,12})\.?\2(\d{1,2})(?!\d)")

_JOINTS = {
    "-": "to",
    "–": "to",
    "/": "to",
    "&": "and",
    "、": "and",
    ",": "comma",
    ";": "semicolon",
    "+": "and",
}
# The Chinese comma lists; before anything but figures it is a comma like any other.
_NO_LIST = re.compile(r"、(?!\s?\d)")
_CIRCA = "~"
_IGNORED = {".", "'", ":", '"'}


@dataclass(frozen=True, slots=True)
class Token:
    """A kind (see `words.MEANINGS`, plus number, part, ordinal, decade, ...), its value and how it stood."""

    kind: str
    value: int
    text: str
    part: Part | None = None
    fraction: tuple[int, int] | None = None


def tokenize(text: str, date_order: str | None) -> list[Token]:
    """Tokens of a folded text; DateError where figures or words are no date."""
    text = _PHRASE.sub(lambda match: PHRASES[match[0]], text)
    text = _NO_LIST.sub(",", text)
    text = _DASHED_DAY.sub(r"\1 \3 \4", text)
    text = _DASHED_YEAR.sub(r"\1 \3 \4", text)
    tokens: list[Token] = []
    position = 0
    while (match := _TOKEN.match(text, position)) is not None:
        kind = match.lastgroup or ""
        if kind in ("dmy", "month_year", "pair", "s3") and _follows_month(tokens):
            # "May 6-1946", "May 6.1946": here the first figures are the day of the month that stands before.
            match = _NUMBER.match(text, position) or match
            tokens.append(Token("number", int(match[1]), match[1]))
        else:
            tokens += _read(match, date_order)
        position = match.end()
    return tokens


_NUMBER = re.compile(r"\s*(\d+)")


def _follows_month(tokens: list[Token]) -> bool:
    return any(token.kind == "month" for token in tokens[-2:]) and (
        tokens[-1].kind == "month" or tokens[-1].text in (",", ".")
    )


def _read(match: re.Match[str], date_order: str | None) -> list[Token]:
    text = match[0].strip()
    match match.lastgroup:
        case "number":
            return [_number(text)]
        case "word" | "east":
            return _word(text)
        case "sign":
            return _sign(text)
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    return _numeric(found, text, date_order) or _periods(found, text)


def _sign(text: str) -> list[Token]:
    if text in _IGNORED:
        return []
    if text == _CIRCA:
        return [Token("circa", 0, text)]
    return [Token("joint", 0, _JOINTS[text])] if text in _JOINTS else [Token("sign", 0, text)]


def _number(text: str) -> Token:
    if len(text) not in (1, 2, 4):
        if len(text) == 3:
            cure = _("“{figures}” has three figures: write the year with four figures, or a decade as 1950s")
        else:
            cure = _("“{figures}” is too long for a year: write a date such as 1946-05-06 or May 6, 1946")
        raise DateError(cure.format(figures=shorten(text)))
    return Token("year" if len(text) == 4 else "number", int(text), text)


def _word(text: str) -> list[Token]:
    kind, value = WORDS.get(text, ("unknown", 0))
    return [] if kind in ("noise", "weekday") else [Token(kind, value, text)]


def _numeric(found: dict[str, str], text: str, date_order: str | None) -> list[Token]:
    part = None
    if "ymd" in found:
        part = year_month_day(found["ymd"])
    elif "roman" in found:
        part = roman_month(found["roman"])
    elif "dmy" in found:
        part = day_month_year(found["dmy"], date_order)
    elif "days" in found:
        first, last = days_of_one_year(found["days"], date_order)
        return [
            Token("part", 0, text, first),
            Token("joint", 0, "to"),
            Token("part", 0, text, last),
        ]
    elif "month_year" in found:
        part = month_year(found["month_year"])
    elif "pair" in found:
        part, second = year_and_two_figures(found["pair"])
        if second is not None:
            return [
                Token("year", part.year or 0, text),
                Token("joint", 0, "to"),
                Token("year", second.year or 0, text),
            ]
    return [Token("part", 0, text, part)] if part else []


def _periods(found: dict[str, str], text: str) -> list[Token]:
    for name in ("decade", "latin_decade", "aacr_decade", "x_decade"):
        if name in found:
            return [_decade(int(found[name].ljust(4, "0")), text, exact=name[:1] in "ax" or "ten" in found)]
    for name in ("century", "roman_century", "latin_century", "word_century", "aacr_century", "x_century"):
        if name in found:
            if name in ("aacr_century", "x_century"):
                return [_century(int(found[name]) + 1, text)]
            return [_century(_century_number(name, found[name]), text)]
    if "cjk_decade" in found:
        base = (int(found["cjk_century"]) - 1) * 100
        return [_decade(base + int(found["cjk_decade"]) * 10, text, exact=True)]
    if "short_year" in found:
        raise two_figure_year()
    if "ordinal" in found:
        return [Token("number", int(found["ordinal"]), found["ordinal"])]
    if "short_decade" in found:
        return [Token("short_decade", int(found["short_decade"]), text)]
    if "half" in found:
        return [Token("fraction", 0, text, fraction=(_FRACTIONS.get(found["half"], 2), 2))]
    if "ordinal_half" in found:
        is_first = found["ordinal_half"] == "i" or found["ordinal_half"].startswith(_FIRST)
        return [Token("fraction", 0, text, fraction=(1 if is_first else 2, 2))]
    if "cjk_half" in found:
        return [Token("fraction", 0, text, fraction=(1 if found["cjk_half"] == "上" else 2, 2))]
    which = int(found["q"]) if "q" in found else _FRACTIONS.get(found["quarter"], 4)
    return [Token("fraction", 0, text, fraction=(which, 4))]


def _decade(year: int, text: str, *, exact: bool) -> Token:
    if not year:
        raise DateError(_("there is no year 0000 here: write a decade from 0010s to 9990s"))
    if not year % 100 and not exact:
        raise DateError(
            _("ten years or a hundred? “{written}” can be both: write {decade} or {century}").format(
                written=text,
                decade=f"{year:04}s (decade)",
                century=f"{year:04}-{year + 99:04}",
            )
        )
    return Token("decade", year, text)


def _century(number: int, text: str) -> Token:
    if not 2 <= number <= 100:
        raise DateError(
            _("“{written}” is outside the calendar here: write a 2nd to 100th century").format(written=text)
        )
    return Token("century", (number - 1) * 100, text)


def _century_number(name: str, written: str) -> int:
    if name == "century":
        return int(written)
    if name == "word_century":
        stem = written.removeprefix("twenty-")
        return ORDINAL_WORDS[stem] + (20 if stem != written else 0)
    values = [_ROMAN_VALUES[letter] for letter in written]
    return sum(
        -value if any(value < later for later in values[index + 1 : index + 2]) else value
        for index, value in enumerate(values)
    )


def shorten(text: str, limit: int = 60) -> str:
    """The text for a message, cut where it is long."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
