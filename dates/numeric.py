"""Dates written in figures, where the order of day and month has to be beyond doubt."""

import calendar
import re
from datetime import date

from dates.language import gettext as _
from dates.model import DateError
from dates.parts import Part, two_figure_year
from dates.points import make_point

LAST_MONTH = 12
LAST_DAY = 31
ORDERS = ("dmy", "mdy")

_ROMAN = {
    numeral: number
    for number, numeral in enumerate(
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], 1
    )
}
_SPLIT = re.compile(r"[-–./\s]+")
_MONTH_AND_SHORT_YEAR = re.compile(r"(\d{1,2})\s?[-–./]\s?'?(\d{2})\Z")


def year_month_day(text: str) -> Part:
    """ "1946-05-06", "1946/5/6", "1946. 5. 6"."""
    year, month, day = (int(figures) for figures in _SPLIT.split(text))
    if not day and 1 <= month <= LAST_MONTH:
        raise DateError(_("no month has a day 0: write {cure}").format(cure=f"{year:04}-{month:02}"))
    if not month:
        raise DateError(_("no month 0: write {year} alone").format(year=f"{year:04}"))
    make_point(year, month, day)
    return Part(year, month, day)


def day_month_year(text: str, date_order: str | None) -> Part:
    """ "31/12/1956", in either order when only one is possible or both agree."""
    first, second, last = _SPLIT.split(text)
    if len(last) != 4:
        raise two_figure_year()
    one, two, year = int(first), int(second), int(last)
    readings = [_reading(one, two, year), _reading(two, one, year)]
    if date_order is not None:
        day, month = (one, two) if date_order == "dmy" else (two, one)
        if month > LAST_MONTH:
            raise DateError(
                _("no month {month}, though the mapping says {order}: write the month as a word").format(
                    month=month, order=date_order
                )
            )
        return _in_order(day, month, year)
    possible = sorted({reading for reading in readings if reading})
    if len(possible) == 1:
        return Part(possible[0].year, possible[0].month, possible[0].day)
    if not possible:
        # Say what is wrong with the reading that is nearest to a date.
        if one > LAST_MONTH and two > LAST_MONTH:
            raise DateError(
                _("no month {month}: write the month as a word, such as 6 May {year}").format(
                    month=min(one, two), year=f"{year:04}"
                )
            )
        day, month = (one, two) if one > LAST_MONTH or two == 0 else (two, one)
        return _in_order(day, month, year)
    dmy, mdy = date(year, two, one), date(year, one, two)
    raise DateError(
        _("day or month first? write {dmy}, {mdy} or {iso}").format(
            dmy=f"{dmy.day} {calendar.month_name[dmy.month]} {year:04}",
            mdy=f"{calendar.month_name[mdy.month]} {mdy.day}, {year:04}",
            iso=mdy.isoformat(),
        ),
        file_hint=_("a file that always means one order says so in its mapping (date_order)"),
    )


def days_of_one_year(text: str, date_order: str | None) -> tuple[Part, Part]:
    """ "24.2.–3.3.1956": both days in one order, where only one makes a span of them."""
    *figures, last = re.findall(r"\d+", text)
    if len(last) != 4:
        raise two_figure_year()
    one, two, three, four = map(int, figures)
    year = int(last)
    day_first = _reading(one, two, year), _reading(three, four, year)
    month_first = _reading(two, one, year), _reading(four, three, year)
    possible = {(first, end) for first, end in (day_first, month_first) if first and end and first <= end}
    if date_order is None and len(possible) > 1:
        dmy, mdy = ([day for day in days if day] for days in (day_first, month_first))
        raise DateError(
            _("day or month first? write {dmy} or {mdy}").format(
                dmy=" to ".join(f"{day.day} {calendar.month_name[day.month]} {year:04}" for day in dmy),
                mdy=" to ".join(f"{calendar.month_name[day.month]} {day.day}, {year:04}" for day in mdy),
            ),
            file_hint=_("a file that always means one order says so in its mapping (date_order)"),
        )
    if date_order == "mdy" or (date_order is None and month_first in possible):
        one, two, three, four = two, one, four, three
    return _in_order(one, two, year), _in_order(three, four, year)


def _reading(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_order(day: int, month: int, year: int) -> Part:
    if not month or not day:
        raise DateError(
            _("no month or day is 0: leave out what is not known, and write 1956 or May 1956 alone")
        )
    make_point(year, month, day)
    return Part(year, month, day)


def month_year(text: str) -> Part:
    """ "10/1956"."""
    month, year = (int(figures) for figures in _SPLIT.split(text))
    if not 1 <= month <= LAST_MONTH:
        raise DateError(
            _("no month {month}: write {year}, or the month as a word, such as May {year}").format(
                month=month, year=f"{year:04}"
            )
        )
    make_point(year, month)
    return Part(year, month)


def roman_month(text: str) -> Part:
    """ "6.V.1946"."""
    day, month, year = _SPLIT.split(text)
    if len(year) != 4:
        raise two_figure_year()
    return _in_order(int(day), _ROMAN[month], int(year))


def year_and_two_figures(text: str) -> tuple[Part, Part | None]:
    """ "1909-10" is a month; "1920-21" and "1955/56" are two years; DateError for what may be either or neither."""
    sign = text.strip("0123456789 ")
    first, second = re.split(r"\s?[-–./]\s?", text)
    year, number = int(first), int(second)
    make_point(year)
    end = year // 100 * 100 + number if len(second) > 1 else year // 10 * 10 + number
    is_month = 1 <= number <= LAST_MONTH
    is_span = end > year and sign != "."
    iso = sign == "-" and len(second) > 1 and " " not in text
    if is_month and (iso or not is_span):
        return Part(year, number), None
    if is_month:
        raise DateError(
            _("a month or two years? write {month} {year} or {year}-{end}").format(
                month=calendar.month_name[number], year=f"{year:04}", end=f"{end:04}"
            )
        )
    if is_span and len(second) > 1:
        return Part(year), Part(end)
    if is_span or not number:
        next_year = f"{year + 1:04}" if number else f"{year // 100 * 100 + 100:04}"
        raise DateError(
            _("no month {month}: write {year}, {year}-12, or {year}-{end} for two years").format(
                month=second, year=f"{year:04}", end=next_year
            )
        )
    raise DateError(
        _("{year} has no month {month}: write {year}-12, or {year}-{end} for two years").format(
            year=f"{year:04}", month=second, end=f"{year + 1:04}"
        )
    )


def refuse_short_year(text: str) -> None:
    """DateError for "10/56" and "13/56": a month with half a year."""
    match = _MONTH_AND_SHORT_YEAR.match(text)
    if not match:
        return
    month, short = int(match[1]), int(match[2])
    if not 1 <= month <= LAST_MONTH:
        if short > LAST_DAY:
            raise DateError(
                _("no month {month}: write the month as a word and the year with four figures").format(
                    month=month
                )
            )
        return
    if short > LAST_DAY:
        raise DateError(
            _("the year has two figures: write {month} {year}").format(
                month=calendar.month_name[month], year=f"19{short:02}"
            )
        )
