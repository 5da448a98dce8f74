"""From document numbers to Haystack's results, with passages cut from the originals."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from search.engines.highlights import Highlighter
from search.engines.lookups import convert
from search.engines.request import SearchRequest
from search.engines.sqlite.schema import Generation
from search.engines.sqlite.stems import stems
from search.fields import FieldInfo

# Table names are our own; every value is a parameter.
# ruff: noqa: S608

_AT_ONCE = 500


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
        self.highlighter = (
            Highlighter(described, request, lambda _language: stems) if request.highlight else None
        )

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
        if self.highlighter:
            self.highlighter.highlight(result, lambda info: self._texts(doc, info, stored))
        return result

    def _value(self, name: str, value: Any) -> Any:
        if name not in self.dates or value is None:
            return value
        info = self.described[name]
        return [convert(info, one) for one in value] if isinstance(value, list) else convert(info, value)

    def _texts(self, doc: int, info: FieldInfo, stored: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The texts of a field; their language is not asked, as only English is stemmed here."""
        if info.name in stored:
            value = stored[info.name]
            return [(str(one), "") for one in value] if isinstance(value, list) else [(str(value), "")]
        rows = self.db.execute(
            f"SELECT body FROM {self.generation.original} WHERE doc = ? AND field = ? ORDER BY n",
            (doc, info.name),
        )
        return [(body, "") for (body,) in rows]
