"""What both engines share: from Haystack's filters to one tree, and one search for a whole page."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from django.utils.encoding import force_str
from haystack import inputs
from haystack.backends import BaseSearchQuery, SearchNode
from haystack.constants import FILTER_SEPARATOR, VALID_FILTERS
from haystack.exceptions import MoreLikeThisError

from search import tree
from search.engines.errors import FacetError, QueryError, UnknownLookupError, UnsupportedQueryError
from search.engines.lookups import condition, decode_fragment, encode_fragment
from search.engines.request import HIGHLIGHT_OPTIONS, FacetOptions, SearchRequest, Selection
from search.fields import FieldInfo, describe
from search.grammar import ParsedQuery, parse

# What a raw query of other engines may have and the reader's grammar has not: ranges, comparisons, boosts, slips.
_SPAN = re.compile(r"(?P<field>\w+):(?P<span>\[\s*\S+\s+TO\s+\S+\s*\])")
_FOREIGN = re.compile(r"\w:[\[{<>]\S*|\S\^\d\S*|\w~\d*(?=[\s)]|$)")
_QUOTED = re.compile(r'"[^"]*"')


class Read(inputs.BaseInput):
    """The input type of a reader's query, already parsed: ``filter(content=Read(parsed))``."""

    input_type_name = "read"
    post_process = False

    def __init__(self, parsed: ParsedQuery, **kwargs: Any) -> None:
        super().__init__(parsed.text, **kwargs)
        self.parsed = parsed


class Condition(inputs.BaseInput):
    """The input type of a ready condition: ``filter(content=Condition(node))``."""

    input_type_name = "condition"
    post_process = False

    def __init__(self, node: tree.Node, **kwargs: Any) -> None:
        super().__init__(repr(node), **kwargs)
        self.node = node


class ArchiveSearchQuery(BaseSearchQuery):
    """Collects what is asked of one page and hands it to ``backend.search`` as one ``SearchRequest``."""

    def __init__(self, using: str = "default") -> None:
        super().__init__(using=using)
        self.selections: dict[str, tuple[Any, ...]] = {}
        self.shown_values: dict[str, tuple[Any, ...]] = {}
        self.date_filter: tree.Overlap | None = None
        self.histogram_unit: str | None = None
        self.histogram_of: tree.Node | None = None
        self.excluded_ids: frozenset[str] = frozenset()
        self._histogram: Any = None
        self._raw_query: Any = None

    def add_filter(self, query_filter: SearchNode, use_or: bool = False) -> None:
        """As Haystack's; values that can be gone through once only are kept, for a page after the first asks again."""
        _keep_values(query_filter)
        super().add_filter(query_filter, use_or=use_or)

    # -- building the tree

    @property
    def described(self) -> dict[str, FieldInfo]:
        from haystack import connections

        return describe(connections[self._using].get_unified_index())

    def build_query(self) -> tree.Node:
        """The filters as a tree. QueryError for a field or lookup that nobody knows."""
        return self._node(self.query_filter, self.described)

    def __str__(self) -> str:
        return repr(self.build_query())

    def _node(self, filters: SearchNode, described: dict[str, FieldInfo]) -> tree.Node:
        parts = [
            self._node(child, described)
            if isinstance(child, SearchNode)
            else self._leaf(child[0], child[1], described)
            for child in filters.children
        ]
        if filters.connector not in ("AND", "OR"):
            raise UnsupportedQueryError(f"filters are joined by AND or OR, not by {filters.connector}")
        if not parts:
            return tree.Everything()
        joined = tree.all_of(*parts) if filters.connector == "AND" else tree.any_of(*parts)
        return tree.Not(joined) if filters.negated else joined

    def _leaf(self, expression: str, value: Any, described: dict[str, FieldInfo]) -> tree.Node:
        field, *lookups = expression.split(FILTER_SEPARATOR)
        if len(lookups) > 1 or (lookups and lookups[0] not in VALID_FILTERS):
            raise UnknownLookupError(
                f"{expression}: {lookups[-1]} is no lookup; write one of {', '.join(sorted(VALID_FILTERS))}"
            )
        lookup = lookups[0] if lookups else "content"
        if isinstance(value, Read):
            return value.parsed.tree
        if isinstance(value, Condition):
            return value.node
        if isinstance(value, inputs.Raw):
            return self._raw(value, field)
        return condition(field, lookup, value, described)

    def _raw(self, raw: inputs.Raw, field: str) -> tree.Node:
        """Raw is what a reader types, with every index field's own name."""
        if raw.kwargs:
            raise UnsupportedQueryError(f"a raw query takes no options here: {', '.join(raw.kwargs)}")
        if isinstance(raw.query_string, tree.Node):
            return raw.query_string
        if field != tree.CONTENT:
            raise UnsupportedQueryError(f"a raw query names its fields itself; filter content, not {field}")
        return self.parse_fields(force_str(raw.query_string))

    def parse_fields(self, text: str) -> tree.Node:
        """A query in the reader's grammar over every index field; UnsupportedQueryError if unreadable.

        What ``narrow`` makes of an SQ, and of SQs joined and negated, is read here too.
        """
        decoded = decode_fragment(text, self.described)
        if decoded is not None:
            return decoded
        span = _SPAN.fullmatch(text.strip())
        if span is not None:
            return condition(span["field"], "query", span["span"], self.described)
        foreign = _FOREIGN.search(_QUOTED.sub('""', text))
        if foreign is not None:
            raise UnsupportedQueryError(
                f"{text}: {foreign[0]} is of another query language; here it would be read as words. Write "
                "filter(field__range=…), field__fuzzy and so on, or field:[from TO to] by itself"
            )
        parsed = parse(text, {name: name for name in self.described})
        if parsed.notes:
            raise UnsupportedQueryError(f"{text}: {' '.join(str(note) for note in parsed.notes)}")
        return parsed.tree

    def build_query_fragment(self, field: str, filter_type: str, value: Any) -> str:
        return encode_fragment(field, filter_type, value)

    def build_alt_parser_query(self, parser_name: str, query_string: str = "", **kwargs: Any) -> str:
        raise UnsupportedQueryError(f"there is no parser {parser_name} here; use AutoQuery or search.grammar")

    # -- what is asked besides

    def set_limits(self, low: int | None = None, high: int | None = None) -> None:
        """As Haystack's, but a slice without an end has none, whatever was asked before."""
        super().set_limits(low, high)
        if low is not None and high is None:
            self.end_offset = None

    def add_highlight(self, **options: Any) -> None:
        unknown = options.keys() - HIGHLIGHT_OPTIONS
        if unknown:
            raise UnsupportedQueryError(
                f"highlight() knows {' and '.join(HIGHLIGHT_OPTIONS)}, not {', '.join(sorted(unknown))}"
            )
        super().add_highlight(**options)

    def add_field_facet(self, field: str, **options: Any) -> None:
        known = [each.name for each in fields(FacetOptions)]
        unknown = sorted(options.keys() - set(known))
        if unknown:
            raise FacetError(
                f"facet() knows {', '.join(known)}, not {', '.join(unknown)}; how many values are listed says limit"
            )
        FacetOptions(**options)  # a wrong one is an error where it is written
        super().add_field_facet(field, **options)

    def add_date_facet(
        self, field: str, start_date: Any, end_date: Any, gap_by: str, gap_amount: int = 1
    ) -> None:
        """Haystack would count the facet's shadow field; dates are counted where they are dates."""
        before = set(self.date_facets)
        super().add_date_facet(field, start_date, end_date, gap_by, gap_amount)
        for shadow in set(self.date_facets) - before:
            self.date_facets[field] = self.date_facets.pop(shadow)

    def add_query_facet(self, field: str, query: Any) -> None:
        self.query_facets.append((field, query))

    def add_selection(self, field: str, values: Iterable[Any]) -> None:
        """Any of these values; the counts of a facet on the same field leave this aside."""
        values = tuple(values)
        self.selections = {**self.selections, field: (*self.selections.get(field, ()), *values)}
        self.show_values(field, values)

    def show_values(self, field: str, values: Iterable[Any]) -> None:
        shown = dict.fromkeys((*self.shown_values.get(field, ()), *values))
        self.shown_values = {**self.shown_values, field: tuple(shown)}

    def add_within(self, *args: Any, **kwargs: Any) -> None:
        raise UnsupportedQueryError("places on a map are not searched here (within)")

    def add_dwithin(self, *args: Any, **kwargs: Any) -> None:
        raise UnsupportedQueryError("places on a map are not searched here (dwithin)")

    def add_distance(self, *args: Any, **kwargs: Any) -> None:
        raise UnsupportedQueryError("places on a map are not searched here (distance)")

    def add_stats_query(self, *args: Any, **kwargs: Any) -> None:
        raise UnsupportedQueryError("there are no statistics of fields here (stats)")

    # -- running

    def _spelling(self, preferred: str | None) -> tuple[str, tuple[tuple[int, int], ...] | None]:
        """The text whose words are checked, and which parts of it; None: all its words."""
        if preferred or self.spelling_query:
            return preferred or self.spelling_query, None
        for value in _values(self.query_filter):
            if isinstance(value, Read):
                return value.parsed.text, value.parsed.spans
        node = self.build_query()
        texts = [
            leaf.text
            for leaf, negated in node.leaves()
            if not negated and isinstance(leaf, tree.Words | tree.Phrase)
        ]
        return " ".join(texts), None

    def build_request(self, spelling_query: str | None = None) -> SearchRequest:
        text, spans = self._spelling(spelling_query)
        described = self.described
        narrowed = [
            query if isinstance(query, tree.Node) else self.parse_fields(query)
            for query in self.narrow_queries
        ]
        return SearchRequest(
            query=tree.all_of(self.build_query(), *narrowed),
            selections=[
                Selection(field, condition(field, "in", list(values), described, missing=True))
                for field, values in self.selections.items()
            ],
            date_filter=self.date_filter,
            order_by=tuple(self.order_by),
            start=self.start_offset,
            end=self.end_offset,
            models=frozenset(self.models),
            excluded_ids=self.excluded_ids,
            facets={field: FacetOptions(**options) for field, options in self.facets.items()},
            shown_values=self.shown_values,
            date_facets=self.date_facets,
            query_facets=[
                (f"{field}:{query}", self._facet_query(field, query)) for field, query in self.query_facets
            ],
            histogram_unit=self.histogram_unit,
            histogram_of=self.histogram_of,
            highlight=dict(self.highlight) if isinstance(self.highlight, dict) else bool(self.highlight),
            boost=dict(self.boost),
            spelling_text=text,
            spelling_spans=spans,
            result_class=self.result_class,
        )

    def _facet_query(self, field: str, query: Any) -> tree.Node:
        if isinstance(query, tree.Node):
            return query
        if isinstance(query, SearchNode):
            return self._node(query, self.described)
        return condition(field, "query", query, self.described)

    def run(self, spelling_query: str | None = None, **kwargs: Any) -> None:
        request = self.build_request(spelling_query)
        self._keep(self.backend.search(request, **kwargs))

    def run_mlt(self, **kwargs: Any) -> None:
        if not self._more_like_this or self._mlt_instance is None:
            raise MoreLikeThisError("more_like_this() wants the record that the others are to be like")
        self._keep(self.backend.more_like_this(self._mlt_instance, self.build_request(), **kwargs))

    def run_raw(self, **kwargs: Any) -> None:
        self.add_filter(SearchNode([(tree.CONTENT, inputs.Raw(self._raw_query, **self._raw_query_params))]))
        self._raw_query = None
        self.run(**kwargs)

    def _keep(self, answer: dict[str, Any]) -> None:
        self._results = answer["results"]
        self._hit_count = answer["hits"]
        self._facet_counts = self.post_process_facets(answer)
        self._histogram = answer.get("histogram")
        self._spelling_suggestion = answer.get("spelling_suggestion")

    def get_histogram(self) -> Any:
        if not self.has_run():
            self.run()
        return self._histogram

    def get_stats(self) -> Any:
        raise UnsupportedQueryError("there are no statistics of fields here (stats)")

    def _reset(self) -> None:
        super()._reset()
        self._histogram = None

    def _clone(self, klass: type | None = None, using: str | None = None) -> BaseSearchQuery:
        clone = super()._clone(klass=klass, using=using)
        if isinstance(clone, ArchiveSearchQuery):
            clone.selections = self.selections
            clone.shown_values = self.shown_values
            clone.date_filter = self.date_filter
            clone.histogram_unit, clone.histogram_of = self.histogram_unit, self.histogram_of
            clone.excluded_ids = self.excluded_ids
        elif self.selections or self.date_filter or self.excluded_ids:
            raise QueryError(f"the engine behind {using} knows no facet selections, dates or hidden ids")
        return clone


def _keep_values(filters: SearchNode) -> None:
    for number, child in enumerate(filters.children):
        if isinstance(child, SearchNode):
            _keep_values(child)
        elif isinstance(child[1], Iterator):
            filters.children[number] = (child[0], list(child[1]))


def _values(filters: SearchNode) -> Iterable[Any]:
    for child in filters.children:
        if isinstance(child, SearchNode):
            yield from _values(child)
        else:
            yield child[1]


def as_date(value: Any) -> datetime.date | None:
    """A day from a date, a datetime or ISO text."""
    if value is None or (isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)):
        return value
    if isinstance(value, datetime.datetime):
        return value.date()
    return datetime.date.fromisoformat(str(value))
