"""Who meets which document at its address."""

from typing import Any

from django.http import Http404

from documents.models import Document
from documents.querysets import DocumentQuerySet


class WithdrawnError(Exception):
    """The record was public once and was taken back; its address says so (410)."""

    def __init__(self, document: Document) -> None:
        super().__init__(f"record {document.record_id} was withdrawn")
        self.document = document


def find_document(user: Any, record_id: int, documents: DocumentQuerySet | None = None) -> Document:
    """The document with this record id, out of ``documents`` (all of them if not given).

    Raises Http404 where this user may not know of one, WithdrawnError where it was withdrawn.
    """
    documents = Document.objects.all() if documents is None else documents
    found = documents.visible_to(user).filter(record_id=record_id).first()
    if found is None:
        withdrawn = Document.objects.withdrawn().filter(record_id=record_id).first()
        if withdrawn is not None:
            raise WithdrawnError(withdrawn)
        raise Http404
    return found
