"""Records on their way out: the columns of an import, in an order that is always the same.

An exporter yields text piece by piece and holds a few hundred records at a time, so a
command, the admin and a streaming response can all use it.
"""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import connections
from django.db.models import CharField, Count, F, Prefetch, QuerySet
from django.db.models.functions import Collate

from archive_site.collections.models import Collection
from documents.models import Document, Participation, Text
from documents.querysets import DocumentQuerySet
from interchange.cells import write_flag, write_list, write_moment, write_variant
from interchange.columns import COLLECTIONS, DOCUMENTS, PEOPLE, Column, Kind, Layout, text_column_name
from interchange.sides import number_texts
from people.models import Person

RECORDS_AT_ONCE = 100

Cell = str | list[str]


class Exporter:
    """The records of a queryset, each as the cells that an import reads."""

    layout: ClassVar[Layout]
    key: ClassVar[str]  # unique and not null: what the rows are sorted by

    def __init__(self, queryset: QuerySet) -> None:
        self.queryset = queryset
        self.columns = [column.name for column in self.layout]
        self.count = 0

    def records(self) -> Iterator[Any]:
        """The records in order, some hundred in memory at a time."""
        # The queryset may join, and so name a record twice.
        wanted = self.queryset.model._base_manager.filter(pk__in=self.queryset.order_by().values("pk"))
        wanted = wanted.alias(_key=self._sort_key(wanted))
        last: Any = None
        while True:
            page = wanted if last is None else wanted.filter(_key__gt=last)
            batch = list(self.with_all(page.order_by("_key"))[:RECORDS_AT_ONCE])
            if not batch:
                return
            for record in batch:
                self.count += 1
                yield record
                # A record and what was prefetched hold each other; without this they pile up until a late collection.
                record._prefetched_objects_cache = {}
            last = getattr(batch[-1], self.key)

    def _sort_key(self, records: QuerySet) -> F | Collate:
        """The key, a text by its bytes: another database, or the same kind elsewhere, may know other alphabets."""
        if not isinstance(records.model._meta.get_field(self.key), CharField):
            return F(self.key)
        return Collate(self.key, "C" if connections[records.db].vendor == "postgresql" else "BINARY")

    def with_all(self, records: QuerySet) -> QuerySet:
        """With everything prefetched that ``cells`` asks for."""
        return records

    def cells(self, record: Any) -> dict[str, Cell]:
        """What stands in each column; columns may be missing."""
        return {column.name: self.cell(record, column) for column in self.layout}

    def cell(self, record: Any, column: Column) -> Cell:
        value = getattr(record, "date_display" if column.kind is Kind.DATE else column.attribute)
        match column.kind:
            case Kind.FLAG:
                return write_flag(value)
            case Kind.MOMENT:
                return write_moment(value)
            case Kind.DAY:
                return value.isoformat() if value else ""
            case Kind.TERM | Kind.LINK:
                return str(value).strip() if value else ""
            case Kind.TERMS:
                return sorted(str(term).strip() for term in value.all())
        return "" if value is None else str(value).strip()

    def csv_lines(self) -> Iterator[str]:
        """CSV, a row at a time, with commas and single line feeds between rows."""
        line = io.StringIO()
        writer = csv.DictWriter(line, self.columns, restval="", lineterminator="\n")
        writer.writeheader()
        for record in self.records():
            yield line.getvalue()
            line.seek(0)
            line.truncate()
            cells = self.cells(record)
            writer.writerow({n: write_list(c) if isinstance(c, list) else c for n, c in cells.items()})
        yield line.getvalue()

    def json_lines(self) -> Iterator[str]:
        """JSON Lines, a record at a time, with every column."""
        for record in self.records():
            cells = self.cells(record)
            whole = {
                name: cells.get(name, [] if (column := self.layout.columns.get(name)) and column.many else "")
                for name in self.columns
            }
            yield json.dumps(whole, ensure_ascii=False) + "\n"


class DocumentExporter(Exporter):
    """Documents by record id, with a column for each language in which there is a text.

    ``public``: nothing is named that the public may not see, neither an unpublished collection nor a hidden document.
    """

    layout = DOCUMENTS
    key = "record_id"

    def __init__(self, queryset: DocumentQuerySet[Document], *, public: bool = False) -> None:
        super().__init__(queryset.public() if public else queryset)
        self._public = public
        self.columns += self._text_columns()
        self._known = frozenset(self.columns)

    def _text_columns(self) -> list[str]:
        texts = Text._base_manager.filter(document__in=self.queryset.order_by().values("pk"))
        counted = (
            texts.order_by().values("document_id", "kind", "language", "script").annotate(number=Count("pk"))
        )
        most: dict[tuple[str, str, str], int] = {}
        for kind, language, script, number in counted.values_list(
            "kind", "language", "script", "number"
        ).distinct():
            most[kind, language, script] = max(number, most.get((kind, language, script), 0))
        credited = set(
            texts.exclude(credit="").order_by().values_list("kind", "language", "script").distinct()
        )
        names = []
        for key in sorted(most):
            for number in range(1, most[key] + 1):
                name = text_column_name(*key, number)
                names += [name, f"{name}.credit"] if key in credited else [name]
        return names

    def with_all(self, records: QuerySet) -> QuerySet:
        collections: QuerySet = Collection.objects.public() if self._public else Collection.objects.all()
        related: QuerySet = Document.objects.public() if self._public else Document.objects.all()
        # Their own order, not the model's: it is compared with what an import compares.
        participations = Participation.objects.select_related("person").order_by("role", "order", "pk")
        return records.select_related("repository", "classification", "attached_to").prefetch_related(
            "types", "languages", "places", "subjects", "rights", "publishers", "donors",
            Prefetch("collections", queryset=collections),
            Prefetch("related", queryset=related.only("record_id", "reference_code")),
            Prefetch("participations", queryset=participations),
            Prefetch("texts", queryset=Text.objects.order_by("kind", "order", "pk")),
        )  # fmt: skip

    def cells(self, record: Document) -> dict[str, Cell]:
        cells = super().cells(record)
        for name, text in number_texts(record.texts.all()):
            cells[name] = text.content.strip()
            cells[f"{name}.credit"] = text.credit.strip()
        return {name: cell for name, cell in cells.items() if name in self._known}

    def cell(self, record: Document, column: Column) -> Cell:
        match column.kind:
            case Kind.ROLE:
                participations = record.participations.all()
                return [each.person.name.strip() for each in participations if each.role == column.field]
            case Kind.LINKS:
                documents = sorted(record.related.all(), key=lambda document: document.record_id or 0)
                return [self._code(document) for document in documents]
            case Kind.LINK:
                host = record.attached_to
                return self._code(host) if host and (host.is_public or not self._public) else ""
            case Kind.TERMS if column.name == "languages":
                return sorted(language.code for language in record.languages.all())
        return super().cell(record, column)

    @staticmethod
    def _code(document: Document) -> str:
        return document.reference_code or str(document.record_id)


class PeopleExporter(Exporter):
    """People and organisations by slug. Records that were merged into others are left out."""

    layout = PEOPLE
    key = "slug"

    def __init__(self, queryset: QuerySet[Person]) -> None:
        super().__init__(queryset.filter(merged_into=None))

    def with_all(self, records: QuerySet) -> QuerySet:
        return records.prefetch_related("variant_names")

    def cell(self, record: Person, column: Column) -> Cell:
        if column.kind is Kind.VARIANTS:
            return [write_variant(v.name.strip(), v.language, v.scheme) for v in record.variant_names.all()]
        return super().cell(record, column)


class CollectionExporter(Exporter):
    """Collections by slug."""

    layout = COLLECTIONS
    key = "slug"

    def with_all(self, records: QuerySet) -> QuerySet:
        return records.select_related("parent")
