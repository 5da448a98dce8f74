"""Documents, their texts and files, and the authority lists that describe them."""

from documents.models.document import Document, Participation
from documents.models.files import Scan, Text
from documents.models.page_images import PageImages
from documents.models.terms import (
    Classification,
    DocumentType,
    Donor,
    Language,
    Place,
    Publisher,
    Repository,
    Right,
    Subject,
)
from documents.numbers import RecordCounter

__all__ = [
    "Classification",
    "Document",
    "DocumentType",
    "Donor",
    "Language",
    "PageImages",
    "Participation",
    "Place",
    "Publisher",
    "RecordCounter",
    "Repository",
    "Right",
    "Scan",
    "Subject",
    "Text",
]
