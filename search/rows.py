"""Filter rows: a field, a value, and how the row is joined to what stands above it.

In an address a row is one value of ``f``: ``f=and:title:peace treaty``. A form
without scripts sends its three inputs as ``f-join``, ``f-field`` and ``f-value``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.inputs import tidy

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
    "archive": (_("Archive"), "archive"),
    "reference": (_("Archival reference"), "reference"),
    "transcript": (_("Transcript"), "transcript"),
    "translation": (_("Translation"), "translation"),
    "source": (_("Source"), "source"),
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

    @property
    def field_label(self) -> str:
        return str(ROW_FIELDS[self.field][0])

    @property
    def join_label(self) -> str:
        return str(JOINS[self.join])


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
