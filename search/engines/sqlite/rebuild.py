"""Filling a new generation beside the live one, and the one step that puts it in its place."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from haystack.indexes import SearchIndex

from search.engines.errors import EngineError, IndexDamagedError, IndexingReport, IndexMissingError
from search.engines.rebuilding import Bookmark, Continues, Outcome
from search.engines.sqlite import schema
from search.engines.sqlite.lock import RebuildLock
from search.engines.sqlite.writer import Memory, Writer

if TYPE_CHECKING:
    from search.engines.sqlite.engine import SQLiteBackend

log = logging.getLogger(__name__)

#: Documents prepared and written at a time. While they are written nobody else can write, and while
#: they are prepared anybody can: a curator's save waits for a fraction of a second at most.
_TURN = 20
#: A generation that is on its way out; a killed process may leave one.
_DROPPED = "dropped"
#: Generations that a change must be noted for: one that is being built, one that may be gone back to.
NOTED = (schema.BUILDING, schema.RETIRED)
_BOOKMARKS = "CREATE TABLE IF NOT EXISTS bookmark (generation INTEGER PRIMARY KEY, written TEXT NOT NULL)"


class Rebuild(Outcome):
    """A rebuild of the whole index. Searches see the old generation until ``commit``, then the new.

        with backend.rebuild() as rebuild:
            for report in rebuild.fill(index, batches):
                rebuild.mark({...})
            rebuild.commit()

    What is updated or removed meanwhile goes into both generations and is not overwritten by what
    this rebuild had read before. A lock that the system takes back from a dead process keeps a second
    rebuild out. What a killed one leaves, or one that failed after it was marked, is gone on with if
    ``continues`` says so of its bookmark (then ``left``) and the fields are the same; else it is cleared
    away. A damaged file is moved aside and a new one begun: until ``commit`` searches fall back as where
    there is no index. The generation before the live one is kept until the next rebuild begins.
    """

    def __init__(self, backend: SQLiteBackend, continues: Continues | None = None) -> None:
        super().__init__()
        self.backend = backend
        self.file = backend.file
        self.left: Bookmark | None = None
        self._continues = continues
        self._lock = RebuildLock(self.file)
        self._generation: schema.Generation | None = None
        self._is_marked = False
        self._memory = Memory()

    def __enter__(self) -> Self:
        self._lock.take()
        try:
            try:
                self._generation = self._begin()
            except IndexDamagedError:
                aside = self.file.set_aside()
                log.warning(
                    "The search index %s is damaged. It was moved to %s, and a new one is being built.",
                    self.file.path,
                    aside,
                )
                self._generation = self._begin()
        except BaseException:
            self._lock.release()
            raise
        return self

    def _begin(self) -> schema.Generation:
        """The generation to fill: empty, or what was left. IndexDamagedError for a file that could not carry it."""
        self.file.create()
        # Damage in the old tables would come to light only when they are dropped, after all the work.
        self.file.verify()
        layout = schema.layout_of(self.backend.described)
        with self.file.writing() as db:
            schema.prepare_file(db)
            db.execute(_BOOKMARKS)
            known = schema.generations(db)
            left = [one for one in known if one.state == schema.BUILDING]
        if left and left[-1].layout.fingerprint == layout.fingerprint:
            bookmark = bookmark_of(self.backend)
            if bookmark is not None and self._continues is not None and self._continues(bookmark):
                self.left, self._is_marked = bookmark, True
                return left[-1]
        drop_all(self.backend, *(state for state in _states(known) if state != schema.LIVE))
        with self.file.writing() as db:
            db.execute("DELETE FROM changed")
            return schema.new_generation(db, layout, schema.BUILDING)

    def fill(self, index: SearchIndex, batches: Iterable[Iterable[Any]]) -> Iterator[IndexingReport]:
        """Index batch after batch, and tell of each when it is done."""
        for objects in batches:
            yield self.add(index, objects)

    def add(self, index: SearchIndex, objects: Iterable[Any]) -> IndexingReport:
        """Index these objects. One that cannot be indexed is reported, and the others go on."""
        report = IndexingReport()
        generation = self._own()
        waiting = iter(objects)
        while turn := list(islice(waiting, _TURN)):
            for rows in self.backend.prepared(index, turn, generation.layout, report):
                memory, self._memory = self._memory, Memory()
                with self.file.writing() as db:
                    self._check(db)
                    changed = {
                        one
                        for row in rows
                        for (one,) in db.execute("SELECT id FROM changed WHERE id = ?", (row.id,))
                    }
                    Writer(db, generation, memory).put(row for row in rows if row.id not in changed)
                # Only what was committed may be remembered.
                self._memory = memory
                report.indexed += [row.id for row in rows]
        return self.note(report)

    def mark(self, bookmark: Bookmark) -> None:
        """All up to here is in; from now on the rebuild can be gone on with after a failure."""
        number = self._own().number
        with self.file.writing() as db:
            self._check(db)
            db.execute("INSERT OR REPLACE INTO bookmark VALUES (?, ?)", (number, json.dumps(dict(bookmark))))
        self._is_marked = True

    def discard(self) -> None:
        """Leave nothing behind: what was built is not to be gone on with."""
        self._is_marked = False

    def keys(self, model: str) -> Iterator[int]:
        """The keys of what the new index has of a model ("documents.document"), ascending."""
        return keys_in(self.backend, self._own(), model)

    def commit(self) -> None:
        """Put the new generation in the place of the old, which is kept until the next rebuild."""
        generation = self._own()
        self._merge(generation)
        with self.file.writing() as db:
            self._check(db)
            swap(db, generation)
            db.execute("DELETE FROM bookmark")
        self._generation = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._generation is not None and not self._is_marked and self.file.exists():
                drop_all(self.backend, schema.BUILDING)
        finally:
            self._generation = None
            self._lock.release()

    def _merge(self, generation: schema.Generation) -> None:
        """Merge the segments of the text index in short steps, so that writers get their turn."""
        fts = generation.fts
        while True:
            with self.file.writing() as db:
                self._check(db)
                before = db.total_changes
                db.execute(f"INSERT INTO {fts} ({fts}, rank) VALUES ('merge', -500)")  # noqa: S608
                if db.total_changes - before < 2:
                    return

    def _own(self) -> schema.Generation:
        if self._generation is None:
            raise EngineError("this rebuild is over; begin another one")
        return self._generation

    def _check(self, db: sqlite3.Connection) -> None:
        """Is the generation still there? The file may have been replaced meanwhile."""
        number = self._own().number
        if not any(one.number == number and one.state == schema.BUILDING for one in schema.generations(db)):
            raise IndexMissingError(f"the search index {self.file.path} was replaced during its rebuild")


def swap(db: sqlite3.Connection, generation: schema.Generation) -> None:
    """Search this generation from now on, and keep the one that was searched."""
    db.execute("UPDATE generation SET state = ? WHERE state = ?", (schema.RETIRED, schema.LIVE))
    if generation.state == schema.BUILDING:
        db.execute("UPDATE generation SET built = datetime('now') WHERE id = ?", (generation.number,))
    db.execute("UPDATE generation SET state = ? WHERE id = ?", (schema.LIVE, generation.number))
    # From here on it says what the one that was searched before has not heard of.
    db.execute("DELETE FROM changed")


def note_changed(db: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Remember what changed, where another generation than the live one will want to know of it."""
    if any(one.state in NOTED for one in schema.generations(db)):
        db.executemany("INSERT OR IGNORE INTO changed VALUES (?)", [(one,) for one in ids])


def keys_in(backend: SQLiteBackend, generation: schema.Generation, model: str) -> Iterator[int]:
    """The keys of a model's documents in one generation, ascending, some thousands at a time."""
    last = -1
    while True:
        with backend.file.reading() as db:
            page = db.execute(
                f"SELECT key FROM {generation.doc} WHERE ct = ? AND key > ? ORDER BY key LIMIT 5000",  # noqa: S608
                (model, last),
            ).fetchall()
        if not page:
            return
        last = page[-1][0]
        yield from (key for (key,) in page)


def bookmark_of(backend: SQLiteBackend) -> Bookmark | None:
    """How far the rebuild had come that was broken off, if one was and nobody goes on with it yet."""
    with backend.file.reading() as db:
        try:
            rows = db.execute(
                "SELECT b.written FROM bookmark b JOIN generation g ON g.id = b.generation WHERE g.state = ?",
                (schema.BUILDING,),
            ).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise
    return json.loads(rows[-1][0]) if rows else None


def drop_all(backend: SQLiteBackend, *states: str) -> None:
    """Delete the generations in these states, table by table, so that writers get their turn."""
    with backend.file.writing() as db:
        leaving = [one for one in schema.generations(db) if one.state in states]
        for generation in leaving:
            db.execute("UPDATE generation SET state = ? WHERE id = ?", (_DROPPED, generation.number))
    for generation in leaving:
        for table in ("vocab", "original", "stored", "value", "word", "term"):
            with backend.file.writing() as db:
                db.execute(f"DROP TABLE IF EXISTS {getattr(generation, table)}")
        with backend.file.writing() as db:
            generation.drop(db)


def discard_left(backend: SQLiteBackend) -> None:
    """Clear away what a rebuild left that was broken off. RebuildRunningError if it goes on."""
    lock = RebuildLock(backend.file)
    lock.take()
    try:
        drop_all(backend, schema.BUILDING, _DROPPED)
    finally:
        lock.release()


def _states(known: Iterable[schema.Generation]) -> set[str]:
    return {one.state for one in known}
