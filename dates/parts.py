"""What one stretch of the text says, before its gaps are filled from the stretch beside it."""

from dataclasses import dataclass, replace
from itertools import pairwise

from dates.language import gettext as _
from dates.model import DateError
from dates.points import Point, Unit, last_day, make_point

LAST_DAY = 31

EARLY, MID, LATE = "early", "mid", "late"

# The first and last of ten years, twelve months and thirty-one days that each word means.
YEARS = {EARLY: (0, 3), MID: (4, 6), LATE: (7, 9)}
MONTHS = {EARLY: (1, 4), MID: (5, 8), LATE: (9, 12)}
DAYS = {EARLY: (1, 10), MID: (11, 20), LATE: (21, LAST_DAY)}
CENTURY_YEARS = {EARLY: (0, 39), MID: (40, 69), LATE: (70, 99)}


def which_year(written: str) -> DateError:
    return DateError(
        _("which year? “{written}” names none: write it with its year, such as January 6, 1956").format(
            written=written
        )
    )


def two_figure_year() -> DateError:
    return DateError(_("write the year with four figures, the month as a word, such as 6 May 1946"))


@dataclass(slots=True)
class Part:
    """Year, month, day and the rest as far as they are said here; None is not said.

    `period` is early, mid or late; `fraction` is (which, of how many): (1, 2) for a first half.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    decade: int | None = None
    century: int | None = None
    short_decade: int | None = None
    period: str | None = None
    fraction: tuple[int, int] | None = None
    approximate: bool = False
    uncertain: bool = False
    circa_leads: bool = False
    perhaps_leads: bool = False

    @property
    def says_something(self) -> bool:
        return self.has_core or self.period is not None or self.fraction is not None

    @property
    def has_core(self) -> bool:
        return any(
            value is not None
            for value in (
                self.year,
                self.month,
                self.day,
                self.season,
                self.decade,
                self.century,
                self.short_decade,
            )
        )

    @property
    def is_fragment(self) -> bool:
        """Only a piece of its unit is meant: early, late, a first half."""
        return self.period is not None or self.fraction is not None

    @property
    def knows_year(self) -> bool:
        return self.year is not None or self.decade is not None or self.century is not None

    @property
    def is_bare_year(self) -> bool:
        return self.year is not None and self.month is None and self.day is None and self.season is None

    def point(self, written: str) -> Point:
        """The unit that is said, with its marks; DateError when it is none."""
        return replace(self._bare_point(written), approximate=self.approximate, uncertain=self.uncertain)

    def _bare_point(self, written: str) -> Point:
        others = [value for value in (self.decade, self.century, self.season) if value is not None]
        if len(others) > 1 or (others and (self.month is not None or self.day is not None)):
            raise DateError(_("“{written}” says two things at once: write one date").format(written=written))
        if self.decade is not None and self.year is None:
            return Point(Unit.DECADE, self.decade)
        if self.century is not None and self.year is None:
            return Point(Unit.CENTURY, self.century)
        if self.season is not None and self.year is None:
            raise DateError(_("which year? write a season with its year, spring 1968"))
        if self.year is None:
            raise two_figure_year() if self.day is not None and self.day > LAST_DAY else which_year(written)
        if self.decade is not None or self.century is not None:
            raise DateError(_("“{written}” says two things at once: write one date").format(written=written))
        if self.season is not None:
            make_point(self.year)
            return Point(Unit.SEASON, self.year, season=self.season)
        if self.day is not None and self.month is None:
            raise DateError(
                _(
                    "“{written}” has a day without a month: write the month as a word, such as 6 May 1946"
                ).format(written=written)
            )
        if self.month == 0 or self.day == 0:
            raise DateError(
                _("no month or day is 0: leave out what is not known, and write 1956 or May 1956 alone")
            )
        return make_point(self.year, self.month or 0, self.day or 0)

    def ends(self, written: str) -> tuple[Point, Point]:
        """First and last unit of an early, middle or late part, or of a half or quarter."""
        whole = self._bare_point(written)
        if self.period is not None:
            return _period(whole, self.period)
        if self.fraction is not None:
            return _fraction(whole, *self.fraction)
        return whole, whole


def _period(whole: Point, period: str) -> tuple[Point, Point]:
    match whole.unit:
        case Unit.MONTH:
            first, last = DAYS[period]
            return (
                make_point(whole.year, whole.month, first),
                make_point(whole.year, whole.month, min(last, _days(whole))),
            )
        case Unit.YEAR:
            first, last = MONTHS[period]
            return make_point(whole.year, first), make_point(whole.year, last)
        case Unit.DECADE:
            first, last = YEARS[period]
            return make_point(whole.year + first), make_point(whole.year + last)
        case Unit.CENTURY:
            first, last = CENTURY_YEARS[period]
            return make_point(whole.year + first), make_point(whole.year + last)
    raise DateError(
        _("a part of a day or season is too fine: write the day or the month, such as 6 May 1946 or May 1946")
    )


def _fraction(whole: Point, which: int, parts: int) -> tuple[Point, Point]:
    if whole.unit is Unit.MONTH and parts == 2:
        middle, end = 15, _days(whole)
        first, last = ((1, middle), (middle + 1, end))[which - 1]
        return make_point(whole.year, whole.month, first), make_point(whole.year, whole.month, last)
    if whole.unit is Unit.YEAR:
        size = 12 // parts
        return make_point(whole.year, size * (which - 1) + 1), make_point(whole.year, size * which)
    years = {Unit.DECADE: 10, Unit.CENTURY: 100}.get(whole.unit, 0)
    if not years or years % parts:
        raise DateError(
            _("a half or quarter of this cannot be dated: write the years, months or days it means")
        )
    size = years // parts
    return make_point(whole.year + size * (which - 1)), make_point(whole.year + size * which - 1)


def _days(month: Point) -> int:
    return last_day(month.year, month.month).day


def fill_gaps(parts: list[Part]) -> None:
    """Give each part what only its neighbour says: "3-7 March 1953", "March 3-7, 1953", "May and June 1946"."""
    for left, right in zip(reversed(parts[:-1]), reversed(parts[1:]), strict=True):
        if not left.has_core:
            left.year, left.month, left.season = right.year, right.month, right.season
            left.decade, left.century = right.decade, right.century
        if left.day is not None and left.month is None and left.year is None:
            left.month = right.month
        if not left.knows_year and left.short_decade is None:
            left.year = right.year
    for left, right in pairwise(parts):
        if right.day is not None and right.month is None:
            right.month = left.month
        if not right.knows_year and right.short_decade is None and right.has_core:
            right.year = left.year
        if right.short_decade is not None and left.decade is not None:
            right.decade = left.decade // 100 * 100 + right.short_decade
            right.short_decade = None
    if any(part.short_decade is not None for part in parts):
        raise DateError(_("which century? write the decade with four figures, such as 1950s"))
