"""One search as a value: everything that a page wants to know, asked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from haystack.models import SearchResult

from search import tree
from search.engines.errors import FacetError

SORTS = ("count", "value")
#: How many passages a hit shows, and of how many characters.
HIGHLIGHT_OPTIONS = ("passages", "length")
#: Hits that can be paged through; where there are more, a sentence says so.
WINDOW = 1_000_000


@dataclass(frozen=True, slots=True)
class FacetOptions:
    """How a facet's values are listed.

    ``limit`` None lists all. ``prefix`` and ``contains`` are folded like any text. ``values`` counts
    only these. ``missing`` adds (None, n) for documents without a value.
    """

    limit: int | None = 10
    offset: int = 0
    sort: str = "count"
    missing: bool = False
    prefix: str = ""
    contains: str = ""
    values: Sequence[Any] | None = None

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise FacetError(f"a facet is sorted by {' or '.join(SORTS)}, not by {self.sort!r}")
        if self.offset < 0 or (self.limit is not None and self.limit < 0):
            raise FacetError("a facet's limit and offset are not negative")


@dataclass(frozen=True, slots=True)
class Selection:
    """Values chosen in one facet, any of them: narrows hits, but not the counts of its own facet."""

    field: str
    condition: tree.Node


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """``query`` narrows everything; ``selections`` and ``date_filter`` all but their own counts.

    ``start`` and ``end`` are the slice of hits, ``end`` None is to the last. ``spelling_spans`` are the
    parts of ``spelling_text`` that hold searched words, None means the whole text.
    """

    query: tree.Node = field(default_factory=tree.Everything)
    selections: Sequence[Selection] = ()
    date_filter: tree.Overlap | None = None
    order_by: tuple[str, ...] = ()
    start: int = 0
    end: int | None = None
    models: frozenset[type] = frozenset()
    excluded_ids: frozenset[str] = frozenset()
    facets: Mapping[str, FacetOptions] = field(default_factory=dict)
    shown_values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    date_facets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    query_facets: Sequence[tuple[str, tree.Node]] = ()
    histogram_unit: str | None = None
    histogram_of: tree.Node | None = None
    highlight: Mapping[str, Any] | bool = False
    boost: Mapping[str, float] = field(default_factory=dict)
    spelling_text: str = ""
    spelling_spans: Sequence[tuple[int, int]] | None = None
    result_class: type = SearchResult
    #: Stored fields to give back; None: all.
    fields: frozenset[str] | None = None
