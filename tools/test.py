#!/usr/bin/env python3
"""Run every test that this machine can run, and say loudly which it could not; `make test`.

Everything on SQLite and with a real Elasticsearch beside the embedded search engine; at the same time, on a
real PostgreSQL, all that touches a database, of which is told when the first is done. With CI=true, what
cannot run fails the run. Arguments go to pytest.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO
from xml.etree import ElementTree

import services

# What touches no database, or opens a browser, says nothing new on a second database.
ONCE_IS_ENOUGH = ["--ignore=tests/dates", "--ignore=tests/browser", "-m", "not browser and not elasticsearch"]

# Of what a failed test said, told once more at the very end.
LINES_TOLD = 25
# pytest's word for "tests ran, and some failed".
TESTS_FAILED = 1
FEW = 5
ONLY_THE_FAILED = ["--last-failed", "--last-failed-no-failures=none"]


def run(arguments: list[str], told: list[str], output: TextIO, **environment: str) -> int:
    """Run pytest, its lines into ``output``; an empty TEST_DATABASE_URL is SQLite. What failed is added to ``told``.

    A few failures among thousands are tried once more by themselves: real servers and a real browser on a
    busy machine can stumble. What then passes is named as unsteady; what fails again has failed.
    """
    database = "PostgreSQL" if environment["TEST_DATABASE_URL"] else "SQLite"
    with tempfile.TemporaryDirectory() as folder:
        # A cache of its own: what failed is then what failed here, whatever else runs in this checkout.
        arguments = ["-o", f"cache_dir={folder}/cache", *arguments]
        status, failed = pytest(arguments, database, environment, output)
        told += [f"FAILED on {database}, {failure}" for failure in failed]
        if status == TESTS_FAILED and len(failed) <= FEW:
            status, failed = pytest([*arguments, *ONLY_THE_FAILED], database, environment, output)
            told += [f"FAILED AGAIN on {database}, {failure.splitlines()[0]}" for failure in failed]
            if status == 0:
                told.append(f"UNSTEADY on {database}: at the second try, all that failed has passed")
        elif status:
            told.append(f"FAILED on {database}: pytest ended with status {status}")
    return status


def pytest(
    arguments: list[str], database: str, environment: dict[str, str], output: TextIO
) -> tuple[int, list[str]]:
    """The exit status, and each test that failed with what it said."""
    print(f"\nThe tests on {database}: pytest {' '.join(arguments)}", file=output, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        status = subprocess.run(
            [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments],
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        ).returncode
        return status, list(failures(report))


def failures(report: Path) -> Iterator[str]:
    """Each test that failed, with the end of what it said."""
    if not report.exists():
        return
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - written by our own pytest
        for kind in ("failure", "error"):
            for found in case.findall(kind):
                said = "\n".join((found.text or "").splitlines()[-LINES_TOLD:])
                yield f"{case.get('classname')}::{case.get('name')}\n{said}"


@contextlib.contextmanager
def wanted(service: str) -> Iterator[dict[str, str] | None]:
    """The server, or None and a loud word where it cannot be had."""
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(services.running(service))
        except services.UnavailableError as problem:
            shouted = "!" * 78
            print(
                f"\n{shouted}\nNOT RUN on {services.TITLES[service]}: {problem}\n{shouted}", file=sys.stderr
            )
            found = None
        yield found


def main() -> int:
    arguments = sys.argv[1:]
    told: list[str] = []
    with (
        wanted("elasticsearch") as engine,
        wanted("postgresql") as database,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as aside,
        ThreadPoolExecutor() as passes,
    ):
        second = None
        if database is not None:
            again = [*ONCE_IS_ENOUGH, *arguments]
            second = passes.submit(run, again, told, aside, **database, TEST_ELASTICSEARCH_URL="")
        failed = run(arguments, told, sys.stdout, **(engine or {}), TEST_DATABASE_URL="")
        if second is not None:
            failed = second.result() or failed
            aside.seek(0)
            shutil.copyfileobj(aside, sys.stdout)
        missing = engine is None or database is None
    # The first run's failures stand far above the second run's lines, and a log may be cut.
    for line in told:
        print(f"\n{line}", flush=True)
    return 1 if missing and os.environ.get("CI") == "true" else failed


if __name__ == "__main__":
    sys.exit(main())
