"""Ranges of years, months and days as they stand in a query: 1956, 1956..1958, 1956-02.., ..1958-12-31."""

from __future__ import annotations

import calendar
import re
from datetime import date

_DAY = r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"
_ONE = re.compile(rf"^{_DAY}$")
_RANGE = re.compile(rf"^(?P<first>{_DAY})?\s*(?:\.\.+|…|/)\s*(?P<last>{_DAY})?$")
_YEARS = re.compile(r"^(?P<first>\d{4})\s*[-–—]\s*(?P<last>\d{4})$")


def read_range(text: str) -> tuple[date | None, date | None] | None:
    """First and last day of what is written (None: open); None if it is no range."""
    text = text.strip()
    if _ONE.match(text):
        return _bounds(text)
    found = _RANGE.match(text) or _YEARS.match(text)
    if not found or not (found["first"] or found["last"]):
        return None
    first = _bounds(found["first"]) if found["first"] else (None, None)
    last = _bounds(found["last"]) if found["last"] else (None, None)
    if first is None or last is None:
        return None
    if first[0] and last[1] and first[0] > last[1]:
        first, last = last, first
    return first[0], last[1]


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
