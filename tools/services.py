#!/usr/bin/env python3
"""Start and stop the servers that tests and development need; `make services`, `make services-stop`.

A server that the environment names (TEST_DATABASE_URL, TEST_ELASTICSEARCH_URL) is used as it is. Otherwise
it is started: by Docker Compose where a Docker engine answers, else from what this machine has, on a free
port, in a folder of its own. What was started is noted under ``var/services`` of the checkout, and only
that is ever stopped. Standard library alone: it runs before anything is installed.
"""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker_services
import elasticsearch_server
import postgresql_server
from service_tools import Note, UnavailableError, locked

STATE = Path(__file__).resolve().parent.parent / "var" / "services"
LOCAL: dict[str, Any] = {"postgresql": postgresql_server, "elasticsearch": elasticsearch_server}
NAMED = {"postgresql": "TEST_DATABASE_URL", "elasticsearch": "TEST_ELASTICSEARCH_URL"}
TITLES = {"postgresql": "PostgreSQL", "elasticsearch": "Elasticsearch"}


def start(service: str) -> dict[str, str]:
    """The environment variables by which tests find this server, started if need be. Raises UnavailableError."""
    if os.environ.get(NAMED[service]):
        return {name: value for name, value in os.environ.items() if name.startswith(NAMED[service][:-4])}
    with locked(STATE / f"{service}.lock"):
        note = _noted(service)
        if note is not None and not _is_running(service, note):
            _stop(service, note)
            note = None
        if note is None:
            note = docker_services.start(service) if docker_services.answers() else LOCAL[service].start()
            _note_file(service).touch(mode=0o600)
            _note_file(service).write_text(json.dumps(note))
    return {name: value for name, value in note.items() if name.startswith("TEST_")}


def stop(service: str) -> bool:
    """Stop what ``start`` noted; whether there was anything."""
    with locked(STATE / f"{service}.lock"):
        note = _noted(service)
        if note is None:
            return False
        _stop(service, note)
        _note_file(service).unlink()
    return True


@contextlib.contextmanager
def running(service: str) -> Iterator[dict[str, str]]:
    """The server while a test run needs it; one that ``make services`` keeps running stays as it is."""
    note = _noted(service)
    leave_running = note is not None and _is_running(service, note)
    try:
        yield start(service)
    finally:
        if not leave_running:
            stop(service)


def _note_file(service: str) -> Path:
    return STATE / f"{service}.json"


def _noted(service: str) -> Note | None:
    return json.loads(_note_file(service).read_text()) if _note_file(service).exists() else None


def _is_running(service: str, note: Note) -> bool:
    return (docker_services if "project" in note else LOCAL[service]).is_running(note)


def _stop(service: str, note: Note) -> None:
    (docker_services if "project" in note else LOCAL[service]).stop(note)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=("start", "stop"))
    parser.add_argument("services", nargs="*", choices=[*LOCAL, []], help="all of them if none is named")
    arguments = parser.parse_args()
    wanted = arguments.services or list(LOCAL)
    if arguments.action == "stop":
        print(f"Stopped {sum(stop(service) for service in wanted)} server(s).")
        return 0
    failed = 0
    for service in wanted:
        try:
            for name, value in start(service).items():
                print(f"export {name}={value}", flush=True)
        except UnavailableError as problem:
            print(f"{TITLES[service]}: {problem}", file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
