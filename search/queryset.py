"""Haystack's query set with what an archive asks besides: readers' queries, facet selections, dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from haystack.backends import SQ, SearchNode
from haystack.query import EmptySearchQuerySet, SearchQuerySet

from search import tree
from search.engines.base import ArchiveSearchQuery, Condition, Read, as_date
from search.engines.errors import UnsupportedQueryError
from search.engines.histogram import Histogram, Unit
from search.grammar import ParsedQuery


class ArchiveQuerySet(SearchQuerySet):
    """A lazy search. Slice it first: then count, facets, histogram and spelling are at hand.

    Everything about one page is asked of the engine in one search.
    """

    query: ArchiveSearchQuery
    _hitless: ArchiveSearchQuery | None = None

    # -- conditions

    def read(self, parsed: ParsedQuery) -> ArchiveQuerySet:
        """Narrow by a reader's query; a spelling is suggested for its words."""
        return self.filter(content=Read(parsed))

    def where(self, node: tree.Node) -> ArchiveQuerySet:
        """Narrow by a ready condition."""
        return self.filter(content=Condition(node))

    def narrow(self, query: Any) -> ArchiveQuerySet:
        """Narrow by an SQ, by a condition, or by text in the reader's grammar over all index fields."""
        clone = self._clone()
        if isinstance(query, SearchNode):
            query = clone.query._node(query, clone.query.described)
        clone.query.add_narrow_query(query)
        return clone

    def choose(self, field: str, values: Iterable[Any], match: str = "any") -> ArchiveQuerySet:
        """Documents with any of a facet's values, or all of them; None is "no value".

        What is chosen by "any" narrows the hits and every other facet, not the counts of its own.
        """
        values = _listed(values)
        clone = self._clone()
        if match == "any":
            if values:
                clone.query.add_selection(field, values)
        elif match == "all":
            for value in values:
                clone.query.add_filter(SQ(content=Condition(clone._is(field, value))))
            clone.query.show_values(field, values)
        else:
            raise UnsupportedQueryError(f'values are chosen by "any" or "all", not by {match!r}')
        return clone

    def refuse(self, field: str, values: Iterable[Any]) -> ArchiveQuerySet:
        """Documents with none of a facet's values; None is "no value"."""
        values = _listed(values)
        clone = self._clone()
        for value in values:
            clone.query.add_filter(SQ(content=Condition(tree.Not(clone._is(field, value)))))
        clone.query.show_values(field, values)
        return clone

    def _is(self, field: str, value: Any) -> tree.Node:
        return tree.Missing(field) if value is None else tree.Exact(field, value)

    def overlapping(self, earliest: Any, latest: Any, certain: bool = False) -> ArchiveQuerySet:
        """Documents whose date could lie between two days (None: open), or certainly does.

        The histogram leaves this filter aside. Both None takes it away again.
        """
        clone = self._clone()
        if earliest is None and latest is None:
            clone.query.date_filter = None
        else:
            clone.query.date_filter = tree.Overlap(as_date(earliest), as_date(latest), certain)
        return clone

    def exclude_ids(self, identifiers: Iterable[str]) -> ArchiveQuerySet:
        """Without these documents ("app.model.pk") in hits, counts, facets and suggestions."""
        clone = self._clone()
        clone.query.excluded_ids = clone.query.excluded_ids | frozenset(map(str, identifiers))
        return clone

    def histogram(self, unit: str = "year", of: tree.Node | None = None) -> ArchiveQuerySet:
        """Ask for the spread over time by "year", "month" or "decade"; of those hits alone that meet a condition."""
        clone = self._clone()
        clone.query.histogram_unit, clone.query.histogram_of = Unit(unit).name, of
        return clone

    def facets(self, options: Mapping[str, Mapping[str, Any]]) -> ArchiveQuerySet:
        """As ``facet`` for each of these fields, with its options, in one step: a copy for each takes its time."""
        clone = self._clone()
        for field, its in options.items():
            clone.query.add_field_facet(field, **its)
        return clone

    def none(self) -> EmptyArchiveQuerySet:
        """A search that asks no engine and finds nothing."""
        return self._clone(klass=EmptyArchiveQuerySet)

    # -- answers

    @property
    def reach(self) -> int:
        """How many hits can be paged through; a slice that ends beyond is a BeyondReachError."""
        return self.query.backend.window

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice) and self.query.has_run() and not len(self):
            return []  # Haystack would search again for a page that is known to be empty
        return super().__getitem__(key)

    def _answered(self) -> ArchiveSearchQuery:
        """The query, run; for no hits if nobody has asked for any yet."""
        if self.query.has_run():
            return self.query
        if self._hitless is None:
            self._hitless = self._clone().query
            self._hitless.set_limits(0, 0)
            self._hitless.get_results()
        return self._hitless

    def facet_counts(self) -> dict[str, Any]:
        """{"fields": {field: [(value, count)]}, "sizes": …, "chosen": …, "dates": …, "queries": …}.

        "lacking": {field: by how much its counts may be too small}, on several shards.
        """
        return self._answered().get_facet_counts()

    def histogram_counts(self) -> Histogram | None:
        """The histogram asked for with ``histogram()``."""
        return self._answered().get_histogram()

    def spelling_suggestion(self, preferred_query: str | None = None) -> str | None:
        """The query with words that the index does not have replaced by like ones it has, or None."""
        if preferred_query is not None and not self.query.has_run():
            return self.set_spelling_query(preferred_query)._answered().get_spelling_suggestion()
        return self._answered().get_spelling_suggestion()


class EmptyArchiveQuerySet(EmptySearchQuerySet, ArchiveQuerySet):
    """What ``none()`` gives: no hits, no counts, and no search for them."""

    def facet_counts(self) -> dict[str, Any]:
        return {"fields": {}, "sizes": {}, "chosen": {}, "dates": {}, "queries": {}}

    def histogram_counts(self) -> Histogram | None:
        return Histogram(self.query.histogram_unit) if self.query.histogram_unit else None

    def spelling_suggestion(self, preferred_query: str | None = None) -> str | None:
        return None


def _listed(values: Iterable[Any]) -> list[Any]:
    return [values] if isinstance(values, str) or values is None else list(values)
