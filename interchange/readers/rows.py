"""What readers are, and what they yield."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from interchange.readers.encodings import Encoding
from interchange.readers.source import Source


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


class FileReader:
    """What the readers of files have in common."""

    def __init__(self, source: Source, encoding: Encoding) -> None:
        self.name = source.name
        self.notices = [encoding.notice] if encoding.notice else []
        self._source, self._encoding = source, encoding

    @property
    def size(self) -> int:
        return self._source.size

    @property
    def position(self) -> int:
        return self._source.position
