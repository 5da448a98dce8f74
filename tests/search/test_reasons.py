"""Every hit shows why it is here: marked in what it says, or in a sentence of its own. The same on both engines."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from archive_site.collections.models import Collection
from search import results
from search.state import SearchState
from tests import factories
from tests.search.holdings import reindex
from tests.search.pages import search

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

TO_MAO = "Telegram to the Chairman"
ON_MAO = "A Visit of Mao Zedong to Moscow"
IN_RUSSIAN = "Talks in Moscow"
ON_COAL = "Deliveries of Coal"
NAMES = ("毛泽东", "Мао Цзэдун", "Mao Tse-tung", "Mao Zedong", "毛澤東")


def make_archive() -> None:
    wider = factories.make_collection("The Great Rift")
    part = factories.make_collection("Volume One", parent=wider)
    harbin = factories.make_place("Harbin", factories.make_place("Manchuria"))
    factories.make_document(
        TO_MAO,
        summary="Asks for a reply.",
        people={"addressee": ["Mao Zedong"], "mentioned": ["Mao Zedong", "Zhou Enlai"]},
        collections=[part],
        date="1955-1957",
        repository="Archive of Foreign Policy",
        archival_reference="f. 0100, op. 46",
    )
    factories.make_document(
        ON_MAO,
        summary="A stay of two months.",
        people={"present": ["Mao Zedong"]},
        places=[harbin],
        date="[1956?]",
    )
    factories.make_document(
        IN_RUSSIAN,
        summary="",
        people={"present": ["Mao Zedong"]},
        transcripts={"rus": "Посол беседовал с Мао Цзэдуном."},
        date="May 06, 1955",
    )
    factories.make_document(ON_COAL, summary="", subjects=["Trade <i>in</i> fuel"], date="circa 1956")


@pytest.fixture(scope="module")
def filled(site_engine, django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), transaction.atomic():
        make_archive()
        reindex()
        yield site_engine
        transaction.set_rollback(True)


@pytest.fixture
def archive(filled: str, db: None) -> str:
    return filled


def reasons(**asked: str) -> dict[str, list[str]]:
    """The sentences of each hit as they are read, by its title."""
    page = results.run(SearchState.parse_text(urlencode(asked)), None)
    assert not page.engine_down
    return {
        hit.entry.title: [unescape(re.sub("<[^>]+>", "", str(reason))) for reason in hit.reasons]
        for hit in page.hits
    }


@pytest.mark.parametrize("name", NAMES)
def test_any_name_finds_the_same_documents_and_each_says_why(archive, name):
    found = reasons(q=name)
    assert found.keys() == {TO_MAO, ON_MAO, IN_RUSSIAN}
    own = name == "Mao Zedong"
    assert found[TO_MAO] == [
        "Addressee, mentioned: Mao Zedong" if own else f"{name} is Mao Zedong, addressee, mentioned"
    ]
    # Where the title or a passage has the name, nothing need be said; an inflected form is the name, too.
    assert found[ON_MAO] == ([] if own else [f"{name} is Mao Zedong, present"])
    if name != "Мао Цзэдун":
        assert found[IN_RUSSIAN] == ["Present: Mao Zedong" if own else f"{name} is Mao Zedong, present"]
    elif archive == "elasticsearch":  # which knows Russian endings
        assert found[IN_RUSSIAN] == []


def test_the_name_that_was_met_is_marked_on_the_page(archive, client):
    html = search(client, urlencode({"q": "Мао Цзэдун"})).content.decode()
    assert (
        '<p class="entry-found"><bdi><mark>Мао Цзэдун</mark></bdi> is <bdi>Mao Zedong</bdi>, addressee, mentioned</p>'
        in html
    )


def test_each_word_that_is_not_seen_is_accounted_for(archive):
    assert reasons(q="telegram Chou")[TO_MAO] == ["Chou En-lai is Zhou Enlai, mentioned"]
    assert sorted(reasons(q="Chou 毛泽东")[TO_MAO]) == [
        "Chou En-lai is Zhou Enlai, mentioned",
        "毛泽东 is Mao Zedong, addressee, mentioned",
    ]


@pytest.mark.parametrize(
    ("asked", "title", "sentence"),
    [
        ({"q": "Manchuria"}, ON_MAO, "Harbin is in Manchuria"),
        ({"q": "harbin"}, ON_MAO, "Place: Harbin"),
        ({"q": "fuel"}, ON_COAL, "Subject: Trade <i>in</i> fuel"),
        ({"q": '"great rift"'}, TO_MAO, "Collection: The Great Rift"),
        ({"q": '"foreign policy"'}, TO_MAO, "Archive: Archive of Foreign Policy"),
        ({"q": "reference:0100"}, TO_MAO, "Reference: f. 0100, op. 46"),
        ({"q": "1956 telegram"}, TO_MAO, "1956 is within its date"),
        ({"f": "and:person:Chou"}, TO_MAO, "Chou En-lai is Zhou Enlai, mentioned"),
    ],
)
def test_other_names_give_a_reason_too(archive, asked, title, sentence):
    assert sentence in reasons(**asked)[title]


def test_what_is_refused_or_seen_is_no_reason(archive):
    assert reasons(q="telegram -coal") == {TO_MAO: []}
    assert reasons(q="title:telegram")[TO_MAO] == []
    assert reasons(q='"1955-1957"')[TO_MAO] == []  # the date stands in the gutter
    assert all(not lines for lines in reasons().values())


def test_a_person_says_by_which_of_its_names_it_was_found(archive):
    assert reasons(q="Мао Цзэдун", **{"in": "people"}) == {"Mao Zedong": ["Also called: Мао Цзэдун"]}


def test_a_collection_says_what_it_is_part_of(archive):
    assert reasons(q="rift", **{"in": "collections"})["Volume One"] == ["Part of: The Great Rift"]


def test_a_collection_that_has_left_the_public_is_no_reason_whatever_the_index_says(archive):
    assert reasons(q="rift telegram")[TO_MAO] == ["Collection: The Great Rift"]
    rift = Collection.objects.filter(title="The Great Rift")
    QuerySet.update(rift, is_published=False)  # behind the outbox's back
    assert reasons(q="rift telegram")[TO_MAO] == []


def test_names_are_text_and_never_markup(archive):
    page = results.run(SearchState.parse_text("q=fuel"), None)
    (reason,) = page.hits[0].reasons
    assert str(reason) == "Subject: <bdi>Trade &lt;i&gt;in&lt;/i&gt; <mark>fuel</mark></bdi>"


def test_the_gutter_says_how_a_date_meets_the_range(archive):
    page = results.run(SearchState.parse_text("from=1956&to=1956"), None)
    notes = {hit.entry.title: hit.entry.date_note for hit in page.hits}
    assert notes[TO_MAO] == "could be in this range"
    assert notes[ON_MAO] == "date uncertain: 1956"
    assert notes[ON_COAL].startswith("could be in this range: 19")


def test_reasons_cost_no_query(archive, monkeypatch):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            reasons(q="毛泽东")
        return len(asked)

    with_reasons = count()
    monkeypatch.setattr(results, "Reasons", lambda state: None)
    assert with_reasons == count()
