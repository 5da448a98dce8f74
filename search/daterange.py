"""Ranges of days as they stand in a query: 1956, 1956..1958, 1956-02.., ..1958-12-31, or any date the archive reads."""

from __future__ import annotations

import calendar
import re
from datetime import date

from django.utils.translation import gettext as _

from dates import DateError, read_date

_DAY = r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"
_ONE = re.compile(rf"^{_DAY}$")
_RANGE = re.compile(rf"^(?P<first>{_DAY})?\s*(?:\.\.+|…|/)\s*(?P<last>{_DAY})?$")
_BEFORE_CHRIST = re.compile(r"^[-–−]\s?\d+$|\bB\.? ?C\.?(?:\s?E\.?)?$", re.IGNORECASE)
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


def read_bound(text: str, *, first: bool) -> date | None:
    """The first, or the last, day of what was typed into a box; None for an empty one.

    Raises DateError, with a sentence for who typed it, where there is none.
    """
    if not text:
        return None
    if text.casefold() in _NOW:
        cure = _("“%(text)s” is another day tomorrow: write the date itself, such as 14 January 1950.")
        raise DateError(cure % {"text": text})
    if _BEFORE_CHRIST.search(text):
        cure = _("“%(text)s” is before the year 1, where the archive's calendar begins; write a later year.")
        raise DateError(cure % {"text": text})
    day = read_date(text)
    bound = day.earliest if first else day.latest
    if bound is None and day.is_undated:
        cure = _("“%(text)s” is no date; write a day, a month or a year, such as May 1955.")
        raise DateError(cure % {"text": text})
    if bound is None:
        cure = (
            _("“%(text)s” has no first day; write it in the other box, To.")
            if first
            else _("“%(text)s” has no last day; write it in the other box, From.")
        )
        raise DateError(cure % {"text": text})
    return bound


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
