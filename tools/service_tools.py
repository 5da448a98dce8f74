"""What starting any server takes: a port, somebody to run it as, and one error that says what is missing."""

import contextlib
import fcntl
import os
import pwd
import socket
from collections.abc import Iterator
from pathlib import Path

#: What is kept of a server that was started: its address as environment variables, and how to find it again.
Note = dict[str, str]


class UnavailableError(Exception):
    """A server that cannot be had here, with what to do about it."""


def free_port() -> int:
    """A port on the loopback interface that nobody listens on now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged_user() -> str | None:
    """Whom to start a server as: ourselves, or, since servers refuse root, somebody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise UnavailableError(
        "servers refuse to run as root, and there is no user postgres or nobody; run as another user"
    )


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process at a time is inside; the system takes the lock back from one that dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
