"""Folders of test runs: gone when the run ends, and when it was killed, at the next run's start."""

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "archive-tests-"
_HELD = "held"
_held: list[int] = []


def scratch_folder() -> Path:
    """A new folder for this process and its forks. The system takes back the hold of a process that is killed."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    new = folder / "new"
    hold = os.open(new, os.O_CREAT | os.O_RDWR)
    fcntl.flock(hold, fcntl.LOCK_EX)
    new.rename(folder / _HELD)  # only now for others to try
    _held.append(hold)
    atexit.register(_remove, folder, os.getpid())
    return folder


def sweep() -> None:
    """Remove the folders that nobody holds any more."""
    for hold in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{_HELD}"):
        with contextlib.suppress(OSError), hold.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(hold.parent, ignore_errors=True)


def _remove(folder: Path, process: int) -> None:
    # A fork that ends is not the end of the run.
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
