"""Every test here runs on every engine named in ``tests.search.catalogue.engines``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from haystack import connections

from search.queryset import ArchiveQuerySet
from tests.search.catalogue.engines import ENGINES, EngineUnderTest
from tests.search.catalogue.indexes import NoteIndex, ReportIndex
from tests.search.catalogue.records import NOTES, RECORDS, Record


def connect(alias: str, engine: EngineUnderTest, folder: Path) -> Any:
    """A Haystack connection of its own, and its backend."""
    connections.connections_info[alias] = {
        "ENGINE": engine.engine,
        "SILENTLY_FAIL": False,
        **engine.options(folder),
    }
    return connections.reload(alias).get_backend()


def disconnect(alias: str, engine: EngineUnderTest | None = None) -> None:
    """Forget a connection, and what its engine kept elsewhere."""
    if engine is not None:
        engine.discard(connections[alias].get_backend())
    connections[alias].reset_sessions()
    del connections.connections_info[alias]
    del connections.thread_local.connections[alias]


def fill(backend: Any) -> None:
    backend.clear()
    backend.update(ReportIndex(), [record.as_report() for record in RECORDS])
    backend.update(NoteIndex(), NOTES)


@pytest.fixture(scope="session", params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> EngineUnderTest:
    return request.param


@pytest.fixture(scope="session")
def filled(engine: EngineUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The alias of a connection whose index holds all the records; nobody writes to it."""
    alias = f"contract_{engine.name}"
    fill(connect(alias, engine, tmp_path_factory.mktemp(alias)))
    yield alias
    disconnect(alias, engine)


@pytest.fixture
def search(filled: str) -> ArchiveQuerySet:
    """A search of the filled index."""
    return ArchiveQuerySet(using=filled)


@pytest.fixture
def own(engine: EngineUnderTest, tmp_path: Path) -> Iterator[Callable[[], ArchiveQuerySet]]:
    """An empty index that the test may write to: call it for a search; ``own.backend`` writes."""
    alias = f"own_{engine.name}"
    backend = connect(alias, engine, tmp_path)
    backend.clear()

    def begin() -> ArchiveQuerySet:
        return ArchiveQuerySet(using=alias)

    begin.backend = backend  # type: ignore[attr-defined]
    begin.alias = alias  # type: ignore[attr-defined]
    yield begin
    disconnect(alias, engine)


def keys(results: ArchiveQuerySet) -> set[int]:
    """Which reports were found."""
    return {int(result.pk) for result in results[:] if result.model_name == "report"}


def where(predicate: Callable[[Record], bool]) -> set[int]:
    """Which reports should be found. Never none: a test that expects nothing says so itself."""
    found = {record.pk for record in RECORDS if predicate(record)}
    assert found, "no record meets the predicate, so the test would show nothing"
    return found
