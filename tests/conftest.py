"""What the tests need of the machine, and a loud word where it is missing."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from haystack import connections

from tests.search.engines_of_site import SITE_ENGINES, site_on

CHROMIUM, CHROMEDRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
_MISSING: dict[str, str] = {}


def _chromium() -> str:
    if Path(CHROMIUM).exists() and Path(CHROMEDRIVER).exists():
        return ""
    if shutil.which("chromium") and shutil.which("chromedriver"):
        return ""
    return "Chromium and chromedriver are not installed (Debian: apt-get install chromium chromium-driver)"


def _elasticsearch() -> str:
    if os.environ.get("TEST_ELASTICSEARCH_URL"):
        return ""
    return "no Elasticsearch is named by TEST_ELASTICSEARCH_URL; `make test` and `make services` start one"


def compose_command() -> list[str]:
    """Docker Compose, by itself or as a part of the client; it reads its files without an engine. Empty: none."""
    for command in (["docker", "compose"], ["docker-compose"]):
        found = shutil.which(command[0])
        if found and subprocess.run([*command, "version"], capture_output=True).returncode == 0:
            return command
    return []


def _compose() -> str:
    return (
        ""
        if compose_command()
        else "Docker Compose is not installed (Debian: apt-get install docker-compose)"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked ``both_engines`` runs on the embedded engine, and once more on a real Elasticsearch."""
    if metafunc.definition.get_closest_marker("both_engines"):
        metafunc.fixturenames.insert(0, "site_engine")
        metafunc.parametrize("site_engine", SITE_ENGINES, indirect=True, scope="module")


@pytest.fixture(scope="module")
def site_engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine behind the site: "sqlite", or where the test is marked for both, "elasticsearch" too.

    What fills the index once for a module asks for this fixture, so that it does so for each engine.
    """
    name = getattr(request, "param", "sqlite")
    with site_on(name):
        yield name


@pytest.fixture
def engine_fails(site_engine: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Call it with the error that every search ends in from now on."""

    def fails_with(error: Exception) -> None:
        def fail(*arguments: object, **options: object) -> None:
            raise error

        monkeypatch.setattr(connections["default"].get_backend().__class__, "search", fail)

    return fails_with


@pytest.fixture(scope="module", autouse=True)
def no_index_yet() -> None:
    """Every module begins without a search index, so that none leans on what another left behind."""
    index = getattr(connections["default"].get_backend(), "file", None)
    if index is None:
        return  # of a module's tests those with a server alone were asked for: their index is their own
    index.close()
    path = Path(index.path)
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def _emptying(item: pytest.Item) -> int:
    """2 for a test after which the database is empty, 1 for one that fills it with the migrations' records first."""
    marker = item.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        return 0
    return 1 if marker.kwargs.get("serialized_rollback") else 2


# Behind -m, so that what nobody asked for is not missing; behind pytest's own order, which keeps together what
# shares a fixture of its module.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run: loudly, and in CI not at all. What empties the database comes last."""
    items.sort(key=_emptying)
    reasons = {"browser": _chromium(), "elasticsearch": _elasticsearch(), "compose": _compose()}
    for item in items:
        if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
            # Not a gap: `make test` runs these in its pass on a real server.
            item.add_marker(pytest.mark.skip(reason="runs in the pass on PostgreSQL"))
        for marker, reason in reasons.items():
            if reason and item.get_closest_marker(marker):
                _MISSING[marker] = reason
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _MISSING and os.environ.get("CI") == "true":
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for marker, reason in _MISSING.items():
        terminalreporter.write_sep("!", f"NOT RUN: the {marker} tests")
        terminalreporter.write_line(reason)
