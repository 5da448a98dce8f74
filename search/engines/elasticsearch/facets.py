"""Facets as aggregations, and the lists that a page shows out of what they answer."""

from __future__ import annotations

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

#: Values of one facet that are listed in one answer; where there are more, all are fetched in steps. All
#: facets of a page together stay below the 65,536 buckets that the engine makes for one search.
ALL = 10_000
#: Up to this many values are counted in the answer itself where only some are listed, and so many are looked
#: at in each of several shards; where there are more, their number is asked for by itself.
COUNTED = 4_000
#: Values whose number the engine can be asked for by itself.
MOST = 60_000
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
        shards: int = 1,
    ) -> None:
        check_field(name, described)
        self.shards = shards
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
            return ALL
        return min(self.options.offset + self.options.limit, ALL)

    @property
    def is_whole(self) -> bool:
        """Whether all values are wanted, or looked through, and not only the first."""
        return self._size == ALL and self.options.values is None

    @property
    def field(self) -> str:
        return f"exact.{self.name}"

    def aggregations(self) -> dict[str, Query]:
        field = self.field
        wanted: dict[str, Query] = {}
        if self._size:
            looked_at = {"shard_size": max(self._size, COUNTED)} if self.shards > 1 else {}
            restriction = self._restriction()
            wanted["values"] = {"terms": {"field": field, "size": self._size, **looked_at, **restriction}}
        if not self.is_whole and self.options.values is None:
            wanted |= number_of_values(field, COUNTED)
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

    def is_cut(self, answer: Mapping[str, Any]) -> bool:
        """Whether all values are wanted and the answer has no room for them: fetch them in steps."""
        return self.is_whole and len(answer["values"]["buckets"]) == self._size

    def has_more(self, answer: Mapping[str, Any]) -> bool:
        """Whether the number of values is more than the answer counts up to: ask for it by itself."""
        return "number" in answer and answer["number"]["count"] >= COUNTED

    def may_lack(self, answer: Mapping[str, Any]) -> int:
        """By how much at most a count in the answer is too small, which is possible with several shards."""
        return answer.get("values", {}).get("doc_count_error_upper_bound", 0)

    def read(
        self,
        answer: Mapping[str, Any],
        every: Sequence[tuple[str, int]] | None = None,
        number: int | None = None,
    ) -> tuple[list[tuple[Any, int]], int]:
        """The values that the options ask for, each with its documents; and how many there are in all.

        ``every``: all values, where the answer has no room for them; ``number``: how many, if it was asked.
        """
        named = [
            (bucket["key"], bucket["doc_count"]) for bucket in answer.get("values", {}).get("buckets", ())
        ]
        if self.searched:
            named = [(key.partition(BEHIND)[2], count) for key, count in named]
        if every is not None:
            named = list(every)
        if self.searched:
            starts, inside = fold(self.options.prefix), fold(self.options.contains)
            named = [(key, n) for key, n in named if fold(key).startswith(starts) and inside in fold(key)]
        if self.searched and self.options.values is not None:
            allowed = {self._written(value) for value in self.options.values}
            named = [(key, count) for key, count in named if key in allowed]
        if self.options.sort == "count":
            named.sort(key=lambda pair: (-pair[1], pair[0]))
        else:
            named.sort()
        size = max(
            len(named), number if number is not None else int(answer.get("number", {}).get("count", 0))
        )
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

    def _written(self, value: Any) -> str:
        return term(convert(self.info, value))

    def _value(self, written: str) -> Any:
        return convert(self.info, written)


def number_of_values(field: str, most: int) -> dict[str, Query]:
    """Aggregations for the number of a field's values, exact up to ``most``.

    The engine's own estimate is off by one or two where there are thousands. ``every`` is to be left out of
    the answer (``LEFT_OUT``), only its number is wanted.
    """
    return {
        "every": {"terms": {"field": field, "size": most, "order": {"_key": "asc"}}},
        "number": {"stats_bucket": {"buckets_path": "every>_count"}},
    }


#: What an answer does without: values that are only counted.
LEFT_OUT = "-aggregations.*.every"


def _literal(text: str) -> str:
    """Text with no sign in it that the engine's patterns read."""
    return re.sub(r"([^\w\s])", r"\\\1", text)
