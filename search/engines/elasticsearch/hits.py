"""From what the engine gives back to Haystack's results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from search.engines.elasticsearch.languages import language_of, languages_field, stems_in
from search.engines.highlights import Highlighter
from search.engines.lookups import convert
from search.engines.passages import Stems
from search.engines.request import SearchRequest
from search.fields import FieldInfo


class Hits:
    """Makes the results of one answer."""

    def __init__(self, described: Mapping[str, FieldInfo], request: SearchRequest) -> None:
        self.described = described
        self.request = request
        self.highlighter = (
            Highlighter(described, request, _stems, _keeps_beginning) if request.highlight else None
        )

    def results(self, hits: Iterable[Mapping[str, Any]]) -> list[Any]:
        """A result for each hit, in the same order."""
        return [self._result(hit) for hit in hits]

    def _result(self, hit: Mapping[str, Any]) -> Any:
        source = hit["_source"]
        stored = source.get("stored", {})
        wanted = self.request.fields
        values = {
            name: self._value(name, value)
            for name, value in stored.items()
            if wanted is None or name in wanted
        }
        app_label, model_name = source["ct"].split(".")
        result = self.request.result_class(
            app_label, model_name, source["pk"], hit.get("_score") or 0.0, **{**values, "id": hit["_id"]}
        )
        if self.highlighter:
            self.highlighter.highlight(result, partial(_texts, {**source.get("original", {}), **stored}))
        return result

    def _value(self, name: str, value: Any) -> Any:
        info = self.described.get(name)
        if info is None or info.type not in ("date", "datetime") or value is None:
            return value
        return [convert(info, one) for one in value] if isinstance(value, list) else convert(info, value)


def _texts(values: Mapping[str, Any], info: FieldInfo) -> list[tuple[str, str]]:
    """The texts of a field, each with its language if the document says which that is."""
    value = values.get(info.name) or []
    texts = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    languages = [str(one or "") for one in values.get(languages_field(info.name)) or ()]
    return list(zip(texts, [*languages, *[""] * len(texts)], strict=False))


def _stems(written: str) -> Stems:
    return partial(stems_in, language_of(written))


def _keeps_beginning(written: str) -> bool:
    language = language_of(written)
    return language is None or language.keeps_beginning
