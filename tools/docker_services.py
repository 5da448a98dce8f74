"""The same servers from compose.services.yaml, where a Docker engine answers; ``make services`` calls it."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from service_tools import Note, UnavailableError

FILE = Path(__file__).resolve().parent.parent / "compose.services.yaml"
DOCKER = shutil.which("docker") or ""
ADDRESSES = {
    "postgresql": ("5432", "TEST_DATABASE_URL", "postgres://archive:{password}@{host}/postgres"),
    "elasticsearch": ("9200", "TEST_ELASTICSEARCH_URL", "http://elastic:{password}@{host}"),
}


def answers() -> bool:
    """Whether there is a Docker engine here, with Compose."""
    if not DOCKER:
        return False
    for command in ([DOCKER, "info"], [DOCKER, "compose", "version"]):
        if subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode:
            return False
    return True


def start(service: str) -> Note:
    """A new server; returns its address and its Compose project, one for each server."""
    port, variable, address = ADDRESSES[service]
    note = {"project": f"archive-{service}-{secrets.token_hex(4)}", "password": secrets.token_hex(12)}
    try:
        _compose(note, "up", "--detach", "--wait", service)
        host = _compose(note, "port", service, port).strip()
    except UnavailableError:
        stop(note)
        raise
    return {**note, variable: address.format(password=note["password"], host=host)}


def is_running(note: Note) -> bool:
    try:
        return bool(_compose(note, "ps", "--status", "running", "--quiet").strip())
    except UnavailableError:
        return False


def stop(note: Note) -> None:
    """End the server that the note tells of, and remove what it kept."""
    _compose(note, "down", "--volumes")


def _compose(note: Note, *arguments: str) -> str:
    result = subprocess.run(
        [DOCKER, "compose", "--project-name", note["project"], "--file", str(FILE), *arguments],
        env={**os.environ, "SERVICES_PASSWORD": note["password"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise UnavailableError(f"docker compose {arguments[0]} failed: {result.stderr.strip()[-2000:]}")
    return result.stdout
