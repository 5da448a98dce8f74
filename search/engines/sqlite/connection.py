"""Connections to the index file: one a thread and process, opened anew where the file was replaced."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from search.engines.errors import (
    EngineError,
    IndexBusyError,
    IndexLockedError,
    IndexDamagedError,
    IndexMissingError,
    IndexUnusableError,
    SearchTimeoutError,
)

REBUILD = "run `manage.py rebuild_index`"
# What SQLite says of a file that it cannot make sense of: primary result codes, the low byte of any code.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_REFUSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_FULL}
#: The main file first: whoever has it open sees that it was moved, and leaves the names of the others alone.
_FILES = ("", "-wal", "-shm")
#: Virtual-machine steps of SQLite between two looks at the clock.
_STEPS = 20_000


class _Local(threading.local):
    """What this thread holds open: path -> (process, file identity, connection)."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[int, tuple[int, int], sqlite3.Connection]] = {}


_local = _Local()
# After a fork the child must neither use nor close what its parent opened; kept here, nothing closes it.
_inherited: list[sqlite3.Connection] = []


class IndexFile:
    """The file that holds the index. Transactions give their connection; errors come typed."""

    def __init__(self, path: str, timeout: float) -> None:
        self.path = str(path)
        self.timeout = timeout

    def exists(self) -> bool:
        return Path(self.path).is_file()

    def create(self) -> None:
        """An empty file in WAL mode, if there is none."""
        with self._errors():
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self.path, timeout=self.timeout, isolation_level=None)
            try:
                db.execute("PRAGMA journal_mode=WAL")
            finally:
                db.close()

    def verify(self) -> None:
        """Read every page of the file. IndexDamagedError where one is not what it should be."""
        with self._errors():
            (found,) = self._connection().execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise self._damaged(found)

    def set_aside(self) -> Path:
        """Move a damaged file out of the way, to the place of an earlier one; where it is now.

        Whoever has it open finds another file, or none, under its name at the next question.
        """
        self.close()
        aside = Path(f"{self.path}.damaged")
        with self._errors():
            for ending in _FILES:
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{self.path}{ending}").replace(f"{aside}{ending}")
        return aside

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One snapshot of the index, whatever is written meanwhile, for at most the time limit."""
        with self._errors():
            db = self._connection()
            deadline = time.monotonic() + self.timeout
            db.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
            try:
                db.execute("BEGIN")
                yield db
            finally:
                db.set_progress_handler(None, 0)
                if db.in_transaction:
                    db.execute("ROLLBACK")

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is written inside; waits its turn for at most the time limit."""
        with self._errors():
            db = self._connection()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    @contextlib.contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Another time limit meanwhile, for this thread."""
        usual = self.timeout
        self._be_patient(seconds)
        try:
            yield
        finally:
            self._be_patient(usual)

    def _be_patient(self, seconds: float) -> None:
        self.timeout = seconds
        held = _local.open.get(self.path)
        if held is not None and held[0] == os.getpid():
            held[2].execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def close(self) -> None:
        """Let go of this thread's connection."""
        held = _local.open.pop(self.path, None)
        if held is not None:
            _let_go(held)

    def _connection(self) -> sqlite3.Connection:
        try:
            status = Path(self.path).stat()
        except FileNotFoundError as error:
            self.close()
            raise IndexMissingError(f"there is no search index at {self.path}; {REBUILD}") from error
        identity = (status.st_dev, status.st_ino)
        held = _local.open.get(self.path)
        if held is not None:
            if held[:2] == (os.getpid(), identity):
                return held[2]
            self.close()
        db = self._opened()
        _local.open[self.path] = (os.getpid(), identity, db)
        return db

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            f"{Path(self.path).absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=self.timeout,
            isolation_level=None,
            cached_statements=256,
        )
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("PRAGMA temp_store=MEMORY")
            db.execute("PRAGMA cache_size=-32000")
            db.execute("PRAGMA mmap_size=268435456")
            db.execute("PRAGMA journal_size_limit=67108864")
        except sqlite3.Error:
            db.close()
            raise
        return db

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise self._typed(error) from error
        except (sqlite3.DatabaseError, zlib.error, json.JSONDecodeError) as error:
            raise self._damaged(error) from error
        except OSError as error:
            raise self._refused(error) from error

    def _damaged(self, reason: object) -> IndexDamagedError:
        return IndexDamagedError(f"the search index {self.path} is damaged ({reason}); {REBUILD}")

    def _refused(self, reason: object) -> IndexUnusableError:
        return IndexUnusableError(
            f"the search index {self.path} cannot be used ({reason}); "
            "see that this user may write the file and its folder, and that the disk has room"
        )

    def _typed(self, error: sqlite3.OperationalError) -> EngineError:
        reason = str(error)
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            return self._damaged(reason)
        if "interrupted" in reason:
            return SearchTimeoutError(f"the search took longer than {self.timeout:g} seconds")
        if "locked" in reason or "busy" in reason:
            return IndexLockedError(
                f"the search index {self.path} was held by another process for {self.timeout:g} seconds"
            )
        if not self.exists():
            return IndexMissingError(f"there is no search index at {self.path}; {REBUILD}")
        if code in _REFUSED:
            return self._refused(reason)
        return IndexUnusableError(f"the search index {self.path} cannot be used ({reason}); {REBUILD}")


def _let_go(held: tuple[int, tuple[int, int], sqlite3.Connection]) -> None:
    process, _identity, db = held
    if process == os.getpid():
        db.close()
    else:
        _inherited.append(db)
