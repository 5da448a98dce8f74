"""Completing what a reader types: one request, whose counts are of visible documents alone.

The engine's own suggesters know words of deleted and of hidden documents. Here the names of the documents
that may be seen are counted, as facets are, so that nothing of another document can show.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from search.engines.completion import CANDIDATES, PART, Completion, Found, Typed, joined, titled
from search.engines.elasticsearch.compile import EVERYTHING, Query
from search.engines.elasticsearch.question import Question

#: An automaton for more beginnings in any order would grow too large; the others are looked at afterwards.
_AT_ONCE = 2
_MORE = 10
_COUNTED = [{"_count": "desc"}, {"_key": "asc"}]
# Not the hits themselves, which take the engine longer than all the rest.
_FIRST: Query = {
    "of": {
        "terms": {"field": "ct", "size": 1, "order": {"_key": "asc"}},
        "aggs": {"first": {"min": {"field": "key"}}},
    }
}


class Names:
    """The names of the documents that one search finds."""

    def __init__(self, question: Question, field: str, typed: Typed) -> None:
        self.question = question
        self.field = f"names.{field}"
        self.typed = typed

    def body(self, named: Sequence[str], titles: Sequence[str], limit: int) -> dict[str, Any]:
        """What is asked: ``named`` are the kinds of names that stand for something, ``titles`` of the others."""
        aggregations: dict[str, Query] = {}
        if named:
            aggregations["named"] = self._terms(self._meeting(named), CANDIDATES, _COUNTED)
        if titles:
            begin = f"{_one_of(titles)}{PART}{_literal(self.typed.begins)}.*"
            for name, pattern, size in (
                ("begin", begin, limit),
                ("inside", self._meeting(titles), 2 * limit),
            ):
                asked = self._terms(pattern, size, {"_key": "asc"})
                aggregations[name] = {**asked, "aggs": _FIRST}
        question = self.question
        limits = [*question.visible, *question.always, *(condition.query for condition in question.aside)]
        if question.query is not EVERYTHING:
            limits.append(question.query.query)
        return {
            "size": 0,
            "track_total_hits": False,
            "query": {"bool": {"filter": limits}},
            "aggs": aggregations,
        }

    def read(self, answer: Mapping[str, Any], limit: int) -> list[Completion]:
        """Names that stand for something, then the others."""
        found = {name: self._found(part) for name, part in answer["aggregations"].items()}
        begin = found.get("begin", [])
        inside = [one for one in found.get("inside", []) if not one.parts[1].startswith(self.typed.begins)]
        return [
            *joined(found.get("named", [])[:CANDIDATES], self.typed, limit),
            *titled([*begin, *inside][:limit], limit),
        ]

    def _found(self, part: Mapping[str, Any]) -> list[Found]:
        found = []
        for bucket in part["buckets"]:
            one = Found(bucket["key"], bucket["doc_count"], _document(bucket))
            if self.typed.meets(one.parts[1]):
                found.append(one)
        return found

    def _meeting(self, kinds: Sequence[str]) -> str:
        """A pattern for keys with words that begin so, in any order."""
        words = [f"[^{PART}]* {_literal(chunk)}.*" for chunk in self.typed.chunks[:_AT_ONCE]]
        return "&".join(f"{_one_of(kinds)}{PART}{each}" for each in words)

    def _terms(self, pattern: str, size: int, order: Any) -> Query:
        wanted = size * (_MORE if len(self.typed.chunks) > _AT_ONCE else 1)
        return {"terms": {"field": self.field, "include": pattern, "size": wanted, "order": order}}


def _document(bucket: Mapping[str, Any]) -> str:
    """The id of the first document of a title; empty where it has no number."""
    for model in bucket["of"]["buckets"] if "of" in bucket else ():
        if model["first"]["value"] is not None:
            return f"{model['key']}.{int(model['first']['value'])}"
    return ""


def _one_of(kinds: Sequence[str]) -> str:
    return f"({'|'.join(_literal(kind) for kind in kinds)})"


def _literal(text: str) -> str:
    """Text with no sign in it that the engine's patterns read."""
    return re.sub(r"([^\w\s])", r"\\\1", text)
