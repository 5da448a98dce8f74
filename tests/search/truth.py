"""Whether the index says what the database says: worked out here anew, not by what is being tested."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from haystack import connections

from archive_site.collections.models import Collection
from documents.models import Document
from people.models import Person
from search.dependences import index_for
from search.outbox import drain, hidden_ids
from search.queryset import ArchiveQuerySet


def backend() -> Any:
    return connections["default"].get_backend()


def indexed() -> dict[str, str]:
    """What the index has: stamp by id."""
    return {identifier: stored["stamp"] for identifier, stored in backend().documents(fields=("stamp",))}


def expected() -> dict[str, str]:
    """What it should have: every public record."""
    stamps = {}
    for model in (Collection, Document, Person):
        index = index_for(model)
        for record in index.records(model.objects.public().values_list("pk", flat=True)):
            prepared = index.full_prepare(record)
            stamps[prepared["id"]] = prepared["stamp"]
    return stamps


def is_true() -> bool:
    return indexed() == expected()


def start_true() -> None:
    """An index that holds what the database holds now, and an empty outbox."""
    backend().clear()
    drained = drain()
    assert not drained.error, drained.error
    assert not drained.failed, drained.failed
    assert is_true()


def found(**conditions: Any) -> list[str]:
    """The titles that a search for these fields finds, as a page would ask: what is hidden left out."""
    query = ArchiveQuerySet().exclude_ids(hidden_ids())
    return sorted(result.title for result in query.filter(**conditions)[:50])


def environment() -> dict[str, str]:
    """For a process of its own on the database and the index of this test."""
    url = f"sqlite:///{connection.settings_dict['NAME']}"
    if connection.vendor != "sqlite":
        parts = urlsplit(os.environ["TEST_DATABASE_URL"])
        url = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "archive_site.settings",
        "DATABASE_URL": url,
        **_search_environment(),
    }


def _search_environment() -> dict[str, str]:
    """For the engine that the site is on in this test."""
    options = connections.connections_info["default"]
    if "PATH" in options:
        return {"SEARCH_URL": f"sqlite:///{options['PATH']}"}
    scheme, _separator, host = options["URL"][0].partition("://")
    signed = ":".join(options.get("BASIC_AUTH", ())) and f"{':'.join(options['BASIC_AUTH'])}@"
    return {
        "SEARCH_URL": f"{scheme}://{signed}{host}/{options['INDEX_NAME']}",
        "SEARCH_CA_FILE": options.get("CA_FILE", ""),
    }


def start(*command: str) -> subprocess.Popen[str]:
    """``manage.py`` with these arguments, running by itself."""
    return subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
        env=environment(),
        cwd=settings.BASE_DIR,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
