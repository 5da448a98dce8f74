"""EDTF (ISO 8601-2) that a person typed on purpose. The `edtf` package checks it; meaning and bounds are ours."""

import re
from datetime import date

from dates.expressions import Expression, Run, Single, Span, make_set, make_span, to_partial
from dates.language import gettext as _
from dates.model import Certainty, DateError, PartialDate
from dates.points import Point, Unit, exact_bounds, make_point

LONGEST = 600
_MEMBERS = 12

_POINT = re.compile(r"(?:(\d\dXX|\d{3}X)|(\d{4})(?:-(\d\d|XX)(?:-(\d\d|XX))?)?)([~?%]?)\Z", re.ASCII)
_TIME = re.compile(r"(?<=\d{4}-\d\d-\d\d)T[\d:]{2,8}(?:Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
_APPROXIMATE = frozenset("~%")
_UNCERTAIN = frozenset("?%")
_SEASONS = range(21, 25)


def read_edtf(text: str, *, written: str | None = None) -> PartialDate:
    """The date that this EDTF means, seasons (1968-21) among them; DateError where it is not valid or not usable.

    Usable are years 0001 to 9999, months, days, seasons, decades (195X), centuries (18XX), marks (? ~ %) at the end of
    a date, spans, sets and open ends. A time of day is checked and left out.
    """
    if not isinstance(text, str):
        raise DateError(_("EDTF is text: write it such as 1956-05, 1955~ or 1955/1957"))
    written = text if written is None else written
    typed = text.strip()
    if not typed:
        return PartialDate(written, "", None, None, Certainty.UNDATED)
    if len(typed) > LONGEST or typed.count(",") >= _MEMBERS:
        raise DateError(_("this EDTF is too long: write one date or one span, such as 1955/1957"))
    expression = parse_expression(_TIME.sub("", typed))
    _check(typed, expression)
    return to_partial(expression, written)


def _check(typed: str, expression: Expression) -> None:
    """DateError unless the package knows the text as EDTF, both as typed and as we store it."""
    # Here, because the package takes long to load and few ever type EDTF.
    from edtf.parser.edtf_exceptions import EDTFParseException
    from edtf.parser.grammar import parse_edtf

    for text in dict.fromkeys((typed, expression.edtf)):
        try:
            parse_edtf(text)
        except (EDTFParseException, ValueError, AttributeError, TypeError, RecursionError) as error:
            raise _not_edtf(typed) from error


def _not_edtf(text: str) -> DateError:
    shown = text if len(text) <= 60 else text[:59] + "…"
    return DateError(
        _(
            "“{text}” is not EDTF that can be used here: write such as 1956, 1956-05, 1956-05-06, 1955~, 1955?, 195X, "
            "1968-21 (spring), 1955/1957, [1955,1956] or [..1948]"
        ).format(text=shown)
    )


def parse_expression(text: str) -> Expression:
    """Our own reading of EDTF, without the check; DateError where it is beyond what the archive uses."""
    if text[:1] in "[{" and len(text) > 2 and text[-1] == {"[": "]", "{": "}"}[text[0]]:
        members = tuple(_member(member.strip(), text) for member in text[1:-1].split(","))
        if len(members) == 1 and isinstance(members[0], Point):
            raise _not_edtf(text)
        return make_set(members, every=text[0] == "{")
    if "/" in text:
        return _span(text)
    point = _point(text, text)
    if point.unit is Unit.SEASON and point.mark:  # the package knows no marked season that stands alone
        raise _not_edtf(text)
    return Single(point)


def _span(text: str) -> Expression:
    left, _slash, right = text.partition("/")
    unknown = not left or not right
    start = None if left in ("", "..") else _point(left, text)
    end = None if right in ("", "..") else _point(right, text)
    ends = [point for point in (start, end) if point]
    # The package fails on these, whether EDTF allows them or not.
    unheard_of = any(point.tail for point in ends) or (
        len(ends) == 1 and ends[0].unit in (Unit.DECADE, Unit.CENTURY)
    )
    if not ends or unheard_of:
        raise _not_edtf(text)
    if start is None or end is None:
        return Span(start, end, unknown=unknown)
    if start == end and start.unit is Unit.SEASON and start.mark:
        raise _not_edtf(text)
    return make_span(start, end)


def _member(text: str, whole: str) -> Point | Run:
    if ".." not in text:
        point = _point(text, whole)
        if point.unit is Unit.SEASON:  # no seasons in sets
            raise _not_edtf(whole)
        return point
    left, _dots, right = text.partition("..")
    first = _point(left, whole) if left else None
    last = _point(right, whole) if right else None
    ends = [point for point in (first, last) if point]
    plain = all(
        point.unit in (Unit.DAY, Unit.MONTH, Unit.YEAR) and not point.mark + point.tail for point in ends
    )
    if not ends or not plain or len({point.unit for point in ends}) > 1:
        raise _not_edtf(whole)
    if first and last and _first_day(last) < _first_day(first):
        make_span(first, last)
        raise _not_edtf(whole)
    return Run(first, last)


def _first_day(point: Point) -> date:
    return exact_bounds(point)[0]


def _point(text: str, whole: str) -> Point:
    match = _POINT.match(text)
    if not match:
        raise _not_edtf(whole)
    masked, year, month, day, mark = match.groups()
    approximate, uncertain = mark in _APPROXIMATE, mark in _UNCERTAIN
    if masked:
        unit = Unit.CENTURY if masked.endswith("XX") else Unit.DECADE
        first = int(masked.replace("X", "0"))
        if not first:
            raise DateError(_("there is no year 0000 here: write a decade or century after it"))
        return Point(unit, first, approximate=approximate, uncertain=uncertain)
    if month is not None and month != "XX" and int(month) in _SEASONS:
        if day is not None:
            raise _not_edtf(whole)
        return Point(
            Unit.SEASON,
            make_point(int(year)).year,
            season=int(month),
            approximate=approximate,
            uncertain=uncertain,
        )
    if month == "XX":
        if day not in (None, "XX"):
            raise _not_edtf(whole)
        tail = "-XX" if day is None else "-XX-XX"
        return Point(
            Unit.YEAR, make_point(int(year)).year, tail=tail, approximate=approximate, uncertain=uncertain
        )
    if month == "00" or day == "00":
        raise DateError(_("no month or day is 0: write XX for what is not known, or leave it out"))
    plain = make_point(int(year), int(month or 0), 0 if day in (None, "XX") else int(day))
    return Point(
        plain.unit,
        plain.year,
        plain.month,
        plain.day,
        tail="-XX" if day == "XX" else "",
        approximate=approximate,
        uncertain=uncertain,
    )
