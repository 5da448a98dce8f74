"""A record as one line of a list: the same line on a browse page and among the hits of a search.

The index stores entries (``as_stored``), so that a page of hits asks the database
for nothing but who may see them. What depends on the reader's language is worked
out when the line is drawn.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from dates import PartialDate, precision_note
from records.dating import DateCertainty, DatedModel, stored_date
from records.languages import language_name

_HOLDINGS = {
    "scan": _("Scan"),
    "transcript": _("Transcript"),
    "translation": _("Translation"),
}


@dataclass(frozen=True)
class Holding:
    """Something that can be read of a document: ``kind`` is scan, transcript or translation."""

    kind: str
    language: str = ""

    @property
    def label(self) -> str:
        """As a badge says it: "Translation, English"."""
        label = str(_HOLDINGS.get(self.kind, self.kind))
        return f"{label}, {language_name(self.language)}" if self.language else label


@dataclass(frozen=True)
class Entry:
    """One line: where it leads, when it was, what it says. Dates as in ``DatedModel``, ISO 8601 when stored."""

    url: str
    title: str
    summary: str = ""
    date_display: str = ""
    date_edtf: str = ""
    date_earliest: date | None = None
    date_latest: date | None = None
    date_certainty: str = DateCertainty.UNDATED.value
    date_supplied: bool = False
    classification: str = ""
    archive: str = ""
    collections: tuple[tuple[str, str], ...] = ()  # title and address of each
    holdings: tuple[Holding, ...] = field(default=())
    note: str = ""  # what a person or collection has beside its name: another script, a count
    standing: str = ""  # Draft, Withdrawn: why only curators see it; empty for what is public
    record_id: int = 0  # of a document

    @classmethod
    def of_dated(cls, record: DatedModel, **rest: Any) -> Self:
        """An entry with the record's date taken over."""
        dated = (
            "date_display",
            "date_edtf",
            "date_earliest",
            "date_latest",
            "date_certainty",
            "date_supplied",
        )
        return cls(**{name: getattr(record, name) for name in dated}, **rest)

    def as_stored(self) -> dict[str, Any]:
        """Plain JSON values, for the index."""
        stored = dict(
            vars(self)
        )  # not asdict: it copies every value, and this is done for each record indexed
        stored["holdings"] = [dict(vars(holding)) for holding in self.holdings]
        for bound in ("date_earliest", "date_latest"):
            stored[bound] = stored[bound].isoformat() if stored[bound] else None
        return stored

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> Self:
        """The entry that ``as_stored`` made the values of."""
        values = dict(stored)
        for bound in ("date_earliest", "date_latest"):
            values[bound] = date.fromisoformat(values[bound]) if values.get(bound) else None
        values["collections"] = tuple((title, url) for title, url in values.get("collections", ()))
        values["holdings"] = tuple(Holding(**holding) for holding in values.get("holdings", ()))
        return cls(**values)

    @property
    def partial_date(self) -> PartialDate:
        return stored_date(self)

    @property
    def date_note(self) -> str:
        """The small line under the date in the gutter: "year only", "could be 1954 to 1956"."""
        return precision_note(self.partial_date)
