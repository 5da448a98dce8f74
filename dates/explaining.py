"""What a date means, in a sentence for the reader and in a word for the margin."""

from dataclasses import replace
from datetime import date, timedelta

from dates.expressions import Expression, Run, Several, Single, Span
from dates.language import gettext as _
from dates.model import Certainty, PartialDate
from dates.points import Point, Unit
from dates.printing import expression_of, print_date, print_point, speaking

_FINE = (Unit.DAY, Unit.MONTH, Unit.YEAR)
_ONE_DAY = timedelta(days=1)


def explain(partial: PartialDate, language: str | None = None) -> str:
    """What the date covers, such as "circa 1955: 1954 to 1956"; empty where the date says it all itself."""
    with speaking(language) as code:
        if partial.is_undated:
            return _("undated: no date is known")
        expression = expression_of(partial)
        notes = []
        meaning = _meaning(expression, partial, code)
        if meaning:
            said = print_date(replace(partial, supplied=False), code)
            notes.append(_("{date}: {meaning}").format(date=said, meaning=meaning))
        if partial.supplied:
            notes.append(_("in brackets: supplied by the cataloguer"))
        return "; ".join(notes)


def precision_note(partial: PartialDate, language: str | None = None) -> str:
    """A word for the margin: "year only", "circa", "could be 1954 to 1956"; empty for a full day or a plain span."""
    with speaking(language) as code:
        if partial.is_undated:
            return ""
        if partial.certainty is Certainty.UNCERTAIN:
            return _("uncertain")
        expression = expression_of(partial)
        if _is_vague(expression, partial):
            return _("could be {range}").format(range=print_range(partial, code))
        if isinstance(expression, Single) and expression.point.unit is not Unit.DAY:
            names = {
                Unit.MONTH: _("month only"),
                Unit.SEASON: _("season only"),
                Unit.YEAR: _("year only"),
                Unit.DECADE: _("decade only"),
                Unit.CENTURY: _("century only"),
            }
            return names.get(expression.point.unit, "")
        return ""


def print_range(partial: PartialDate, language: str) -> str:
    """The bounds in words, by years or months where they are whole ones: "1954 to 1956", "1948 or earlier"."""
    first, last = partial.earliest, partial.latest
    fineness = _fineness(first, last)
    start = print_point(_unit_of(first, fineness), language) if first else ""
    end = print_point(_unit_of(last, fineness), language) if last else ""
    if not start:
        return _("{date} or earlier").format(date=end)
    if not end:
        return _("{date} or later").format(date=start)
    return start if start == end else _("{first} to {last}").format(first=start, last=end)


def _is_vague(expression: Expression, partial: PartialDate) -> bool:
    """Whether the date is somewhere in its bounds, rather than all of them or one unit."""
    one_of_several = isinstance(expression, Several) and not expression.every
    return one_of_several or partial.certainty is Certainty.APPROXIMATE


def _meaning(expression: Expression, partial: PartialDate, language: str) -> str:
    """The part after the colon; empty for a plain day, month, year or span."""
    covered = print_range(partial, language)
    if isinstance(expression, Single):
        point = expression.point
        plain = point.unit in _FINE and not point.approximate and not point.tail
        meaning = "" if plain else covered
    elif isinstance(expression, Span):
        plain = all(point.unit in _FINE and not point.approximate for point in expression.points())
        meaning = "" if plain and not expression.vague and expression.start and expression.end else covered
    elif expression.every:
        meaning = _("each of these dates")
    elif len(expression.members) > 1 or not isinstance(expression.members[0], Run):
        meaning = _("one of these dates, {range}").format(range=covered)
    elif partial.earliest is None:
        meaning = _("one date, how early is not known")
    elif partial.latest is None:
        meaning = _("one date, how late is not known")
    elif partial.certainty is not Certainty.APPROXIMATE:
        meaning = _("one date from {range}").format(range=covered)
    else:
        meaning = covered
    if partial.certainty is Certainty.UNCERTAIN:
        return _("{range}, uncertain").format(range=meaning) if meaning else _("uncertain")
    return meaning


def _fineness(first: date | None, last: date | None) -> Unit:
    """Years or months where the bounds are whole ones, else days."""
    starts_year = first is None or (first.month, first.day) == (1, 1)
    ends_year = last is None or (last.month, last.day) == (12, 31)
    if starts_year and ends_year:
        return Unit.YEAR
    ends_month = last is None or last == date.max or (last + _ONE_DAY).day == 1
    return Unit.MONTH if (first is None or first.day == 1) and ends_month else Unit.DAY


def _unit_of(day: date, unit: Unit) -> Point:
    if unit is Unit.YEAR:
        return Point(unit, day.year)
    return Point(unit, day.year, day.month, day.day if unit is Unit.DAY else 0)
