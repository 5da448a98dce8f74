"""One calendar unit (a day, month, season, year, decade, century) with its bounds, widening and EDTF."""

import calendar
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum

from dates.language import gettext as _
from dates.model import DateError

SEASON_MONTHS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}
WINTER = 24

# "Circa" widens by so much on either side.
CIRCA_DAYS = 7
CIRCA_SEASON_MONTHS = 3
CIRCA_DECADE_YEARS = 5
CIRCA_CENTURY_YEARS = 50


class Unit(StrEnum):
    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


@dataclass(frozen=True, slots=True)
class Point:
    """A unit of the calendar; `year` is the first year of a decade or century.

    `tail` keeps EDTF's "-XX" (a month or day that is not known) so that it is written back.
    """

    unit: Unit
    year: int
    month: int = 0
    day: int = 0
    season: int = 0
    approximate: bool = False
    uncertain: bool = False
    tail: str = ""

    @property
    def mark(self) -> str:
        if self.approximate:
            return "%" if self.uncertain else "~"
        return "?" if self.uncertain else ""

    @property
    def bare_edtf(self) -> str:
        """EDTF without the mark."""
        match self.unit:
            case Unit.DAY:
                return f"{self.year:04}-{self.month:02}-{self.day:02}"
            case Unit.MONTH:
                return f"{self.year:04}-{self.month:02}{self.tail}"
            case Unit.SEASON:
                return f"{self.year:04}-{self.season}"
            case Unit.DECADE:
                return f"{self.year // 10:03}X"
            case Unit.CENTURY:
                return f"{self.year // 100:02}XX"
        return f"{self.year:04}{self.tail}"

    @property
    def edtf(self) -> str:
        return self.bare_edtf + self.mark

    def plain(self) -> "Point":
        """The same unit without its marks."""
        return replace(self, approximate=False, uncertain=False)


def make_point(year: int, month: int = 0, day: int = 0) -> Point:
    """A year, month or day that the calendar has; DateError otherwise."""
    if not MINYEAR <= year <= MAXYEAR:
        raise DateError(
            _("there is no year {year} here: write a year from 0001 to 9999").format(year=f"{year:04}")
        )
    if not month:
        return Point(Unit.YEAR, year)
    if not 1 <= month <= 12:
        raise DateError(_("no month {month}: write a month from 1 to 12, or its name").format(month=month))
    if not day:
        return Point(Unit.MONTH, year, month)
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise DateError(
            _("{month} {year} has {days} days: write a day from 1 to {days}, or {month} {year} alone").format(
                month=calendar.month_name[month], year=f"{year:04}", days=days
            )
        )
    return Point(Unit.DAY, year, month, day)


def last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def exact_bounds(point: Point) -> tuple[date, date]:
    """First and last day of the unit, not widened."""
    year = point.year
    match point.unit:
        case Unit.DAY:
            day = date(year, point.month, point.day)
            return day, day
        case Unit.MONTH:
            return date(year, point.month, 1), last_day(year, point.month)
        case Unit.SEASON:
            first, last = SEASON_MONTHS[point.season]
            if point.season == WINTER:  # "winter 1968" can be either winter that touches the year
                return _month_start(year - 1, first), _month_end(year + 1, last)
            return date(year, first, 1), last_day(year, last)
        case Unit.DECADE:
            return _year_start(year), _year_end(year + 9)
        case Unit.CENTURY:
            return _year_start(year), _year_end(year + 99)
    return date(year, 1, 1), date(year, 12, 31)


def bounds(point: Point) -> tuple[date, date]:
    """First and last day the unit may mean: widened where it is approximate."""
    first, last = exact_bounds(point)
    if not point.approximate:
        return first, last
    match point.unit:
        case Unit.DAY:
            return _shift_days(first, -CIRCA_DAYS), _shift_days(last, CIRCA_DAYS)
        case Unit.MONTH:
            return _shift_months(first, -1), _shift_months(last, 1)
        case Unit.SEASON:
            return _shift_months(first, -CIRCA_SEASON_MONTHS), _shift_months(last, CIRCA_SEASON_MONTHS)
        case Unit.DECADE:
            return _year_start(first.year - CIRCA_DECADE_YEARS), _year_end(last.year + CIRCA_DECADE_YEARS)
        case Unit.CENTURY:
            return _year_start(first.year - CIRCA_CENTURY_YEARS), _year_end(last.year + CIRCA_CENTURY_YEARS)
    return _year_start(first.year - 1), _year_end(last.year + 1)


def before(point: Point) -> Point:
    """The last day, month or year that is wholly before this unit; DateError at the end of the calendar."""
    first = exact_bounds(point)[0]
    if first == date.min:
        raise DateError(_("nothing is before the year 0001: write a later date"))
    return _of_same_fineness(point, first - timedelta(days=1))


def after(point: Point) -> Point:
    """The first day, month or year that is wholly after this unit; DateError at the end of the calendar."""
    last = exact_bounds(point)[1]
    if last == date.max:
        raise DateError(_("nothing is after the year 9999: write an earlier date"))
    return _of_same_fineness(point, last + timedelta(days=1))


def first_of(point: Point) -> Point:
    """The unit itself, or the first month of a season, the first year of a decade or century."""
    return _of_same_fineness(point, exact_bounds(point)[0])


def last_of(point: Point) -> Point:
    """The unit itself, or the last month of a season, the last year of a decade or century."""
    return _of_same_fineness(point, exact_bounds(point)[1])


def _of_same_fineness(point: Point, day: date) -> Point:
    if point.unit is Unit.DAY:
        return Point(Unit.DAY, day.year, day.month, day.day)
    if point.unit in (Unit.MONTH, Unit.SEASON):
        return Point(Unit.MONTH, day.year, day.month)
    return Point(Unit.YEAR, day.year)


# The calendar of Python ends at 0001 and 9999: what would pass it stops there.
def _year_start(year: int) -> date:
    return date(max(year, MINYEAR), 1, 1)


def _year_end(year: int) -> date:
    return date(min(year, MAXYEAR), 12, 31)


def _month_start(year: int, month: int) -> date:
    return date.min if year < MINYEAR else date(year, month, 1)


def _month_end(year: int, month: int) -> date:
    return date.max if year > MAXYEAR else last_day(year, month)


def _shift_days(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.min if days < 0 else date.max


def _shift_months(day: date, months: int) -> date:
    """Start of the month that many months before, or end of the month that many after."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return (
        _month_start(year, month + 1)
        if months < 0 and year < MINYEAR
        else (date(year, month + 1, 1) if months < 0 else _month_end(year, month + 1))
    )
