"""From a tree of conditions to query DSL. What is typed only ever becomes a value in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from haystack.constants import DJANGO_CT, DJANGO_ID, ID

from search import tree
from search.engines.elasticsearch.languages import has_languages, languages_written_like
from search.engines.elasticsearch.schema import BEHIND
from search.engines.errors import IndexOutdatedError, UnknownFieldError, UnsupportedQueryError
from search.engines.lookups import convert
from search.engines.slips import slips
from search.engines.values import clean, typed_value
from search.engines.values import term as written_term
from search.fields import FieldInfo, Kind
from search.text import fold, is_cjk, is_english, words

IDENTITY = {ID: "id", DJANGO_CT: "ct", DJANGO_ID: "pk"}
_VALUE_LIMIT = 30_000
#: Words of the index that may stand for one typed with a slip.
_EXPANSIONS = 1000
_DATES = ("date_earliest", "date_latest", "date_uncertain")
#: How much a word counts that stands in several fields, besides the best of them.
_OTHERS = 0.3

Query = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clause:
    """A query, and whether the words in it rank what they find."""

    query: Query
    ranks: bool = False


EVERYTHING = Clause({"match_all": {"boost": 0}})
NOTHING = Clause({"match_none": {}})


def all_of(clauses: Sequence[Clause]) -> Clause:
    """Clauses joined by AND; those that do not rank only filter."""
    asked = [clause for clause in clauses if clause is not EVERYTHING]
    if len(asked) < 2:
        return asked[0] if asked else EVERYTHING
    joined = {
        "must": [clause.query for clause in asked if clause.ranks],
        "filter": [clause.query for clause in asked if not clause.ranks],
    }
    return Clause(
        {"bool": {name: queries for name, queries in joined.items() if queries}},
        any(clause.ranks for clause in asked),
    )


def any_of(clauses: Sequence[Clause]) -> Clause:
    """Clauses joined by OR."""
    if len(clauses) < 2:
        return clauses[0] if clauses else NOTHING
    ranks = any(clause.ranks for clause in clauses)
    should = [clause.query if clause.ranks or not ranks else zero(clause.query) for clause in clauses]
    return Clause({"bool": {"should": should, "minimum_should_match": 1}}, ranks)


def none_of(queries: Sequence[Query]) -> Query:
    return {"bool": {"must_not": list(queries)}}


def zero(query: Query) -> Query:
    """The query without a say in the order."""
    return {"constant_score": {"filter": query, "boost": 0}}


def exists(field: str) -> Query:
    return {"exists": {"field": field}}


class Compiler:
    """Compiles trees over the declared fields.

    ``lacks`` says of a field that is declared whether the index lacks it, being older.
    """

    def __init__(
        self, described: Mapping[str, FieldInfo], lacks: Callable[[str], bool] = lambda name: False
    ) -> None:
        self.described = described
        self.lacks = lacks
        self.plain = [info for info in described.values() if info.in_content]

    def compile(self, node: tree.Node) -> Clause:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def filter(self, node: tree.Node) -> Query:
        return self.compile(node).query

    def known(self, name: str) -> FieldInfo:
        """The declaration of a field. UnknownFieldError if there is none, or the index is older than it."""
        info = self.described.get(name)
        if info is None:
            raise UnknownFieldError(f"no index class declares a field {name}")
        if self.lacks(name):
            raise IndexOutdatedError(
                f"the index has no field {name} (it is older than the field: rebuild it)"
            )
        return info

    def is_text(self, name: str) -> bool:
        if name == tree.CONTENT:
            return True
        if name in IDENTITY:
            return False
        info = self.known(name)
        if info.kind is Kind.STORED:
            raise UnsupportedQueryError(f"{name} is only stored, it cannot be searched")
        return info.kind is Kind.TEXT

    # -- joining

    def _everything(self, node: tree.Everything) -> Clause:
        return EVERYTHING

    def _nothing(self, node: tree.Nothing) -> Clause:
        return NOTHING

    def _and(self, node: tree.And) -> Clause:
        return all_of([self.compile(child) for child in dict.fromkeys(node.children)])

    def _or(self, node: tree.Or) -> Clause:
        return any_of([self.compile(child) for child in dict.fromkeys(node.children)])

    def _not(self, node: tree.Not) -> Clause:
        return Clause(none_of([self.compile(node.child).query]))

    # -- text

    def _fields(self, name: str) -> list[FieldInfo]:
        """The text fields that a condition on this one is asked of."""
        return self.plain if name == tree.CONTENT else [self.described[name]]

    def _in_fields(self, name: str, question: Callable[[str, float], Query]) -> Clause:
        """What ``question`` asks of a field and its weight, of any of the fields."""
        asked = [question(f"text.{info.name}", info.weight) for info in self._fields(name)]
        if not asked:
            return NOTHING
        if len(asked) == 1:
            return Clause(asked[0], ranks=True)
        return Clause({"dis_max": {"queries": asked, "tie_breaker": _OTHERS}}, ranks=True)

    def _words(self, node: tree.Words) -> Clause:
        if not self.is_text(node.field):
            return self._exact(tree.Exact(node.field, node.text))
        parts = [tuple(words(chunk)) for chunk in node.text.split()]
        asked = [self._chunk(node.field, part) for part in dict.fromkeys(parts) if part]
        return all_of(asked) if asked else NOTHING

    def _chunk(self, name: str, folded: Sequence[str]) -> Clause:
        """One word in its inflections, or what is written without a space between, as it stands."""
        if len(folded) > 1 or is_cjk(folded[0]):
            return self._run(name, folded)
        fields = self._fields(name)
        if not fields:
            return NOTHING
        ending = ".stem" if is_english(folded[0]) else ""
        asked = [f"text.{info.name}{ending}^{info.weight:g}" for info in fields]
        languages = languages_written_like(folded[0])
        for info in fields:
            if has_languages(info, self.described):
                asked += [f"lang.{info.name}.{language.code}^{info.weight:g}" for language in languages]
        query = {"query": folded[0], "fields": asked, "type": "best_fields", "tie_breaker": _OTHERS}
        return Clause({"multi_match": query}, ranks=True)

    def _run(self, name: str, folded: Sequence[str]) -> Clause:
        """Words one after the other, as written."""
        if len(folded) == 1:
            return self._in_fields(
                name, lambda field, weight: {"term": {field: {"value": folded[0], "boost": weight}}}
            )
        phrase = " ".join(folded)
        return self._in_fields(
            name, lambda field, weight: {"match_phrase": {field: {"query": phrase, "boost": weight}}}
        )

    def _phrase(self, node: tree.Phrase) -> Clause:
        if not self.is_text(node.field):
            return self._exact(tree.Exact(node.field, node.text))
        folded = words(node.text)
        return self._run(node.field, folded) if folded else NOTHING

    def _prefix(self, node: tree.Prefix) -> Clause:
        if not self.is_text(node.field):
            return self._startswith(tree.StartsWith(node.field, node.text))
        folded = words(node.text)
        if not folded or is_cjk(folded[-1]):
            return self._phrase(tree.Phrase(node.field, node.text))
        if len(folded) == 1:
            return self._in_fields(
                node.field, lambda field, weight: {"prefix": {field: {"value": folded[0], "boost": weight}}}
            )
        steps = [{"match": {"query": word}} for word in folded[:-1]]
        run = {"ordered": True, "max_gaps": 0, "intervals": [*steps, {"prefix": {"prefix": folded[-1]}}]}
        return self._in_fields(
            node.field, lambda field, weight: {"intervals": {field: {"all_of": run, "boost": weight}}}
        )

    def _near(self, node: tree.Near) -> Clause:
        folded = list(dict.fromkeys(words(node.text)))
        if not self.is_text(node.field) or len(folded) < 2:
            return self._phrase(tree.Phrase(node.field, node.text))
        # The words in the middle are counted among those between the first and the last.
        gaps = node.distance - (len(folded) - 2)
        if gaps < 0:
            return NOTHING
        near = {
            "ordered": False,
            "max_gaps": gaps,
            "intervals": [{"match": {"query": word}} for word in folded],
        }
        return self._in_fields(
            node.field, lambda field, weight: {"intervals": {field: {"all_of": near, "boost": weight}}}
        )

    def _each_word(self, node: Any, question: Callable[[str], Callable[[str, float], Query]]) -> Clause:
        """For each word given, what ``question`` asks; a run of characters stays a phrase."""
        asked = []
        for chunk in node.text.split():
            folded = words(chunk)
            if len(folded) > 1 or (folded and is_cjk(folded[0])):
                asked.append(self._run(node.field, folded))
            elif folded:
                asked.append(self._in_fields(node.field, question(folded[0])))
        return all_of(asked) if asked else NOTHING

    def _startswith(self, node: tree.StartsWith) -> Clause:
        if self.is_text(node.field):
            parts = [self._prefix(tree.Prefix(node.field, chunk)) for chunk in node.text.split()]
            return all_of(parts) if parts else NOTHING
        return self._values_where(node, lambda text: {"prefix": text})

    def _endswith(self, node: tree.EndsWith) -> Clause:
        if self.is_text(node.field):
            return self._each_word(node, lambda word: _wildcard(f"*{word}"))
        return self._values_where(node, lambda text: {"wildcard": f"*{_literal(text)}"})

    def _contains(self, node: tree.Contains) -> Clause:
        if self.is_text(node.field):
            return self._each_word(node, lambda word: _wildcard(f"*{word}*"))
        return self._values_where(node, lambda text: {"wildcard": f"*{_literal(text)}*"})

    def _fuzzy(self, node: tree.Fuzzy) -> Clause:
        if not self.is_text(node.field):
            raise UnsupportedQueryError(f"{node.field} is compared letter by letter; fuzzy is for text")

        def question(word: str) -> Callable[[str, float], Query]:
            return lambda field, weight: {
                "fuzzy": {
                    field: {
                        "value": word,
                        "fuzziness": slips(word),
                        "max_expansions": _EXPANSIONS,
                        "boost": weight,
                    }
                }
            }

        return self._each_word(node, question)

    def _values_where(self, node: Any, condition: Callable[[str], dict[str, str]]) -> Clause:
        """Documents with a value whose folded form meets a condition."""
        folded = fold(node.text)
        if not folded:
            return NOTHING
        field = self._value_field(node.field)
        kind, pattern = next(iter(condition(folded).items()))
        if field.startswith("exact."):
            # Behind the folded form stands the value itself.
            field = f"folded.{node.field}"
            pattern += f"*{BEHIND}*" if pattern.endswith("*") else f"{BEHIND}*" if kind == "wildcard" else ""
        elif self.described[node.field].type != "string":
            raise UnsupportedQueryError(f"{node.field} is not text; a part of it cannot be searched")
        return Clause({kind: {field: {"value": pattern}}})

    # -- values

    def _value_field(self, name: str) -> str:
        """The place in a document of a field that is no text."""
        if name in IDENTITY:
            return IDENTITY[name]
        kind = self.known(name).kind
        return f"exact.{name}" if kind is Kind.EXACT else f"typed.{name}"

    def _exact(self, node: tree.Exact) -> Clause:
        return self._in(tree.In(node.field, (node.value,)))

    def _in(self, node: tree.In) -> Clause:
        if not node.values:
            return NOTHING
        if len(node.values) > _VALUE_LIMIT:
            raise UnsupportedQueryError(f"{len(node.values)} values are too many at once; {_VALUE_LIMIT} go")
        if self.is_text(node.field):
            return any_of([self._phrase(tree.Phrase(node.field, str(one))) for one in node.values])
        field = self._value_field(node.field)
        if node.field in IDENTITY:
            written = [clean(str(one)) for one in node.values]
        else:
            written = [self._written(node.field, one) for one in node.values]
        return Clause({"terms": {field: written}})

    def _written(self, name: str, value: Any) -> Any:
        info = self.described[name]
        converted = convert(info, value)
        return written_term(converted) if info.kind is Kind.EXACT else typed_value(converted)

    def _missing(self, node: tree.Missing) -> Clause:
        if self.is_text(node.field):
            raise UnsupportedQueryError(f"{node.field} is text; whether it is empty needs a facet of its own")
        return Clause(none_of([exists(self._value_field(node.field))]))

    def _range(self, node: tree.Range) -> Clause:
        sortable = node.field in self.described and self.described[node.field].sortable
        if node.field in IDENTITY or (self.is_text(node.field) and not sortable):
            raise UnsupportedQueryError(f"{node.field} has no order to take a range of")
        info = self.described[node.field]
        if info.kind is Kind.EXACT and info.type in ("integer", "float"):
            raise UnsupportedQueryError(f"{node.field} holds exact values; a range needs the typed field")
        field = self._value_field(node.field)
        bounds = {}
        for bound, name in (
            (node.low, "gte" if node.include_low else "gt"),
            (node.high, "lte" if node.include_high else "lt"),
        ):
            if bound is not None:
                is_text = info.kind is Kind.TEXT
                bounds[name] = fold(str(bound)) if is_text else self._written(node.field, bound)
        return Clause({"range": {field: bounds}} if bounds else exists(field))

    def _overlap(self, node: tree.Overlap) -> Clause:
        for name in _DATES:
            self.known(name)
        earliest, latest, uncertain = (f"typed.{name}" for name in _DATES)
        first, last = typed_value(node.earliest), typed_value(node.latest)
        parts: list[Query] = [dated()]
        if node.certain:
            parts.append(none_of([{"term": {uncertain: True}}]))
            parts += [{"range": {earliest: {"gte": first}}}] if first is not None else []
            parts += [{"range": {latest: {"lte": last}}}] if last is not None else []
        else:
            # Not surely before, and not surely after.
            parts += [none_of([{"range": {latest: {"lt": first}}}])] if first is not None else []
            parts += [none_of([{"range": {earliest: {"gt": last}}}])] if last is not None else []
        return Clause({"bool": {"filter": parts}})

    def _roughly(self, node: tree.Roughly) -> Clause:
        for name in _DATES:
            self.known(name)
        return Clause(roughly_dated(node.unit))


def roughly_dated(unit: str) -> Query:
    """Documents with a bound that surely lie in no one year (month, decade)."""
    return {"bool": {"filter": [dated()], "must_not": [exists(f"span.{unit}")]}}


def dated() -> Query:
    """Documents with at least one bound."""
    return any_of([Clause(exists("span.first")), Clause(exists("span.last"))]).query


def _wildcard(pattern: str) -> Callable[[str, float], Query]:
    # Folding leaves neither a star nor a question mark in a word.
    return lambda field, weight: {"wildcard": {field: {"value": pattern, "boost": weight}}}


def _literal(text: str) -> str:
    """Text with no sign in it that a wildcard pattern reads."""
    return re.sub(r"([\\*?])", r"\\\1", text)
