"""Who was present together with whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.choices import Role
from people.company import documents_with, met_with
from people.models import Person
from tests.factories import make_curator, make_document, make_draft, make_person
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhou() -> Person:
    zhou = make_person("Zhou Enlai")
    for name in ("Tanaka Kakuei", "Nikita Khrushchev", "Hidden Guest", "Only Mentioned"):
        make_person(name, ())
    for title, date, present in (
        ("Second talk", "September 26, 1972", ["Zhou Enlai", "Tanaka Kakuei"]),
        ("First talk", "September 25, 1972", ["Zhou Enlai", "Tanaka Kakuei", "Nikita Khrushchev"]),
        ("Without him", "1960", ["Nikita Khrushchev", "Tanaka Kakuei"]),
    ):
        make_document(title, date=date, people={Role.PRESENT: present})
    make_document("A letter", people={Role.CREATOR: [zhou], Role.ADDRESSEE: ["Nikita Khrushchev"]})
    make_document("Named", people={Role.PRESENT: [zhou], Role.MENTIONED: ["Only Mentioned"]})
    make_draft("Draft", people={Role.PRESENT: [zhou, "Hidden Guest", "Nikita Khrushchev"]})
    return zhou


def test_those_present_together_most_often_first(zhou):
    assert [(each.name, number) for each, number in met_with(zhou, None)] == [
        ("Tanaka Kakuei", 2),
        ("Nikita Khrushchev", 1),
    ]
    assert len(met_with(zhou, None, limit=1)) == 1


def test_curators_also_see_what_drafts_tell(zhou):
    found = {each.name: number for each, number in met_with(zhou, make_curator())}
    assert found == {"Tanaka Kakuei": 2, "Nikita Khrushchev": 2, "Hidden Guest": 1}


def test_documents_of_both(zhou):
    tanaka = Person.objects.get(name="Tanaka Kakuei")
    assert [each.title for each in documents_with(zhou, tanaka, None)] == ["First talk", "Second talk"]
    khrushchev = Person.objects.get(name="Nikita Khrushchev")
    assert [each.title for each in documents_with(zhou, khrushchev, None)] == ["First talk"]  # no letter


def test_the_page_leads_from_the_one_to_the_other(client, zhou):
    response = client.get("/people/zhou-enlai/")
    text = text_of(response)
    assert "Most often met with Tanaka Kakuei 2 documents with Tanaka Kakuei" in text
    assert "Hidden Guest" not in text
    assert "?with=tanaka-kakuei" in links_of(response)
    response = client.get("/people/zhou-enlai/?with=tanaka-kakuei")
    assert [each.title for each in response.context["page"]] == ["First talk", "Second talk"]
    assert "Both present: Zhou Enlai, Tanaka Kakuei" in text_of(response)


def test_somebody_whom_only_a_draft_names_is_nobody(client, zhou):
    for slug in ("hidden-guest", "nobody", "zhou-enlai"):
        response = client.get(f"/people/zhou-enlai/?with={slug}")
        assert response.status_code == 200
        assert response.context["other"] is None
        assert "Hidden Guest" not in text_of(response)


def test_queries_do_not_grow_with_the_company(client, zhou):
    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/people/zhou-enlai/{query}")
        return len(queries)

    queries = ("", "?with=tanaka-kakuei")
    few = [asked(query) for query in queries]
    for number in range(8):
        make_document(people={Role.PRESENT: [zhou, make_person(f"Guest {number}", ()), "Tanaka Kakuei"]})
    assert [asked(query) for query in queries] == few
