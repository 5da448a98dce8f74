"""What is searched, as a value: a tree of conditions that every engine compiles.

Haystack's filters and a reader's query both become such a tree; no engine sees a
query string. A field is the name of an index field; ``CONTENT`` stands for every
text field that a plain search looks through.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

CONTENT = "content"


class Node:
    """A condition that a document meets or does not."""

    __slots__ = ()

    def children_of(self) -> tuple[Node, ...]:
        return ()

    def leaves(self, *, negated: bool = False) -> Iterator[tuple[Node, bool]]:
        """Every condition without parts, and whether it stands under a negation."""
        parts = self.children_of()
        if not parts:
            yield self, negated
        for part in parts:
            yield from part.leaves(negated=negated ^ isinstance(self, Not))


@dataclass(frozen=True, slots=True)
class Everything(Node):
    """Met by every document."""


@dataclass(frozen=True, slots=True)
class Nothing(Node):
    """Met by none."""


@dataclass(frozen=True, slots=True)
class And(Node):
    children: tuple[Node, ...]

    def children_of(self) -> tuple[Node, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class Or(Node):
    children: tuple[Node, ...]

    def children_of(self) -> tuple[Node, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Met where the child is not, also where the field asked for is empty."""

    child: Node

    def children_of(self) -> tuple[Node, ...]:
        return (self.child,)


@dataclass(frozen=True, slots=True)
class Words(Node):
    """Every word of the text occurs, in any order, in whatever English inflection.

    What is written without a space in between (Kai-shek, 周恩来) must stand together.
    """

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrase(Node):
    """The words as written, one after the other, uninflected."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """A word that begins so; of several words the last is the beginning, as in ``Kai-sh*``."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Near(Node):
    """All the words, uninflected, with at most ``distance`` words from after the first to before the last."""

    field: str
    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class StartsWith(Node):
    """Text: for each word given, a word that starts with it. Exact values: a value that starts so."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class EndsWith(Node):
    """As StartsWith, for the end."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """As StartsWith, anywhere inside."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy(Node):
    """Each word, or one that differs in a letter (from six letters on, two)."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Exact(Node):
    """One of the field's values is this one, letter by letter; for a typed field, equal."""

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class In(Node):
    """One of the field's values is one of these. No values: met by none."""

    field: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Called(Node):
    """One of a facet's values is called this, by its authorised name or another.

    No engine knows names: ``search.query`` puts the values in its place.
    """

    facet: str
    name: str


@dataclass(frozen=True, slots=True)
class Missing(Node):
    """The field has no value."""

    field: str


@dataclass(frozen=True, slots=True)
class Range(Node):
    """A value between two others; None is an open side."""

    field: str
    low: Any = None
    high: Any = None
    include_low: bool = True
    include_high: bool = True


@dataclass(frozen=True, slots=True)
class Overlap(Node):
    """The document's date could lie between two days, or with ``certain`` surely does.

    Reads the index fields date_earliest, date_latest (None is open) and date_uncertain.
    A document without any bound meets no range.
    """

    earliest: datetime.date | None
    latest: datetime.date | None
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Roughly(Node):
    """The document is dated, but surely of no one unit: in no bar of a histogram by "year", "month" or "decade".

    Reads the index fields that Overlap reads.
    """

    unit: str = "year"


@dataclass(frozen=True, slots=True)
class Undated(Node):
    """A document that has no date.

    No engine knows which records are documents: ``search.query`` puts the conditions in its place.
    """


def all_of(*parts: Node) -> Node:
    """Conditions joined by AND, flattened; of nothing, Everything."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, And):
            flat.extend(part.children)
        elif not isinstance(part, Everything):
            flat.append(part)
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(*parts: Node) -> Node:
    """Conditions joined by OR, flattened; of nothing, Nothing."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, Or):
            flat.extend(part.children)
        elif not isinstance(part, Nothing):
            flat.append(part)
    if not flat:
        return Nothing()
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def surely(node: Node) -> Node:
    """With dates that are certainly in their ranges, not only could be.

    What is refused stays as it is: whoever wants nothing of 1956 wants none that could be of 1956 either.
    """
    if isinstance(node, And | Or):
        return type(node)(tuple(surely(child) for child in node.children))
    return replace(node, certain=True) if isinstance(node, Overlap) else node
