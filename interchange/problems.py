"""What can be wrong with a file, a mapping, a row. Every message names the place and the cure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST_VALUE_SHOWN = 200


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


def shown(value: object) -> str:
    """A value cut to a length that a report can bear, on one line."""
    text = " ".join(str(value).split()) if value is not None else ""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 1] + "…"


class ImportRefusedError(ValueError):
    """The import cannot be done at all; nothing was written."""


class FileError(ImportRefusedError):
    """The file cannot be read."""


class MappingError(ImportRefusedError):
    """The mapping, or the file's columns under it, make no sense."""


class CellError(ValueError):
    """One cell cannot be taken; the message says what to write."""
