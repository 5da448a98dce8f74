"""What readers yield."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Row:
    """A record as the file has it. ``number`` is that of its first line, from 1; ``problem`` says why it cannot be used."""

    number: int
    cells: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    excerpt: str = ""


class Reader(Protocol):
    """One format. ``columns`` is None where the file has no header and every row names its own."""

    name: str
    notices: list[str]

    @property
    def columns(self) -> list[str] | None: ...
    def rows(self) -> Iterator[Row]:
        """Every row, from the first; a broken one with its problem. Raises FileError where the file breaks off."""
        ...

    @property
    def size(self) -> int:
        """Bytes of the file as it lies there."""
        ...

    @property
    def position(self) -> int:
        """Bytes of it read so far."""
        ...
