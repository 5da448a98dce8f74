"""Did you mean: words that no visible document has, replaced by the likest that one has.

The engine's suggester still knows the words of deleted documents and of hidden ones. It only proposes;
what it proposes is counted among the documents that the reader may see before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from search import tree
from search.engines.elasticsearch.compile import Compiler, Query
from search.engines.request import SearchRequest
from search.engines.slips import distance, likest, slips
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
        for start, end in sorted(spans) if spans is not None else [(0, len(self.text))]:
            for token in tokens(self.text[start:end]):
                if len(token.word) > 2 and token.word.isalpha() and not is_cjk(token.word):
                    self.asked.append(Token(token.word, start + token.start, start + token.end))
        self.asked = self.asked[:_LOOKED_INTO]
        self.distinct = list(dict.fromkeys(token.word for token in self.asked))

    def known(self) -> dict[str, Query]:
        """Counts how many documents have each word, in whatever inflection."""
        return {"known": {"filters": {"filters": self._filters(self.distinct)}}}

    def suggester(self) -> Query:
        return {
            "text": " ".join(self.distinct),
            "like": {
                "term": {
                    "field": "spell",
                    "analyzer": "folded",
                    "suggest_mode": "always",
                    "size": _TRIES,
                    "shard_size": 4 * _TRIES,
                    "max_edits": 2,
                    "prefix_length": 0,
                    "min_word_length": 3,
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
        known = dict(zip(self.distinct, (bucket["doc_count"] for bucket in counted), strict=True))
        unknown = [word for word in self.distinct if not known[word]][:_WORDS]
        likely = {word: self._likely(word, answer) for word in unknown}
        tried = list(dict.fromkeys(like for near in likely.values() for _apart, like in near))
        if not tried:
            return None
        counts = dict(zip(tried, count(self._filters(tried)), strict=True))
        better = {word: likest(word, near, counts) for word, near in likely.items()}
        text = self.text
        for token in reversed(self.asked):
            if better.get(token.word):
                text = text[: token.start] + str(better[token.word]) + text[token.end :]
        return None if text == self.text else text

    def _likely(self, word: str, answer: Mapping[str, Any]) -> list[tuple[int, str]]:
        """(slips, word) of what the engine proposes for a word, as far as it is near enough."""
        proposed = [
            option["text"]
            for entry in answer["suggest"]["like"]
            if entry["text"] == word
            for option in entry["options"]
        ]
        most = slips(word)
        near = [(distance(word, like, most), like) for like in proposed if like.isalpha()]
        return sorted((apart, like) for apart, like in near if 0 < apart <= most)
