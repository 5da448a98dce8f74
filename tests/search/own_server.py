"""An Elasticsearch that the tests may stop and kill: started by them, ended by them, nobody else's."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings


class OwnServer:
    """``options``: of a connection to it."""

    def __init__(self, tools: Any) -> None:
        self._tools = tools
        self._note: dict[str, str] = tools.start()

    @property
    def options(self) -> dict[str, Any]:
        address = urlsplit(self._note["TEST_ELASTICSEARCH_URL"])
        return {
            "URL": [f"{address.scheme}://{address.hostname}:{address.port}"],
            "BASIC_AUTH": (address.username, address.password),
            "CA_FILE": self._note["TEST_ELASTICSEARCH_CA_FILE"],
        }

    def kill(self) -> None:
        self._tools.signal_all(self._note, signal.SIGKILL)

    def start_again(self) -> None:
        self._note = self._tools.start_again(self._note)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        self._tools.signal_all(self._note, signal.SIGSTOP)
        try:
            yield
        finally:
            self._tools.signal_all(self._note, signal.SIGCONT)

    def end(self) -> None:
        self._tools.stop(self._note)


def start() -> OwnServer:
    """A new server, in half a minute. Where it cannot be had, the test is left out; in CI it fails."""
    tools = str(settings.BASE_DIR / "tools")
    sys.path.insert(0, tools)
    try:
        import elasticsearch_server
    finally:
        sys.path.remove(tools)
    try:
        return OwnServer(elasticsearch_server)
    except elasticsearch_server.UnavailableError as problem:
        if os.environ.get("CI") == "true":
            pytest.fail(str(problem))
        pytest.skip(f"no server of one's own to stop and kill: {problem}")
