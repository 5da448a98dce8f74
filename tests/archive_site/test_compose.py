"""compose.yaml, as far as no Docker engine is needed: it can be read, wants its secrets, and its commands run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import compose_command

SECRETS = {
    "SECRET_KEY": "k" * 60,
    "POSTGRES_PASSWORD": "abc123",
    "ELASTIC_PASSWORD": "abc123",
    "ALLOWED_HOSTS": "archive.example.org",
    "SERVICES_PASSWORD": "abc123",
}
COMMANDS = [
    json.loads(line)
    for line in re.findall(
        r"^    command: (\[.*\])$", (settings.BASE_DIR / "compose.yaml").read_text(), re.MULTILINE
    )
]


def config(file: str, secrets: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    command = [*compose_command(), "--file", file, "config", *arguments]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env={**kept, **secrets}, capture_output=True, text=True
    )


@pytest.mark.compose
@pytest.mark.parametrize(
    ("file", "services"),
    [
        ("compose.yaml", {"migrate", "web", "worker", "postgresql", "elasticsearch"}),
        ("compose.services.yaml", {"postgresql", "elasticsearch"}),
    ],
)
def test_it_can_be_read(file, services):
    read = config(file, SECRETS, "--services")
    assert read.returncode == 0, read.stderr
    assert set(read.stdout.split()) == services
    assert config(file, SECRETS, "--quiet").returncode == 0


@pytest.mark.compose
@pytest.mark.parametrize("missing", ["SECRET_KEY", "POSTGRES_PASSWORD", "ELASTIC_PASSWORD", "ALLOWED_HOSTS"])
def test_a_secret_that_is_missing_is_asked_for(missing):
    secrets = {name: value for name, value in SECRETS.items() if name != missing}
    read = config("compose.yaml", secrets, "--quiet")
    assert read.returncode != 0
    assert missing in read.stderr or "Missing mandatory value" in read.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_is_one_that_the_site_has(command, tmp_path):
    asked = [sys.executable, *command[1:], "--help"]
    if command[0] == "gunicorn":
        asked = [str(Path(sys.executable).with_name("gunicorn")), *command[1:], "--check-config"]
    environment = {**os.environ, "SECRET_KEY": SECRETS["SECRET_KEY"], "DATA_DIR": str(tmp_path)}
    ran = subprocess.run(asked, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_there_is_a_command_for_each_service_of_the_site():
    assert [command[0] for command in COMMANDS] == ["python", "gunicorn", "python"]
