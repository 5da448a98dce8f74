"""What `make run` does before it serves."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


def asked(host: str, port: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "tools/check_port.py", host, port]
    return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)


@pytest.fixture
def listener():
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken


def test_a_taken_port_is_said_with_the_way_out(listener):
    port = listener.getsockname()[1]
    answer = asked("127.0.0.1", str(port))
    assert answer.returncode == 1
    assert f"Port {port} of 127.0.0.1 is taken" in answer.stderr
    assert f"make run PORT={port + 1}" in answer.stderr
    listener.close()
    assert asked("127.0.0.1", str(port)).returncode == 0


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", "http"), ("127.0.0.1", "0"), ("192.0.2.1", "8000")])
def test_what_nobody_can_serve_at_is_said(host, port):
    answer = asked(host, port)
    assert answer.returncode == 1
    assert "PORT=" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
@pytest.mark.parametrize("target", ["run", "dev"])
def test_make_looks_at_the_port_before_it_prepares(target):
    command = ["make", "--dry-run", target]
    planned = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    ).stdout
    assert 0 < planned.index("check_port") < planned.index("prepare_demo")
    assert planned.count("manage.py prepare_demo") == 1
    assert ("prepare_demo --static" in planned) == (target == "run")


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_the_key_is_made_once_also_where_the_path_has_a_space(tmp_path):
    folder = tmp_path / "My Archive"
    command = ["make", "secret-key", f"DATA_DIR={folder}", f"BIN={Path(sys.executable).parent}"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)
    key = (folder / "secret_key").read_text()
    assert len(key) > 50
    assert (folder / "secret_key").stat().st_mode & 0o077 == 0
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)
    assert (folder / "secret_key").read_text() == key


def test_a_site_on_sqlite_does_not_wait_for_the_client_of_another_engine(tmp_path):
    script = (
        "import sys, django; django.setup(); import archive_site.urls; from haystack import connections; "
        "connections['default'].get_backend(); sys.exit('elasticsearch' in sys.modules)"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "archive_site.settings",
        "SECRET_KEY": "a-key-for-tests-only",
        "DATA_DIR": str(tmp_path),
    }
    subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR, env=environment, check=True)
