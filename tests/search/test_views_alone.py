"""The search page over records made for one test."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from search.labels import labels_of
from search.models import OutboxEntry
from search.outbox import drain
from tests import factories
from tests.search.holdings import reindex
from tests.search.pages import search, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


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


def test_a_passage_leads_to_its_paragraph_on_the_page(client):
    text = "<p>First.</p>\n<h2>Second</h2>\n<p>Third, about herring.</p>"
    document = factories.make_document("Bare", transcripts={"rus": text}, summary="", date="1956")
    # A text that is a file only has a place on the page too.
    document.texts.create(kind="translation", language="eng", order=0, file="texts/nothing.pdf")
    document.texts.create(kind="translation", language="eng", order=1, content="<p>On cod.</p>")
    reindex()
    for word, anchor in (("herring", "transcript-rus-p3"), ("cod", "translation-eng-2-p1")):
        (hit,) = search(client, f"q={word}").context["page"].hits
        (passage,) = hit.passages
        assert passage.url == f"{hit.entry.url}#{anchor}"
        assert escape(passage.url) in search(client, f"q={word}").content.decode()
        assert f'id="{anchor}"' in client.get(hit.entry.url).content.decode()


def test_what_has_just_left_the_public_is_not_named_while_the_index_is_late(client):
    collection = factories.make_collection("Hidden Affairs")
    factories.make_document("Known", collections=[collection, "Open Affairs"], date="1955")
    reindex()
    assert "Hidden Affairs" in text_of(search(client))
    type(collection).objects.filter(pk=collection.pk).update(is_published=False)
    OutboxEntry.objects.all().delete()
    page = search(client)
    assert "Known" in text_of(page) and "Open Affairs" in text_of(page)
    assert "Hidden Affairs" not in text_of(page)
    assert "hidden-affairs" not in page.content.decode()
    assert "hidden-affairs" not in client.get("/search/facet/collection/").content.decode()


def test_what_waits_of_an_app_that_is_gone_breaks_no_page(client):
    factories.make_document("Known", date="1955")
    reindex()
    OutboxEntry.objects.create(model_label="gone.thing", object_pk="1")
    assert titles_of(client, "q=known") == ["Known"]
    assert not drain().error
    assert not OutboxEntry.objects.exists()


def test_people_and_places_of_hidden_documents_have_no_label(client):
    document = factories.make_document("Known", people={"present": ["Zhou Enlai"]}, places=["Tokyo"])
    reindex()
    type(document).objects.filter(pk=document.pk).update(status="draft")
    assert labels_of({"person": ["zhou-enlai"], "place": ["tokyo"]}) == {"person": {}, "place": {}}


def test_the_page_of_a_facet_numbers_its_pages_as_the_results_do(client):
    for number in range(310):
        factories.make_document(f"No. {number}", places=[f"Town {number}"], date="1955")
    reindex()
    html = client.get("/search/facet/place/").content.decode()
    pager = re.search(r'<nav class="pager".*?</nav>', html, re.DOTALL).group()
    words = re.sub(r"<[^>]+>", " ", pager).split()
    assert words == ["1", "2", "3", "4", "5", "6", "Next"]


def test_names_of_facet_values_are_text(client):
    hostile = '"><img src=x onerror=alert(1)>'
    factories.make_document("Peace", subjects=[hostile], date="1955")
    reindex()
    html = client.get("/search/?q=peace&subject=_none&subject=no-such-<b>'\"").content.decode()
    html += client.get("/search/").content.decode() + client.get("/search/facet/subject/").content.decode()
    assert "<img src=x" not in html
    assert "<b>'" not in html
    assert "&lt;img src=x" in html


def test_what_is_nearest_to_the_search_is_offered_first(client):
    factories.make_document("Talks on coal and iron", date="1956", languages=["chi"])
    factories.make_document("Talks on iron alone", date="1971", languages=["chi"])
    for number in range(3):
        factories.make_document(f"Letter on coal {number}", date="1960", languages=["rus"])
    reindex()
    offered = search(client, "q=coal+iron&language=chi&from=1970").context["advice"].offers
    assert [(offer.label, offer.total) for offer in offered] == [
        ("Without “1970 or later”", 1),  # both words
        ("With “iron” alone", 1),  # one word, all filters
        ("Without “coal iron”", 1),
    ]
    offered = search(client, "q=coal+iron&language=rus").context["advice"].offers
    assert [(offer.label, offer.total) for offer in offered] == [
        ("Without “Russian”", 1),
        ("With “coal” alone", 3),
        ("Without “coal iron”", 3),
    ]
