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


def test_every_setting_for_operators_reaches_the_site():
    table = (settings.BASE_DIR / "docs" / "operations.md").read_text().partition("## Settings")[2]
    rows = re.findall(r"^\| (`[A-Z].*?) \|", table.partition("\n## ")[0], re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    # The image has its folders, and what reaches the other services stands in the file.
    settled = {"SECRET_KEY_FILE", "DEBUG", "DATA_DIR", "MEDIA_ROOT", "STATIC_ROOT", "CONN_MAX_AGE"}
    settled |= {"SEARCH_API_KEY", "SEARCH_CA_FILE"}
    site = (settings.BASE_DIR / "compose.yaml").read_text().partition("\nservices:")[0]
    given = set(re.findall(r"^    ([A-Z_]+): ", site, re.MULTILINE))
    assert len(listed) > 15
    assert listed - settled <= given


def test_the_site_waits_for_a_database_that_answers_others_and_for_no_search_engine():
    compose = (settings.BASE_DIR / "compose.yaml").read_text()
    # Postgres makes its first database with a server that listens on a socket alone, where pg_isready looks by itself.
    assert '"pg_isready", "-h", "127.0.0.1"' in compose
    assert "elasticsearch: { condition: service_healthy }" not in compose
