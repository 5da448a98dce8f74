"""The commands that look after the index, and the addresses that tell of it."""

import io
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from documents.models import Document
from search import draining
from search.models import IndexState, OutboxEntry
from search.outbox import drain, paused, pending
from search.upkeep import check, rebuild
from search.waiting import MANY_REFUSED
from tests import factories
from tests.search import truth

committing = pytest.mark.django_db(transaction=True)
in_one_transaction = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_index() -> None:
    truth.backend().clear()


def run(name: str, *arguments: str, **options) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def fail(name: str, *arguments: str) -> tuple[str, str]:
    """What a command that fails prints, and its error."""
    out, errors = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError) as raised:
        call_command(name, *arguments, stdout=out, stderr=errors)
    return out.getvalue() + errors.getvalue(), str(raised.value)


def without_a_word(sql: str, *values) -> None:
    """A change that nobody notices."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


# check_index


@in_one_transaction
def test_check_finds_nothing_wrong_with_a_true_index() -> None:
    factories.make_full_document()
    truth.start_true()
    assert "The index is right about 5 records." in run("check_index")


@in_one_transaction
def test_check_names_what_is_missing_stale_or_a_ghost_and_repairs_it() -> None:
    missing, stale, ghost, good = (factories.make_document() for _each in range(4))
    person = factories.make_person("Zhou Enlai")
    factories.take_part(good, person)
    truth.start_true()
    truth.backend().remove(missing)
    without_a_word("UPDATE documents_document SET title = 'Other' WHERE id = %s", stale.pk)
    without_a_word("UPDATE documents_document SET status = 'draft' WHERE id = %s", ghost.pk)
    without_a_word("UPDATE people_person SET merged_into_id = id WHERE id = %s", person.pk)
    printed, error = fail("check_index")
    assert f"missing: documents.document.{missing.pk}" in printed
    assert f"stale: documents.document.{stale.pk}" in printed
    assert f"not public: documents.document.{ghost.pk}" in printed
    assert f"not public: people.person.{person.pk}" in printed
    assert f"document.{good.pk}\n" not in printed
    assert "wrong about 4" in error
    assert "Repaired." in run("check_index", "--repair")
    assert truth.is_true()
    assert "right about" in run("check_index")


@in_one_transaction
def test_what_waits_is_not_wrong() -> None:
    document = factories.make_document()
    truth.start_true()
    document.title = "Other"
    document.save()
    printed = run("check_index")
    assert "1 records wait in the outbox" in printed
    assert "The index is right about the rest of 1 records." in printed
    assert "stale" not in printed


@in_one_transaction
def test_what_waits_too_long_fails_the_check_and_is_told_by_the_repair() -> None:
    document = factories.make_document()
    truth.start_true()
    document.title = "Other"
    document.save()
    OutboxEntry.objects.update(due_at=timezone.now() - timedelta(seconds=301))
    printed, error = fail("check_index")
    assert "The index is right" not in printed
    assert "1 records wait for the index, some for more than 5 minutes" in error
    assert "sync_index" in error
    assert "Repaired." in run("check_index", "--repair")
    assert "The index is right about 1 records." in run("check_index")


@committing
def test_check_without_an_index_says_what_to_do() -> None:
    lose_index()
    _printed, error = fail("check_index")
    assert "rebuild_index" in error


@committing
def test_a_damaged_index_is_named_by_the_check_and_built_anew_by_the_rebuild() -> None:
    with paused():
        factories.make_many_documents(50)
    truth.start_true()
    damage_index()
    _printed, error = fail("check_index")
    assert "damaged" in error
    assert "rebuild_index" in error
    assert "50 records" in run("rebuild_index")
    assert "The index is right about 50 records." in run("check_index")
    assert truth.is_true()


def damage_index() -> None:
    """Pages in the middle of the file become something else."""
    truth.backend().file.close()
    with Path(truth.backend().file.path).open("r+b") as file:
        file.seek(12_000)
        file.write(b"\xa5" * 40_000)


@in_one_transaction
@pytest.mark.parametrize(
    "name", ["rebuild_index", "sync_index", "check_index", "update_index", "prepare_demo"]
)
def test_a_database_that_is_gone_is_said_in_a_sentence(name: str) -> None:
    truth.start_true()
    with connection.execute_wrapper(no_database):
        _printed, error = fail(name)
    assert "The database cannot be used: no server there. See" in error
    assert "DATABASE_URL" in error


def no_database(*_statement: Any) -> None:
    raise OperationalError("no server there.\n\tIs it running?")


# prepare_demo


@in_one_transaction
def test_preparing_mends_a_damaged_index_and_says_what_is_in_it() -> None:
    factories.make_many_documents(50)
    truth.start_true()
    assert "up to date: 50 records" in run("prepare_demo", "--without-sample")
    damage_index()
    assert "in use: 50 records" in run("prepare_demo", "--without-sample")
    assert truth.is_true()
    lose_index()
    assert "in use: 50 records" in run("prepare_demo", "--without-sample")


@in_one_transaction
def test_preparing_an_empty_archive_forgets_the_index_of_another_one() -> None:
    factories.make_document()
    truth.start_true()
    with paused():
        Document.objects.all().delete()
    OutboxEntry.objects.all().delete()
    run("prepare_demo", "--without-sample")
    assert truth.indexed() == {}


def lose_index() -> None:
    path = Path(truth.backend().file.path)
    truth.backend().file.close()
    for each in path.parent.glob(path.name + "*"):
        each.unlink()


@in_one_transaction
def test_many_are_named_only_if_asked() -> None:
    factories.make_many_documents(120)
    pending().delete()
    printed, _error = fail("check_index")
    assert printed.count("missing: documents") == 100
    assert "missing: and 20 more" in printed


# sync_index


@in_one_transaction
def test_sync_tells_and_says_how_much() -> None:
    factories.make_document()
    gone = factories.make_document()
    truth.start_true()
    gone.delete()
    factories.make_document()
    assert run("sync_index") == "1 records indexed, 1 removed.\n"
    assert run("sync_index") == "0 records indexed, 0 removed.\n"
    assert truth.is_true()


@in_one_transaction
def test_sync_fails_where_a_record_or_the_engine_fails() -> None:
    bad = factories.make_document()
    Document.objects.filter(pk=bad.pk).update(record_id=None)
    printed, error = fail("sync_index")
    assert f"documents.document.{bad.pk} could not be indexed" in printed
    assert "NoReverseMatch" in printed
    assert error == "1 records could not be indexed"
    lose_index()
    factories.make_document()
    _printed, error = fail("sync_index")
    assert "2 records wait" in error and "rebuild_index" in error


# rebuild_index


@committing
def test_rebuild_makes_an_index_where_there_is_none() -> None:
    factories.make_full_document()
    lose_index()
    factories.make_document()
    assert "The new index is in use: 6 records." in run("rebuild_index", interactive=False)
    assert truth.is_true()
    assert not OutboxEntry.objects.exists(), "what the rebuild read is to be told once more"
    assert IndexState.objects.get().rebuilt_by == ""


@in_one_transaction
def test_rebuild_puts_right_whatever_is_wrong() -> None:
    stale, ghost = factories.make_document("Before"), factories.make_document()
    truth.start_true()
    without_a_word("UPDATE documents_document SET title = 'After' WHERE id = %s", stale.pk)
    without_a_word("UPDATE documents_document SET status = 'draft' WHERE id = %s", ghost.pk)
    run("rebuild_index")
    assert truth.is_true()


@committing
def test_searches_and_changes_go_on_during_a_rebuild() -> None:
    with paused():
        documents = factories.make_many_documents(800, characters=2000)
    run("rebuild_index")
    worker = truth.start("rebuild_index", "-b", "20")
    least, looks, changed = 10**9, 0, 0
    truth.wait_until(lambda: IndexState.objects.exclude(rebuilt_by="").exists() or worker.poll() is not None)
    while worker.poll() is None:
        least = min(least, len(truth.indexed()))
        looks += 1
        # At both ends: what the rebuild has read already, and what it has still to read.
        for number in (changed, 799 - changed):
            Document.objects.filter(pk=documents[number].pk).update(title=f"Changed meanwhile {number}")
        documents[100 + changed].delete()
        changed += 1
        time.sleep(0.05)
    _out, errors = worker.communicate()
    assert worker.returncode == 0, errors
    assert looks > 3, "the rebuild was over too soon to tell"
    assert least >= 800 - changed
    run("sync_index")
    assert truth.is_true()
    assert not OutboxEntry.objects.exists()
    assert len(truth.found(content="meanwhile")) == min(2 * changed, 50)


@in_one_transaction
def test_what_is_struck_off_during_a_rebuild_is_told_again_after_it() -> None:
    document = factories.make_document("Before")
    truth.start_true()
    seen: list[list[bool]] = []

    def told(done: int) -> None:
        Document.objects.filter(pk=document.pk).update(title="After")
        draining.drain()
        seen.append(list(OutboxEntry.objects.values_list("settled", flat=True)))

    rebuild(told)
    assert seen == [[True]]
    assert not OutboxEntry.objects.exists()
    assert truth.is_true()


@in_one_transaction
def test_what_is_in_hand_when_a_rebuild_ends_is_told_again() -> None:
    document = factories.make_document("Before")
    truth.start_true()
    claims = []

    def told(done: int) -> None:
        Document.objects.filter(pk=document.pk).update(title="After")
        claims.append(draining.claim())

    rebuild(told)
    assert claims[0].keep
    draining.tell(claims[0])
    assert list(OutboxEntry.objects.values_list("settled", flat=True)) == [False]
    draining.drain()
    assert not OutboxEntry.objects.exists()
    assert truth.is_true()


@in_one_transaction
def test_a_rebuild_that_died_leaves_nothing_struck_off() -> None:
    factories.make_document("Before")
    truth.start_true()
    IndexState.objects.update(rebuilt_by="dead", rebuild_alive_until=timezone.now() + timedelta(seconds=60))
    factories.make_document("Meanwhile")
    draining.drain()
    assert list(OutboxEntry.objects.values_list("settled", flat=True)) == [True]
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        factories.make_document("Later")
        draining.drain()
        assert not OutboxEntry.objects.exists()
        assert IndexState.objects.get().rebuilt_by == ""
    assert truth.is_true()


@committing
def test_a_killed_rebuild_harms_nothing() -> None:
    with paused():
        factories.make_many_documents(600, characters=2000)
    run("rebuild_index")
    worker = truth.start("rebuild_index", "-b", "10")
    truth.wait_until(lambda: truth.backend().status()["rebuilding"] or worker.poll() is not None)
    time.sleep(0.3)
    assert worker.poll() is None, "the rebuild was over too soon to tell"
    worker.kill()
    worker.communicate()
    assert truth.is_true()
    factories.make_document("Afterwards")
    assert truth.found(content="afterwards") == ["Afterwards"]
    run("rebuild_index")
    assert truth.is_true()
    assert not OutboxEntry.objects.exists()


@in_one_transaction
def test_a_second_rebuild_says_so_and_stops() -> None:
    with truth.backend().rebuild():
        _printed, error = fail("rebuild_index")
    assert "another rebuild" in error


@in_one_transaction
def test_a_rebuild_names_what_could_not_be_indexed_and_goes_on() -> None:
    factories.make_document("Good")
    bad = factories.make_document("Bad")
    Document.objects.filter(pk=bad.pk).update(record_id=None)
    printed, error = fail("rebuild_index")
    assert f"documents.document.{bad.pk} could not be indexed: NoReverseMatch" in printed
    assert "1 records could not be indexed" in error
    assert truth.found(content="good") == ["Good"]
    assert set(OutboxEntry.objects.values_list("object_pk", flat=True)) == {str(bad.pk)}


# update_index, clear_index


@in_one_transaction
def test_update_indexes_all_again_and_removes_if_asked() -> None:
    document, ghost = factories.make_document("Before"), factories.make_document("Ghost")
    truth.start_true()
    without_a_word("UPDATE documents_document SET title = 'After' WHERE id = %s", document.pk)
    without_a_word("UPDATE documents_document SET status = 'draft' WHERE id = %s", ghost.pk)
    assert run("update_index") == "1 records indexed, 0 removed.\n"
    assert truth.found(content="after") == ["After"]
    assert not truth.is_true()
    assert run("update_index", "--remove") == "1 records indexed, 1 removed.\n"
    assert truth.is_true()


@in_one_transaction
def test_update_takes_apps_models_and_an_age() -> None:
    factories.make_full_document()
    truth.start_true()
    truth.backend().clear()
    assert run("update_index", "people.Person").startswith("3 records")
    assert run("update_index", "collections", "documents").startswith("2 records")
    assert truth.is_true()
    Document.objects.update(changed=timezone.now() - timedelta(days=3))
    pending().delete()
    assert run("update_index", "documents", "--age", "24").startswith("0 records")
    assert "is no app" in fail("update_index", "nonsense")[1]
    assert "nothing of themes" in fail("update_index", "themes")[1]


@in_one_transaction
def test_clear_empties() -> None:
    factories.make_full_document()
    truth.start_true()
    run("clear_index", "--noinput")
    assert truth.indexed() == {}
    assert len(check(lambda done: None).missing) == 5


@in_one_transaction
def test_clear_asks_nobody_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_full_document()
    truth.start_true()
    before = truth.indexed()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    _said, error = fail("clear_index")
    assert error == "nobody is there to be asked; --noinput empties it without"
    assert truth.indexed() == before


@in_one_transaction
@pytest.mark.parametrize("interval", ["-1", "0", "nan", "1e9"])
def test_the_worker_refuses_an_interval_that_is_none(interval: str) -> None:
    assert "--interval is a number of seconds" in fail("sync_index", "--watch", "--interval", interval)[1]


# /healthz and /readyz


@in_one_transaction
def test_health_of_a_sound_site(client: Client) -> None:
    factories.make_document()
    truth.start_true()
    assert client.get("/healthz").json() == {"status": "ok"}
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "index": "ok",
        "outbox": 0,
        "oldest": 0,
        "refused": 0,
    }
    assert "no-cache" in response["Cache-Control"]
    assert client.post("/readyz").status_code == 405


@in_one_transaction
def test_not_ready_while_changes_wait_too_long(client: Client) -> None:
    truth.start_true()
    factories.make_document()
    assert client.get("/readyz").status_code == 200, "a change that waits a moment is no alarm"
    with time_machine.travel(timezone.now() + timedelta(seconds=400)):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["outbox"] == 1
    assert response.json()["oldest"] >= 400
    (reason,) = response.json()["reasons"]
    assert "sync_index --watch" in reason
    refusal = {"last_error": "blocked at https://engine.example: the disk is full"}
    IndexState.objects.update_or_create(pk=1, defaults=refusal)
    with time_machine.travel(timezone.now() + timedelta(seconds=400)):
        _runs, refused = client.get("/readyz").json()["reasons"]
    assert refused == "The search engine did not take them when it was told last; the log says why."


def refuse(*documents: Document) -> None:
    """Let the engine have what waits, but for these, which have no address and cannot be indexed."""
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(record_id=None)
    assert len(drain().failed) == len(documents)


@in_one_transaction
def test_one_record_that_cannot_be_indexed_takes_no_site_out_of_service(client: Client) -> None:
    truth.start_true()
    _good, bad = factories.make_document("Good"), factories.make_document("Bad")
    refuse(bad)
    later = timezone.now()
    for _ in range(12):  # half an hour with a worker
        later += timedelta(seconds=301)
        with time_machine.travel(later):
            assert drain().failed
            response = client.get("/readyz")
            assert response.status_code == 200, response.json()
            assert (response.json()["refused"], response.json()["oldest"]) == (1, 0)
            (reason,) = response.json()["reasons"]
            assert "cannot be indexed: 1." in reason
            assert "document." not in reason, "everybody may ask"
    with time_machine.travel(later + timedelta(seconds=601 + 10)):
        response = client.get("/readyz")
    assert response.status_code == 503, "nobody tries any more"
    assert "sync_index --watch" in response.json()["reasons"][1]


@in_one_transaction
def test_not_ready_while_others_wait_beside_one_that_cannot_be_indexed(client: Client) -> None:
    truth.start_true()
    refuse(factories.make_document("Bad"))
    with paused():
        factories.make_document("Good")
    with time_machine.travel(timezone.now() + timedelta(seconds=400)):
        assert client.get("/readyz").status_code == 503


@in_one_transaction
def test_not_ready_while_the_engine_refuses_whatever_it_is_told(client: Client) -> None:
    truth.start_true()
    refuse(*(factories.make_document() for _ in range(MANY_REFUSED)))
    IndexState.objects.update(drained_at=timezone.now() - timedelta(seconds=60))
    assert client.get("/readyz").status_code == 200, "some minutes are no alarm"
    with time_machine.travel(timezone.now() + timedelta(seconds=400)):
        assert len(drain().failed) == MANY_REFUSED
        response = client.get("/readyz")
        assert response.status_code == 503
        (reason,) = response.json()["reasons"]
        assert "takes no others" in reason
        factories.make_document("Good")
        drain()
        assert client.get("/readyz").status_code == 200, "it takes others: the fault is theirs"


@in_one_transaction
def test_what_a_rebuild_could_not_index_is_not_all_that_the_engine_was_told(client: Client) -> None:
    documents = factories.make_many_documents(3 * MANY_REFUSED)
    truth.start_true()
    IndexState.objects.update(drained_at=None)
    with paused():
        bad = [document.pk for document in documents[:MANY_REFUSED]]
        Document.objects.filter(pk__in=bad).update(record_id=None)
    assert f"{MANY_REFUSED} records could not be indexed" in fail("rebuild_index", "--from-scratch")[1]
    with time_machine.travel(timezone.now() + timedelta(seconds=400)):
        drain()
        response = client.get("/readyz")
    assert (response.status_code, response.json()["refused"]) == (200, MANY_REFUSED)


@in_one_transaction
def test_what_cannot_be_indexed_is_named_and_tried_again_on_demand() -> None:
    truth.start_true()
    good, bad = factories.make_document("Good"), factories.make_document("Bad")
    refuse(bad)
    named, error = fail("check_index")
    assert f"refused: documents.document.{bad.pk}: NoReverseMatch" in named
    assert "1 records cannot be indexed" in error
    assert "Not all of it could be repaired." in fail("check_index", "--repair")[0]
    without_a_word("UPDATE documents_document SET record_id = %s WHERE id = %s", good.record_id + 100, bad.pk)
    assert "Repaired." in run("check_index", "--repair")
    assert truth.is_true()


@committing
def test_not_ready_without_an_index_but_alive(client: Client) -> None:
    lose_index()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["index"] == "down"
    assert response.json()["reasons"] == ["There is no search index: run `manage.py rebuild_index`."]
    assert "sqlite" not in response.content.decode()
    assert client.get("/healthz").status_code == 200


@in_one_transaction
def test_what_only_the_database_knows_is_null_without_it(client: Client) -> None:
    truth.start_true()
    with connection.execute_wrapper(no_database):
        response = client.get("/readyz")
    assert response.status_code == 503
    told = response.json()
    assert (told["database"], told["outbox"], told["oldest"], told["refused"]) == ("down", None, None, None)
    assert told["reasons"] == ["The database does not answer; the log says why."]
