"""What can be wrong with a file, a mapping, a row. Every message names the place and the cure."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST_VALUE_SHOWN = 200
# What a terminal might obey, or must not be left with: these, all other signs of direction, halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """Why a row was rejected. ``row`` is the number of its first line in the file; ``column`` may be empty."""

    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        place = _("row %(row)s") % {"row": self.row}
        if self.column:
            place = f"{place}, {self.column}"
        return f"{place}: “{self.value}”: {self.message}" if self.value else f"{place}: {self.message}"

    def __post_init__(self) -> None:
        # They are made of what the file says, and go to terminals.
        for name in ("column", "value", "message"):
            object.__setattr__(self, name, visible(getattr(self, name)))


def visible(text: str) -> str:
    """The text with control characters written out, as \\x1b, so that a terminal shows them and obeys none."""
    return _UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def shown(value: object) -> str:
    """A value cut to a length that a report can bear, on one line; the members of a list between ``|``."""
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        value = "|".join("" if item is None else str(item) for item in value)
    text = (
        visible(" ".join(re.split(r"[ \t\r\n\f\u2028\u2029]+", str(value).strip())))
        if value is not None
        else ""
    )
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 1] + "…"


class ImportRefusedError(ValueError):
    """The import cannot be done at all; nothing was written."""


class FileError(ImportRefusedError):
    """The file cannot be read."""


class MappingError(ImportRefusedError):
    """The mapping, or the file's columns under it, make no sense."""


class CellError(ValueError):
    """One cell cannot be taken; the message says what to write."""
