"""Filling a new generation beside the live one, and the one step that puts it in its place."""

from __future__ import annotations

import fcntl
import logging
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from haystack.indexes import SearchIndex

from search.engines.errors import (
    EngineError,
    IndexDamagedError,
    IndexingReport,
    IndexMissingError,
    IndexUnusableError,
    RebuildRunningError,
)
from search.engines.sqlite import schema
from search.engines.sqlite.writer import Memory, Writer

if TYPE_CHECKING:
    from search.engines.sqlite.engine import SQLiteBackend

log = logging.getLogger(__name__)


class Rebuild:
    """A rebuild of the whole index. Searches see the old generation until ``commit``, then the new.

        with backend.rebuild() as rebuild:
            rebuild.add(index, objects)
            rebuild.commit()

    What is updated or removed meanwhile goes into both generations and is not overwritten by what
    this rebuild had read before. A lock that the system takes back from a dead process keeps a second
    rebuild out; what a killed one leaves is cleared away by the next. A damaged file is moved
    aside and a new one begun: until ``commit`` searches fall back as where there is no index.
    """

    def __init__(self, backend: SQLiteBackend) -> None:
        self.backend = backend
        self.file = backend.file
        self.report = IndexingReport()
        self._lock: IO[str] | None = None
        self._generation: schema.Generation | None = None
        self._memory = Memory()

    def __enter__(self) -> Self:
        self._take_lock()
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
            self._release_lock()
            raise
        return self

    def _begin(self) -> schema.Generation:
        """Empty tables for the new generation. IndexDamagedError for a file that could not carry them."""
        self.file.create()
        # Damage in the old tables would come to light only when they are dropped, after all the work.
        self.file.verify()
        with self.file.writing() as db:
            schema.prepare_file(db)
            for left in schema.generations(db):
                if left.state != schema.LIVE:
                    left.drop(db)
            db.execute("DELETE FROM changed")
            return schema.new_generation(db, schema.layout_of(self.backend.described), schema.BUILDING)

    def add(self, index: SearchIndex, objects: Iterable[Any]) -> IndexingReport:
        """Index these objects. One that cannot be indexed is reported, and the others go on."""
        report = IndexingReport()
        generation = self._own()
        for rows in self.backend.prepared(index, objects, generation.layout, report):
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
        self.report.extend(report)
        return report

    def commit(self) -> None:
        """Put the new generation in the place of the old, then clear the old away."""
        generation = self._own()
        self._merge(generation)
        with self.file.writing() as db:
            self._check(db)
            db.execute("UPDATE generation SET state = ? WHERE state = ?", (schema.RETIRED, schema.LIVE))
            db.execute(
                "UPDATE generation SET state = ?, built = datetime('now') WHERE id = ?",
                (schema.LIVE, generation.number),
            )
            db.execute("DELETE FROM changed")
        self._generation = None
        self._drop(schema.RETIRED)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._generation is not None and self.file.exists():
                self._drop(schema.BUILDING)
        finally:
            self._generation = None
            self._release_lock()

    def _drop(self, state: str) -> None:
        with self.file.writing() as db:
            for generation in schema.generations(db):
                if generation.state == state:
                    generation.drop(db)

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

    def _take_lock(self) -> None:
        path = Path(f"{self.file.path}.rebuilding")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = path.open("w", encoding="ascii")
        except OSError as error:
            raise IndexUnusableError(
                f"the search index {self.file.path} cannot be built there ({error}); "
                "see that this user may write to its folder"
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise RebuildRunningError(
                f"another rebuild of {self.file.path} is under way; wait for it to end"
            ) from error
        self._lock = lock

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
