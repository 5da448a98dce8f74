"""The engines under test, and in one place what only some of them can."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.sqlite import SQLiteEngine
from tests.search.catalogue.indexes import CatalogueIndex


class CatalogueSQLiteEngine(SQLiteEngine):
    unified_index = CatalogueIndex


class CatalogueElasticsearchEngine(ElasticsearchEngine):
    unified_index = CatalogueIndex


def nothing_left(backend: Any) -> None:
    pass


@dataclass(frozen=True)
class EngineUnderTest:
    """``options``: of a connection of its own, given a folder. ``discard`` removes what that left elsewhere.

    ``can``: capabilities that the shared suite asks for only where they are named here.
    """

    name: str
    engine: str
    options: Callable[[Path], dict[str, Any]]
    discard: Callable[[Any], None] = nothing_left
    can: frozenset[str] = frozenset()


#: Searched in the forms of other languages than English; tolerant of typing errors unasked.
LANGUAGE_ANALYSIS, TYPING_ERRORS = "language analysis", "typing errors"


def in_a_file(folder: Path) -> dict[str, Any]:
    return {"PATH": str(folder / "index.sqlite3")}


def on_the_server(folder: Path | None = None) -> dict[str, Any]:
    """The server that TEST_ELASTICSEARCH_URL names, and an index of its own on it."""
    address = urlsplit(os.environ["TEST_ELASTICSEARCH_URL"])
    return {
        "URL": [f"{address.scheme}://{address.hostname}:{address.port}"],
        "INDEX_NAME": f"test-{secrets.token_hex(8)}",
        **({"BASIC_AUTH": (address.username, address.password)} if address.username else {}),
        "CA_FILE": os.environ.get("TEST_ELASTICSEARCH_CA_FILE", ""),
        "TIMEOUT": 30,
    }


def drop_indices(backend: Any) -> None:
    backend.indices.drop(generation.name for generation in backend.indices.generations())


SQLITE = EngineUnderTest("sqlite", f"{__name__}.CatalogueSQLiteEngine", in_a_file)
ELASTICSEARCH = EngineUnderTest(
    "elasticsearch",
    f"{__name__}.CatalogueElasticsearchEngine",
    on_the_server,
    drop_indices,
    frozenset({LANGUAGE_ANALYSIS}),
)
ENGINES = (SQLITE, pytest.param(ELASTICSEARCH, marks=pytest.mark.elasticsearch))
