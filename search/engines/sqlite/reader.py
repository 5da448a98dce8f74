"""Answering one search from one snapshot: the page of hits, the total, facets and histogram."""

from __future__ import annotations

import datetime
import sqlite3
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from search import tree
from search.engines.errors import IndexOutdatedError, UnknownFieldError, UnsupportedQueryError
from search.engines.histogram import Bounds, Histogram, build_histogram
from search.engines.request import SearchRequest
from search.engines.sqlite.compile import Clause, Compiler, Params, conjunction
from search.engines.sqlite.dates import date_facet
from search.engines.sqlite.facets import Facets
from search.engines.sqlite.schema import Generation
from search.fields import IDENTITY, FieldInfo

# Table and column names are our own; every value is a parameter.
# ruff: noqa: S608

_RELEVANCE = ("-score", "score")


@dataclass
class _Counts:
    """What one pass over the documents gives: counted facet terms and date bounds."""

    total: int = 0
    terms: Counter[int] = field(default_factory=Counter)
    by_selection: dict[str, Counter[int]] = field(default_factory=dict)
    bounds: Counter[tuple[str | None, str | None, int | None]] = field(default_factory=Counter)


class Search:
    """One search of one generation, within the caller's read transaction."""

    def __init__(
        self,
        db: sqlite3.Connection,
        generation: Generation,
        described: dict[str, FieldInfo],
        request: SearchRequest,
        types: Sequence[str] | None = None,
    ) -> None:
        self.db = db
        self.generation = generation
        self.described = described
        self.request = request
        self.compiler = Compiler(db, generation, described)
        self.visible = self._visible(types)
        query = self.compiler.compile(request.query)
        self.base = Clause(match=query.match, sql=[*query.sql, *self.visible.sql])
        self.selections = [
            (selection.field, self._sql(selection.condition)) for selection in request.selections
        ]
        self.dates = self._sql(request.date_filter) if request.date_filter else None

    def _visible(self, types: Sequence[str] | None) -> Clause:
        """What every part of the answer is limited to: these models, nothing hidden."""
        parts: list[tuple[str, Params]] = []
        if types is not None:
            parts.append((f"d.ct IN ({', '.join('?' for _ in types)})", tuple(types)))
        if self.request.excluded_ids:
            hidden = self.compiler.compile(tree.In("id", tuple(sorted(self.request.excluded_ids))))
            sql, params = conjunction(hidden.sql)
            parts.append((f"NOT ({sql})", params))
        return Clause(sql=parts)

    def _sql(self, node: tree.Node) -> tuple[str, Params]:
        return self.compiler.compile(node).as_sql(self.generation.fts)

    @property
    def narrowing(self) -> list[tuple[str, Params]]:
        """The conditions of a hit besides the match."""
        chosen = [condition for _, condition in self.selections]
        return [*self.base.sql, *chosen, *([self.dates] if self.dates else [])]

    def _from(self, conditions: Sequence[tuple[str, Params]]) -> tuple[str, Params]:
        """FROM and WHERE over the matching documents d."""
        condition, params = conjunction(conditions)
        fts, doc = self.generation.fts, self.generation.doc
        if self.base.match is None:
            return f"FROM {doc} d WHERE {condition}", params
        return (
            f"FROM {fts} CROSS JOIN {doc} d ON d.doc = {fts}.rowid WHERE {fts} MATCH ? AND {condition}",
            (self.base.match, *params),
        )

    # -- the page

    def page(self) -> list[tuple[int, float]]:
        """(number of the document, score) of the hits asked for, in order."""
        request = self.request
        if request.end is not None and request.end <= request.start:
            return []
        limit = -1 if request.end is None else request.end - request.start
        order, by_score = self._order()
        source, params = self._from(self.narrowing)
        score, joins, join_params = self._score() if by_score else ("0.0", "", ())
        if joins:
            source = source.replace(" WHERE ", f" {joins} WHERE ", 1)
        return self.db.execute(
            f"SELECT d.doc, {score} AS score {source} ORDER BY {order} LIMIT ? OFFSET ?",
            (*join_params, *params, limit, request.start),
        ).fetchall()

    def total(self) -> int:
        source, params = self._from(self.narrowing)
        return self.db.execute(f"SELECT count(*) {source}", params).fetchone()[0]

    def _order(self) -> tuple[str, bool]:
        """ORDER BY, always total: nothing last, model and key at the end. And whether scores are needed."""
        orders, by_score = [], not self.request.order_by
        for name in self.request.order_by or ("-score",):
            plain, direction = name.lstrip("-"), "DESC" if name.startswith("-") else "ASC"
            if name in _RELEVANCE:
                by_score = True
                orders.append(f"score {direction}")
            elif plain in IDENTITY:
                column = {"id": "d.ct {0}, d.key", "django_ct": "d.ct", "django_id": "d.key"}[plain]
                orders.append(f"{column.format(direction)} {direction}")
            else:
                column = self._sort_column(plain)
                orders += [f"{column} IS NULL", f"{column} {direction}"]
        return ", ".join([*orders, "d.ct", "d.key"]), by_score

    def _sort_column(self, name: str) -> str:
        layout = self.generation.layout
        if name in layout.typed:
            return f"d.{layout.column(name)}"
        if name in self.described and self.described[name].sortable:
            raise IndexOutdatedError(f"the index has no field {name} to sort by (it is older: rebuild it)")
        if name in self.described:
            raise UnsupportedQueryError(
                f"hits cannot be sorted by {name}; give it a SortField or sortable=True"
            )
        raise UnknownFieldError(f"no index class declares a field {name} to sort by")

    def _score(self) -> tuple[str, str, Params]:
        """Relevance as SQL, the joins that it needs, and their parameters."""
        fts = self.generation.fts
        weights = ", ".join(
            str(self.described[name].weight if name in self.described else 1.0)
            for name in self.generation.layout.text
        )
        bm25 = f"bm25({fts}, {weights})"
        terms, joins, params = [], [], []
        if self.base.match is not None:
            terms.append(f"-{bm25}")
        boosted: list[tuple[tree.Node, float]] = [
            (tree.Words(tree.CONTENT, word), factor) for word, factor in self.request.boost.items()
        ]
        if self.base.match is None:
            # Words within an OR with other conditions do not drive the search, but they rank it.
            boosted += [(leaf, 1.0) for leaf, no in self.request.query.leaves() if not no and _is_words(leaf)]
        for number, (node, factor) in enumerate(boosted):
            expression = self.compiler.compile(node).match
            if expression is None:
                continue
            joins.append(
                f"LEFT JOIN (SELECT rowid AS doc, {bm25} AS score FROM {fts} WHERE {fts} MATCH ?) "
                f"s{number} ON s{number}.doc = d.doc"
            )
            params.append(expression)
            terms.append(f"{float(factor)} * coalesce(-s{number}.score, 0.0)")
        if not terms:
            return "0.0", "", ()
        return f"({' + '.join(terms)}) * d.boost", " ".join(joins), tuple(params)

    # -- counts

    @property
    def counts_wanted(self) -> bool:
        return bool(self.request.facets or self.request.histogram_unit)

    def count(self) -> _Counts:
        """One pass over all that the query matches, selections and dates aside, counts everything."""
        counts = _Counts()
        with_dates = self.request.histogram_unit is not None
        columns = ["d.facets" if self.request.facets else "NULL"]
        if with_dates:
            layout = self.generation.layout
            for name in ("date_earliest", "date_latest", "date_uncertain"):
                if name not in layout.typed:
                    raise UnknownFieldError(f"the histogram needs the index field {name}")
                columns.append(f"d.{layout.column(name)}")
        else:
            columns += ["NULL", "NULL", "NULL"]
        flags = [condition for _, condition in self.selections] + ([self.dates] if self.dates else [])
        if with_dates and self.request.histogram_of:
            flags.append(self._sql(self.request.histogram_of))
        columns += [f"coalesce(({sql}), 0)" for sql, _ in flags]
        source, params = self._from(self.base.sql)
        rows = self.db.execute(
            f"SELECT {', '.join(columns)} {source}",
            (*(value for _, flag_params in flags for value in flag_params), *params),
        ).fetchall()
        self._add_up(rows, counts, with_dates)
        return counts

    def _add_up(self, rows: list[tuple[Any, ...]], counts: _Counts, with_dates: bool) -> None:
        # Behind the counted columns: a flag for each selection, for the dates, and for what the histogram is of.
        chosen = 4 + len(self.selections)
        end = chosen + bool(self.dates)
        hits = rows if end == 4 else [row for row in rows if all(row[4:end])]
        counts.total = len(hits)
        if with_dates:
            dated = rows if chosen == 4 else [row for row in rows if all(row[4:chosen])]
            dated = [row for row in dated if row[-1]] if self.request.histogram_of else dated
            counts.bounds = Counter(map(itemgetter(1, 2, 3), dated))
        if self.request.facets:
            counts.terms = _terms(hits)
            for number, (name, _) in enumerate(self.selections):
                if name in self.request.facets:
                    others = [row for row in rows if all((*row[4 : 4 + number], *row[5 + number : end]))]
                    counts.by_selection[name] = _terms(others)

    def facets(self, counts: _Counts) -> dict[str, Any]:
        """Every facet asked for, in Haystack's shape with ours beside."""
        facets = Facets(self.db, self.generation, self.described)
        answer: dict[str, Any] = {"fields": {}, "sizes": {}, "chosen": {}}
        for name, options in self.request.facets.items():
            terms = counts.by_selection.get(name, counts.terms)
            answer["fields"][name], answer["sizes"][name] = facets.listed(name, options, terms)
            if name in self.request.shown_values:
                answer["chosen"][name] = facets.counted(name, self.request.shown_values[name], terms)
        return answer

    def dates_and_queries(self) -> dict[str, Any]:
        """Haystack's date facets and query facets, each counted by a statement of its own."""
        dates = {}
        for name, options in self.request.date_facets.items():
            source, params = self._from(self.narrowing)
            dates[name] = date_facet(self.db, self.generation, name, options, source, params)
        queries = {}
        for label, node in self.request.query_facets:
            source, params = self._from([*self.narrowing, self._sql(node)])
            queries[label] = self.db.execute(f"SELECT count(*) {source}", params).fetchone()[0]
        return {"dates": dates, "queries": queries}

    def histogram(self, counts: _Counts) -> Histogram:
        days: dict[str | None, datetime.date | None] = {
            written: None if written is None else datetime.date.fromisoformat(written)
            for written in {day for bounds in counts.bounds for day in bounds[:2]}
        }
        counted: Counter[Bounds] = Counter()
        for (earliest, latest, uncertain), number in counts.bounds.items():
            counted[days[earliest], days[latest], bool(uncertain)] += number
        undated = sum(count for bounds, count in counted.items() if bounds[0] is None and bounds[1] is None)
        return build_histogram(
            self.request.histogram_unit or "year", counted, undated_left_out=undated if self.dates else 0
        )


def _terms(rows: list[tuple[Any, ...]]) -> Counter[int]:
    """How many of the documents have each facet term."""
    packed = array("I")
    packed.frombytes(b"".join([row[0] for row in rows]))
    return Counter(packed)


def _is_words(node: tree.Node) -> bool:
    return isinstance(node, tree.Words | tree.Phrase | tree.Prefix | tree.Near)
