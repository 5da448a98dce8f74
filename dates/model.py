"""What the reader returns, and how it refuses."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Certainty(StrEnum):
    """How sure the date is. An approximate date has wider bounds; an uncertain one may be wrong altogether."""

    CERTAIN = "certain"
    APPROXIMATE = "approximate"
    UNCERTAIN = "uncertain"
    UNDATED = "undated"


class DateError(ValueError):
    """A refusal; its message is a sentence that says what to write instead.

    `sentence` is the message for who types one date: without `file_hint`, which says what to do where a whole
    file is written so.
    """

    def __init__(self, message: str, file_hint: str = "") -> None:
        super().__init__(f"{message}; {file_hint}" if file_hint else message)
        self.sentence = message


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known more or less.

    `edtf` is empty when undated. `earliest` and `latest` are inclusive days, None where that side is open.
    `supplied` says that the date stood in brackets: the cataloguer's knowledge, not the document's.
    """

    written: str
    edtf: str
    earliest: date | None
    latest: date | None
    certainty: Certainty
    supplied: bool = False

    @property
    def is_undated(self) -> bool:
        return self.certainty is Certainty.UNDATED

    @property
    def is_day(self) -> bool:
        """One single day, known for certain."""
        return (
            self.certainty is Certainty.CERTAIN and self.earliest is not None and self.earliest == self.latest
        )

    @property
    def sort(self) -> date | None:
        """The day it sorts by: the earliest, else the latest; None (last) when undated."""
        return self.earliest or self.latest
