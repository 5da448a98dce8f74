"""A throw-away PostgreSQL cluster for tests and development; ``make services`` calls it."""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from service_tools import Note, UnavailableError, free_port, unprivileged_user

HINT = (
    "install it (Debian: apt-get install postgresql; macOS: brew install postgresql) or set TEST_DATABASE_URL"
)


def programs_folder() -> Path:
    """The folder with initdb and pg_ctl; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if not found:
        raise UnavailableError(f"PostgreSQL is not installed; {HINT}")
    return max(found, key=lambda folder: float(re.sub(r"[^0-9.]", "", folder.parent.name) or 0))


def run_as(user: str | None, command: list[str], folder: Path) -> None:
    """Run a program in ``folder``; its output is shown only if it fails."""
    options: dict[str, Any] = {}
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
            **options,
        )
        if result.returncode:
            log.seek(0)
            raise UnavailableError(
                f"{command[0]} failed with {result.returncode}: {log.read().strip()[-2000:]}"
            )


def start() -> Note:
    """A new cluster; returns its address, its folder and how to stop it."""
    programs, user = programs_folder(), unprivileged_user()
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


def stop(note: Note) -> None:
    """End the cluster that the note tells of, and remove its folder."""
    folder = Path(note["folder"])
    if (folder / "cluster" / "postmaster.pid").exists():
        run_as(
            note["user"] or None,
            [note["pg_ctl"], "-D", str(folder / "cluster"), "-m", "immediate", "-w", "stop"],
            folder,
        )
    shutil.rmtree(folder, ignore_errors=True)


def is_running(note: Note) -> bool:
    """Whether the server that the note tells of still answers."""
    port = int(note["TEST_DATABASE_URL"].rsplit(":", 1)[1].split("/")[0])
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
