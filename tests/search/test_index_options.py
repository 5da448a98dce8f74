"""What Haystack's commands accept does what it says, or it is said that it does nothing; on both engines."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from haystack import connections

from documents.models import Document
from records.progress import Progressing
from search import rebuilding
from search.management.commands.update_index import Command as UpdateIndex
from search.models import OutboxEntry
from search.outbox import drain, pending
from search.rebuilding import nothing, rebuild
from search.upkeep import condition
from tests import factories
from tests.search import truth
from tests.search.catalogue.engines import drop_indices

pytestmark = [pytest.mark.both_engines, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def engine(site_engine: str) -> str:
    truth.backend().clear()
    return site_engine


def run(*command: str) -> tuple[str, str]:
    """What the command prints: out, and errors."""
    out, errors = io.StringIO(), io.StringIO()
    call_command(*command, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def test_what_does_nothing_says_so() -> None:
    factories.make_document()
    _out, errors = run("rebuild_index", "--noinput", "-k", "4", "-t", "3", "--nocommit", "-u", "default")
    assert all(f"--{name} changes nothing" in errors for name in ("workers", "max-retries", "nocommit"))
    assert run("rebuild_index", "--noinput", "-v", "0", "-k", "4") == ("", "")
    assert "--workers changes nothing" in run("update_index", "-k", "2")[1]
    assert "--nocommit changes nothing" in run("clear_index", "--noinput", "--nocommit")[1]
    assert "changes nothing" not in run("update_index")[1]


@pytest.mark.parametrize("name", ["rebuild_index", "update_index", "clear_index"])
def test_a_connection_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(CommandError, match="no search connection elsewhere"):
        run(name, "-u", "elsewhere")


@pytest.mark.parametrize("name", ["rebuild_index", "update_index"])
def test_batches_of_nothing_are_refused(name: str) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        run(name, "-b", "0")


def test_clear_asks_unless_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_document()
    truth.start_true()
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "n")
    assert "Nothing was done." in run("clear_index")[0]
    assert len(truth.indexed()) == 1
    assert asked == ["Empty the index? [y/N] "]
    monkeypatch.setattr("builtins.input", lambda question: "y")
    assert "The index is empty" in run("clear_index")[0]
    assert truth.indexed() == {}
    assert run("clear_index", "--noinput", "-v", "0") == ("", "")
    with pytest.raises(CommandError, match="no earlier index was kept"):
        run("rebuild_index", "--rollback")


def test_update_by_moments() -> None:
    old, new = factories.make_document("Old"), factories.make_document("New")
    truth.start_true()
    Document.objects.filter(pk=old.pk).update(changed=timezone.now() - timedelta(days=3))
    pending().delete()
    for options, number in (
        (("--age", "24"), 1),
        (("--minutes", "60"), 1),
        (("--start", f"{timezone.localdate() - timedelta(days=1)}"), 1),
        (("--end", f"{timezone.localdate() - timedelta(days=1)}"), 1),
        (("--start", f"{timezone.localdate() - timedelta(days=9)}T12:30"), 2),
        (("--start", f"{timezone.localdate() + timedelta(days=9)}"), 0),
    ):
        assert run("update_index", "documents", *options)[0].startswith(f"{number} records"), options
    with pytest.raises(CommandError, match="is no moment; write 2026-11-22"):
        run("update_index", "--start", "yesterday")
    with pytest.raises(CommandError, match="99999999 hours ago is before any date"):
        run("update_index", "--age", "99999999")
    assert new.pk


def test_a_moment_that_cannot_be_read_is_said_on_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        UpdateIndex().run_from_argv(["manage.py", "update_index", "--start", "yesterday"])
    assert ended.value.code == 2
    assert "argument -s/--start: 'yesterday' is no moment; write 2026-11-22" in capsys.readouterr().err


def test_update_removes_what_is_not_public_if_asked() -> None:
    document, ghost = factories.make_document("Stays"), factories.make_document("Goes")
    truth.start_true()
    Document.objects.filter(pk=ghost.pk).update(status="draft")
    OutboxEntry.objects.all().delete()
    assert run("update_index")[0] == "1 records indexed, 0 removed.\n"
    assert len(truth.indexed()) == 2
    assert run("update_index", "--remove")[0] == "1 records indexed, 1 removed.\n"
    assert set(truth.indexed()) == {f"documents.document.{document.pk}"}


def test_going_back_by_command() -> None:
    document = factories.make_document("Before")
    truth.start_true()
    run("rebuild_index")
    Document.objects.filter(pk=document.pk).update(title="After")
    run("sync_index")
    assert "1 records that changed since" in run("rebuild_index", "--rollback")[0]
    assert truth.is_true()
    with pytest.raises(CommandError, match="not allowed with"):
        run("rebuild_index", "--rollback", "--from-scratch")


def test_check_tells_what_is_not_public_from_what_has_no_record() -> None:
    hidden, gone = factories.make_document(), factories.make_document()
    truth.start_true()
    Document.objects.filter(pk=hidden.pk).update(status="withdrawn")
    gone_key = gone.pk
    gone.delete()
    OutboxEntry.objects.all().delete()
    out = io.StringIO()
    with pytest.raises(CommandError, match="wrong about 2"):
        call_command("check_index", stdout=out, stderr=io.StringIO())
    assert f"not public: documents.document.{hidden.pk}\n" in out.getvalue()
    assert f"ghost: documents.document.{gone_key}\n" in out.getvalue()
    assert "Repaired." in run("check_index", "--repair")[0]
    assert truth.indexed() == {}


def test_other_fields_are_warned_of_and_the_site_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_document("Coal")
    truth.start_true()
    assert run_checks(tags=["search"]) == []
    usual = truth.backend().__class__.status
    monkeypatch.setattr(
        truth.backend().__class__, "status", lambda backend: {**usual(backend), "outdated": True}
    )
    (warning,) = run_checks(tags=["search"])
    assert warning.id == "search.W001"
    assert "rebuild_index" in warning.hint
    assert "was built for other fields" in run("check_index")[0]
    assert truth.found(content="coal") == ["Coal"]


def test_check_names_a_rebuild_that_was_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_many_documents(30)
    truth.start_true()
    monkeypatch.setattr(rebuilding, "MARK_SECONDS", 0.0)

    def told(done: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(told, batch=10)
    assert "of 30 records done, not in use yet" in run("check_index")[0]


class Lines(io.StringIO):
    def isatty(self) -> bool:
        return False


def test_what_was_done_before_says_nothing_of_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("records.progress.time.monotonic", lambda: now[0])
    out: Any = Lines()
    with Progressing(out, "Indexing", 50_000) as told:
        told.begin_at(41_200)
        now[0] += 10
        told(42_200)
    assert out.getvalue() == "Indexing: 42,200 of 50,000, 84 %, 100 a second, 78 s left\n"


@pytest.fixture
def go_over(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Has the site search in the index of this name, as another SEARCH_URL would; "" is the usual one."""
    usual = connections.connections_info["default"]

    def go_over(name: str) -> None:
        other = {"PATH": str(tmp_path / name), "INDEX_NAME": f"{usual.get('INDEX_NAME')}-{name}"}
        connections.connections_info["default"] = {**usual, **other} if name else usual
        connections.reload("default")

    yield go_over
    if "PATH" not in usual:
        go_over("other")
        drop_indices(truth.backend())
    go_over("")


def test_an_index_is_told_from_the_one_that_was_built_last(go_over: Callable[[str], None]) -> None:
    document = factories.make_document("Coal")
    rebuild(nothing)
    go_over("other")
    rebuild(nothing)
    Document.objects.filter(pk=document.pk).update(title="Steel")
    drain()
    assert condition().name == "ok"

    go_over("")  # which nobody told
    assert Client().get("/readyz").json()["index"] == "outdated"
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_index", stdout=out, stderr=io.StringIO())
    assert "The index that was built last is another one" in out.getvalue()
    assert f"stale: documents.document.{document.pk}" in out.getvalue()

    rebuild(nothing)
    assert Client().get("/readyz").json()["index"] == "ok"
    go_over("other")
    assert condition().name == "outdated"
    run("clear_index", "--noinput")
    run("update_index")
    assert condition().name == "ok"
    assert "The index is right" in run("check_index")[0]
