"""Documents of the same people and the same days."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.choices import Role
from documents.models import Document
from documents.occasions import of_the_same_days
from tests.factories import make_document, make_draft
from tests.search.pages import text_of

pytestmark = pytest.mark.django_db
BOTH = {Role.PRESENT: ["Zhou Enlai", "Tanaka Kakuei"]}


def titles(document: Document) -> list[str]:
    return [each.title for each in of_the_same_days(document, None)]


def test_two_of_the_same_people_within_three_days():
    talk = make_document("Talk", date="September 25, 1972", people=BOTH)
    make_document("Three days on", date="September 28, 1972", people=BOTH)
    make_document(
        "With a third",
        date="September 26, 1972",
        people={Role.PRESENT: [*BOTH[Role.PRESENT], "Ohira Masayoshi"]},
    )
    for title, date, people in (
        ("Four days on", "September 29, 1972", BOTH),
        ("One of them", "September 25, 1972", {Role.PRESENT: ["Zhou Enlai", "Henry Kissinger"]}),
        ("A letter", "September 25, 1972", {Role.CREATOR: ["Zhou Enlai"], Role.ADDRESSEE: ["Tanaka Kakuei"]}),
        ("The month", "September 1972", BOTH),
        ("Perhaps", "1972-09-25?", BOTH),
        ("Undated", "", BOTH),
    ):
        make_document(title, date=date, people=people)
    make_draft("Draft", date="September 25, 1972", people=BOTH)
    assert titles(talk) == ["With a third", "Three days on"]


@pytest.mark.parametrize("date", ["September 1972", "1972", "", "before 1973"])
def test_a_date_that_is_not_known_to_days_tells_of_no_event(date):
    make_document("Talk", date="September 25, 1972", people=BOTH)
    found = make_document("Vague", date=date, people=BOTH)
    found = Document.objects.for_page().get(pk=found.pk)
    with CaptureQueriesContext(connection) as queries:
        assert titles(found) == []
    assert len(queries) == 0


def test_the_page_shows_them(client):
    talk = make_document("Talk", date="September 25, 1972", people=BOTH)
    assert "Same people, same days" not in text_of(client.get(talk.get_absolute_url()))
    make_document("The next morning", date="September 26, 1972", people=BOTH)
    assert "Same people, same days The next morning" in text_of(client.get(talk.get_absolute_url()))
