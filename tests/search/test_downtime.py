"""The engine killed, stopped, refusing, blocked, emptied: pages answer soon, curators save, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.signals import post_save
from django.test import Client

from documents.choices import Status
from documents.models import Document
from interchange.documents import DocumentImporter
from interchange.readers import open_reader
from search.engines.errors import EngineError
from search.models import IndexState
from search.outbox import Drained, drain, paused, pending
from search.rebuilding import rebuild
from tests.admin.pages import logged_in, open_form, saved, send
from tests.factories import make_user
from tests.search import own_server, truth
from tests.search.catalogue.engines import drop_indices, on_the_server
from tests.search.downtime import DOWN, OTHERS, addresses_of, make_note
from tests.search.engines_of_site import site_on
from tests.search.holdings import make_holdings, reindex
from tests.search.own_server import OwnServer
from tests.search.pages import search, text_of
from tests.search.unwilling import door

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db(transaction=True)]

TIMEOUT, PAUSE = 2.0, 1.0
#: What a page may take of itself on a machine that has other work, too.
ITSELF = 3.0


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands try again as often as ever, in less time."""
    monkeypatch.setattr("search.engines.elasticsearch.server._PAUSE", 0.01)


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    server = own_server.start()
    yield server
    server.end()


@contextmanager
def site(**options: Any) -> Iterator[list[Document]]:
    """The site on a server, with some records that its index knows."""
    with site_on("elasticsearch", **{"PAUSE": PAUSE, **options}):
        documents = [make_note(), *(record.document for record in make_holdings(12))]
        reindex()
        assert not drain().error
        assert truth.is_true()
        yield documents


@contextmanager
def reached_with(**options: Any) -> Iterator[None]:
    """The site's engine, reached otherwise than before."""
    from haystack import connections

    usual = connections.connections_info["default"]
    connections.connections_info["default"] = {**usual, **options}
    connections.reload("default")
    try:
        yield
    finally:
        connections.connections_info["default"] = usual
        connections.reload("default")


def timed(question: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.monotonic()
    answer = question()
    return time.monotonic() - begun, answer


def is_down(client: Client) -> bool:
    response = search(client, "q=peace")
    assert response.status_code == 200
    return DOWN in text_of(response)


def every_page_answers(client: Client, document: Document, why: str, within: float = ITSELF) -> None:
    """200 of every kind of page, each in good time; a search from the database, with what it finds there.

    ``why``: what an operator is told.
    """
    document.refresh_from_db()
    addresses = addresses_of(document)
    pages = [page.format(**addresses) for page in OTHERS]
    pages += [
        "/timeline/",
        "/search/?q=peace",
        f"{document.get_absolute_url()}similar/",
        "/search/complete/?q=pea",
    ]
    wrong = []
    for page in pages:
        took, response = timed(lambda page=page: client.get(page))
        if response.status_code != 200 or took > within:
            wrong.append((page, response.status_code, round(took, 1)))
    assert wrong == []
    found = search(client, "q=peace").context["page"]
    assert found.engine_down
    assert found.total == Document.objects.visible_to(None).filter(title__icontains="peace").count() > 0
    for name in ("export.csv", "feed.atom"):
        took, response = timed(lambda name=name: client.get(f"/search/{name}?q=peace"))
        assert (response.status_code, took < within) == (503, True), name
        assert response["Retry-After"]
    took, ready = timed(lambda: client.get("/readyz"))
    assert (ready.status_code, ready.json()["index"]) == (503, "down")
    assert took < 1.5 + within / 2
    assert why in " ".join(ready.json()["reasons"])
    assert "127.0.0.1" not in ready.content.decode()
    assert client.get("/healthz").status_code == 200


def curator_saves(document: Document, title: str) -> float:
    """Through the form of the admin; the seconds that the save alone took."""
    curator = logged_in(make_user(is_staff=True, is_superuser=True))
    fields = open_form(curator, document)
    took, response = timed(lambda: send(curator, document, fields, title=title))
    saved(response)
    assert Document.objects.get(pk=document.pk).title == title
    return took


def is_true_after_sync() -> None:
    """Nothing was lost: one run of the worker, and the index is right about everything."""
    call_command("sync_index", verbosity=0)
    call_command("check_index", verbosity=0)
    assert not pending().exists()
    assert truth.is_true()


# A server of one's own: stopped, killed


def test_a_stopped_server_is_waited_for_once(client, server):
    with site(**server.options) as documents, reached_with(TIMEOUT=TIMEOUT):
        document = documents[0]
        assert not is_down(client)
        usual = curator_saves(document, "Saved while all is well: peace")
        with server.stopped():
            assert curator_saves(document, "Saved first: peace") < usual + 1
            took, down = timed(lambda: is_down(client))
            assert down
            assert took < TIMEOUT + 0.5 + ITSELF
            # The pause is short here: a page in a second looks again, for a second at most.
            every_page_answers(client, document, "does not answer in time", within=1 + ITSELF)
            assert curator_saves(document, "Saved second: peace") < usual + 1
            waiting = pending().count()
            assert waiting
        truth.wait_until(lambda: not is_down(client))
        assert client.get("/readyz").status_code == 200
        is_true_after_sync()
        assert truth.found(content="second") == ["Saved second: peace"]


def test_killed_in_the_middle_of_an_import_a_rebuild_and_a_save(client, server, tmp_path, monkeypatch):
    """All at once, as it happens: the machine is gone while one saves, one imports and one rebuilds."""
    path = tmp_path / "records.csv"
    rows = [f"K{n},Telegram {n} on peace,195{n % 10}" for n in range(30)]
    path.write_text("\n".join(["reference_code,title,date", *rows]) + "\n")
    halfway, killed = threading.Semaphore(0), threading.Event()
    outcomes: dict[str, Any] = {}

    def stop_halfway(done: Any) -> None:
        if not killed.is_set():
            halfway.release()
            assert killed.wait(120)

    def build() -> None:
        with pytest.raises(EngineError) as caught:
            rebuild(stop_halfway, batch=3)
        outcomes["rebuild"] = str(caught.value)
        connection.close()

    def bring_in() -> None:
        with paused():
            report = DocumentImporter(open_reader(path), status=Status.PUBLISHED).run()
        told: Drained = drain(batch=5, after_batch=stop_halfway)
        outcomes["import"] = (report.created, told.indexed, told.error)
        connection.close()

    def kill(**signalled: Any) -> None:
        server.kill()
        killed.set()

    with site(**server.options) as documents:
        document = documents[0]
        curator = logged_in(make_user(is_staff=True, is_superuser=True))
        fields = open_form(curator, document)
        threads = [threading.Thread(target=work) for work in (build, bring_in)]
        for thread in threads:
            thread.start()
            assert halfway.acquire(timeout=120)
        post_save.connect(kill, sender=Document)
        try:
            saved(send(curator, document, fields, title="Saved as it died: peace"))
        finally:
            post_save.disconnect(kill, sender=Document)
            killed.set()
        for thread in threads:
            thread.join(120)
        assert "cannot be reached" in outcomes["rebuild"]
        created, indexed, error = outcomes["import"]
        assert (created, indexed) == (30, 5)
        assert "cannot be reached" in error
        assert Document.objects.get(pk=document.pk).title == "Saved as it died: peace"
        assert pending().count() >= 26

        every_page_answers(client, document, "cannot be reached")
        curator_saves(documents[1], "Saved while it was dead: peace")
        with pytest.raises(CommandError, match="cannot be reached"):
            call_command("rebuild_index", verbosity=0)

        server.start_again()
        truth.wait_until(lambda: not is_down(client))
        is_true_after_sync()
        assert truth.found(content="dead") == ["Saved while it was dead: peace"]
        assert len(truth.found(content="telegram")) >= 30
        call_command("rebuild_index", verbosity=0)
        is_true_after_sync()


# The server of all: refusing, blocked, emptied, not let in


@pytest.mark.parametrize("mood", [429, 503, "hang up"])
def test_what_refuses_is_left_alone_and_told_later(client, mood):
    with door() as before, site(URL=before.url, CA_FILE="", PAUSE=300) as documents, ExitStack() as stack:
        stack.callback(before.moods.clear)
        document = documents[0]
        before.moods[:] = [mood] * 1000
        asked = len(before.requests)
        took = [timed(lambda: is_down(client)) for _ in range(3)]
        assert all(down for _seconds, down in took)
        assert max(seconds for seconds, _down in took) < ITSELF
        assert len(before.requests) > asked
        asked = len(before.requests)
        every_page_answers(client, document, "cannot be reached" if mood == "hang up" else "too busy")
        # One question was readyz's own, which obeys nobody.
        assert len(before.requests) - asked <= 1, before.requests[asked:]
        curator_saves(document, f"Saved while it says {mood}: peace")
        assert len(before.requests) - asked <= 1
        with pytest.raises(CommandError, match="1 records wait"):
            call_command("sync_index", verbosity=0)
        assert len(before.requests) - asked > 1, "a command is not put off by what others met with"

        before.moods.clear()
        assert client.get("/readyz").status_code == 200
        assert not is_down(client), "whoever finds it back says so to all"
        is_true_after_sync()


def test_a_full_disk_keeps_readers_reading_and_hides_what_is_hidden(client):
    block = "index.blocks.read_only_allow_delete"
    with site() as documents, ExitStack() as stack:
        settings = truth.backend().server.client.indices.put_settings
        settings(index=truth.backend().indices.alias, settings={block: True})
        stack.callback(settings, index=truth.backend().indices.alias, settings={block: None})
        withdrawn, renamed = documents[0], documents[5]
        usual = curator_saves(documents[2], "Saved with a full disk: peace")
        assert usual < 1 + ITSELF
        renamed.title = "Renamed meanwhile: peace"
        renamed.save()
        withdrawn.status = Status.WITHDRAWN
        withdrawn.withdrawal_note = "By mistake."
        withdrawn.save()
        response = search(client, "q=peace")
        assert not response.context["page"].engine_down, "it can be read"
        assert withdrawn.title not in text_of(response)
        assert client.get("/readyz").status_code == 200
        assert pending().count() >= 3
        stack.close()
        is_true_after_sync()
        assert truth.found(content="renamed") == ["Renamed meanwhile: peace"]


def test_an_index_that_was_deleted_is_not_made_by_accident(client):
    with site() as documents:
        drop_indices(truth.backend())
        every_page_answers(client, documents[0], "run `manage.py rebuild_index`")
        curator_saves(documents[0], "Saved without an index: peace")
        with pytest.raises(CommandError, match="rebuild_index"):
            call_command("sync_index", verbosity=0)
        with pytest.raises(CommandError, match="rebuild_index"):
            call_command("check_index", verbosity=0)
        assert truth.backend().indices.generations() == []
        call_command("rebuild_index", verbosity=0)
        IndexState.objects.update(retry_at=None)
        is_true_after_sync()
        assert not is_down(client)


@pytest.mark.parametrize(
    ("otherwise", "cure", "why"),
    [
        ({"BASIC_AUTH": ("archive", "wrong-and-secret")}, "check SEARCH_URL", "refuses the site"),
        ({"CA_FILE": ""}, "SEARCH_CA_FILE", "cannot be reached"),
    ],
    ids=["wrong password", "certificate not trusted"],
)
def test_not_let_in(client, otherwise, cure, why, caplog):
    if not on_the_server()["URL"][0].startswith("https"):
        pytest.skip("the server that is named has no security on")
    with site() as documents:
        with reached_with(**otherwise):
            every_page_answers(client, documents[0], why)
            curator_saves(documents[0], "Saved outside the door: peace")
            with pytest.raises(CommandError, match=cure):
                call_command("sync_index", verbosity=0)
            said = caplog.text + search(client, "q=peace").content.decode()
            assert "secret" not in said
        is_true_after_sync()
        assert not is_down(client)
