#!/usr/bin/env python3
"""Run every test that this machine can run, and say loudly which it could not; `make test`.

First everything, on SQLite and with a real Elasticsearch beside the embedded search engine; then, on a
real PostgreSQL, all that touches a database. With CI=true, what cannot run fails the run. Arguments go
to pytest.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import services

# What touches no database, or opens a browser, says nothing new on a second database.
ONCE_IS_ENOUGH = ["--ignore=tests/dates", "--ignore=tests/browser", "-m", "not browser and not elasticsearch"]


def run(arguments: list[str], **environment: str) -> int:
    """Run pytest; an empty TEST_DATABASE_URL is SQLite."""
    database = "PostgreSQL" if environment["TEST_DATABASE_URL"] else "SQLite"
    print(f"\nThe tests on {database}: pytest {' '.join(arguments)}", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], env={**os.environ, **environment}
    ).returncode


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
    missing = False
    with wanted("elasticsearch") as engine:
        missing |= engine is None
        failed = run(arguments, **(engine or {}), TEST_DATABASE_URL="")
    with wanted("postgresql") as database:
        missing |= database is None
        if database is not None:
            failed = run([*ONCE_IS_ENOUGH, *arguments], **database, TEST_ELASTICSEARCH_URL="") or failed
    return 1 if missing and os.environ.get("CI") == "true" else failed


if __name__ == "__main__":
    sys.exit(main())
