"""All documents in order of date, and the filters."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.models import Document
from tests.factories import (
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_full_document,
    make_many_documents,
    make_withdrawn,
)
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db


def listed(client, query="") -> list[str]:
    response = client.get(f"/documents/?{query}")
    assert response.status_code == 200
    return [document.title for document in response.context["page"]]


def test_in_order_of_date_the_undated_last(client):
    for title, date in (
        ("none", ""),
        ("year", "1955"),
        ("day", "1955-01-01"),
        ("late", "1972"),
        ("open", "before 1949"),
    ):
        make_document(title, date=date)
    assert listed(client) == ["open", "day", "year", "late", "none"]


def test_twenty_a_page(client):
    make_many_documents(45)
    response = client.get("/documents/?page=3")
    assert "41 - 45 of 45" in text_of(response)
    assert len(response.context["page"]) == 5
    pages = [title for page in (1, 2, 3) for title in listed(client, f"page={page}")]
    assert len(set(pages)) == 45


@pytest.mark.parametrize("page", ["0", "-1", "abc", "", "9" * 50, "9" * 5000, "1e3", "٣", "%00", "<script>"])
def test_hostile_page_numbers_give_a_page(client, page):
    make_many_documents(25)
    assert listed(client, f"page={page}")


def test_only_what_one_may_see(client):
    make_document("Shown")
    make_draft("Draft")
    make_withdrawn("Withdrawn")
    assert listed(client) == ["Shown"]
    assert "1 - 1 of 1" in text_of(client.get("/documents/"))
    client.force_login(make_curator())
    assert sorted(listed(client)) == ["Draft", "Shown", "Withdrawn"]
    text = text_of(client.get("/documents/"))
    assert "Draft" in text  # each line says why only curators see it


def test_filters(client):
    make_full_document("Full", date="1955", types=["Telegram"], languages=["chi"])
    make_document(
        "Bare",
        date="1960-05-01",
        types=["Letter"],
        languages=["rus"],
        collections=[make_collection("Letters")],
    )
    make_document("Range", date="1955-1957", transcripts=["rus"])
    make_document("None", date="")
    assert listed(client, "type=telegram") == ["Full"]
    assert listed(client, "language=rus") == ["Bare"]
    assert listed(client, "collection=letters") == ["Bare"]
    assert listed(client, "year=1956") == ["Range"]
    assert listed(client, "year=spring 1955") == ["Full", "Range"]
    assert listed(client, "year=May 1960") == ["Bare"]
    assert listed(client, "has=scan") == ["Full"]
    assert sorted(listed(client, "has=transcript")) == ["Full", "Range"]
    assert listed(client, "has=transcript&has=translation") == ["Full"]
    assert listed(client, "type=telegram&language=rus") == []


@pytest.mark.parametrize(
    "query", ["year=05/06/1946", "year=Feb. 30, 1950", "type=nothing", "has=everything", "language=%00"]
)
def test_a_filter_that_cannot_be_read_is_left_out_and_says_so(client, query):
    make_document("Shown")
    assert listed(client, query) == ["Shown"]
    assert "Not used:" in text_of(client.get(f"/documents/?{query}"))


def test_filters_offer_only_what_there_is_to_see(client):
    make_document(types=["Telegram"], languages=["rus"], collections=["Shown"])
    make_draft(types=["Secret kind"], languages=["ger"], collections=["Hidden"])
    make_document(collections=[make_collection("Unpublished", is_published=False)])
    form = client.get("/documents/").context["filter"].form
    offered = {
        name: [str(label) for value, label in form.fields[name].choices if value]
        for name in ("type", "language", "collection")
    }
    assert offered == {"type": ["Telegram"], "language": ["Russian"], "collection": ["Shown"]}


def test_a_wider_collection_holds_what_its_parts_hold(client):
    asia = make_collection("East Asia")
    make_document("Within", collections=[make_collection("Japan", parent=asia)])
    make_document("Outside", collections=[make_collection("Europe")])
    form = client.get("/documents/").context["filter"].form
    assert [each.title for each in form.fields["collection"].queryset] == ["East Asia", "Europe", "Japan"]
    assert listed(client, "collection=east-asia") == ["Within"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("collection=nope", "Collection: there is no “nope” to choose here."),
        ("type=evil", "Type: there is no “evil” to choose here."),
        ("language=xx", "Original language: there is no “xx” to choose here."),
        ("has=nothing", "With a: there is no “nothing” to choose here."),
        (
            "year=05/06/1946",
            "Could be from: day or month first? write 5 June 1946, May 6, 1946 or 1946-05-06",
        ),
    ],
)
def test_what_cannot_be_used_names_its_box(client, query, said):
    text = text_of(client.get(f"/documents/?{query}"))
    assert said in text
    assert "mapping" not in text


def test_filters_stay_while_one_turns_pages(client):
    for _each in range(25):
        make_document(types=["Telegram"], date="1955")
    response = client.get("/documents/?type=telegram&year=1955")
    assert "?type=telegram&year=1955&page=2" in links_of(response)
    assert "noindex" in response.content.decode()


def test_nothing_found_says_so(client):
    assert "No document has been published yet." in text_of(client.get("/documents/"))
    make_document(date="1955")
    assert "Take a filter away" in text_of(client.get("/documents/?year=1800"))


def test_queries_do_not_grow_with_the_rows(client):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/documents/")
        return len(queries)

    make_full_document()
    few = asked()
    for _each in range(15):
        make_full_document()
    assert asked() == few
    assert few <= 12


def test_a_line_says_what_there_is(client):
    make_full_document("Talks", date="circa 1955", summary="They argue.")
    text = text_of(client.get("/documents/"))
    for words in ("circa 1955", "could be 1954 to 1956", "Talks", "They argue.", "Secret", "Scan", "Transcript, Chinese",
                  "Translation, English", "Sino-Japanese Relations"):  # fmt: skip
        assert words in text
    assert Document.objects.count() == 1
