"""A hit's marked title and its best passages, for every engine that can give back the original texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from search.engines.passages import Marker, Pattern, Stems, loosened, patterns_of
from search.engines.request import SearchRequest
from search.engines.results import Passage, marked_html
from search.fields import FieldInfo, Kind

_PASSAGES, _LENGTH = 3, 240
#: The texts of one field of a hit, each with its language as the index class writes it, "" if it does not.
TextsOf = Callable[[FieldInfo], Sequence[tuple[str, str]]]
#: (score, best first; number of the field; number of the value; place in it; passage)
_Found = tuple[float, int, int, int, Passage]


class Highlighter:
    """Marks in hits what a request searched.

    ``stems_in`` gives the stemming of a language, ``keeps_beginning`` whether its stems begin as the words do.
    """

    def __init__(
        self,
        described: Mapping[str, FieldInfo],
        request: SearchRequest,
        stems_in: Callable[[str], Stems],
        keeps_beginning: Callable[[str], bool] = lambda language: True,
    ) -> None:
        options = dict(request.highlight) if isinstance(request.highlight, Mapping) else {}
        self.passages = int(options.get("passages", _PASSAGES))
        self.length = int(options.get("length", _LENGTH))
        self.query = request.query
        self.stems_in = stems_in
        self.keeps_beginning = keeps_beginning
        self.fields = [
            info
            for info in described.values()
            if info.kind is Kind.TEXT and (info.highlighted or info.heading)
        ]
        self._patterns: dict[tuple[str, bool], list[Pattern]] = {}
        self._markers: dict[tuple[str, str, bool], Marker] = {}

    def highlight(self, result: Any, texts_of: TextsOf) -> None:
        """Give a result its ``title_segments``, ``passages`` and ``highlighted``."""
        result.title_segments, result.passages, result.highlighted = [], [], {}
        for info in self.fields:
            if info.heading:
                self._mark_title(result, info, texts_of(info))
        found = list(self._found(texts_of, loosely=False))
        if not found and not result.highlighted:
            # A phrase may run from one paragraph into the next: then its words show why the hit is here.
            found = list(self._found(texts_of, loosely=True))
        best = sorted(found, key=lambda one: one[:4])[: self.passages]
        # The best ones, in the order in which they stand.
        result.passages = [passage for *_, passage in sorted(best, key=lambda one: one[1:4])]
        for passage in result.passages:
            result.highlighted.setdefault(passage.field, []).append(marked_html(passage.segments))

    def _mark_title(self, result: Any, info: FieldInfo, texts: Sequence[tuple[str, str]]) -> None:
        title, language = next(iter(texts), ("", ""))
        marker = self._marker(info, language)
        result.title_segments = marker.whole(title) if marker else [(title, False)] if title else []
        if any(marked for _, marked in result.title_segments):
            result.highlighted[info.name] = [marked_html(result.title_segments)]

    def _found(self, texts_of: TextsOf, *, loosely: bool) -> Iterable[_Found]:
        for number, info in enumerate(self.fields):
            # Whether anything is searched in a field does not hang on the language.
            if info.heading or not self._marker(info, "", loosely=loosely):
                continue
            for index, (text, language) in enumerate(texts_of(info)):
                marker = self._marker(info, language, loosely=loosely)
                for score, position, passage in marker.passages(index, text, self.length):
                    yield -score, number, index, position, passage

    def _marker(self, info: FieldInfo, language: str, *, loosely: bool = False) -> Marker:
        key = (info.name, language, loosely)
        if key not in self._markers:
            patterns = self._patterns_in(language, loosely=loosely)
            self._markers[key] = Marker(
                patterns,
                info.name,
                self.stems_in(language),
                plain=info.in_content,
                keeps_beginning=self.keeps_beginning(language),
            )
        return self._markers[key]

    def _patterns_in(self, language: str, *, loosely: bool) -> list[Pattern]:
        """What the query looks for in texts of a language, the same for all fields."""
        key = (language, loosely)
        if key not in self._patterns:
            patterns = patterns_of(self.query, self.stems_in(language))
            self._patterns[key] = loosened(patterns) if loosely else patterns
        return self._patterns[key]
