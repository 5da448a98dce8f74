"""What both modules of tests on a down-time look at: every kind of page, and a record with a page of each."""

from __future__ import annotations

from documents.models import Document
from tests import factories

DOWN = "The search engine cannot be reached just now."
#: Every kind of page but those of a search; {document} and so on are addresses of records.
OTHERS = (
    "/",
    "/documents/",
    "/collections/",
    "/people/",
    "/places/",
    "/subjects/",
    "/archives/",
    "/themes/",
    "/help/",
    "/about/",
    "/search/facet/person/",
    "{document}",
    "{document}?s=q%3Dcoal&n=1",
    "{collection}",
    "{person}",
    "{place}",
    "{subject}",
    "{archive}",
)


def make_note() -> Document:
    """A document that hangs on one record of each kind."""
    return factories.make_document(
        "Note on peace and the supply of coal",
        date="1955",
        people={"creator": ["Zhou Enlai"]},
        places=["Tokyo"],
        subjects=["Coal"],
        repository="State Archive",
        collections=["Sino-Japanese Relations"],
        languages=["chi"],
    )


def addresses_of(document: Document) -> dict[str, str]:
    return {
        "document": document.get_absolute_url(),
        "collection": document.collections.get().get_absolute_url(),
        "person": document.people.get().get_absolute_url(),
        "place": document.places.get().get_absolute_url(),
        "subject": document.subjects.get().get_absolute_url(),
        "archive": document.repository.get_absolute_url(),
    }
