"""The curators' pages of documents and of the authority lists that describe them."""

from documents.admin.document import DocumentAdmin
from documents.admin.terms import (
    ClassificationAdmin,
    LanguageAdmin,
    PlaceAdmin,
    RepositoryAdmin,
    RightAdmin,
    SubjectAdmin,
)

__all__ = [
    "ClassificationAdmin",
    "DocumentAdmin",
    "LanguageAdmin",
    "PlaceAdmin",
    "RepositoryAdmin",
    "RightAdmin",
    "SubjectAdmin",
]
