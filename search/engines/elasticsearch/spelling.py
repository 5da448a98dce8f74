"""Did you mean: words that no visible document has, replaced by the likest that one has.

The engine's suggester still knows the words of deleted documents and of hidden ones. It only proposes;
what it proposes is counted among the documents that the reader may see before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from search import tree
from search.engines.elasticsearch.compile import Compiler, Query
from search.engines.request import SearchRequest
from search.engines.slips import as_joined, distance, joined_words, likely_joined, likest, slips
from search.text import Token, is_cjk, tokens

#: Words of one query that are looked into, and likely words tried for each.
_WORDS, _TRIES = 5, 32
_LOOKED_INTO = 20


class Words:
    """The words of a query that may have been mistyped."""

    def __init__(self, request: SearchRequest, compiler: Compiler) -> None:
        self.text = request.spelling_text
        self.compiler = compiler
        spans = request.spelling_spans
        self.asked: list[Token] = []
        spans = sorted(spans) if spans is not None else [(0, len(self.text))]
        for start, end in spans:
            for token in tokens(self.text[start:end]):
                if len(token.word) > 2 and token.word.isalpha() and not is_cjk(token.word):
                    self.asked.append(Token(token.word, start + token.start, start + token.end))
        self.asked = self.asked[:_LOOKED_INTO]
        self.distinct = list(dict.fromkeys(token.word for token in self.asked))
        self.joined = joined_words(self.text, spans)[:_WORDS]
        self._counted = list(dict.fromkeys((*self.distinct, *map(as_joined, self.joined))))

    def __bool__(self) -> bool:
        return bool(self._counted)

    def known(self) -> dict[str, Query]:
        """Counts how many documents have each word, in whatever inflection, and joined ones together (En-lai)."""
        return {"known": {"filters": {"filters": self._filters(self._counted)}}}

    def suggester(self) -> Query:
        parts = (token.word for run in self.joined for token in run)
        return {
            "text": " ".join(dict.fromkeys((*self.distinct, *parts))),
            "like": {
                "term": {
                    "field": "spell",
                    "analyzer": "folded",
                    "suggest_mode": "always",
                    "size": _TRIES,
                    "shard_size": 4 * _TRIES,
                    "max_edits": 2,
                    "prefix_length": 0,
                    "min_word_length": 2,
                    "max_inspections": 20,
                    "string_distance": "damerau_levenshtein",
                }
            },
        }

    def _filters(self, words: list[str]) -> list[Query]:
        """For each word, documents that have it."""
        content = [self.compiler.filter(tree.Words(tree.CONTENT, word)) for word in words]
        return [
            {"bool": {"should": [{"term": {"spell": word}}, found]}}
            for word, found in zip(words, content, strict=True)
        ]

    def suggestion(self, answer: Mapping[str, Any], count: Callable[[list[Query]], list[int]]) -> str | None:
        """The text with the unknown words replaced, or None.

        ``count`` asks the engine how many visible documents meet each of some queries; it is only called
        where a word is unknown and others are like it.
        """
        counted = answer["aggregations"]["words"]["visible"]["known"]["buckets"]
        counts = (bucket["doc_count"] for bucket in counted)
        known = {asked for asked, found in zip(self._counted, counts, strict=True) if found}
        near = partial(self._near, answer)
        unknown = [word for word in self.distinct if word not in known][:_WORDS]
        meant = self._replaced(self.asked, {word: near(word, slips(word)) for word in unknown}, count)
        if meant is not None:
            return meant
        joined = [run for run in self.joined if as_joined(run) not in known]
        places = [Token(as_joined(run), run[0].start, run[-1].end) for run in joined]
        return self._replaced(places, {as_joined(run): likely_joined(run, near) for run in joined}, count)

    def _replaced(
        self,
        places: list[Token],
        likely: Mapping[str, list[tuple[int, str]]],
        count: Callable[[list[Query]], list[int]],
    ) -> str | None:
        """The text with the likeliest in these places; None if no visible document has any."""
        tried = list(dict.fromkeys(like for near in likely.values() for _apart, like in near))
        if not tried:
            return None
        counts = dict(zip(tried, count(self._filters(tried)), strict=True))
        better = {word: likest(word, near, counts) for word, near in likely.items()}
        text = self.text
        for token in reversed(places):
            if better.get(token.word):
                text = text[: token.start] + str(better[token.word]) + text[token.end :]
        return None if text == self.text else text

    def _near(self, answer: Mapping[str, Any], word: str, most: int) -> list[tuple[int, str]]:
        """(slips, word) of what the engine proposes for a word, at most so many slips away."""
        proposed = [
            option["text"]
            for entry in answer["suggest"]["like"]
            if entry["text"] == word
            for option in entry["options"]
        ]
        near = [(distance(word, like, most), like) for like in proposed if like.isalpha()]
        return sorted((apart, like) for apart, like in near if 0 < apart <= most)
