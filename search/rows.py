"""Filter rows: a field, an operator, a value, and how the row is joined to what stands above it.

In an address a row is one value of ``f``: ``f=and:date:before:1955``. Without an operator it is
"contains": ``f=and:title:peace treaty``; ``not`` for a join is "and", with the operator's opposite.
A form without scripts sends its four inputs as ``f-join``, ``f-field``, ``f-op`` and ``f-value``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import zip_longest
from typing import Self

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from dates import DateError
from search.daterange import is_undated, read_after, read_before, read_between, read_range, read_whole
from search.facets import FACETS_BY_NAME, PARTICIPANT, ROLE_LABELS, in_role
from search.grammar import DATES, PREFIX_LIMIT, ParsedQuery, parse
from search.inputs import tidy, whole_number
from search.tree import (
    CONTENT,
    And,
    Called,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Overlap,
    Phrase,
    Prefix,
    Undated,
    Words,
)

VALUE_LENGTH = 300
ROWS_AT_MOST = 20
FORM_PARTS = ("f-join", "f-field", "f-op", "f-value")
ANYWHERE = "any"
Days = tuple[date | None, date | None]


class Join(StrEnum):
    """How a row is joined to the words and rows above it."""

    AND = "and"
    OR = "or"


JOINS: dict[str, Promise] = {Join.AND: _("and"), Join.OR: _("or")}
_NOT = "not"  # a join, in addresses from before there were operators


class Operator(StrEnum):
    """What a row asks of its field. Each takes dates; the last three nothing else."""

    CONTAINS = "contains"  # the words, in whatever form and order
    CONTAINS_NOT = "contains-not"
    IS = "is"  # the authorised value, or the words exactly so
    IS_NOT = "is-not"
    BEFORE = "before"
    AFTER = "after"
    BETWEEN = "between"


OPERATORS: dict[str, Promise] = {
    Operator.CONTAINS: _("contains"),
    Operator.CONTAINS_NOT: _("does not contain"),
    Operator.IS: _("is"),
    Operator.IS_NOT: _("is not"),
    Operator.BEFORE: _("is before"),
    Operator.AFTER: _("is after"),
    Operator.BETWEEN: _("is between"),
}
_READERS: dict[str, Callable[[str], Days | None]] = {
    Operator.BEFORE: read_before,
    Operator.AFTER: read_after,
    Operator.BETWEEN: read_between,
    Operator.IS: read_whole,
    Operator.IS_NOT: read_whole,
}
FOR_DATES = frozenset({Operator.BEFORE, Operator.AFTER, Operator.BETWEEN})
NEGATIVE = frozenset({Operator.CONTAINS_NOT, Operator.IS_NOT})
_OPPOSITES = {
    Operator.CONTAINS: Operator.CONTAINS_NOT,
    Operator.CONTAINS_NOT: Operator.CONTAINS,
    Operator.IS: Operator.IS_NOT,
    Operator.IS_NOT: Operator.IS,
}

# What a row can look into: the name in the address, its label, the index field.
ROW_FIELDS: dict[str, tuple[Promise, str]] = {
    ANYWHERE: (_("Anywhere"), "text"),
    "title": (_("Title"), "title"),
    "summary": (_("Summary"), "summary"),
    "person": (_("Person"), "person"),
    "creator": (_("Creator"), "creator"),
    "addressee": (_("Addressee"), "addressee"),
    "present": (_("Present"), "present"),
    "contributor": (_("Contributor"), "contributor"),
    "mentioned": (_("Mentioned"), "mentioned"),
    "place": (_("Place"), "place"),
    "subject": (_("Subject"), "subject"),
    "date": (_("Date"), DATES),
    "language": (_("Original language"), "language"),
    "type": (_("Document type"), "type"),
    "collection": (_("Collection"), "collection"),
    "archive": (_("Archive"), "archive"),
    "reference": (_("Archival reference"), "reference"),
    "transcript": (_("Transcript"), "transcript"),
    "translation": (_("Translation"), "translation"),
    "source": (_("Source"), "source"),
    "classification": (_("Original classification"), "classification"),
    "record": (_("Record number"), "record"),
}
# What a reader may write before a colon in the box: the same, and a shorter word for a date.
WORD_FIELDS: dict[str, str] = {
    **{name: field for name, (_label, field) in ROW_FIELDS.items() if name != ANYWHERE},
    "year": DATES,
}


@dataclass(frozen=True)
class FilterRow:
    """One row; one whose value is empty is drawn, but asks for nothing."""

    join: str = Join.AND
    field: str = ANYWHERE
    value: str = ""
    operator: str = Operator.CONTAINS

    @classmethod
    def read(cls, text: str) -> Self:
        """The row that a value of ``f`` means. "title:peace" is joined by and; what names no field is words anywhere."""
        join, _colon, rest = text.partition(":")
        if join not in JOINS and join != _NOT:
            join, rest = Join.AND, text
        field, colon, value = rest.partition(":")
        if field not in ROW_FIELDS or not colon:
            return cls(value=tidy(text, VALUE_LENGTH))
        operator, colon, behind = value.partition(":")
        if not colon or operator not in OPERATORS or (join == _NOT and operator not in _OPPOSITES):
            operator, behind = Operator.CONTAINS, value
        return cls.joined(join, field, operator, behind)

    @classmethod
    def joined(cls, join: str, field: str, operator: str, value: str) -> Self:
        """A row of these parts as a form or an address has them; unknown ones count as the first choice."""
        operator = operator if operator in OPERATORS else Operator.CONTAINS
        if join == _NOT:
            operator = _OPPOSITES.get(Operator(operator), operator)
        return cls(
            join if join in JOINS else Join.AND,
            field if field in ROW_FIELDS else ANYWHERE,
            tidy(value, VALUE_LENGTH),
            operator,
        )

    def __str__(self) -> str:
        asked = f"{self.operator}:{self.value}"
        if self.operator == Operator.CONTAINS and self.value.partition(":")[0] not in OPERATORS:
            asked = self.value
        return f"{self.join}:{self.field}:{asked}"

    @property
    def index_field(self) -> str:
        return ROW_FIELDS[self.field][1]

    @property
    def field_label(self) -> str:
        return str(ROW_FIELDS[self.field][0])

    @property
    def is_negative(self) -> bool:
        """Whether it asks for what does not meet it."""
        return self.operator in NEGATIVE

    @property
    def of_dates(self) -> bool:
        return self.index_field == DATES

    @property
    def called(self) -> Called | None:
        """The person, the place, or another value of a list of the archive whose name it gives; None for words."""
        if self.operator not in (Operator.IS, Operator.IS_NOT):
            return None
        if self.field in ROLE_LABELS:
            return Called(PARTICIPANT, in_role(self.field, self.value))
        return Called(self.field, self.value) if self.field in FACETS_BY_NAME else None

    @property
    def undated(self) -> bool:
        """Whether it asks for documents without a date (or, as a negative one, with one)."""
        return self.of_dates and self.operator not in FOR_DATES and is_undated(self.value)

    @property
    def problem(self) -> str:
        """Why the row cannot be used, in a sentence; empty where it can."""
        return _read_days(self, get_language())[1]

    @property
    def days(self) -> Days | None:
        """First and last day of the dates that the row asks for; None where it asks for words, or cannot be used."""
        return _read_days(self, get_language())[0]

    def parsed(self, stars: int = PREFIX_LIMIT) -> ParsedQuery:
        """What the row asks for: words or a name in the row's field, or dates. ``stars`` as in ``parse``.

        Everything for one that cannot be used.
        """
        if self.problem:
            return ParsedQuery(self.value, Everything())
        asked = self._asked(stars)
        return replace(asked, tree=Not(asked.tree)) if self.is_negative else asked

    def _asked(self, stars: int) -> ParsedQuery:
        if days := self.days:
            return ParsedQuery(self.value, Overlap(*days))
        if self.undated:
            return ParsedQuery(self.value, Undated())
        if called := self.called:
            return ParsedQuery(self.value, called)
        field = CONTENT if self.field == ANYWHERE else self.index_field
        if self.operator in (Operator.IS, Operator.IS_NOT):
            return ParsedQuery(self.value, Phrase(field, self.value))
        asked = parse(self.value, stars=stars)
        if self.of_dates:
            note = _gettext("“%(text)s” is no date that can be read; its words are searched in the dates.")
            notes = (note % {"text": self.value}, *asked.notes)
            return replace(asked, tree=_in_field(asked.tree, "date_written"), notes=notes)
        return asked if field == CONTENT else replace(asked, tree=_in_field(asked.tree, field))


# A page has a hundred searches a step away from its own, all of the same rows.
@lru_cache(maxsize=256)
def _read_days(row: FilterRow, _language: str | None) -> tuple[Days | None, str]:
    """The days that a row asks for, if it does; and why it cannot be used."""
    if not row.value or row.undated:
        return None, ""
    if not row.of_dates:
        if row.operator not in FOR_DATES:
            return None, ""
        told = _gettext("%(field)s: “%(operator)s” is for dates; choose another operator, or the field Date.")
        return None, told % {"field": row.field_label, "operator": OPERATORS[row.operator]}
    try:
        return _READERS.get(row.operator, read_range)(row.value), ""
    except DateError as error:
        told = _gettext("%(field)s: %(reason)s")
        return None, told % {"field": row.field_label, "reason": error.sentence}


def _in_field(tree: Node, field: str) -> Node:
    if isinstance(tree, And | Or):
        return type(tree)(tuple(_in_field(child, field) for child in tree.children))
    if isinstance(tree, Not):
        return Not(_in_field(tree.child, field))
    if isinstance(tree, Words | Phrase | Prefix | Near) and tree.field == CONTENT:
        return replace(tree, field=field)
    return tree


def read_rows(parameters: QueryDict) -> Iterator[FilterRow]:
    """The rows of an address, and then those that a form sent; parts that are missing count as the first choice."""
    rows = [FilterRow.read(text) for text in parameters.getlist("f")[:ROWS_AT_MOST]]
    parts = (parameters.getlist(part)[:ROWS_AT_MOST] for part in FORM_PARTS)
    joins, fields, operators, values = parts
    sent = [
        FilterRow.joined(join or "", field or "", operator or "", value)
        for join, field, operator, value in zip_longest(joins, fields, operators, values)
        if value is not None
    ]
    cancelled = whole_number(parameters.get("cancel", ""), least=0, most=ROWS_AT_MOST, otherwise=-1)
    # A form that was sent leaves its empty rows behind, unless it asks for one more.
    rows += [row for number, row in enumerate(sent) if number != cancelled and row.value]
    yield from (row for row in rows if row.value)
    if "add" in parameters or any(not row.value for row in rows):
        yield FilterRow()
