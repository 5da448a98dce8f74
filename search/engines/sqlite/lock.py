"""One rebuild at a time: a lock that the system takes back from a process that dies."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from search.engines.errors import IndexUnusableError, RebuildRunningError
from search.engines.sqlite.connection import IndexFile


class RebuildLock:
    """Held by whoever puts another generation in the place of the live one."""

    def __init__(self, file: IndexFile) -> None:
        self.file = file
        self._held: IO[str] | None = None

    def take(self) -> None:
        """RebuildRunningError where somebody has it."""
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
        self._held = lock

    def release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
