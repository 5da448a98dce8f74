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

from search.breaker import Breaker
from search.engines.errors import (
    EngineError,
    EngineRestingError,
    IndexBusyError,
    IndexDamagedError,
    IndexLockedError,
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
#: Seconds for which a reader waits for a lock.
_READERS_PATIENCE = 2.0


class _Local(threading.local):
    """What this thread holds open: path -> (process, file identity, connection)."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[int, tuple[int, int], sqlite3.Connection]] = {}


_local = _Local()
# After a fork the child must neither use nor close what its parent opened; kept here, nothing closes it.
_inherited: list[sqlite3.Connection] = []
#: One for each process, file and pause.
_breakers: dict[tuple[int, str, float], Breaker] = {}
_making = threading.Lock()


class IndexFile:
    """The file that holds the index. Transactions give their connection; errors come typed.

    ``timeout``: seconds for whatever is done with it; ``pause``: for which no reader waits again after one
    waited in vain.
    """

    def __init__(self, path: str, timeout: float, pause: float = 5) -> None:
        self.path = str(path)
        self.timeout = timeout
        self.pause = pause
        self._patience = timeout  # with locks
        self._is_trying = False

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
    def answering(self) -> Iterator[sqlite3.Connection]:
        """``reading`` for somebody who waits; EngineRestingError at once where it was in vain a moment ago."""
        breaker = self.breaker
        if not self._is_trying and not breaker.leave().granted:
            raise EngineRestingError(
                f"the search index {self.path} was held by another process a moment ago, and is left alone "
                f"for {self.pause:g} seconds"
            )
        try:
            # Nobody but a repair or a copy ever locks readers out, and these take their time.
            self._be_patient(min(self.timeout, _READERS_PATIENCE))
            with self.reading() as db:
                yield db
        except IndexBusyError as error:
            breaker.failed(str(error))
            raise
        except SearchTimeoutError as error:
            breaker.failed(str(error), 1)
            raise
        except BaseException:
            breaker.succeeded()  # whatever it was, nobody had to wait for it
            raise
        else:
            breaker.succeeded()
        finally:
            self._be_patient(self.timeout)

    @property
    def breaker(self) -> Breaker:
        """Shared by the threads of a process."""
        key = (os.getpid(), self.path, self.pause)
        with _making:
            if key not in _breakers:
                _breakers[key] = Breaker(f"the search index {self.path}", self.pause)
            return _breakers[key]

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
    def time_limit(self, seconds: float, *, even_if_down: bool = False) -> Iterator[None]:
        """Another time limit meanwhile, for this thread. ``even_if_down``: whatever became of others."""
        usual, was_trying = self.timeout, self._is_trying
        self.timeout, self._is_trying = seconds, was_trying or even_if_down
        self._be_patient(seconds)
        try:
            yield
        finally:
            self.timeout, self._is_trying = usual, was_trying
            self._be_patient(usual)

    def _be_patient(self, seconds: float) -> None:
        self._patience = seconds
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
            timeout=self._patience,
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
        except (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a mistake in what was asked or written, and none of the file's
        except sqlite3.DatabaseError as error:
            raise self._typed(error) from error
        except (zlib.error, json.JSONDecodeError) as error:
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

    def _typed(self, error: sqlite3.DatabaseError) -> EngineError:
        reason = str(error)
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            return self._damaged(reason)
        if "interrupted" in reason:
            return SearchTimeoutError(f"the search took longer than {self.timeout:g} seconds")
        if "locked" in reason or "busy" in reason:
            return IndexLockedError(
                f"the search index {self.path} was held by another process for {self._patience:g} seconds"
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
