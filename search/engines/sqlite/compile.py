"""From a tree of conditions to SQL: what FTS5 can match in one expression, and conditions besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from haystack.constants import DJANGO_CT, DJANGO_ID, ID

from search import tree
from search.engines.errors import IndexOutdatedError, UnknownFieldError, UnsupportedQueryError
from search.engines.lookups import convert
from search.engines.sqlite.schema import Generation
from search.engines.sqlite.stems import stems
from search.engines.sqlite.vocabulary import words_ending, words_like, words_with
from search.engines.values import clean, term, typed_value
from search.fields import FieldInfo
from search.text import fold, is_cjk, words

# Table and column names are our own; every value is a parameter.
# ruff: noqa: S608

_IDENTITY = {ID: "d.id", DJANGO_CT: "d.ct", DJANGO_ID: "d.pk"}
_VALUE_LIMIT = 30_000
#: How many characters the days of one unit have in common.
_UNIT_LENGTHS = {"year": 4, "month": 7, "decade": 3}
Params = tuple[Any, ...]


@dataclass
class Clause:
    """A condition: FTS5 matches ``match`` and none of ``unmatch``, and all of ``sql`` is true of row d."""

    match: str | None = None
    unmatch: list[str] = field(default_factory=list)
    sql: list[tuple[str, Params]] = field(default_factory=list)

    @property
    def is_match(self) -> bool:
        return self.match is not None and not self.unmatch and not self.sql

    def settled(self, fts: str) -> Clause:
        """The same with nothing left in ``unmatch``."""
        if not self.unmatch:
            return self
        refused = " OR ".join(self.unmatch)
        if self.match is not None:
            return Clause(match=f"({self.match} NOT ({refused}))", sql=self.sql)
        return Clause(sql=[*self.sql, _matching(fts, refused, "NOT IN")])

    def as_sql(self, fts: str) -> tuple[str, Params]:
        """The whole condition as SQL about row d."""
        settled = self.settled(fts)
        parts = list(settled.sql)
        if settled.match is not None:
            parts.insert(0, _matching(fts, settled.match, "IN"))
        return conjunction(parts)


def _matching(fts: str, expression: str, operator: str) -> tuple[str, Params]:
    return f"d.doc {operator} (SELECT rowid FROM {fts} WHERE {fts} MATCH ?)", (expression,)


def conjunction(parts: Sequence[tuple[str, Params]]) -> tuple[str, Params]:
    """Conditions joined by AND; of none, true."""
    if not parts:
        return "1", ()
    sql = " AND ".join(f"({text})" for text, _ in parts)
    return sql, tuple(value for _, params in parts for value in params)


class Compiler:
    """Compiles trees for one generation. UnknownFieldError for a field that it does not have."""

    def __init__(self, db: Any, generation: Generation, described: dict[str, FieldInfo]) -> None:
        self.db = db
        self.generation = generation
        self.layout = generation.layout
        self.described = described

    def compile(self, node: tree.Node) -> Clause:
        return getattr(self, f"_{type(node).__name__.lower()}")(node).settled(self.generation.fts)

    def _everything(self, node: tree.Everything) -> Clause:
        return Clause()

    def _nothing(self, node: tree.Nothing) -> Clause:
        return Clause(sql=[("0", ())])

    def _and(self, node: tree.And) -> Clause:
        joined = Clause()
        matches = []
        for child in node.children:
            clause = getattr(self, f"_{type(child).__name__.lower()}")(child)
            matches += [clause.match] if clause.match is not None else []
            joined.unmatch += clause.unmatch
            joined.sql += clause.sql
        if matches:
            joined.match = matches[0] if len(matches) == 1 else f"({' AND '.join(matches)})"
        return joined

    def _or(self, node: tree.Or) -> Clause:
        clauses = [self.compile(child) for child in node.children]
        matches = [clause.match for clause in clauses if clause.is_match]
        matched = Clause(match=f"({' OR '.join(map(str, matches))})") if matches else None
        if len(matches) == len(clauses) and matched:
            return matched
        parts = [matched] if matched else []
        parts += [clause for clause in clauses if not clause.is_match]
        written = [part.as_sql(self.generation.fts) for part in parts]
        return Clause(
            sql=[
                (
                    " OR ".join(f"({text})" for text, _ in written),
                    tuple(value for _, params in written for value in params),
                )
            ]
        )

    def _not(self, node: tree.Not) -> Clause:
        clause = self.compile(node.child)
        if clause.is_match:
            return Clause(unmatch=[str(clause.match)])
        sql, params = clause.as_sql(self.generation.fts)
        # A comparison with NULL is neither true nor false; not to be true is enough here.
        return Clause(sql=[(f"NOT coalesce(({sql}), 0)", params)])

    # -- text

    def _in_columns(self, name: str, expression: str) -> Clause:
        """An FTS5 expression within one field, or within those that a plain search looks through."""
        if name == tree.CONTENT:
            if len(self.layout.plain) == len(self.layout.text):
                return Clause(match=expression)
            columns = self.layout.plain
            if not columns:
                return self._nothing(tree.Nothing())
        else:
            columns = (name,)
        listed = " ".join(f"t_{column}" for column in columns)
        return Clause(match=f"({{{listed}}} : {expression})")

    def _is_text(self, name: str) -> bool:
        if name == tree.CONTENT or name in self.layout.text:
            return True
        if name in self.layout.exact or name in self.layout.typed or name in _IDENTITY:
            return False
        if name in self.described:
            raise IndexOutdatedError(
                f"the index has no field {name} (it is older than the field: rebuild it)"
            )
        raise UnknownFieldError(f"the index has no field {name}")

    def _words(self, node: tree.Words) -> Clause:
        if not self._is_text(node.field):
            return self._exact(tree.Exact(node.field, node.text))
        parts = [words(chunk) for chunk in node.text.split()]
        stem_of = stems({part[0] for part in parts if len(part) == 1})
        written = [
            quoted([f"_{stem_of[part[0]]}" if len(part) == 1 and part[0] in stem_of else " ".join(part)])
            for part in parts
            if part
        ]
        if not written:
            return self._nothing(tree.Nothing())
        return self._in_columns(node.field, f"({' AND '.join(dict.fromkeys(written))})")

    def _phrase(self, node: tree.Phrase) -> Clause:
        if not self._is_text(node.field):
            return self._exact(tree.Exact(node.field, node.text))
        folded = words(node.text)
        return self._in_columns(node.field, quoted(folded)) if folded else self._nothing(tree.Nothing())

    def _prefix(self, node: tree.Prefix) -> Clause:
        if not self._is_text(node.field):
            return self._startswith(tree.StartsWith(node.field, node.text))
        folded = words(node.text)
        if not folded:
            return self._nothing(tree.Nothing())
        star = "" if is_cjk(folded[-1]) else " *"
        return self._in_columns(node.field, quoted(folded) + star)

    def _near(self, node: tree.Near) -> Clause:
        folded = words(node.text)
        if not self._is_text(node.field) or len(folded) < 2:
            return self._phrase(tree.Phrase(node.field, node.text))
        near = " ".join(quoted([word]) for word in dict.fromkeys(folded))
        return self._in_columns(node.field, f"NEAR({near}, {int(node.distance)})")

    def _each_word(self, node: Any, found: Any) -> Clause:
        """For each word given, one of those that ``found`` lists; a run of characters stays a phrase."""
        written = []
        for chunk in node.text.split():
            folded = words(chunk)
            if len(folded) > 1 or (folded and is_cjk(folded[0])):
                written.append(quoted(folded))
            elif folded:
                listed = found(self.db, self.generation, folded[0])
                if not listed:
                    return self._nothing(tree.Nothing())
                written.append(f"({' OR '.join(quoted([word]) for word in listed)})")
        if not written:
            return self._nothing(tree.Nothing())
        return self._in_columns(node.field, f"({' AND '.join(written)})")

    def _startswith(self, node: tree.StartsWith) -> Clause:
        if self._is_text(node.field):
            parts = [tree.Prefix(node.field, chunk) for chunk in node.text.split()]
            return self._and(tree.And(tuple(parts))) if parts else self._nothing(tree.Nothing())
        return self._values_where(node.field, "substr(folded, 1, length(?1)) = ?1", node.text)

    def _endswith(self, node: tree.EndsWith) -> Clause:
        if self._is_text(node.field):
            return self._each_word(node, words_ending)
        return self._values_where(node.field, "substr(folded, -length(?1)) = ?1", node.text)

    def _contains(self, node: tree.Contains) -> Clause:
        if self._is_text(node.field):
            return self._each_word(node, words_with)
        return self._values_where(node.field, "instr(folded, ?1) > 0", node.text)

    def _fuzzy(self, node: tree.Fuzzy) -> Clause:
        if self._is_text(node.field):
            return self._each_word(node, words_like)
        raise UnsupportedQueryError(f"{node.field} is compared letter by letter; fuzzy is for text")

    def _values_where(self, name: str, condition: str, text: str) -> Clause:
        """Documents with an exact value whose folded form meets a condition on ``folded`` and ``?1``."""
        folded = fold(text)
        if not folded:
            return self._nothing(tree.Nothing())
        number = self.layout.exact.get(name)
        condition = condition.replace("?1", "?")
        params = (folded,) * condition.count("?")
        if number is None:
            if self.layout.typed.get(name) != "string":
                raise UnsupportedQueryError(f"{name} is not text; a part of it cannot be searched")
            return Clause(sql=[(condition.replace("folded", f"d.{self.layout.column(name)}"), params)])
        terms = f"SELECT id FROM {self.generation.term} WHERE field = ? AND {condition}"
        return Clause(sql=[self._having(terms, (number, *params))])

    # -- values

    def _having(self, terms: str, params: Params) -> tuple[str, Params]:
        return f"d.doc IN (SELECT doc FROM {self.generation.value} WHERE term IN ({terms}))", params

    def _exact(self, node: tree.Exact) -> Clause:
        return self._in(tree.In(node.field, (node.value,)))

    def _in(self, node: tree.In) -> Clause:
        if not node.values:
            return self._nothing(tree.Nothing())
        if len(node.values) > _VALUE_LIMIT:
            raise UnsupportedQueryError(f"{len(node.values)} values are too many at once; {_VALUE_LIMIT} go")
        marks = ", ".join("?" for _ in node.values)
        if node.field in _IDENTITY:
            column = _IDENTITY[node.field]
            return Clause(sql=[(f"{column} IN ({marks})", tuple(clean(str(one)) for one in node.values))])
        if self._is_text(node.field):
            return self._or(tree.Or(tuple(tree.Phrase(node.field, str(one)) for one in node.values)))
        values = [self._converted(node.field, one) for one in node.values]
        if node.field in self.layout.exact:
            terms = f"SELECT id FROM {self.generation.term} WHERE field = ? AND value IN ({marks})"
            return Clause(
                sql=[self._having(terms, (self.layout.exact[node.field], *(term(one) for one in values)))]
            )
        column = self.layout.column(node.field)
        return Clause(sql=[(f"d.{column} IN ({marks})", tuple(typed_value(one) for one in values))])

    def _converted(self, name: str, value: Any) -> Any:
        info = self.described.get(name)
        return convert(info, value) if info is not None else value

    def _missing(self, node: tree.Missing) -> Clause:
        if node.field in self.layout.exact:
            return Clause(sql=[self._having("?", (self.layout.exact[node.field],))])
        if node.field in self.layout.typed:
            return Clause(sql=[(f"d.{self.layout.column(node.field)} IS NULL", ())])
        self._is_text(node.field)
        raise UnsupportedQueryError(f"{node.field} is text; whether it is empty needs a facet of its own")

    def _range(self, node: tree.Range) -> Clause:
        bounds = []
        for bound, operator in (
            (node.low, ">=" if node.include_low else ">"),
            (node.high, "<=" if node.include_high else "<"),
        ):
            if bound is not None:
                bounds.append((operator, self._converted(node.field, bound)))
        number = self.layout.exact.get(node.field)
        if number is not None:
            if self.described[node.field].type in ("integer", "float"):
                raise UnsupportedQueryError(f"{node.field} holds exact values; a range needs the typed field")
            condition = " AND ".join(["field = ?", "id > ?", *(f"value {op} ?" for op, _ in bounds)])
            params = (number, number, *(term(value) for _, value in bounds))
            return Clause(
                sql=[self._having(f"SELECT id FROM {self.generation.term} WHERE {condition}", params)]
            )
        if node.field not in self.layout.typed and (node.field in _IDENTITY or self._is_text(node.field)):
            raise UnsupportedQueryError(f"{node.field} has no order to take a range of")
        column = f"d.{self.layout.column(node.field)}"
        is_text = self.layout.typed[node.field] == "text"
        conditions = [f"{column} IS NOT NULL", *(f"{column} {operator} ?" for operator, _ in bounds)]
        params = tuple(fold(str(value)) if is_text else typed_value(value) for _, value in bounds)
        return Clause(sql=[(" AND ".join(conditions), params)])

    def _check_dates(self) -> None:
        for name in ("date_earliest", "date_latest", "date_uncertain"):
            if name not in self.layout.typed:
                raise UnknownFieldError(f"a search by dates needs the index field {name}")

    def _roughly(self, node: tree.Roughly) -> Clause:
        self._check_dates()
        earliest, latest = 'd."f_date_earliest"', 'd."f_date_latest"'
        shared = _UNIT_LENGTHS[node.unit]  # days are written 1955-05-06
        sure = (
            f"substr({earliest}, 1, {shared}) >= substr({latest}, 1, {shared}) "
            'AND NOT coalesce(d."f_date_uncertain", 0)'
        )
        return Clause(sql=[(f"coalesce({earliest}, {latest}) IS NOT NULL AND NOT coalesce(({sure}), 0)", ())])

    def _overlap(self, node: tree.Overlap) -> Clause:
        self._check_dates()
        earliest, latest = 'd."f_date_earliest"', 'd."f_date_latest"'
        parts: list[tuple[str, Params]] = [(f"coalesce({earliest}, {latest}) IS NOT NULL", ())]
        first, last = typed_value(node.earliest), typed_value(node.latest)
        if node.certain:
            parts.append(('NOT coalesce(d."f_date_uncertain", 0)', ()))
            if first is not None:
                parts.append((f"{earliest} >= ?", (first,)))
            if last is not None:
                parts.append((f"{latest} <= ?", (last,)))
        else:
            if first is not None:
                parts.append((f"({latest} IS NULL OR {latest} >= ?)", (first,)))
            if last is not None:
                parts.append((f"({earliest} IS NULL OR {earliest} <= ?)", (last,)))
        sql, params = conjunction(parts)
        return Clause(sql=[(f"coalesce(({sql}), 0)", params)])


def quoted(folded: Sequence[str]) -> str:
    """Folded words as an FTS5 phrase; folding leaves no quotation mark in them."""
    return f'"{" ".join(folded)}"'
