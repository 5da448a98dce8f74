"""Test runs leave nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = """
import os, sys
from tests.scratch import scratch_folder
folder = scratch_folder()
(folder / "deeper").mkdir()
child = os.fork()
if not child:
    sys.exit()  # with all that is to be done at an exit
os.waitpid(child, 0)
print(folder.is_dir(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def start(tmp_path):
    """A process with a folder of its own, which ends when its input does."""
    started = []

    def begin() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            cwd=settings.BASE_DIR,
            env={"TMPDIR": str(tmp_path), "PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n", "a fork that ended took the folder with it"
        return process

    yield begin
    for process in started:
        process.communicate()


def folders(tmp_path: Path) -> int:
    return len(list(tmp_path.glob("archive-tests-*")))


def test_the_folder_goes_with_its_process(start, tmp_path):
    process = start()
    assert folders(tmp_path) == 1
    process.communicate()
    assert folders(tmp_path) == 0


def test_what_a_killed_process_left_is_removed_by_the_next_and_nothing_else(start, tmp_path):
    living, killed = start(), start()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert folders(tmp_path) == 2
    last = start()
    assert folders(tmp_path) == 2, "that of the killed one is gone"
    last.communicate()
    assert folders(tmp_path) == 1
    living.communicate()
    assert folders(tmp_path) == 0


def test_this_run_has_its_own():
    assert (Path(settings.DATA_DIR) / "held").exists()
