"""The outbox at work: hidden at once, told after the commit, nothing lost, nothing told twice or out of order."""

import io
import re
import signal
import sqlite3
import time
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.choices import Role, Status
from documents.models import Document, Participation
from people.models import Person
from search import background, dependences, draining
from search.dependences import index_for
from search.engines.errors import EngineError
from search.management.commands import sync_index
from search.models import IndexState, OutboxEntry
from search.outbox import drain, hidden_ids, note_ids, paused, pending
from search.tracking import _watch_bulk_changes
from tests import factories
from tests.search import truth

committing = pytest.mark.django_db(transaction=True)
in_one_transaction = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_index(request: pytest.FixtureRequest) -> None:
    try:
        truth.backend().clear()
    except EngineError:
        _make_anew(Path(truth.backend().file.path))


def _make_anew(path: Path) -> None:
    truth.backend().file.close()
    for each in path.parent.glob(path.name + "*"):
        each.unlink()
    truth.backend().clear()


def spoil_index() -> None:
    """What a bad disk does. (Never open the file in a process that has it open as an index: closing
    it again drops the locks of SQLite.)
    """
    path = Path(truth.backend().file.path)
    truth.backend().file.close()
    # Another file, too, in the place of the one that a worker has open: in that it would go on.
    for each in path.parent.glob(path.name + "*"):
        each.unlink()
    path.write_bytes(b"no database at all " * 500)


# Hidden at once


@in_one_transaction
@pytest.mark.parametrize(
    "hide",
    [
        lambda d: Document.objects.filter(pk=d.pk).update(status=Status.WITHDRAWN),
        lambda d: Document.objects.filter(pk=d.pk).update(status=Status.DRAFT),
        lambda d: Document.objects.filter(pk=d.pk).update(
            public_from=timezone.localdate() + timedelta(days=1)
        ),
        lambda d: d.delete(),
        lambda d: Document.objects.filter(pk=d.pk).delete(),
    ],
    ids=["withdrawn", "drafted", "embargoed", "deleted", "deleted in bulk"],
)
def test_what_leaves_the_public_is_hidden_before_the_index_hears_of_it(hide) -> None:
    document = factories.make_document(
        "Notes on coal", subjects=["Coal"], people={Role.CREATOR: ["Zhou Enlai"]}
    )
    factories.make_document("Notes on steel", subjects=["Steel"])
    truth.start_true()
    identifiers = {f"documents.document.{document.pk}"}
    hide(document)
    assert identifiers <= set(hidden_ids())
    assert identifiers <= set(truth.indexed()), "the index knows already: this tests nothing"
    assert truth.found(content="notes") == ["Notes on steel"]
    if Document.objects.filter(pk=document.pk).exists():  # then its author is named by hidden records alone
        assert truth.found(person="Zhou") == []
    drain()
    assert hidden_ids() == []
    assert truth.found(content="notes") == ["Notes on steel"]
    assert truth.is_true()


@in_one_transaction
def test_nothing_public_is_hidden_and_an_empty_outbox_costs_one_query() -> None:
    factories.make_full_document()
    assert pending().exists()
    assert hidden_ids() == []
    drain()
    with CaptureQueriesContext(connection) as queries:
        assert hidden_ids() == []
    assert len(queries) == 1


# Embargo


@in_one_transaction
def test_a_record_becomes_public_on_its_day() -> None:
    with time_machine.travel("2026-03-01 12:00 +0000", tick=False):
        document = factories.make_document(
            "Secret for now", public_from=date(2026, 3, 3), people={Role.CREATOR: ["Zhou Enlai"]}
        )
        truth.start_true()
        assert truth.found(content="secret") == []
        rows = OutboxEntry.objects.count()
        for summary in ("One.", "Two.", "Three."):
            document.summary = summary
            document.save()
        drain()
        assert OutboxEntry.objects.count() == rows, "every save left a due row of its own"
    with time_machine.travel("2026-03-02 23:59 +0000", tick=False):
        assert not pending().exists()
    with time_machine.travel("2026-03-03 00:01 +0000", tick=False):
        drain()
        assert truth.found(content="secret") == ["Secret for now"]
        assert truth.found(person="Zhou") == ["Secret for now", "Zhou Enlai"]
        assert truth.is_true()
        assert not OutboxEntry.objects.exists()


@in_one_transaction
@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_day_that_is_put_off_counts(in_bulk: bool) -> None:
    with time_machine.travel("2026-03-01 12:00 +0000", tick=False):
        document = factories.make_document("Put off", public_from=date(2026, 3, 3))
        if in_bulk:
            Document.objects.filter(pk=document.pk).update(public_from=date(2026, 3, 5))
        else:
            document.public_from = "2026-03-05"  # as a form or a script may give it
            document.save()
        drain()
    with time_machine.travel("2026-03-03 12:00 +0000", tick=False):
        drain()
        assert truth.found(content="put off") == []
    with time_machine.travel("2026-03-05 12:00 +0000", tick=False):
        drain()
        assert truth.found(content="put off") == ["Put off"]


@in_one_transaction
def test_embargoed_records_made_in_bulk_become_public() -> None:
    with time_machine.travel("2026-03-01 12:00 +0000", tick=False):
        factories.make_many_documents(3, public_from=timezone.localdate() + timedelta(days=1))
        drain()
        assert truth.indexed() == {}
    with time_machine.travel("2026-03-02 12:00 +0000", tick=False):
        drain()
        assert len(truth.indexed()) == 3


# After a commit


@committing
def test_a_save_is_findable_right_after_its_commit() -> None:
    document = factories.make_draft("Talks on coal")
    assert truth.found(content="coal") == []
    document.status = Status.PUBLISHED
    document.save()
    assert truth.found(content="coal") == ["Talks on coal"]
    assert not OutboxEntry.objects.exists()


@committing
def test_the_index_hears_nothing_of_what_is_rolled_back() -> None:
    document = factories.make_document("Talks on coal")
    with transaction.atomic():
        try:
            with transaction.atomic():
                document.delete()
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        factories.make_document("Talks on steel")
    assert truth.found(content="talks") == ["Talks on coal", "Talks on steel"]
    assert truth.is_true()


@committing
def test_a_large_change_is_not_worked_off_while_somebody_waits() -> None:
    with transaction.atomic():
        factories.make_many_documents(draining.COMMIT_RECORDS + 300)
    left = pending().count()
    assert left >= 300
    drain()
    assert truth.is_true()


@committing
def test_paused_nothing_is_told_and_all_is_written() -> None:
    seen: list[int] = []
    with paused():
        factories.make_many_documents(450)
        factories.make_document("The last")
    assert truth.indexed() == {}
    drain(after_batch=lambda done: seen.append(done.records))
    assert seen == [200, 400, 451]
    assert truth.is_true()
    factories.make_document("One more")
    assert truth.is_true(), "the pause did not end"


@in_one_transaction
def test_newest_first_tells_of_the_newest() -> None:
    factories.make_document("Old")
    factories.make_document("New")
    drain(limit=1, newest_first=True)
    assert truth.found(content="new") == ["New"]
    assert truth.found(content="old") == []


# The engine down


@committing
def test_with_a_spoilt_index_curators_save_and_nothing_is_lost() -> None:
    document = factories.make_document("Talks on coal")
    spoil_index()
    document.title = "Talks on steel"
    document.save()
    Document.objects.filter(pk=document.pk).update(summary="Of steel.")
    rows = list(OutboxEntry.objects.order_by("pk"))
    assert [row.attempts for row in rows] == [1, 0], "the second save did not leave the engine alone"
    assert "rebuild_index" in rows[0].last_error
    assert IndexState.objects.get().failures == 1
    drained = drain()
    assert "rebuild_index" in drained.error
    assert [row.attempts for row in OutboxEntry.objects.order_by("pk")] == [2, 1]

    _make_anew(Path(truth.backend().file.path))
    drained = drain()
    assert not drained.error
    assert truth.found(content="steel") == ["Talks on steel"]
    assert not OutboxEntry.objects.exists()
    assert IndexState.objects.get().failures == 0


@committing
def test_what_is_hidden_stays_hidden_with_a_spoilt_index() -> None:
    document = factories.make_document("Talks on coal")
    spoil_index()
    document.status = Status.WITHDRAWN
    document.save()
    drain()
    assert f"documents.document.{document.pk}" in hidden_ids()


@committing
def test_an_index_in_other_hands_keeps_nobody_waiting() -> None:
    document = factories.make_document("Talks on coal")
    held = sqlite3.connect(truth.backend().file.path, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    try:
        started = time.monotonic()
        document.title = "Talks on steel"
        document.save()
        took = time.monotonic() - started
    finally:
        held.execute("ROLLBACK")
        held.close()
    usual = truth.backend().file.timeout
    assert 0.2 < took < usual, f"the save took {took:.2f} seconds, of {usual}"
    assert pending().exists()
    assert usual > 1, "the short patience stayed"
    drain()
    assert truth.is_true()


@committing
def test_a_database_in_other_hands_keeps_nobody_waiting() -> None:
    """As while an import writes: the save is committed, and what it changed is told later."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
    document = factories.make_document("Talks on coal")
    importing = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        document.title = "Talks on steel"
        with transaction.atomic():
            transaction.on_commit(lambda: importing.execute("BEGIN IMMEDIATE"))
            document.save()
            started = time.monotonic()
        took = time.monotonic() - started
    finally:
        importing.execute("ROLLBACK")
        importing.close()
    usual = connection.settings_dict["OPTIONS"]["timeout"]
    assert 0.2 < took < usual, f"the save took {took:.2f} seconds, of {usual}"
    assert pending().exists()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] > 1000, "the short patience stayed"
    drain()
    assert truth.is_true()


@committing
def test_without_any_index_saves_go_on() -> None:
    path = Path(truth.backend().file.path)
    truth.backend().file.close()
    for each in path.parent.glob(path.name + "*"):
        each.unlink()
    factories.make_document("Talks on coal")
    assert not path.exists()
    assert pending().exists()
    truth.backend().clear()
    drain()
    assert truth.is_true()


@committing
def test_the_next_save_works_off_what_waited(settings) -> None:
    with paused():
        factories.make_document("Talks on coal")
    assert truth.found(content="coal") == []
    factories.make_document("Talks on steel")
    assert truth.found(content="talks") == ["Talks on coal", "Talks on steel"]


@in_one_transaction
def test_one_record_that_cannot_be_indexed_stops_no_other() -> None:
    good, bad = factories.make_document("Good"), factories.make_document("Bad")
    Document.objects.filter(pk=bad.pk).update(record_id=None)  # it has no address
    drained = drain()
    assert [identifier for identifier, _reason in drained.failed] == [f"documents.document.{bad.pk}"]
    assert truth.found(content="good") == ["Good"]
    row = OutboxEntry.objects.filter(object_pk=str(bad.pk)).first()
    assert row.attempts == 1
    assert "NoReverseMatch" in row.last_error
    assert row.retry_at > timezone.now()
    assert drain().records == 0, "it is tried again at once, for ever"
    Document.objects.filter(pk=bad.pk).update(record_id=good.record_id + 100)
    assert drain().indexed == 1
    assert not OutboxEntry.objects.exists()
    assert truth.is_true()


@in_one_transaction
def test_an_index_class_that_stumbles_over_one_record_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = factories.make_document("Good"), factories.make_document("Bad")
    index = index_for(Document)
    complete = index.complete

    def stumble(records: list[Document]) -> None:
        if bad in records:
            raise ZeroDivisionError("no such day")
        complete(records)

    monkeypatch.setattr(index, "complete", stumble)
    drained = drain()
    entry = f"documents.document.{bad.pk}"
    assert (drained.indexed, drained.removed) == (1, 0)
    assert drained.failed == ((entry, "ZeroDivisionError: no such day"),)
    assert f"{entry} could not be indexed" in caplog.text
    assert truth.found(content="good") == [good.title]
    row = OutboxEntry.objects.filter(object_pk=str(bad.pk)).first()
    assert (row.last_error, row.claimed_by) == ("ZeroDivisionError: no such day", "")
    assert row.retry_at > timezone.now()
    assert drain().records == 0, "it is tried again at once, for ever"
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        drain()
        assert truth.is_true()


# Apps that are gone


@pytest.fixture
def people_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the app that has them were no longer installed."""
    left = [model for model in dependences.indexed_models() if model is not Person]
    monkeypatch.setattr(dependences, "indexed_models", lambda: left)


@in_one_transaction
def test_what_an_app_left_behind_that_is_gone_is_hidden_and_then_removed(people_are_gone: None) -> None:
    person, document = factories.make_person("Zhou Enlai"), factories.make_document("Talks on coal")
    OutboxEntry.objects.all().delete()
    truth.backend().update(index_for(Person), [person])
    entry = f"people.person.{person.pk}"
    assert note_ids([entry, "gone.thing.7", f"documents.document.{document.pk}"]) == 3
    # Whose day came after the app had gone.
    OutboxEntry.objects.update(created=timezone.now() - timedelta(days=2))
    assert hidden_ids() == ["gone.thing.7", entry]
    drained = drain()
    assert (drained.indexed, drained.removed, drained.error) == (1, 2, "")
    assert list(truth.indexed()) == [f"documents.document.{document.pk}"]
    assert not OutboxEntry.objects.exists()


# Several at once


@in_one_transaction
def test_two_claims_never_share_a_record() -> None:
    factories.make_many_documents(30)
    one, other = draining.claim(20), draining.claim(20)
    assert one and other
    assert not set(one.records) & set(other.records)
    assert len(one.records) + len(other.records) == 30
    assert draining.claim(20) is None


@in_one_transaction
def test_what_changes_while_it_is_in_hand_waits_for_that_hand() -> None:
    document = factories.make_document("Before")
    claimed = draining.claim()
    assert claimed is not None
    Document.objects.filter(pk=document.pk).update(title="After")
    assert draining.claim() is None, "somebody else could overtake"
    draining.tell(claimed)
    assert pending().count() == 1
    drain()
    assert truth.found(content="after") == ["After"]
    assert truth.is_true()


@in_one_transaction
def test_a_claim_lapses_and_the_one_overtaken_starts_again() -> None:
    factories.make_document("Before")
    slow = draining.claim()
    assert slow is not None
    with time_machine.travel(timezone.now() + timedelta(seconds=draining.CLAIM_SECONDS + 1)):
        quick = draining.claim()
        assert quick is not None
        assert quick.records == slow.records
        draining.tell(quick)
        assert not pending().exists()
        # Its write may have come after the other's: the record is due once more.
        draining._settle(slow, ())
        assert pending().count() == 1
        drain()
    assert truth.is_true()


@committing
def test_workers_share_the_work() -> None:
    with paused():
        factories.make_many_documents(500, characters=300)
    workers = [truth.start("sync_index") for _each in range(3)]
    told = 0
    for worker in workers:
        out, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors
        told += int(re.search(r"(\d+) records indexed", out)[1])
    drain()
    assert told == 500, "some were indexed twice, or by nobody"
    assert truth.is_true()


@committing
def test_a_killed_sync_loses_nothing() -> None:
    with paused():
        factories.make_many_documents(1000, characters=3000)
    worker = truth.start("sync_index")
    truth.wait_until(lambda: OutboxEntry.objects.count() < 1000)
    worker.kill()
    worker.communicate()
    assert 0 < OutboxEntry.objects.count() < 1000, "it was killed too late to tell"
    drain()
    with time_machine.travel(timezone.now() + timedelta(seconds=draining.CLAIM_SECONDS + 1)):
        drain()
        assert not OutboxEntry.objects.exists()
    assert truth.is_true()


@committing
def test_the_watcher_tells_until_it_is_stopped() -> None:
    worker = truth.start("sync_index", "--watch", "--interval", "0.1")
    try:
        assert "Watching" in worker.stdout.readline()
        with paused():
            factories.make_document("Talks on coal")
        truth.wait_until(lambda: truth.found(content="coal") == ["Talks on coal"], seconds=20)
        spoil_index()
        with paused():
            factories.make_document("Talks on steel")
        truth.wait_until(lambda: IndexState.objects.filter(failures__gt=0).exists(), seconds=20)
        _make_anew(Path(truth.backend().file.path))
        truth.wait_until(lambda: truth.found(content="steel") == ["Talks on steel"], seconds=30)
    finally:
        worker.send_signal(signal.SIGTERM)
        out, errors = worker.communicate(timeout=20)
    assert worker.returncode == 0, errors
    assert "Stopped." in out


@in_one_transaction
def test_the_watcher_goes_on_whatever_goes_wrong(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    factories.make_document("Talks on coal")
    worker = sync_index.Command(stdout=io.StringIO())
    rounds: list[str] = []

    def paint() -> int:
        rounds.append("aside")
        raise ZeroDivisionError("no colour")

    def look(_seconds: float) -> None:
        rounds.append("look")
        if len(rounds) > 20:
            worker.stop()

    monkeypatch.setattr(background, "_registered", {"pictures": paint})
    monkeypatch.setattr(sync_index.signal, "signal", lambda *_arguments: None)
    monkeypatch.setattr(sync_index.time, "sleep", look)
    monkeypatch.setattr(sync_index, "close_old_connections", lambda: None)
    worker.watch(0.0)
    assert rounds.count("aside") == 1, "it is tried again at once, for ever"
    assert "no colour" in caplog.text
    assert truth.found(content="coal") == ["Talks on coal"]


@committing
def test_changes_and_workers_at_once_end_in_the_truth() -> None:
    documents = factories.make_many_documents(12, collection="Coal")
    people = [factories.make_person(f"Person {number}") for number in range(4)]
    workers = [truth.start("sync_index", "--watch", "--interval", "0.02") for _each in range(2)]
    try:
        for worker in workers:
            assert "Watching" in worker.stdout.readline()
        for turn in range(120):
            # The same few records again and again: who reads early must not write late.
            document = documents[turn % len(documents)]
            Document.objects.filter(pk=document.pk).update(
                title=f"Turn {turn}", status=Status.DRAFT if turn % 5 == 0 else Status.PUBLISHED
            )
            person = people[turn % len(people)]
            person.name = f"Person {turn}"
            with paused() if turn % 2 else nullcontext():
                person.save()
            part = Participation(document=document, person=person, role=list(Role)[turn % 5])
            Participation.objects.bulk_create([part], ignore_conflicts=True)
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        ended = [worker.communicate(timeout=30) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], ended
    drain()
    assert not pending().exists()
    assert truth.is_true()


# What cannot be noticed is refused


def test_an_index_cannot_depend_on_what_nobody_watches() -> None:
    from django.contrib.sessions.models import Session

    with pytest.raises(ImproperlyConfigured, match=r"sessions\.Session.*TrackedQuerySet"):
        _watch_bulk_changes(Session)


@in_one_transaction
def test_deleting_many_documents_loads_no_text() -> None:
    factories.make_many_documents(5, characters=400)
    with CaptureQueriesContext(connection) as queries:
        Document.objects.all().delete()
    assert not [q["sql"] for q in queries if '"documents_text"."content"' in q["sql"]]


@in_one_transaction
def test_a_save_with_nothing_to_hide_of_writes_little() -> None:
    document = factories.make_full_document()
    pending().delete()
    with CaptureQueriesContext(connection) as queries:
        document.summary = "Of coal."
        document.save()
    assert len([q for q in queries if "search_outboxentry" in q["sql"]]) <= 2
    assert set(pending().values_list("model_label", flat=True)) == {"documents.document"}
    assert Person.objects.exists()
