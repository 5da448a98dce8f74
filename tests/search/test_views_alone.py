"""The search page over records made for one test."""

import pytest
from django.urls import reverse

from tests import factories
from tests.search.holdings import reindex
from tests.search.pages import search, text_of

pytestmark = pytest.mark.django_db


def test_what_is_marked_is_escaped(client):
    factories.make_document("<script>alert(1)</script> & peace", summary="<b>peace</b>", date="1955")
    reindex()
    html = search(client, "q=peace").content.decode()
    assert "<script>alert" not in html
    assert "<b>" not in html
    assert "<mark>peace</mark>" in html


def test_nobody_is_offered_a_word_that_only_a_draft_has(client):
    factories.make_draft("Zyxwvut secrets", date="1955")
    reindex()
    response = search(client, "q=Zyxwvuu")
    assert "Zyxwvut" not in text_of(response)


def test_the_page_of_a_facet_lists_all_its_values(client):
    for number in range(70):
        factories.make_document(f"No. {number}", places=[f"{'ABC'[number % 3]}-town {number}"], date="1955")
    reindex()
    assert "All 70 places" in text_of(search(client))
    address = reverse("search:facet", args=["place"])
    first = text_of(client.get(address))
    assert "1 - 60 of 70" in first
    assert "61 - 70 of 70" in text_of(client.get(f"{address}?values_page=2"))
    by_letter = text_of(client.get(f"{address}?letter=B"))
    assert "1 - 23 of 23" in by_letter
    assert "A-town" not in by_letter
    assert "A-town 66" in text_of(client.get(f"{address}?find=a-TOWN+66"))
    listing = client.get(f"{address}?by=name").context["listing"]
    labels = [item.label for item in listing.values]
    assert labels == sorted(labels)


def test_a_document_is_found_by_its_texts(client):
    factories.make_document(
        "Bare", transcripts={"rus": "Вопрос о рыболовстве в Охотском море."}, summary="", date="1956"
    )
    reindex()
    assert titles_of(client, "q=рыболовстве") == ["Bare"]
    assert titles_of(client, "f=and:transcript:Охотском") == ["Bare"]
    assert titles_of(client, "f=and:translation:Охотском") == []


def titles_of(client, query: str) -> list[str]:
    return [hit.entry.title for hit in search(client, query).context["page"].hits]
