"""Haystack's date facets: documents counted by days, months, years from a start to an end."""

from __future__ import annotations

import datetime
import sqlite3
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from search.engines.datefacets import gap_edges
from search.engines.errors import FacetError
from search.engines.sqlite.schema import Generation
from search.engines.values import typed_value

# Table names are our own; every value is a parameter.


def date_facet(
    db: sqlite3.Connection,
    generation: Generation,
    name: str,
    options: Mapping[str, Any],
    source: str,
    params: tuple[Any, ...],
) -> list[tuple[datetime.datetime, int]]:
    """(start of the gap, documents) for every gap from the start up to the end, empty ones too."""
    gaps = gap_edges(options)
    layout = generation.layout
    if layout.typed.get(name) not in ("date", "datetime"):
        raise FacetError(f"{name} holds no dates to count")
    column = f"d.{layout.column(name)}"
    is_date = layout.typed[name] == "date"
    edges = [typed_value(edge.date() if is_date else edge) for edge in gaps]
    counts = [0] * (len(gaps) - 1)
    rows = db.execute(
        f"SELECT {column}, count(*) {source} AND {column} >= ? AND {column} < ? GROUP BY {column}",
        (*params, edges[0], edges[-1]),
    )
    for value, count in rows:
        counts[bisect_right(edges, value) - 1] += count
    return list(zip(gaps[:-1], counts, strict=True))
