"""The histogram and Haystack's date facets as aggregations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from search.engines.elasticsearch.compile import Query, dated, none_of, roughly_dated
from search.engines.elasticsearch.document import number_in
from search.engines.histogram import Histogram, histogram_of_sums
from search.engines.values import typed_value

#: Months from the year 1 to the year 5000.
_UNITS_AT_MOST = 60_000
_MISSING = -1


def histogram_aggregations(unit: str) -> dict[str, Query]:
    """Documents surely of one unit by that unit; the roughly dated by where they begin and where they end."""

    def numbers(field: str, **options: Any) -> Query:
        return {"terms": {"field": f"span.{field}", "size": _UNITS_AT_MOST, **options}}

    return {
        "sure": numbers(unit),
        "rough": {
            "filter": roughly_dated(unit),
            "aggs": {"first": numbers("first", missing=_MISSING), "last": numbers("last", missing=_MISSING)},
        },
        "undated": {"filter": none_of([dated()])},
    }


def read_histogram(unit: str, answer: Mapping[str, Any], *, hides_undated: bool) -> Histogram:
    """``hides_undated``: a date filter is set, which no undated document passes."""
    undated = answer["undated"]["doc_count"]
    return histogram_of_sums(
        unit,
        certain=Counter({bucket["key"]: bucket["doc_count"] for bucket in answer["sure"]["buckets"]}),
        first=_by_unit(unit, answer["rough"]["first"]),
        last=_by_unit(unit, answer["rough"]["last"]),
        undated=undated,
        undated_left_out=undated if hides_undated else 0,
    )


def _by_unit(unit: str, answer: Mapping[str, Any]) -> Counter[int | None]:
    counted: Counter[int | None] = Counter()
    for bucket in answer["buckets"]:
        month = bucket["key"]
        counted[None if month == _MISSING else number_in(unit, month)] += bucket["doc_count"]
    return counted


def date_facet_aggregation(field: str, edges: Sequence[Any]) -> Query:
    """Documents between each edge and the next."""
    written = [typed_value(edge) for edge in edges]
    ranges = [
        {"key": str(number), "from": start, "to": end}
        for number, (start, end) in enumerate(pairwise(written))
    ]
    return {"date_range": {"field": field, "keyed": True, "ranges": ranges}}


def read_date_facet(answer: Mapping[str, Any], starts: Sequence[Any]) -> list[tuple[Any, int]]:
    buckets = answer["buckets"]
    return [(start, buckets[str(number)]["doc_count"]) for number, start in enumerate(starts)]
