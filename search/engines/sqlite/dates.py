"""Haystack's date facets: documents counted by days, months, years from a start to an end."""

from __future__ import annotations

import calendar
import datetime
import sqlite3
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from search.engines.errors import FacetError
from search.engines.sqlite.prepare import typed_value
from search.engines.sqlite.schema import Generation

# Table names are our own; every value is a parameter.

_LIMIT = 10_000
_SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


def date_facet(
    db: sqlite3.Connection,
    generation: Generation,
    name: str,
    options: Mapping[str, Any],
    source: str,
    params: tuple[Any, ...],
) -> list[tuple[datetime.datetime, int]]:
    """(start of the gap, documents) for every gap from the start up to the end, empty ones too."""
    starts = _starts(options)
    layout = generation.layout
    if layout.typed.get(name) not in ("date", "datetime"):
        raise FacetError(f"{name} holds no dates to count")
    column = f"d.{layout.column(name)}"
    is_date = layout.typed[name] == "date"
    edges = [typed_value(start.date() if is_date else start) for start in starts]
    end = _moment(options["end_date"])
    last = typed_value(end.date() if is_date else end)
    counts = [0] * len(starts)
    rows = db.execute(
        f"SELECT {column}, count(*) {source} AND {column} >= ? AND {column} < ? GROUP BY {column}",
        (*params, edges[0], last),
    )
    for value, count in rows:
        counts[bisect_right(edges, value) - 1] += count
    return list(zip(starts, counts, strict=True))


def _moment(value: datetime.date) -> datetime.datetime:
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.UTC)
    return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)


def _starts(options: Mapping[str, Any]) -> list[datetime.datetime]:
    """Where each gap begins."""
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
    return found


def _after(start: datetime.datetime, by: str, amount: int) -> datetime.datetime:
    if by in _SECONDS:
        return start + datetime.timedelta(seconds=_SECONDS[by] * amount)
    months = start.year * 12 + start.month - 1 + amount * (12 if by == "year" else 1)
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
