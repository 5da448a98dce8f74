"""Filter rows: a field, a value, and how the row is joined to what stands above it.

In an address a row is one value of ``f``: ``f=and:title:peace treaty``. A form
without scripts sends its three inputs as ``f-join``, ``f-field`` and ``f-value``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from search.daterange import read_range
from search.grammar import DATES, PREFIX_LIMIT, ParsedQuery, parse
from search.inputs import tidy
from search.tree import CONTENT, And, Near, Node, Not, Or, Overlap, Phrase, Prefix, Words

VALUE_LENGTH = 300
ROWS_AT_MOST = 20
ANYWHERE = "any"


class Join(StrEnum):
    """How a row is joined to the words and rows above it."""

    AND = "and"
    OR = "or"
    NOT = "not"


JOINS: dict[str, Promise] = {Join.AND: _("and"), Join.OR: _("or"), Join.NOT: _("not")}

# What a row can look into: the name in the address, its label, the index field.
ROW_FIELDS: dict[str, tuple[Promise, str]] = {
    ANYWHERE: (_("Anywhere"), "text"),
    "title": (_("Title"), "title"),
    "summary": (_("Summary"), "summary"),
    "person": (_("Person"), "person"),
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

    @classmethod
    def read(cls, text: str) -> Self:
        """The row that a value of ``f`` means. "title:peace" is joined by and; what names no field is words anywhere."""
        join, _colon, rest = text.partition(":")
        if join not in JOINS:
            join, rest = Join.AND, text
        field, colon, value = rest.partition(":")
        if join in JOINS and field in ROW_FIELDS and colon:
            return cls(join, field, tidy(value, VALUE_LENGTH))
        return cls(value=tidy(text, VALUE_LENGTH))

    def __str__(self) -> str:
        return f"{self.join}:{self.field}:{self.value}"

    @property
    def index_field(self) -> str:
        return ROW_FIELDS[self.field][1]

    def parsed(self, stars: int = PREFIX_LIMIT) -> ParsedQuery:
        """What the row asks for: its words, each in the row's field, or its dates. ``stars`` as in ``parse``."""
        if self.index_field == DATES:
            if dates := read_range(self.value):
                return ParsedQuery(self.value, Overlap(*dates))
            asked = parse(self.value, stars=stars)
            note = _gettext("“%(text)s” is no date that can be read; its words are searched in the dates.")
            notes = (note % {"text": self.value}, *asked.notes)
            return replace(asked, tree=_in_field(asked.tree, "date_written"), notes=notes)
        asked = parse(self.value, stars=stars)
        if self.field == ANYWHERE:
            return asked
        return replace(asked, tree=_in_field(asked.tree, self.index_field))

    @property
    def field_label(self) -> str:
        return str(ROW_FIELDS[self.field][0])


def _in_field(tree: Node, field: str) -> Node:
    if isinstance(tree, And | Or):
        return type(tree)(tuple(_in_field(child, field) for child in tree.children))
    if isinstance(tree, Not):
        return Not(_in_field(tree.child, field))
    if isinstance(tree, Words | Phrase | Prefix | Near) and tree.field == CONTENT:
        return replace(tree, field=field)
    return tree


def rows_of_form(joins: list[str], fields: list[str], values: list[str]) -> Iterable[FilterRow]:
    """The rows that a form sent, in order; inputs that are missing or unknown count as the first choice."""
    for number, value in enumerate(values):
        join = joins[number] if number < len(joins) else ""
        field = fields[number] if number < len(fields) else ""
        yield FilterRow(
            join if join in JOINS else Join.AND,
            field if field in ROW_FIELDS else ANYWHERE,
            tidy(value, VALUE_LENGTH),
        )
