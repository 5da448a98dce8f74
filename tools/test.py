#!/usr/bin/env python3
"""Run every test that this machine can run, and say loudly which it could not; `make test`.

First everything on SQLite; then, on a real PostgreSQL, all that touches a database.
With CI=true, what cannot run fails the run. Arguments go to pytest.
"""

import os
import subprocess
import sys

import services

# What touches no database, or opens a browser, says nothing new on a second database.
ONCE_IS_ENOUGH = ["--ignore=tests/dates", "--ignore=tests/browser", "-m", "not browser"]


def run(database: str, arguments: list[str]) -> int:
    """Run pytest on the database with this address; empty is SQLite."""
    print(
        f"\nThe tests on {'PostgreSQL' if database else 'SQLite'}: pytest {' '.join(arguments)}", flush=True
    )
    environment = {**os.environ, "TEST_DATABASE_URL": database}
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode


def main() -> int:
    arguments = sys.argv[1:]
    failed = run("", arguments)
    leave_running = services.noted()
    try:
        database = services.start()["TEST_DATABASE_URL"]
    except services.UnavailableError as problem:
        print(f"\n{'!' * 78}\nNOT RUN on PostgreSQL: {problem}\n{'!' * 78}", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else failed
    try:
        return run(database, [*ONCE_IS_ENOUGH, *arguments]) or failed
    finally:
        if not leave_running:
            services.stop()


if __name__ == "__main__":
    sys.exit(main())
