#!/usr/bin/env python3
"""Start and stop the servers that tests and development need; `make services`, `make services-stop`.

A server that the environment names (TEST_DATABASE_URL) is used as it is. Otherwise
PostgreSQL is started as a throw-away cluster on a free port, by an unprivileged user,
in a folder of its own; what was started is noted under ``var/services`` of the
checkout, and only that is ever stopped. Standard library alone: it runs before
anything is installed.
"""

import argparse
import contextlib
import json
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

STATE = Path(__file__).resolve().parent.parent / "var" / "services"
POSTGRESQL_HINT = (
    "install it (Debian: apt-get install postgresql; macOS: brew install postgresql) or set TEST_DATABASE_URL"
)


class UnavailableError(Exception):
    """A server that cannot be had here, with what to do about it."""


def free_port() -> int:
    """A port on the loopback interface that nobody listens on now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgresql_programs() -> Path:
    """The folder with initdb and pg_ctl; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if not found:
        raise UnavailableError(f"PostgreSQL is not installed; {POSTGRESQL_HINT}")
    return max(found, key=lambda folder: float(re.sub(r"[^0-9.]", "", folder.parent.name) or 0))


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
        "PostgreSQL does not run as root and there is no user postgres or nobody; run as another user"
    )


def run_as(user: str | None, command: list[str], folder: Path) -> None:
    """Run a program in ``folder``; its output is shown only if it fails."""
    options: dict[str, object] = {}
    if user:
        entry = pwd.getpwnam(user)
        options = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    # A server that stays inherits the output: a file, so that nobody waits on a pipe for ever.
    with (folder / "start.log").open("w+") as log:
        result = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            **options,  # type: ignore[call-overload]
        )
        if result.returncode:
            log.seek(0)
            raise UnavailableError(
                f"{command[0]} failed with {result.returncode}: {log.read().strip()[-2000:]}"
            )


def start_postgresql() -> dict[str, str]:
    """A new cluster; returns its address, its folder and how to stop it."""
    programs, user = postgresql_programs(), unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="archive-postgresql-"))
    if user:
        shutil.chown(folder, user)
    password, port = secrets.token_hex(12), free_port()
    password_file = folder / "password"
    password_file.write_text(password)
    if user:
        shutil.chown(password_file, user)
    cluster = folder / "cluster"
    run_as(
        user,
        [
            str(programs / "initdb"),
            *("-D", str(cluster), "-U", "archive", "--pwfile", str(password_file)),
            *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        ],
        folder,
    )
    # A test cluster may lose everything in a crash; waiting for the disk would only cost time.
    settings = (
        f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    )
    run_as(
        user,
        [
            str(programs / "pg_ctl"),
            "-D",
            str(cluster),
            "-l",
            str(folder / "log"),
            "-w",
            "-o",
            settings,
            "start",
        ],
        folder,
    )
    return {
        "TEST_DATABASE_URL": f"postgres://archive:{password}@127.0.0.1:{port}/postgres",
        "folder": str(folder),
        "pg_ctl": str(programs / "pg_ctl"),
        "user": user or "",
    }


def stop_postgresql(note: dict[str, str]) -> None:
    """End the cluster that the note tells of, and remove its folder."""
    folder = Path(note["folder"])
    if (folder / "cluster" / "postmaster.pid").exists():
        run_as(
            note["user"] or None,
            [note["pg_ctl"], "-D", str(folder / "cluster"), "-m", "immediate", "-w", "stop"],
            folder,
        )
    shutil.rmtree(folder, ignore_errors=True)


def is_running(note: dict[str, str]) -> bool:
    """Whether the server that the note tells of still answers."""
    port = int(note["TEST_DATABASE_URL"].rsplit(":", 1)[1].split("/")[0])
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start() -> dict[str, str]:
    """What the tests need, as environment variables. Raises UnavailableError."""
    if os.environ.get("TEST_DATABASE_URL"):
        return {"TEST_DATABASE_URL": os.environ["TEST_DATABASE_URL"]}
    STATE.mkdir(parents=True, exist_ok=True)
    note_file = STATE / "postgresql.json"
    if note_file.exists():
        note = json.loads(note_file.read_text())
        if is_running(note):
            return {"TEST_DATABASE_URL": note["TEST_DATABASE_URL"]}
        stop_postgresql(note)
    note = start_postgresql()
    note_file.write_text(json.dumps(note))
    note_file.chmod(0o600)
    return {"TEST_DATABASE_URL": note["TEST_DATABASE_URL"]}


def noted() -> bool:
    """Whether ``make services`` has a server running that a test run must leave as it is."""
    note_file = STATE / "postgresql.json"
    return note_file.exists() and is_running(json.loads(note_file.read_text()))


def stop() -> int:
    """Stop what ``start`` noted; returns how many servers that were."""
    stopped = 0
    for note_file in sorted(STATE.glob("postgresql.json")):
        stop_postgresql(json.loads(note_file.read_text()))
        note_file.unlink()
        stopped += 1
    return stopped


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=("start", "stop"))
    action = parser.parse_args().action
    if action == "stop":
        print(f"Stopped {stop()} server(s).")
        return 0
    try:
        for name, value in start().items():
            print(f"export {name}={value}")
    except UnavailableError as problem:
        print(f"PostgreSQL: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
