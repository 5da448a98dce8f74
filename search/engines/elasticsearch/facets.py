"""Facets as aggregations, and the lists that a page shows out of what they answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from search.engines.elasticsearch.compile import Query, exists, none_of
from search.engines.elasticsearch.schema import BEHIND
from search.engines.errors import FacetError
from search.engines.lookups import convert
from search.engines.request import FacetOptions
from search.engines.values import term
from search.fields import FieldInfo, Kind
from search.text import fold

log = logging.getLogger(__name__)

#: Values of one facet that can be listed at once; the engine makes no more buckets than 65,536.
_ALL = 60_000
#: Up to this many distinct values their number is exact where not all of them are listed.
_PRECISION = 40_000
_ORDERS = {"count": [{"_count": "desc"}, {"_key": "asc"}], "value": {"_key": "asc"}}


def check_field(name: str, described: Mapping[str, FieldInfo]) -> None:
    """FacetError for what cannot be counted."""
    info = described.get(name)
    if info is None:
        raise FacetError(f"no index class declares a field {name} to count")
    if info.kind is not Kind.EXACT:
        raise FacetError(f"{name} holds no exact values to count: make it an ExactField or faceted=True")


class Facet:
    """One facet of one search: what is asked of the engine, and what its answer means."""

    def __init__(
        self,
        name: str,
        options: FacetOptions,
        shown: Sequence[Any] | None,
        described: Mapping[str, FieldInfo],
    ) -> None:
        check_field(name, described)
        self.name = name
        self.options = options
        self.shown = shown
        self.info = described[name]

    @property
    def searched(self) -> bool:
        """Whether a reader looks for some of the values by a part of their name."""
        return bool(fold(self.options.prefix) or fold(self.options.contains))

    @property
    def _size(self) -> int:
        """How many values to ask for; all of them where they are sorted out here."""
        if self.options.limit is None or self.searched:
            return _ALL
        return min(self.options.offset + self.options.limit, _ALL)

    def aggregations(self) -> dict[str, Query]:
        field = f"exact.{self.name}"
        wanted: dict[str, Query] = {}
        if self._size:
            wanted["values"] = {"terms": {"field": field, "size": self._size, **self._restriction()}}
        if not self.searched and self.options.limit is not None and self.options.values is None:
            wanted["size"] = {"cardinality": {"field": field, "precision_threshold": _PRECISION}}
        if self.options.missing or (self.shown and None in self.shown):
            wanted["missing"] = {"filter": none_of([exists(field)])}
        written = [self._written(value) for value in self.shown or () if value is not None]
        if written:
            wanted["chosen"] = {"terms": {"field": field, "include": written, "size": len(written)}}
        return wanted

    def _restriction(self) -> dict[str, Any]:
        if self.searched:
            # Roughly; what the engine finds is looked at again in ``read``.
            prefix, contains = fold(self.options.prefix), fold(self.options.contains)
            pattern = f"{_literal(prefix)}.*" if prefix else f".*{_literal(contains)}.*"
            return {"field": f"folded.{self.name}", "include": pattern}
        if self.options.values is not None:
            return {"include": [self._written(value) for value in self.options.values] or [""]}
        return {"order": _ORDERS[self.options.sort]}

    def read(self, answer: Mapping[str, Any]) -> tuple[list[tuple[Any, int]], int]:
        """The values that the options ask for, each with its documents; and how many there are in all."""
        counted = answer.get("values", {"buckets": ()})
        self._watch(counted)
        named = [(bucket["key"], bucket["doc_count"]) for bucket in counted["buckets"]]
        if self.searched:
            named = [(key.partition(BEHIND)[2], count) for key, count in named]
            starts, inside = fold(self.options.prefix), fold(self.options.contains)
            named = [(key, n) for key, n in named if fold(key).startswith(starts) and inside in fold(key)]
        if self.searched and self.options.values is not None:
            allowed = {self._written(value) for value in self.options.values}
            named = [(key, count) for key, count in named if key in allowed]
        if self.options.sort == "count":
            named.sort(key=lambda pair: (-pair[1], pair[0]))
        else:
            named.sort()
        size = len(named)
        if "size" in answer and size >= self._size:
            size = max(size, answer["size"]["value"])
        first = self.options.offset
        last = None if self.options.limit is None else first + self.options.limit
        shown: list[tuple[Any, int]] = [(self._value(key), count) for key, count in named[first:last]]
        if self.options.missing:
            shown.append((None, answer["missing"]["doc_count"]))
        return shown, size

    def read_chosen(self, answer: Mapping[str, Any]) -> list[tuple[Any, int]]:
        """The chosen values in their order, those without documents too; None counts the missing."""
        buckets = answer.get("chosen", {}).get("buckets", ())
        counts = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
        return [
            (
                value,
                answer["missing"]["doc_count"] if value is None else counts.get(self._written(value), 0),
            )
            for value in self.shown or ()
        ]

    def _watch(self, counted: Mapping[str, Any]) -> None:
        """Say so where counts may be short, as can be with several primary shards."""
        bound = counted.get("doc_count_error_upper_bound", 0)
        if bound > 0:
            log.warning(
                "counts of the facet %s may be up to %s too small: the index has several shards",
                self.name,
                bound,
            )
        if len(counted["buckets"]) == _ALL:
            raise FacetError(f"the facet {self.name} has more than {_ALL} values; ask for some of them")

    def _written(self, value: Any) -> str:
        return term(convert(self.info, value))

    def _value(self, written: str) -> Any:
        return convert(self.info, written)


def _literal(text: str) -> str:
    """Text with no sign in it that the engine's patterns read."""
    return re.sub(r"([^\w\s])", r"\\\1", text)
