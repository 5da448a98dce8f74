"""Ranges of days as they stand in a query: 1956, 1956..1958, 1956-02.., ..1958-12-31, or any date the archive reads."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from dates import DateError, PartialDate, read_date

_DAY = r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"
_ONE = re.compile(rf"^{_DAY}$")
_RANGE = re.compile(rf"^(?P<first>{_DAY})?\s*(?:\.\.+|…|/)\s*(?P<last>{_DAY})?$")
_BEFORE_CHRIST = re.compile(r"^[-–−]\s?\d+$|\bB\.? ?C\.?(?:\s?E\.?)?$", re.IGNORECASE)
_ONE_DAY = timedelta(days=1)
_NOW = frozenset({"today", "now", "yesterday", "tomorrow"})
_YEARS = re.compile(r"^(?P<first>\d{4})\s*[-–—]\s*(?P<last>\d{4})$")


def read_range(text: str) -> tuple[date | None, date | None] | None:
    """First and last day of what is written (None: open); None if it is no date."""
    text = text.strip()
    if _ONE.match(text):
        return _bounds(text)
    found = _RANGE.match(text) or _YEARS.match(text)
    if not found:
        return _read_in_words(text)
    if not (found["first"] or found["last"]):
        return None
    first = _bounds(found["first"]) if found["first"] else (None, None)
    last = _bounds(found["last"]) if found["last"] else (None, None)
    if first is None or last is None:
        return None
    if first[0] and last[1] and first[0] > last[1]:
        first, last = last, first
    return first[0], last[1]


def _read_in_words(text: str) -> tuple[date | None, date | None] | None:
    """ "September 1972", "before 1949", "between 1955 and 1957"."""
    try:
        read = read_date(text)
    except DateError:
        return None
    return None if read.is_undated else (read.earliest, read.latest)


def is_undated(text: str) -> bool:
    """Whether what is written says that there is no date: undated, n.d."""
    try:
        return bool(text.strip()) and read_date(text.strip()).is_undated
    except DateError:
        return False


def read_bound(text: str, *, first: bool) -> date | None:
    """The first, or the last, day of what was typed into a box; None for an empty one.

    Raises DateError, with a sentence for who typed it, where there is none.
    """
    if not text:
        return None
    day = _read(text)
    bound = day.earliest if first else day.latest
    if bound is None:
        cure = (
            _("“%(text)s” has no first day; write it in the other box, To.")
            if first
            else _("“%(text)s” has no last day; write it in the other box, From.")
        )
        raise DateError(cure % {"text": text})
    return bound


def read_before(text: str) -> tuple[None, date]:
    """All that is before the first day of a date. These readers raise DateError for what is none."""
    first = _end(text, first=True)
    if first == date.min:
        raise DateError(_("Nothing is before “%(text)s”; write a later date.") % {"text": text})
    return None, first - _ONE_DAY


def read_after(text: str) -> tuple[date, None]:
    """All that is after the last day of a date."""
    last = _end(text, first=False)
    if last == date.max:
        raise DateError(_("Nothing is after “%(text)s”; write an earlier date.") % {"text": text})
    return last + _ONE_DAY, None


def read_between(text: str) -> tuple[date, date]:
    """From the first day of one date to the last day of another: "May 1955 and 1957", "1955..1957", "1955-1957"."""
    first, joint, last = _parted(text)
    if not joint:
        days = read_range(text)
        if not (_YEARS.match(text.strip()) and days and days[0] and days[1]):
            cure = _(
                "“%(text)s” is not two dates; write both with “and” between them, such as 1955 and May 1957."
            )
            raise DateError(cure % {"text": text})
        return days[0], days[1]
    bounds = (_end(first, first=True), _end(last, first=False))
    # Nobody minds in which order the two are named.
    return bounds if bounds[0] <= bounds[1] else (_end(last, first=True), _end(first, first=False))


def read_whole(text: str) -> tuple[date | None, date | None]:
    """The bounds of a date or a range."""
    if days := read_range(text):
        return days
    day = _read(text)
    return day.earliest, day.latest


def _parted(text: str) -> tuple[str, str, str]:
    """What stands before and after the sign or the word that joins two dates, and that; it is empty if there is none."""
    words = "|".join({"and", "to", re.escape(_("and"))})
    found = re.search(rf"\s*(?:\.\.+|…|;)\s*|\s+(?:{words}|[-–—])\s+", text)
    if not found:
        return text, "", ""
    before = re.sub(r"^(?:between|from)\s+", "", text[: found.start()], flags=re.IGNORECASE)
    return before, found[0], text[found.end() :]


def _end(text: str, *, first: bool) -> date:
    day = _read(text)
    bound = day.earliest if first else day.latest
    if bound is None:
        cure = _("“%(text)s” is open on that side; write a date with a beginning and an end, such as 1955.")
        raise DateError(cure % {"text": text})
    return bound


def _read(text: str) -> PartialDate:
    """A date with a bound. Raises DateError for what has none, or changes from day to day."""
    if text.casefold() in _NOW:
        cure = _("“%(text)s” is another day tomorrow: write the date itself, such as 14 January 1950.")
        raise DateError(cure % {"text": text})
    if _BEFORE_CHRIST.search(text):
        cure = _("“%(text)s” is before the year 1, where the archive's calendar begins; write a later year.")
        raise DateError(cure % {"text": text})
    day = read_date(text)
    if day.is_undated:
        cure = _("“%(text)s” is no date; write a day, a month or a year, such as May 1955.")
        raise DateError(cure % {"text": text})
    return day


def _bounds(text: str) -> tuple[date, date] | None:
    found = _ONE.match(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if not month:
            return date(year or 0, 1, 1), date(year or 0, 12, 31)
        if not day:
            return date(year or 0, month, 1), date(year or 0, month, calendar.monthrange(year or 0, month)[1])
        return date(year or 0, month, day), date(year or 0, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None


def written_range(earliest: date | None, latest: date | None) -> str:
    """A range so that ``read_range`` reads it again, whole years as years."""
    first_is_whole = earliest is None or (earliest.month, earliest.day) == (1, 1)
    last_is_whole = latest is None or (latest.month, latest.day) == (12, 31)
    if first_is_whole and last_is_whole:
        first = f"{earliest.year:04}" if earliest else ""
        last = f"{latest.year:04}" if latest else ""
        return first if first == last else f"{first}..{last}"
    return f"{earliest or ''}..{latest or ''}"
