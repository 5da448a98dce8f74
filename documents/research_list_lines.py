"""The documents of a research list, fetched at once, in the reader's order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest

from documents.entries import entry_of
from documents.models import Document
from documents.querysets import DocumentQuerySet
from documents.research_list import read_record_ids
from documents.research_list_store import holder_of
from records.entries import Entry

SHARED = "d"  # the parameter of an address that carries a list
Fetched = Callable[[DocumentQuerySet], DocumentQuerySet]


@dataclass(frozen=True)
class Asked:
    """What a page is to show: the reader's own list, or the one that its address carries."""

    record_ids: tuple[int, ...]
    notes: Mapping[int, str]
    is_shared: bool
    is_cut: bool = False  # the address names more than a list takes

    @property
    def query(self) -> str:
        """The query that carries the list on, where the address has it."""
        return f"{SHARED}={self.address_part}" if self.is_shared else ""

    @property
    def address_part(self) -> str:
        return ",".join(map(str, self.record_ids))


def asked_for(request: HttpRequest) -> Asked:
    """The list that ``?d=`` carries, without notes; the reader's own where there is none."""
    if SHARED in request.GET:
        record_ids, is_cut = read_record_ids(request.GET[SHARED])
        return Asked(tuple(record_ids), {}, is_shared=True, is_cut=is_cut)
    kept = holder_of(request).list
    return Asked(tuple(kept.notes), kept.notes, is_shared=False)


@dataclass(frozen=True)
class Gathered:
    """Documents in the order asked for; ``missing``: the record ids of those that are not shown."""

    documents: list[Document]
    missing: list[int] = field(default_factory=list)


def gather(user: Any, record_ids: Sequence[int], fetched: Fetched) -> Gathered:
    """The documents of these that the user may see (``None``: everybody), with what ``fetched`` adds; one query."""
    if not record_ids:
        return Gathered([])
    visible = fetched(Document.objects.visible_to(user).filter(record_id__in=record_ids))
    found = {document.record_id: document for document in visible}
    return Gathered(
        [found[each] for each in record_ids if each in found],
        [each for each in record_ids if each not in found],
    )


def public_keys(record_ids: Sequence[int]) -> dict[int, int]:
    """Primary keys by record id, in this order, of those that everybody may see; one query."""
    rows = Document.objects.visible_to(None).filter(record_id__in=record_ids).values_list("record_id", "pk")
    found = {number: pk for number, pk in rows if number is not None}
    return {each: found[each] for each in record_ids if each in found}


@dataclass(frozen=True)
class Line:
    """A line of the reader's list; ``entry`` is None for what may not be shown any more."""

    record_id: int
    place: int  # from 1
    entry: Entry | None
    note: str

    @property
    def seen(self) -> str:
        """By this a form tells whether the reader changed the note that it showed."""
        return seal(self.note)


def lines_of(gathered: Gathered, asked: Asked) -> list[Line]:
    """A line for every record of the list, with its note."""
    entries = {document.record_id: entry_of(document) for document in gathered.documents}
    return [
        Line(record_id, place, entries.get(record_id), asked.notes.get(record_id, ""))
        for place, record_id in enumerate(asked.record_ids, start=1)
    ]


def titles_of(user: Any, record_ids: Iterable[int]) -> dict[int, str]:
    """The titles of those that the user may see; one query."""
    visible = Document.objects.visible_to(user).filter(record_id__in=list(record_ids))
    return {
        number: title for number, title in visible.values_list("record_id", "title") if number is not None
    }


def seal(note: str) -> str:
    """A few characters that stand for a note."""
    return blake2b(note.encode("utf-8", "replace"), digest_size=4).hexdigest()
