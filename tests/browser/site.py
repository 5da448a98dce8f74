"""The site as `make run` serves it, in a process of its own, with the sample archive, for browser tests."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Site:
    """A running site: its address, and the demonstration's curator."""

    url: str
    curator: str
    password: str
    environment: dict[str, str]

    def manage(self, *arguments: str, given: str | None = None) -> str:
        """Run a management command on this site, with ``given`` on its standard input; returns what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            input=given,
        ).stdout


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(url: str, server: subprocess.Popen, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310
            return
        if server.poll() is not None:
            raise RuntimeError(f"gunicorn ended with {server.returncode}")
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer within {seconds} seconds")


@contextlib.contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Prepare a site in ``folder`` and serve it on a free port until the block ends."""
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "PYTHONPATH")
        },
        "HTTPS": "0",
        "SECRET_KEY": "a-key-for-tests-only",
        "DATA_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
    }
    site = Site("", "", "", environment)
    printed = site.manage("prepare_demo", "--static")
    login = re.search(r"as (\S+) with the password (\S+)", printed)
    assert login, printed
    url = f"http://127.0.0.1:{_free_port()}"
    bind = url.removeprefix("http://")
    command = [sys.executable, "-m", "gunicorn", "archive_site.wsgi", "--bind", bind, "--threads", "4"]
    with subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=environment) as server:
        try:
            _wait_until_it_answers(url, server)
            yield Site(url, login[1], login[2], environment)
        finally:
            server.terminate()
