"""From document numbers to Haystack's results, with passages cut from the originals."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from search.engines.lookups import convert
from search.engines.passages import Marker, Pattern, loosened, patterns_of
from search.engines.request import SearchRequest
from search.engines.results import Passage, marked_html
from search.engines.sqlite.schema import Generation
from search.engines.sqlite.stems import stems
from search.fields import FieldInfo, Kind

# Table names are our own; every value is a parameter.
# ruff: noqa: S608

_AT_ONCE = 500
_HIGHLIGHT = {"passages": 3, "length": 240}


class Hits:
    """Makes results of one answer."""

    def __init__(
        self,
        db: sqlite3.Connection,
        generation: Generation,
        described: Mapping[str, FieldInfo],
        request: SearchRequest,
    ) -> None:
        self.db = db
        self.generation = generation
        self.described = described
        self.request = request
        self.dates = {name for name, info in described.items() if info.type in ("date", "datetime")}
        options = dict(request.highlight) if isinstance(request.highlight, Mapping) else {}
        self.passages = int(options.get("passages", _HIGHLIGHT["passages"]))
        self.length = int(options.get("length", _HIGHLIGHT["length"]))
        self.markers: list[tuple[FieldInfo, Marker]] = []
        self.loose_markers: list[tuple[FieldInfo, Marker]] = []
        if request.highlight:
            patterns = patterns_of(request.query, stems)
            self.markers = self._markers(patterns)
            self.loose_markers = self._markers(loosened(patterns))

    def _markers(self, patterns: Sequence[Pattern]) -> list[tuple[FieldInfo, Marker]]:
        return [
            (info, Marker(patterns, info.name, stems, plain=info.in_content))
            for info in self.described.values()
            if info.kind is Kind.TEXT and (info.highlighted or info.heading)
        ]

    def results(self, page: Sequence[tuple[int, float]]) -> list[Any]:
        """A result for each (document, score), in the same order."""
        rows = self._rows([doc for doc, _ in page])
        return [self._result(doc, score, *rows[doc]) for doc, score in page]

    def _rows(self, docs: Sequence[int]) -> dict[int, tuple[str, str, str, str]]:
        rows: dict[int, tuple[str, str, str, str]] = {}
        for start in range(0, len(docs), _AT_ONCE):
            part = docs[start : start + _AT_ONCE]
            for doc, *row in self.db.execute(
                f"SELECT d.doc, d.id, d.ct, d.pk, s.body FROM {self.generation.doc} d "
                f"JOIN {self.generation.stored} s ON s.doc = d.doc "
                f"WHERE d.doc IN ({', '.join('?' * len(part))})",
                part,
            ):
                rows[doc] = tuple(row)
        return rows

    def _result(self, doc: int, score: float, identifier: str, ct: str, pk: str, body: str) -> Any:
        stored = json.loads(body)
        shown = stored
        wanted = self.request.fields
        if wanted is not None:
            shown = {name: value for name, value in stored.items() if name in wanted}
        values = {name: self._value(name, value) for name, value in shown.items()}
        app_label, model_name = ct.split(".")
        result = self.request.result_class(app_label, model_name, pk, score, **{**values, "id": identifier})
        if self.request.highlight:
            self._highlight(doc, stored, result)
        return result

    def _value(self, name: str, value: Any) -> Any:
        if name not in self.dates or value is None:
            return value
        info = self.described[name]
        return [convert(info, one) for one in value] if isinstance(value, list) else convert(info, value)

    def _highlight(self, doc: int, stored: Mapping[str, Any], result: Any) -> None:
        result.title_segments, result.passages, result.highlighted = [], [], {}
        for info, marker in self.markers:
            if info.heading:
                title = next(iter(self._texts(doc, info, stored)), "")
                result.title_segments = marker.whole(title) if marker else [(title, False)] if title else []
                if any(marked for _, marked in result.title_segments):
                    result.highlighted[info.name] = [marked_html(result.title_segments)]
        found = self._found(doc, stored, self.markers)
        if not found and not result.highlighted:
            # A phrase may run from one paragraph into the next: then its words show why the hit is here.
            found = self._found(doc, stored, self.loose_markers)
        best = sorted(found, key=lambda one: one[:4])[: self.passages]
        # The best ones, in the order in which they stand.
        result.passages = [passage for *_, passage in sorted(best, key=lambda one: one[1:4])]
        for passage in result.passages:
            result.highlighted.setdefault(passage.field, []).append(marked_html(passage.segments))

    def _found(
        self, doc: int, stored: Mapping[str, Any], markers: Sequence[tuple[FieldInfo, Marker]]
    ) -> list[tuple[float, int, int, int, Passage]]:
        """(score, best first; field, value, place; passage) of the texts that passages are cut from."""
        return [
            (-score, number, index, position, passage)
            for number, (info, marker) in enumerate(markers)
            if marker and not info.heading
            for index, text in enumerate(self._texts(doc, info, stored))
            for score, position, passage in marker.passages(index, text, self.length)
        ]

    def _texts(self, doc: int, info: FieldInfo, stored: Mapping[str, Any]) -> list[str]:
        if info.name in stored:
            value = stored[info.name]
            return [str(one) for one in value] if isinstance(value, list) else [str(value)]
        rows = self.db.execute(
            f"SELECT body FROM {self.generation.original} WHERE doc = ? AND field = ? ORDER BY n",
            (doc, info.name),
        )
        return [body for (body,) in rows]
