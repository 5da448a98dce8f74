"""Hits far down a result. To give back ten of them the engine puts all that stand before them in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from search.engines.elasticsearch.question import Question, total_of

#: From this hit on the number of all is asked first: then hits can be counted off from whichever end is nearer.
FROM = 10_000

Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def hits(ask: Ask, question: Question, start: int, size: int, total: int) -> list[Any]:
    """``size`` hits from ``start`` on, of ``total``; none beyond the last."""
    end = min(start + size, total)
    if start >= end:
        return []
    if total - end < start:
        found = ask(question.hits(total - end, end - start, backwards=True))
        if total_of(found) == total:  # else what was counted off from the end stands elsewhere by now
            return list(reversed(found["hits"]["hits"]))
    return list(ask(question.hits(start, size))["hits"]["hits"])
