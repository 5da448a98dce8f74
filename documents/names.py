"""The names that a document is found by while a reader still types, and which of them everybody may see now."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from documents.gathering import Gathered
from documents.models import Classification, Document, DocumentType, Language, Place, Repository, Subject
from search.indexes import named_rows

# By the facet that their records stand in.
_TERMS: dict[str, Any] = {
    "place": Place,
    "subject": Subject,
    "archive": Repository,
    "type": DocumentType,
    "classification": Classification,
}


def names_of(record: Document, found: Gathered) -> Iterator[tuple[str, str, str]]:
    """(kind, value, name): its title, and everything that it is narrowed by, in every spelling."""
    yield "title", "", record.title
    for person in dict.fromkeys(person for _role, person in found.participants):
        yield from (("person", person.slug, name) for name in person.names)
    for kind, terms in (
        ("place", found.places),
        ("subject", found.subjects),
        ("type", found.types),
        ("language", found.languages),
    ):
        yield from ((kind, term.slug, term.name) for term in terms)
    for slug, title in zip(found.collection_slugs, found.collection_titles, strict=True):
        yield "collection", slug, title
    for kind, term in (("archive", record.repository), ("classification", record.classification)):
        if term:
            yield kind, term.slug, term.name
    if record.repository and record.repository.short_name:
        yield "archive", record.repository.slug, record.repository.short_name


def public_names(kind: str, values: Iterable[str]) -> QuerySet | None:
    """As an index class's; a title's value is its document's key."""
    if kind == "title":
        shown = Document.objects.visible_to(None)
        return named_rows(kind, shown, values, "pk", "title", sort="date_display", number="record_id")
    if kind == "language":
        return named_rows(kind, Language.objects.visible_to(None), values, "code", "name")
    if kind not in _TERMS:
        return None
    return named_rows(kind, _TERMS[kind].objects.visible_to(None), values, "slug", "name")
