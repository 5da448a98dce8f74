"""Documents as lines of a list."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from documents.choices import Status
from documents.models import Document
from records.entries import Entry, Holding


def entry_of(document: Document) -> Entry:
    """The document's line. Ask for documents with ``for_list()``: nothing is fetched here."""
    scans = (Holding("scan"),) if _held(document, "scans") else ()
    texts = tuple(Holding(text.kind, text.language) for text in _held(document, "texts"))
    repository = document.repository
    return Entry.of_dated(
        document,
        url=document.get_absolute_url(),
        title=document.title,
        summary=document.summary,
        classification=document.classification.name if document.classification else "",
        archive=(repository.short_name or repository.name) if repository else "",
        collections=tuple(
            (c.title, c.get_absolute_url()) for c in _held(document, "collections") if c.is_published
        ),
        holdings=scans + texts,
        standing=_standing(document),
        record_id=document.record_id or 0,
    )


def _held(document: Document, name: str) -> Iterable[Any]:
    """The records on the other side; those fetched before without a manager, which takes longer than all the rest."""
    fetched = getattr(document, "_prefetched_objects_cache", {})
    return fetched[name] if name in fetched else getattr(document, name).all()


def _standing(document: Document) -> str:
    if document.is_public:
        return ""
    if document.status == Status.PUBLISHED:
        return _("Not public yet")
    return document.get_status_display()
