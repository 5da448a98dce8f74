"""Documents like one: beside it and on a page of their own, never one that the public may not see."""

from collections.abc import Iterator
from html import unescape

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from documents.models import Document
from documents.similar import ASIDE, similar_to
from search.engines.errors import SearchTimeoutError
from search.models import OutboxEntry
from search.queryset import ArchiveQuerySet
from tests import factories
from tests.search.holdings import reindex
from tests.search.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

FISH = (
    "The fishing grounds off Hokkaido were discussed, with licences for salmon trawlers and the closed zone."
)
COAL = "Coal wagons and railway tariffs at the frontier stations were settled between both ministries."


@pytest.fixture(scope="module")
def filled(site_engine, django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        for number in range(8):
            factories.make_document(f"Salmon Talks {number}", summary=FISH, date="")
        for number in range(20):
            factories.make_document(f"Railway Talks {number}", summary=COAL, date="")
        reindex()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def fish(filled: None, db: None) -> Document:
    return Document.objects.get(title="Salmon Talks 0")


def titles(client, document: Document, query: str = "brief=1") -> list[str]:
    response = client.get(f"{document.get_absolute_url()}similar/?{query}")
    assert response.status_code == 200
    html = unescape(response.content.decode())
    return [title for title in Document.objects.values_list("title", flat=True) if f">{title}</a>" in html]


def behind_the_index(title: str, **changes: str) -> None:
    """A change that neither index nor outbox hears of."""
    OutboxEntry.objects.all().delete()
    QuerySet(Document).filter(title=title).update(**changes)


def test_at_most_five_that_share_its_words_and_never_itself(client, fish):
    found = titles(client, fish)
    assert len(found) == ASIDE
    assert [title for title in found if not title.startswith("Salmon")] == []
    assert fish.title not in found


def test_a_page_of_their_own_for_those_without_scripts(client, fish):
    response = client.get(fish.get_absolute_url())
    address = f"{fish.get_absolute_url()}similar/"
    assert f'href="{address}"' in response.content.decode()
    assert (
        len([title for title in titles(client, fish, "") if title.startswith("Salmon")]) == 8
    )  # its own name stands above


def test_one_that_is_hidden_is_not_shown_whatever_the_index_says(client, fish):
    behind_the_index("Salmon Talks 1", status="draft")
    behind_the_index("Salmon Talks 2", status="withdrawn")
    behind_the_index("Salmon Talks 3", public_from="2999-01-01")
    for query in ("brief=1", ""):
        shown = titles(client, fish, query)
        assert not {"Salmon Talks 1", "Salmon Talks 2", "Salmon Talks 3"} & set(shown)


def test_the_engine_is_not_even_asked_for_what_is_about_to_be_hidden(fish, monkeypatch):
    hidden = Document.objects.get(title="Salmon Talks 1")
    monkeypatch.setattr("documents.similar.hidden_ids", lambda: {f"documents.document.{hidden.pk}"})
    monkeypatch.setattr(Document.objects.__class__, "visible_to", lambda manager, user: manager.all())
    assert hidden.title not in {each.title for each in similar_to(fish, 20)}
    assert len(similar_to(fish, 20)) >= 6


def test_where_there_is_none_a_sentence_says_so_in_the_place_of_the_list(client, filled):
    alone = factories.make_document("Zyxwvut")
    html = client.get(f"{alone.get_absolute_url()}similar/?brief=1").content.decode()
    assert html.strip() == '<p class="name-note">No other document shares enough words with this one.</p>'


def test_a_draft_is_like_nothing(client, admin_client, fish):
    behind_the_index(fish.title, status="draft")
    assert client.get(f"{fish.get_absolute_url()}similar/").status_code == 404
    assert titles(admin_client, fish) == []
    assert "data-similar" not in admin_client.get(fish.get_absolute_url()).content.decode()


def test_a_withdrawn_record_says_so_here_too(client, fish):
    QuerySet(Document).filter(pk=fish.pk).update(status="withdrawn")
    assert client.get(f"{fish.get_absolute_url()}similar/").status_code == 410


def test_what_the_page_names_anyhow_is_left_out_beside_it(client, fish):
    named = Document.objects.get(title="Salmon Talks 1")
    fish.related.add(named)
    attached = Document.objects.get(title="Salmon Talks 2")
    QuerySet(Document).filter(pk=attached.pk).update(attached_to=fish)
    assert not {named.title, attached.title} & set(titles(client, fish))
    assert {named.title, attached.title} <= set(titles(client, fish, ""))


def test_with_the_engine_down_nothing_is_shown_and_nothing_fails(client, fish, monkeypatch):
    def fail(*_args, **_kwargs):
        raise SearchTimeoutError("down")

    monkeypatch.setattr(ArchiveQuerySet, "more_like_this", fail)
    assert titles(client, fish) == []
    assert not client.get(f"{fish.get_absolute_url()}similar/?brief=1").content.strip(), "the link stays"
    assert "cannot be reached" in text_of(client.get(f"{fish.get_absolute_url()}similar/"))


def test_the_document_page_asks_no_engine_for_them(client, fish, monkeypatch):
    monkeypatch.setattr(ArchiveQuerySet, "more_like_this", lambda *_: pytest.fail("asked"))
    assert client.get(fish.get_absolute_url()).status_code == 200


def test_one_question_to_the_engine_and_as_many_queries_for_five_as_for_none(client, fish, monkeypatch):
    coal = Document.objects.get(title="Railway Talks 1")
    QuerySet(Document).filter(title__startswith="Salmon").exclude(pk=fish.pk).update(status="draft")

    def count(document: Document) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{document.get_absolute_url()}similar/?brief=1")
        return len(asked)

    assert count(coal) <= count(fish) + 3  # what a line shows is prefetched: collections, texts, scans
