"""One request of a page as one search body: hits, total, facets, histogram and known words together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search import tree
from search.engines.datefacets import gap_edges
from search.engines.elasticsearch import spelling
from search.engines.elasticsearch.compile import (
    EVERYTHING,
    Clause,
    Compiler,
    Query,
    all_of,
    none_of,
    zero,
)
from search.engines.elasticsearch.facets import ALL, MOST, Facet, number_of_values
from search.engines.elasticsearch.timeline import (
    date_facet_aggregation,
    histogram_aggregations,
    read_date_facet,
    read_histogram,
)
from search.engines.errors import FacetError, UnknownFieldError, UnsupportedQueryError
from search.engines.request import WINDOW, SearchRequest
from search.fields import IDENTITY, FieldInfo, Kind

_RELEVANCE = ("-score", "score")
_TOTAL_ORDER: tuple[tuple[str, str], ...] = (("ct", "asc"), ("key", "asc"), ("pk", "asc"))


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition that some of the counts leave aside: which facet's own, or the histogram's."""

    of: str
    query: Query


_DATES = "\x00dates"


class Question:
    """A request compiled against the declared fields; ``body`` asks, the rest reads the answer."""

    def __init__(
        self,
        request: SearchRequest,
        compiler: Compiler,
        types: Sequence[str] | None,
        *,
        like: Query | None = None,
        suggests: bool = True,
        shards: int = 1,
    ) -> None:
        self.request = request
        self.compiler = compiler
        self.described: Mapping[str, FieldInfo] = compiler.described
        for name in request.facets:
            if name in self.described:
                compiler.known(name)
        self.facets = {
            name: Facet(name, options, request.shown_values.get(name), self.described, shards)
            for name, options in request.facets.items()
        }
        self.visible = self._visible(types)
        self.query = compiler.compile(request.query)
        if like is not None:
            self.query = all_of([self.query, Clause(like, ranks=True)])
        self.aside = self._aside()
        self.always = [
            compiler.filter(selection.condition)
            for selection in request.selections
            if selection.field not in self.facets
        ]
        if request.date_filter and not request.histogram_unit:
            self.always.append(compiler.filter(request.date_filter))
        self.spelling = spelling.Words(request, compiler) if suggests and request.spelling_text else None

    def _visible(self, types: Sequence[str] | None) -> list[Query]:
        """What every part of the answer is limited to: these models, nothing hidden."""
        limits: list[Query] = [] if types is None else [{"terms": {"ct": list(types)}}]
        if self.request.excluded_ids:
            hidden = self.compiler.filter(tree.In("id", tuple(sorted(self.request.excluded_ids))))
            limits.append(none_of([hidden]))
        return limits

    def _aside(self) -> list[_Condition]:
        """The conditions that come after the counts, since one of these leaves each aside."""
        aside = [
            _Condition(selection.field, self.compiler.filter(selection.condition))
            for selection in self.request.selections
            if selection.field in self.facets
        ]
        if self.request.date_filter and self.request.histogram_unit:
            aside.append(_Condition(_DATES, self.compiler.filter(self.request.date_filter)))
        return aside

    # -- asking

    def body(self, start: int, size: int, window: int = WINDOW) -> dict[str, Any]:
        """The search for ``size`` hits from ``start`` on; for none where one pages no further (``window``)."""
        if start + size > window:
            start = size = 0
        body = self.hits(start, size)
        aggregations = self._aggregations()
        if aggregations:
            body["aggs"] = aggregations
        if self.spelling:
            body["suggest"] = self.spelling.suggester()
        return body

    def hits(self, start: int, size: int, *, backwards: bool = False) -> dict[str, Any]:
        """The search for hits and their number alone; ``backwards`` with the last of all as the first."""
        order = self.order()
        body: dict[str, Any] = {
            "query": self._ranked(),
            "from": start,
            "size": size,
            "sort": [_turned(each) for each in order] if backwards else order,
            "track_total_hits": True,
            "_source": self._source(),
        }
        if self.aside:
            body["post_filter"] = _filter([condition.query for condition in self.aside])
        return body

    def _ranked(self) -> Query:
        """The query with its limits, and what moves some of its hits up."""
        limits = [*self.visible, *self.always]
        joined: dict[str, Any] = {}
        if self.query.ranks:
            joined["must"] = [self.query.query]
        elif self.query is not EVERYTHING:
            limits.append(self.query.query)
        if limits:
            joined["filter"] = limits
        boosted = [
            {"bool": {"must": [clause.query], "boost": float(factor)}}
            for word, factor in self.request.boost.items()
            if (clause := self.compiler.compile(tree.Words(tree.CONTENT, word))).ranks
        ]
        if boosted:
            joined["should"] = boosted
            joined["minimum_should_match"] = 0
        if not joined:
            return EVERYTHING.query
        query: Query = {"bool": joined}
        if not self.query.ranks and not boosted:
            return zero(query)
        by_document = {"field": "boost", "missing": 1.0}
        return {"function_score": {"query": query, "field_value_factor": by_document}}

    def order(self) -> list[dict[str, Any]]:
        """Always total: what has no value last, model and key at the end."""
        orders: list[dict[str, Any]] = []
        for name in self.request.order_by or ("-score",):
            plain, direction = name.lstrip("-"), "desc" if name.startswith("-") else "asc"
            if name in _RELEVANCE:
                orders.append({"_score": {"order": direction}})
            elif plain in IDENTITY:
                fields = {"id": ("ct", "key", "pk"), "django_ct": ("ct",), "django_id": ("key", "pk")}[plain]
                orders += [_by(field, direction) for field in fields]
            else:
                orders.append(_by(self._sort_field(plain), direction))
        return [*orders, *(_by(field, direction) for field, direction in _TOTAL_ORDER)]

    def _sort_field(self, name: str) -> str:
        info = self.described.get(name)
        if info is None:
            raise UnknownFieldError(f"no index class declares a field {name} to sort by")
        self.compiler.known(name)
        if not info.sortable:
            raise UnsupportedQueryError(
                f"hits cannot be sorted by {name}; give it a SortField or sortable=True"
            )
        return f"typed.{name}"

    def _source(self) -> list[str]:
        """What of a document is fetched: stored fields, and originals only where passages are cut from them."""
        wanted = self.request.fields
        if self.request.highlight or wanted is None:
            stored = ["stored"]
        else:
            stored = [f"stored.{name}" for name in wanted]
        return ["ct", "pk", *stored, *(["original"] if self.request.highlight else [])]

    def _but(self, of: str = "") -> Query:
        """The conditions that come after the counts, except those of one facet or of the dates."""
        return _filter([condition.query for condition in self.aside if condition.of != of])

    def _aggregations(self) -> dict[str, Query]:
        wanted: dict[str, Query] = {}
        for name, facet in self.facets.items():
            if inside := facet.aggregations():
                wanted[f"facet {name}"] = {"filter": self._but(name), "aggs": inside}
        if self.request.histogram_unit:
            for name in ("date_earliest", "date_latest", "date_uncertain"):
                if name not in self.described:
                    raise UnknownFieldError(f"the histogram needs the index field {name}")
            inside = histogram_aggregations(self.request.histogram_unit)
            of = self.request.histogram_of
            counted = [self._but(_DATES), *([self.compiler.filter(of)] if of else [])]
            wanted["histogram"] = {"filter": _filter(counted), "aggs": inside}
        for name, options in self.request.date_facets.items():
            inside = {"gaps": date_facet_aggregation(*self._gaps(name, options))}
            wanted[f"dates {name}"] = {"filter": self._but(), "aggs": inside}
        for number, (_label, node) in enumerate(self.request.query_facets):
            both = [self._but(), self.compiler.filter(node)]
            wanted[f"query {number}"] = {"filter": _filter(both)}
        if self.spelling:
            known = {"filter": _filter(self.visible), "aggs": self.spelling.known()}
            wanted["words"] = {"global": {}, "aggs": {"visible": known}}
        return wanted

    def _gaps(self, name: str, options: Mapping[str, Any]) -> tuple[str, list[Any]]:
        typed = name if self._is_typed(name) else name.removesuffix("_exact")
        if not self._is_typed(typed) or self.described[typed].type not in ("date", "datetime"):
            raise FacetError(f"{name} holds no dates to count")
        edges = gap_edges(options)
        is_date = self.described[typed].type == "date"
        return f"typed.{typed}", [edge.date() if is_date else edge for edge in edges]

    def _is_typed(self, name: str) -> bool:
        return name in self.described and self.described[name].kind is Kind.TYPED

    # -- reading

    def values_of(self, name: str, after: Any = None) -> Query:
        """The search for the next values of a facet, by name, and their documents."""
        sources = [{"value": {"terms": {"field": self.facets[name].field}}}]
        behind = {"after": after} if after else {}
        return {
            "size": 0,
            "track_total_hits": False,
            "query": self._counted_in(name),
            "aggs": {"values": {"composite": {"size": ALL, "sources": sources, **behind}}},
        }

    def number_of(self, name: str) -> Query:
        """The search for how many values a facet has."""
        within = {"filter": {"match_all": {}}, "aggs": number_of_values(self.facets[name].field, MOST)}
        return {
            "size": 0,
            "track_total_hits": False,
            "query": self._counted_in(name),
            "aggs": {f"facet {name}": within},
        }

    def _counted_in(self, name: str) -> Query:
        """The documents in which a facet's values are counted."""
        return {"bool": {"filter": [self._ranked(), self._but(name)]}}

    def read(
        self,
        answer: Mapping[str, Any],
        every: Mapping[str, Sequence[tuple[str, int]]] | None = None,
        numbers: Mapping[str, int] | None = None,
    ) -> dict[str, Any]:
        """Everything in the answer but the hits, in Haystack's shape with ours beside.

        ``every`` and ``numbers``: of facets that have more values than the answer has room for.
        """
        counted = answer.get("aggregations", {})
        read: dict[str, Any] = {"hits": total_of(answer), "facets": {}}
        if self.request.facets or self.request.histogram_unit:
            read["facets"] = self._read_facets(counted, every or {}, numbers or {})
        if self.request.histogram_unit:
            read["histogram"] = read_histogram(
                self.request.histogram_unit,
                counted["histogram"],
                hides_undated=self.request.date_filter is not None,
            )
        dates = {
            name: read_date_facet(counted[f"dates {name}"]["gaps"], gap_edges(options)[:-1])
            for name, options in self.request.date_facets.items()
        }
        queries = {
            label: counted[f"query {number}"]["doc_count"]
            for number, (label, _node) in enumerate(self.request.query_facets)
        }
        if read["facets"] or dates or queries:
            read["facets"] = {"fields": {}, **read["facets"], "dates": dates, "queries": queries}
        return read

    def counted(self, answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """What the answer has of a facet."""
        return answer.get("aggregations", {}).get(f"facet {name}", {})

    def _read_facets(
        self,
        counted: Mapping[str, Any],
        every: Mapping[str, Sequence[tuple[str, int]]],
        numbers: Mapping[str, int],
    ) -> dict[str, Any]:
        read: dict[str, Any] = {"fields": {}, "sizes": {}, "chosen": {}, "lacking": {}}
        for name, facet in self.facets.items():
            answer = counted.get(f"facet {name}", {})
            listed, size = facet.read(answer, every.get(name), numbers.get(name))
            read["fields"][name], read["sizes"][name] = listed, size
            if name not in every and (bound := facet.may_lack(answer)):
                read["lacking"][name] = bound
            if facet.shown is not None:
                read["chosen"][name] = facet.read_chosen(answer)
        return read


def _filter(queries: Sequence[Query]) -> Query:
    if not queries:
        return {"match_all": {}}
    return queries[0] if len(queries) == 1 else {"bool": {"filter": list(queries)}}


def total_of(answer: Mapping[str, Any]) -> int:
    """How many documents an answer has found."""
    return answer["hits"]["total"]["value"]


def _turned(order: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The order from its other end: what has no value, which comes last, comes first."""
    ((field, how),) = order.items()
    turned = {**how, "order": "asc" if how["order"] == "desc" else "desc"}
    return {field: turned | {"missing": "_first"} if "missing" in how else turned}


def _by(field: str, direction: str) -> dict[str, Any]:
    return {field: {"order": direction, "missing": "_last"}}
