"""What a document's page tells machines: meta tags that reference managers read, and schema.org as JSON-LD."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from documents.choices import Role
from documents.citation import creators, filed_name, name_of, translators
from documents.models import Document
from people.choices import PersonKind
from people.models import Person
from records.languages import bcp47

# None of these can end the script element or begin another.
_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def meta_tags(document: Document, address: str) -> list[tuple[str, str]]:
    """(name, content) of Highwire Press and Dublin Core meta tags; ``address`` is the permanent one."""
    return [(name, " ".join(content.split())) for name, content in _tags(document, address) if content]


def _tags(document: Document, address: str) -> Iterator[tuple[str, str]]:
    authors = [filed_name(name_of(person)) for person in creators(document)]
    languages = [bcp47(each.code) for each in document.languages.all()]
    yield "citation_title", document.title
    for name in authors:
        yield "citation_author", name
    yield "citation_date", _plain_date(document).replace("-", "/")
    yield "citation_publisher", settings.SITE_NAME
    for language in languages:
        yield "citation_language", language
    yield "citation_abstract_html_url", address
    # Zotero takes the kind of the item from here.
    yield "DC.type", "manuscript"
    yield "DC.title", document.title
    for name in authors:
        yield "DC.creator", name
    for translator in translators(document.translator_credit):
        yield "DC.contributor", translator["literal"]
    yield "DC.date", document.date_edtf or document.date_display
    yield "DC.description", document.summary
    yield "DC.publisher", settings.SITE_NAME
    yield "DC.identifier", address
    for language in languages:
        yield "DC.language", language
    yield "DC.source", _kept_at(document)
    for subject in document.subjects.all():
        yield "DC.subject", subject.name
    for place in document.places.all():
        yield "DC.coverage", place.name
    for collection in document.collections.all():
        yield "DC.relation", collection.title if collection.is_published else ""
    for right in document.rights.all():
        yield "DC.rights", right.url or right.name


def _kept_at(document: Document) -> str:
    archive = document.repository.name if document.repository else ""
    return ", ".join(part for part in (archive, document.archival_reference) if part)


def _plain_date(document: Document) -> str:
    """The date as YYYY, YYYY-MM or YYYY-MM-DD where it is one; empty where it is rough, open or not known."""
    figures = document.date_edtf.split("-")
    is_plain = all(figure.isdecimal() for figure in figures) and len(figures) <= 3
    month = int(figures[1]) if is_plain and len(figures) > 1 else 1
    return document.date_edtf if is_plain and 1 <= month <= 12 else ""  # from 21 on they are seasons


def json_ld(document: Document, address: str) -> SafeString:
    """The document in the words of schema.org, to stand in a ``script`` element of the type application/ld+json."""
    written = json.dumps(schema_org(document, address), ensure_ascii=False, indent=1)
    return mark_safe(written.translate(_IN_SCRIPT))  # noqa: S308


def schema_org(document: Document, address: str) -> dict[str, Any]:
    """The document as an ArchiveComponent; what is not known is left out."""
    plain = _plain_date(document)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ArchiveComponent",
        "@id": address,
        "url": address,
        "identifier": str(document.record_id),
        "name": document.title,
        "description": document.summary,
        "dateCreated": plain,
        "temporalCoverage": "" if plain else document.date_edtf,
        "inLanguage": [bcp47(each.code) for each in document.languages.all()],
        "genre": [each.name for each in document.types.all()],
        "creator": _people(document, Role.CREATOR),
        "mentions": _people(document, Role.MENTIONED),
        "contributor": _people(document, Role.CONTRIBUTOR),
        "translator": [
            {"@type": "Person", "name": name["literal"]} for name in translators(document.translator_credit)
        ],
        "about": [each.name for each in document.subjects.all()],
        "contentLocation": [{"@type": "Place", "name": each.name} for each in document.places.all()],
        "isPartOf": [
            {"@type": "Collection", "name": each.title}
            for each in document.collections.all()
            if each.is_published
        ],
        "holdingArchive": {"@type": "ArchiveOrganization", "name": document.repository.name}
        if document.repository
        else None,
        "itemLocation": document.archival_reference,
        "license": [each.url for each in document.rights.all() if each.url],
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME},
        "isAccessibleForFree": True,
        "datePublished": _day(document.first_published),
        "dateModified": _day(document.changed),
    }
    return {name: value for name, value in found.items() if value}


def _people(document: Document, role: str) -> list[dict[str, Any]]:
    return [_person(each.person) for each in document.participations.all() if each.role == role]


def _person(person: Person) -> dict[str, Any]:
    kind = "Organization" if person.kind == PersonKind.ORGANISATION else "Person"
    same_as = f"http://www.wikidata.org/entity/{person.wikidata}" if person.wikidata else ""
    return {"@type": kind, "name": person.name} | ({"sameAs": same_as} if same_as else {})


def _day(moment: Any) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""
