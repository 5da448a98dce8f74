"""What is special to an index in a file: many readers and writers, rebuilds, killed processes, lost files."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from haystack import connections

from search.engines.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMissingError,
    IndexUnusableError,
    SearchTimeoutError,
    UnknownFieldError,
)
from search.engines.sqlite import SQLiteBackend, schema
from search.engines.sqlite import connection as connection_module
from search.fields import ExactField
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from tests.search.catalogue.engines import SQLITE
from tests.search.catalogue.indexes import NoteIndex, ReportIndex
from tests.search.catalogue.models import Note, Report
from tests.search.contract.conftest import connect, disconnect

# Table names are the engine's own.
# ruff: noqa: S608

ENGINE = SQLITE
REPORTS = ReportIndex()
processes = multiprocessing.get_context("fork")


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[SQLiteBackend]:
    yield connect("file", ENGINE, tmp_path)
    disconnect("file")


def search() -> ArchiveQuerySet:
    return ArchiveQuerySet(using="file")


def coloured(colour: str, number: int = 40) -> list[Report]:
    return [
        Report(
            pk=pk, title=f"{colour} report", places=[colour, "here"], transcripts=[f"All is {colour}. " * 50]
        )
        for pk in range(1, number + 1)
    ]


def colours(found: ArchiveQuerySet) -> set[str]:
    return {hit.title.split()[0] for hit in found[:]}


# -- a file that is not there, or not what it should be


def test_no_file_is_an_error_that_names_the_cure(backend):
    for attempt in (
        lambda: search()[0:1],
        lambda: backend.update(REPORTS, coloured("red")),
        lambda: backend.remove("catalogue.report.1"),
        lambda: list(backend.documents()),
    ):
        with pytest.raises(IndexMissingError, match="rebuild_index"):
            attempt()
    assert not Path(backend.file.path).exists(), "half an index would answer as if it were whole"
    assert backend.status()["exists"] is False


def test_clear_and_rebuild_make_the_file(backend):
    backend.clear()
    assert search().count() == 0
    Path(backend.file.path).unlink()
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured("red"))
        rebuild.commit()
    assert search().count() == 40


@pytest.mark.parametrize("files", ["index.sqlite3*", "index.sqlite3"])
def test_a_file_deleted_while_it_is_open(backend, files):
    backend.clear()
    backend.update(REPORTS, coloured("red"))
    assert search().count() == 40
    for path in Path(backend.file.path).parent.glob(files):
        path.unlink()
    with pytest.raises(IndexMissingError):
        search().count()
    with pytest.raises(IndexMissingError):
        backend.update(REPORTS, coloured("blue"))
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured("green"))
        rebuild.commit()
    assert colours(search()) == {"green"}


def test_a_file_deleted_during_a_rebuild(backend):
    backend.clear()
    with pytest.raises(IndexMissingError), backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured("red"))
        for path in Path(backend.file.path).parent.glob("index.sqlite3*"):
            path.unlink()
        backend.clear()
        rebuild.add(REPORTS, coloured("blue"))
    assert search().count() == 0


def test_a_file_that_is_no_index(backend):
    Path(backend.file.path).write_bytes(b"no database at all, " * 500)
    with pytest.raises(IndexUnusableError, match="rebuild_index"):
        search().count()
    Path(backend.file.path).write_bytes(b"")
    with pytest.raises(IndexMissingError, match="never been built"):
        search().count()


def overwrite(path: Path, start: int, length: int) -> None:
    """Random bytes over a part of the file, under the eyes of whoever has it open."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(random.Random(start).randbytes(length))


def fill_red(backend: SQLiteBackend) -> Path:
    """An index with all of it in its main file, closed."""
    backend.clear()
    backend.update(REPORTS, coloured("red", 400))
    backend.file.close()
    path = Path(backend.file.path)
    assert path.stat().st_size > 60_000
    return path


def rebuild_green(backend: SQLiteBackend) -> None:
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured("green"))
        rebuild.commit()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: overwrite(path, 0, path.stat().st_size),
        lambda path: overwrite(path, 20_000, 30_000),
        lambda path: os.truncate(path, path.stat().st_size // 2),
        lambda path: path.write_bytes(b"no database at all, " * 500),
    ],
    ids=["all of it", "pages in the middle", "cut short", "another file"],
)
def test_a_damaged_file_is_moved_aside_by_the_rebuild(backend, damage, caplog):
    path = fill_red(backend)
    damage(path)
    with pytest.raises(IndexDamagedError, match="rebuild_index"):
        backend.verify()
    rebuild_green(backend)
    backend.verify()
    assert colours(search()) == {"green"}
    assert Path(f"{path}.damaged").exists()
    assert f"{path}.damaged" in caplog.text
    damage(path)
    rebuild_green(backend)
    assert colours(search()) == {"green"}, "a second damaged file takes the place of the first"


def test_a_sound_file_stays_where_it_is(backend):
    path = fill_red(backend)
    before = path.stat().st_ino
    rebuild_green(backend)
    assert path.stat().st_ino == before
    assert not Path(f"{path}.damaged").exists()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("INSERT INTO once VALUES (1), (1)", sqlite3.IntegrityError),
        ("INSERT INTO once VALUES (?)", sqlite3.ProgrammingError),
        ("INSERT INTO once VALUES (zeroblob(9000000000))", sqlite3.DataError),
        ("INSERT INTO nowhere VALUES (1)", IndexUnusableError),
    ],
)
def test_a_mistake_in_what_is_written_is_no_damage_of_the_file(backend, statement, kind):
    backend.clear()
    with pytest.raises(kind) as caught, backend.file.writing() as db:
        db.execute("CREATE TABLE once (number UNIQUE)")
        db.execute(statement)
    assert caught.type is kind
    backend.verify()
    assert search().count() == 0


def test_who_has_the_damaged_file_open_finds_the_new_one(backend):
    path = fill_red(backend)

    def look(link: Any) -> None:
        link.send(colours(search()))
        link.recv()
        try:
            link.send(colours(search()))
        except IndexUnusableError:
            link.send("damaged")
        link.recv()
        link.send(colours(search()))
        link.recv()
        backend.file.close()
        link.close()

    ours, theirs = processes.Pipe()
    other = in_child(look, theirs)
    try:
        assert ours.recv() == {"red"}
        overwrite(path, 0, path.stat().st_size)
        ours.send("look again")
        assert ours.recv() in ("damaged", {"red"})  # of what it had read before
        rebuild_green(backend)
        ours.send("and again")
        assert ours.recv() == {"green"}
        backend.update(REPORTS, coloured("blue"))
        ours.send("go")
    finally:
        other.join(10)
    assert other.exitcode == 0
    assert colours(search()) == {"blue"}, "the one that ends leaves the new file's log alone"


def test_a_place_that_cannot_be_written_is_no_reason_to_rebuild(tmp_path):
    (tmp_path / "file").write_text("no folder")
    backend = connect("file", ENGINE, tmp_path / "file" / "deeper")
    try:
        with pytest.raises(IndexUnusableError, match="may write"), backend.rebuild():
            pass
        with pytest.raises(IndexUnusableError, match="may write"):
            backend.clear()
    finally:
        disconnect("file")


def test_no_path_is_refused():
    with pytest.raises(ImproperlyConfigured, match="PATH"):
        SQLiteBackend("nowhere")


def test_a_held_lock_is_an_error_for_writers_only(backend):
    backend.clear()
    backend.update(REPORTS, coloured("red"))
    other = sqlite3.connect(backend.file.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with backend.time_limit(0.2):
            with pytest.raises(IndexBusyError):
                backend.update(REPORTS, coloured("blue"))
            assert colours(search()) == {"red"}
    finally:
        other.close()
    backend.update(REPORTS, coloured("blue"))
    assert colours(search()) == {"blue"}


def test_a_rebuild_goes_on_after_a_batch_that_could_not_be_written(backend):
    backend.clear()
    other = sqlite3.connect(backend.file.path, isolation_level=None)
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured("red")[:10])
        other.execute("BEGIN IMMEDIATE")
        with backend.time_limit(0.2), pytest.raises(IndexBusyError):
            rebuild.add(REPORTS, coloured("blue")[10:20])
        other.close()
        rebuild.add(REPORTS, coloured("blue")[10:20])
        backend.update(REPORTS, coloured("green")[20:30])
        rebuild.add(REPORTS, coloured("green")[30:])
        rebuild.commit()
    counts = dict(search().facet("places").facet_counts()["fields"]["places"])
    assert counts == {"red": 10, "blue": 10, "green": 20, "here": 40}


def test_a_slow_search_is_stopped(backend, monkeypatch):
    backend.clear()
    backend.update(REPORTS, coloured("red", 200))
    monkeypatch.setattr(connection_module, "_STEPS", 1)
    with backend.time_limit(0), pytest.raises(SearchTimeoutError):
        search().read(parse("red")).facet("places")[:]
    assert search().read(parse("red")).count() == 200


# -- an index older than the code


class WiderReportIndex(ReportIndex):
    colours = ExactField(model_attr="places")


def test_an_older_layout_goes_on_until_the_rebuild(backend):
    backend.clear()
    backend.update(REPORTS, coloured("red"))
    connections["file"].get_unified_index().build([WiderReportIndex(), NoteIndex()])
    wider = connections["file"].get_unified_index().get_index(Report)
    assert backend.status()["outdated"] is True
    assert search().filter(title="red").count() == 40
    backend.update(wider, coloured("blue"))
    assert colours(search()) == {"blue"}
    with pytest.raises(UnknownFieldError, match="rebuild"):
        search().filter(colours="blue").count()
    with backend.rebuild() as rebuild:
        rebuild.add(wider, coloured("green"))
        backend.update(wider, coloured("white", 1))
        rebuild.commit()
    assert backend.status()["outdated"] is False
    assert search().filter(colours="green").count() == 39
    assert search().filter(colours="white").count() == 1


def test_an_index_of_another_version_is_read_but_not_written(backend, monkeypatch):
    backend.clear()
    backend.update(REPORTS, coloured("red"))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    assert search().count() == 40
    with pytest.raises(IndexUnusableError, match="another version"):
        backend.update(REPORTS, coloured("blue"))


def test_fts5_itself_finds_no_fault(backend):
    """Deleting tells FTS5 again what it was given; were that not the same, its index would rot."""
    backend.clear()
    for colour in ("red", "blue", "周恩来 green"):
        backend.update(REPORTS, coloured(colour))
        backend.update(NoteIndex(), [Note(pk=1, body=f"{colour} note, treaties")])
    backend.remove("catalogue.report.7")
    with backend.file.writing() as db:
        live = schema.live(db)
        db.execute(f"INSERT INTO {live.fts} ({live.fts}) VALUES ('integrity-check')")
        vocabulary = dict(db.execute(f"SELECT term, doc FROM {live.vocab}"))
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert vocabulary["green"] == 40
    assert "red" not in vocabulary
    backend.clear(models=[Report, Note])
    with backend.file.reading() as db:
        live = schema.live(db)
        assert db.execute(f"SELECT count(*) FROM {live.vocab}").fetchone() == (0,)
        for table in (live.value, live.stored, live.original):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


# -- several threads and processes


def test_readers_in_threads_see_whole_batches(backend):
    backend.clear()
    backend.update(REPORTS, coloured("red"))
    stop, wrong, reads = threading.Event(), [], []

    def read() -> None:
        try:
            while not stop.is_set():
                found = search().facet("places").read(parse("report"))
                seen = colours(found)
                facets = dict(found.facet_counts()["fields"]["places"])
                reads.append(1)
                if len(seen) != 1 or found.count() != 40 or facets != {seen.pop(): 40, "here": 40}:
                    wrong.append((seen, found.count(), facets))
        except Exception as error:
            wrong.append(error)
            raise
        finally:
            connections["file"].reset_sessions()

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for turn in range(12):
        backend.update(REPORTS, coloured(("red", "blue")[turn % 2]))
    stop.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert len(reads) > 12


def in_child(work: Callable[..., None], *args: Any) -> Any:
    child = processes.Process(target=work, args=args)
    child.start()
    return child


def test_after_a_fork_each_process_has_its_own_connection(backend):
    backend.clear()
    backend.update(REPORTS, coloured("red"))
    assert search().count() == 40
    told = processes.SimpleQueue()

    def work() -> None:
        before = search().count()
        backend.update(REPORTS, coloured("blue", 41)[40:])
        told.put((before, search().count()))

    child = in_child(work)
    child.join(30)
    assert child.exitcode == 0
    assert told.get() == (40, 41)
    assert search().count() == 41


def test_two_processes_write_at_once(backend):
    backend.clear()

    def work(first: int) -> None:
        for pk in range(first, first + 60, 2):
            backend.update(REPORTS, [Report(pk=pk, title=f"report {pk}", places=[f"place {pk % 7}"])])

    children = [in_child(work, 1), in_child(work, 2)]
    for child in children:
        child.join(60)
        assert child.exitcode == 0
    found = search().facet("places", limit=None)
    assert found.count() == 60
    assert sum(count for _, count in found.facet_counts()["fields"]["places"]) == 60


def test_a_rebuild_in_another_process_is_never_seen_in_part(backend):
    """Each search sees all of one generation, and none older than the last that was committed before it."""
    backend.clear()
    backend.update(REPORTS, coloured("0"))
    committed = processes.Value("i", 0)

    def work() -> None:
        for number in range(1, 7):
            with backend.rebuild() as rebuild:
                for report in coloured(str(number)):
                    rebuild.add(REPORTS, [report])
                rebuild.commit()
                committed.value = number

    child = in_child(work)
    seen = []
    while child.is_alive():
        at_least = committed.value
        found = search().read(parse("report")).facet("places")
        numbers = colours(found)
        assert found.count() == 40
        assert len(numbers) == 1
        seen.append(int(numbers.pop()))
        assert seen[-1] >= at_least
        assert dict(found.facet_counts()["fields"]["places"]) == {str(seen[-1]): 40, "here": 40}
    child.join()
    assert child.exitcode == 0
    assert seen == sorted(seen)
    assert len(set(seen)) > 2, "the reader was too slow to see anything"
    assert colours(search()) == {"6"}


def test_a_rebuild_killed_half_way(backend):
    backend.clear()
    backend.update(REPORTS, coloured("old"))
    told = processes.SimpleQueue()

    def work() -> None:
        with backend.rebuild() as rebuild:
            rebuild.add(REPORTS, coloured("half")[:20])
            told.put("half way")
            time.sleep(600)

    child = in_child(work)
    assert told.get() == "half way"
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert colours(search()) == {"old"}
    assert backend.status()["rebuilding"] is True
    backend.update(REPORTS, coloured("newer", 1))
    assert search().count() == 40
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured("new", 3))
        rebuild.commit()
    assert colours(search()) == {"new"}
    assert search().count() == 3
    with backend.file.reading() as db:
        known = schema.generations(db)
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert [one.state for one in known] == [schema.RETIRED, schema.LIVE]
    kept = ("generation", "changed", "bookmark")
    assert all(name in kept or any(f"_{one.number}" in name for one in known) for name in tables)


def test_a_writer_killed_at_any_moment(backend):
    """What it had not committed is not there, what it had is, and the file is sound."""
    backend.clear()
    committed = processes.Value("i", 0)

    def work() -> None:
        for turn in range(1, 10_000):
            backend.update(REPORTS, coloured(str(turn)))
            committed.value = turn

    for pause in (0.3, 0.55, 0.8):
        child = in_child(work)
        time.sleep(pause)
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        seen = colours(search())
        assert len(seen) <= 1
        if seen:
            assert search().count() == 40
            assert int(seen.pop()) >= committed.value
        committed.value = 0
        with backend.file.reading() as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        backend.clear()
