"""What readers are told and shown while the engine is down: as much as the database knows, and what it does not."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from documents.choices import Role
from documents.models import Document
from search.dependences import index_for, indexed_models
from search.engines.errors import EngineRestingError, IndexMissingError
from search.models import IndexState, OutboxEntry
from search.outbox import drain
from tests import factories
from tests.search import truth
from tests.search.downtime import DOWN, OTHERS, addresses_of, make_note
from tests.search.holdings import reindex
from tests.search.pages import search, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> Document:
    return make_note()


def shown(response: Any) -> set[str]:
    return {hit.entry.title for hit in response.context["page"].hits}


# What is said and what is applied


@pytest.fixture
def down(engine_fails: Callable[[Exception], None]) -> None:
    engine_fails(IndexMissingError("no index"))


def test_the_notice_says_what_is_searched_and_what_is_missing(client, document, down):
    said = text_of(search(client, "q=coal"))
    assert DOWN in said
    assert "in titles, summaries, dates and names alone" in said
    assert "Transcripts and translations are not searched." in said
    assert "The lists of filters, the years and the passages are missing." in said
    assert "applied" not in said, "there is no filter to speak of"
    assert "Transcripts" not in text_of(search(client, "")), "nobody asked for words"


def test_the_filters_that_are_applied_are_and_the_others_are_named(client, document, down):
    factories.make_document("Another note on coal", date="1960", languages=["rus"])
    applied = search(client, "q=coal&language=chi&from=1954&to=1956")
    assert shown(applied) == {document.title}
    assert "Your filters and dates are applied." in text_of(applied)
    aside = search(client, "q=coal&language=chi&has=scan")
    assert shown(aside) == {document.title}, "it has no scan, and the notice says that this is not looked at"
    assert "Of what you chose, this cannot be applied now: “Scan, transcript, translation”." in text_of(aside)
    assert "Your filters and dates are applied." not in text_of(aside)


def test_what_stands_under_a_collection_or_place_is_in_it(client, down):
    wide = factories.make_collection("Cold War in Asia")
    narrow = factories.make_collection("Sino-Soviet Split", parent=wide)
    japan = factories.make_place("Japan")
    factories.make_place("Osaka", parent=japan)
    factories.make_document("Deep down", collections=[narrow], places=["Osaka"])
    factories.make_document("Elsewhere", collections=["Berlin"], places=["Berlin"])
    for query in (f"collection={wide.slug}", f"in=collection:{wide.slug}", f"place={japan.slug}"):
        assert shown(search(client, query)) == {"Deep down"}, query
    assert shown(search(client, f"collection=-{wide.slug}")) == {"Elsewhere"}


def test_a_filter_for_documents_leaves_people_out_as_the_engine_does(client, document, down):
    everything = shown(search(client, "q=Zhou&in=everything"))
    assert everything == {document.title, "Zhou Enlai"}
    assert shown(search(client, "q=Zhou&in=everything&language=chi")) == {document.title}


@pytest.mark.parametrize("query", ["dated=none", "q=date:undated", "f=and:date:n.d."])
def test_only_documents_are_undated(client, document, down, query):
    factories.make_person("Mao Zedong")
    factories.make_document("Without a date", date="")
    assert shown(search(client, f"{query}&in=everything")) == {"Without a date"}


@pytest.mark.parametrize(
    "query", ["from=1955&to=1956", "q=date:1955..1956", "certain=1&from=1890", "dated=roughly"]
)
def test_dates_of_life_are_no_dates_of_records(client, document, down, query):
    factories.make_person("Mao Zedong", date="1893-1976")
    factories.make_document("In the fifties", date="1950s")
    found = shown(search(client, f"{query}&in=everything"))
    assert "Mao Zedong" not in found
    assert "In the fifties" in found


def test_an_index_says_that_it_has_dates_by_declaring_them():
    dated = {model._meta.model_name: index_for(model).is_dated for model in indexed_models()}
    assert dated == {"document": True, "person": False, "collection": False}


def test_people_and_collections_are_told_from_documents(client, down):
    factories.make_document(date="1955", people={Role.CREATOR: ["Zhou Enlai"]})
    factories.make_collection("Zhou in Bandung")
    everything = text_of(search(client, "q=Zhou&in=everything"))
    assert "Zhou Enlai People" in everything
    assert "Zhou in Bandung Collections" in everything
    for scope in ("everything", "people", "collections"):
        assert "Undated" not in text_of(search(client, f"q=Zhou&in={scope}")), scope


def test_what_the_log_said_once_is_not_said_with_every_page(client, engine_fails, caplog):
    engine_fails(EngineRestingError("left alone"))
    for _ in range(3):
        assert search(client, "q=coal").status_code == 200
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []
    engine_fails(IndexMissingError("no index"))
    search(client, "q=coal")
    assert "the database stands in" in caplog.text


# The embedded engine: its file missing, damaged, locked


def missing(path: Path) -> None:
    truth.backend().file.close()
    for each in path.parent.glob(path.name + "*"):
        each.unlink()


def damaged(path: Path) -> None:
    missing(path)
    path.write_bytes(b"no database at all " * 500)


@pytest.mark.parametrize("spoil", [missing, damaged], ids=["missing", "damaged"])
def test_without_a_file_that_can_be_read_every_page_answers_and_nothing_is_lost(
    client, document, spoil, django_capture_on_commit_callbacks
):
    truth.start_true()
    path = Path(truth.backend().file.path)
    spoil(path)
    try:
        assert {DOWN in text_of(search(client, query)) for query in ("q=coal", "")} == {True}
        assert DOWN in text_of(client.get("/timeline/"))
        addresses = addresses_of(document)
        refused = {
            page: response.status_code
            for page in OTHERS
            if (response := client.get(page.format(**addresses))).status_code != 200
        }
        assert refused == {}
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["index"]) == (503, "down")
        assert client.get("/healthz").status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            document.title = "Saved meanwhile"
            document.save()
        assert OutboxEntry.objects.exists()
    finally:
        missing(path)
    reindex()  # as rebuild_index does
    IndexState.objects.update(retry_at=None)
    assert not drain().error
    assert truth.is_true()
    assert truth.found(content="meanwhile") == ["Saved meanwhile"]


#: What a process does that has the file to itself, as a repair or a copy may.
HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA locking_mode = EXCLUSIVE")
db.execute("BEGIN EXCLUSIVE")
db.execute("CREATE TABLE held (x)")
print("held", flush=True)
sys.stdin.read()
db.execute("ROLLBACK")
db.close()
"""


@pytest.fixture
def locked(document: Document) -> Iterator[None]:
    truth.start_true()
    truth.backend().file.close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, truth.backend().file.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.stdin.close()
        assert process.wait(60) == 0
    truth.backend().file.breaker.succeeded()  # what comes next need not wait


def test_a_locked_file_holds_up_nobody_for_long(client, document, locked, django_capture_on_commit_callbacks):
    waits = []
    for query in ("q=coal", "q=coal", "q=note"):
        begun = time.monotonic()
        assert DOWN in text_of(search(client, query))
        waits.append(time.monotonic() - begun)
    assert waits[0] < 5
    assert max(waits[1:]) < 2, "the second reader does not wait again"
    begun = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        document.title = "Saved meanwhile"
        document.save()
    assert time.monotonic() - begun < 2
    assert OutboxEntry.objects.exists()
