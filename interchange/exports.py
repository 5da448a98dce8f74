"""Documents as a file: what a search found, or a reader's list. CSV, JSON, RIS, BibTeX or CSL-JSON, written while it is sent."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from archive_site.collections.models import Collection
from documents.choices import Role, TextKind
from documents.models import Document, Participation, Text
from documents.querysets import DocumentQuerySet
from interchange.cells import write_list
from interchange.references import FORMATS
from interchange.results import Found, in_order

LIMIT = 5000
NOTE = "my_note"  # the column of a reader's own notes
Address = Callable[[Document], str]
Row = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """What is written: the documents found, their addresses, and the day."""

    found: Found
    address: Address  # the permanent one
    cited: Address  # the one that names the version
    head: Mapping[str, Any]  # what a JSON file says of the whole, besides the day and the total
    today: date
    notes: Mapping[int, str] | None = None  # a reader's, by record id, where there can be any

    def note_on(self, document: Document) -> str:
        return (self.notes or {}).get(document.record_id or 0, "")

    def row_of(self, document: Document) -> "Row":
        row = row_of(document, self.address(document))
        return row if self.notes is None else {**row, NOTE: self.note_on(document)}

    def documents(self) -> Iterator[Document]:
        return in_order(self.found.keys, with_all_to_export)

    def csv_lines(self) -> Iterator[str]:
        """CSV with a header; a cell that holds several values has "|" between them, as in an import."""
        line = io.StringIO()
        columns = COLUMNS if self.notes is None else (*COLUMNS, NOTE)
        writer = csv.DictWriter(line, columns, lineterminator="\r\n")
        # By this mark Excel knows that the file is UTF-8.
        line.write("\ufeff")
        writer.writeheader()
        for document in self.documents():
            yield _taken(line)
            writer.writerow({name: _cell(value) for name, value in self.row_of(document).items()})
        yield _taken(line)

    def json_lines(self) -> Iterator[str]:
        """One JSON object: what was asked, how many were found, and the documents."""
        head = {**self.head, "exported": self.today.isoformat(), "total": self.found.total}
        yield json.dumps(head, ensure_ascii=False)[:-1] + ', "documents": ['
        for number, document in enumerate(self.documents()):
            yield (",\n" if number else "\n") + json.dumps(self.row_of(document), ensure_ascii=False)
        yield "\n]}\n"

    def references(self, name: str) -> Iterator[str]:
        """A file for a reference manager."""
        written = FORMATS[name]
        return written.whole(
            written.entry(each, self.cited(each), self.today, self.note_on(each)) for each in self.documents()
        )

    def pieces(self, name: str) -> Iterator[str]:
        """The file in the format of this name."""
        match name:
            case "csv":
                return self.csv_lines()
            case "json":
                return self.json_lines()
        return self.references(name)


MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    **{name: f"{each.media_type}; charset=utf-8" for name, each in FORMATS.items()},
}


def with_all_to_export(documents: DocumentQuerySet) -> DocumentQuerySet:
    """With everything that a row or a reference says; texts without their contents."""
    participations = Participation.objects.select_related("person").order_by("role", "order", "pk")
    texts = Text.objects.defer("content").order_by("kind", "order", "pk")
    return documents.select_related("repository", "classification").prefetch_related(
        "types", "languages", "places", "subjects", "rights", "scans",
        Prefetch("collections", queryset=Collection.objects.public()),
        Prefetch("participations", queryset=participations),
        Prefetch("texts", queryset=texts),
    )  # fmt: skip


COLUMNS = (
    "record_id", "url", "reference_code", "title", "date", "date_edtf", "date_earliest", "date_latest",
    "date_certainty", "summary", "types", "languages", "creators", "addressees", "present", "mentioned",
    "contributors", "places", "subjects", "collections", "repository", "archival_reference", "classification",
    "source_note", "translator_credit", "scans", "transcripts", "translations", "rights", "first_published",
    "changed",
)  # fmt: skip


def row_of(document: Document, address: str) -> Row:
    """The document by column, called as in an import; lists where there can be several. Asks for nothing."""
    people = list(document.participations.all())

    def in_role(role: str) -> list[str]:
        return [each.person.name for each in people if each.role == role]

    def texts(kind: str) -> list[str]:
        return [
            f"{text.language}-{text.script}" if text.script else text.language
            for text in document.texts.all()
            if text.kind == kind
        ]

    published = document.first_published
    return {
        "record_id": document.record_id,
        "url": address,
        "reference_code": document.reference_code or "",
        "title": document.title,
        "date": document.date_display,
        "date_edtf": document.date_edtf,
        "date_earliest": document.date_earliest.isoformat() if document.date_earliest else "",
        "date_latest": document.date_latest.isoformat() if document.date_latest else "",
        "date_certainty": document.date_certainty,
        "summary": document.summary,
        "types": _names(document.types),
        "languages": [each.code for each in document.languages.all()],
        "creators": in_role(Role.CREATOR),
        "addressees": in_role(Role.ADDRESSEE),
        "present": in_role(Role.PRESENT),
        "mentioned": in_role(Role.MENTIONED),
        "contributors": in_role(Role.CONTRIBUTOR),
        "places": _names(document.places),
        "subjects": _names(document.subjects),
        "collections": [each.title for each in document.collections.all()],
        "repository": document.repository.name if document.repository else "",
        "archival_reference": document.archival_reference,
        "classification": document.classification.name if document.classification else "",
        "source_note": document.source_note,
        "translator_credit": document.translator_credit,
        "scans": len(document.scans.all()),
        "transcripts": texts(TextKind.TRANSCRIPT),
        "translations": texts(TextKind.TRANSLATION),
        "rights": _names(document.rights),
        "first_published": published.isoformat() if published else "",
        "changed": document.changed.isoformat(),
    }


def _names(terms: Any) -> list[str]:
    return [each.name for each in terms.all()]


def _cell(value: Any) -> str:
    text = write_list(value) if isinstance(value, list) else str(value)
    # A spreadsheet would run this as a formula; the apostrophe has it read as text.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text
