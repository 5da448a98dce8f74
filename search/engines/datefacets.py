"""Where the gaps of one of Haystack's date facets begin and end."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from typing import Any

from search.engines.errors import FacetError

_LIMIT = 10_000
_SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


def gap_edges(options: Mapping[str, Any]) -> list[datetime.datetime]:
    """Where each gap begins, and last where the last one ends: at most at the end date."""
    start, end = _moment(options["start_date"]), _moment(options["end_date"])
    by, amount = options["gap_by"], int(options.get("gap_amount", 1))
    if amount < 1 or end <= start:
        raise FacetError("a date facet goes forward: start_date before end_date, gap_amount at least 1")
    found: list[datetime.datetime] = []
    at = start
    while at < end:
        if len(found) == _LIMIT:
            raise FacetError(f"a date facet of more than {_LIMIT} gaps; make them longer")
        found.append(at)
        at = _after(start, by, amount * len(found))
    return [*found, end]


def _moment(value: datetime.date) -> datetime.datetime:
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.UTC)
    return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)


def _after(start: datetime.datetime, by: str, amount: int) -> datetime.datetime:
    if by in _SECONDS:
        return start + datetime.timedelta(seconds=_SECONDS[by] * amount)
    months = start.year * 12 + start.month - 1 + amount * (12 if by == "year" else 1)
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
