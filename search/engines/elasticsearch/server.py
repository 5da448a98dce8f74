"""The cluster behind a connection: one client a process, time limits, retries, errors that say the cure.

Nothing here names a password or key: not in an error, not in a log, not in a repr.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import elasticsearch
from django.core.exceptions import ImproperlyConfigured
from elasticsearch import Elasticsearch

from search.engines.errors import (
    EngineError,
    IndexBusyError,
    IndexMissingError,
    IndexUnusableError,
    QueryTooLargeError,
    SearchTimeoutError,
    UnsupportedQueryError,
)

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

REBUILD = "run `manage.py rebuild_index`"
#: Seconds between two tries: at first, and at most.
_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
#: Tries of a request that no reader waits for.
PATIENTLY = 6
#: The engine needs this long to write anything at all, however great the caller's hurry.
_LEAST_PATIENCE = 0.5

_clients: dict[tuple[Any, ...], Elasticsearch] = {}
_making = threading.Lock()


class UnreachableError(EngineError):
    """No host of the cluster answers."""


class Server:
    """What SEARCH_URL and the settings beside it say of the cluster, and how it is asked."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        hosts = options.get("URL")
        self.hosts = [hosts] if isinstance(hosts, str) else list(hosts or ())
        if not self.hosts or not options.get("INDEX_NAME"):
            raise ImproperlyConfigured("an Elasticsearch connection needs URL (its hosts) and INDEX_NAME")
        if any("@" in host for host in self.hosts):
            raise ImproperlyConfigured("write user and password as BASIC_AUTH, not into the URL of a host")
        self.timeout = float(options.get("TIMEOUT", 10))
        self.is_hurried = False
        self._secrets: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in (
                ("basic_auth", options.get("BASIC_AUTH")),
                ("api_key", options.get("API_KEY")),
                ("ca_certs", options.get("CA_FILE") if self.hosts[0].startswith("https") else None),
            )
            if value
        }

    def __repr__(self) -> str:
        return f"<Server {', '.join(self.hosts)}>"

    @property
    def client(self) -> Elasticsearch:
        """Shared by the threads of a process; a fork makes its own."""
        key = (os.getpid(), *self.hosts, *sorted(self._secrets.items()))
        with _making:
            if key not in _clients:
                _clients[key] = Elasticsearch(
                    self.hosts,
                    **self._secrets,
                    # Another host is tried where one is gone; pauses and the rest are settled in ``ask``.
                    max_retries=len(self.hosts) - 1,
                    retry_on_status=(502, 504),
                    http_compress=False,
                    connections_per_node=10,
                )
            return _clients[key]

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Another time limit meanwhile, and no second try."""
        usual = self.timeout, self.is_hurried
        self.timeout, self.is_hurried = max(seconds, _LEAST_PATIENCE), True
        try:
            yield
        finally:
            self.timeout, self.is_hurried = usual

    def ask(
        self,
        question: Callable[[Elasticsearch], Answer],
        *,
        timeout: float | None = None,
        attempts: int = 2,
    ) -> Answer:
        """What the cluster says. Refused for want of room (429, 503) or cut off, it is asked again.

        ``timeout``: more seconds than usual, where nobody is in a hurry. Raises EngineError, of the kind
        that fits.
        """
        tries = 1 if self.is_hurried else attempts
        limit = self.timeout if self.is_hurried else max(timeout or 0, self.timeout)
        for number in range(1, tries + 1):
            try:
                return self._asked(question, limit)
            except (IndexBusyError, UnreachableError) as error:
                if number == tries:
                    raise
                log.warning("the search engine is asked again after: %s", error)
                pause = min(_LONGEST_PAUSE, _PAUSE * 2**number)
                time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - so that not all come back at once
        raise AssertionError("not reached")

    def _asked(self, question: Callable[[Elasticsearch], Answer], timeout: float) -> Answer:
        try:
            return question(self.client.options(request_timeout=timeout))
        except elasticsearch.ConnectionTimeout:
            raise SearchTimeoutError(
                f"the search engine ({self.where}) did not answer within {timeout:g} seconds"
            ) from None
        except elasticsearch.SSLError as error:
            raise UnreachableError(
                f"the search engine ({self.where}) is not trusted: {_first_line(error)}; name the file of its "
                "certificate authority in SEARCH_CA_FILE"
            ) from None
        except elasticsearch.TransportError as error:
            raise UnreachableError(
                f"the search engine ({self.where}) cannot be reached: {_first_line(error)}"
            ) from None
        except elasticsearch.UnsupportedProductError as error:
            raise IndexUnusableError(f"{self.where}: {_first_line(error)}") from None
        except elasticsearch.ApiError as error:
            raise self._typed(error) from None

    @property
    def where(self) -> str:
        return ", ".join(self.hosts)

    def _typed(self, error: elasticsearch.ApiError) -> EngineError | UnsupportedQueryError:
        status = error.meta.status
        kind, reason = reason_of(error.body)
        if status in (401, 403) and not kind.startswith("cluster_block"):
            return IndexUnusableError(
                f"the search engine ({self.where}) refuses what the archive asks ({kind}); check SEARCH_URL "
                "or SEARCH_API_KEY"
            )
        if kind == "index_not_found_exception" or (status == 404 and "no such index" in reason):
            return IndexMissingError(f"there is no search index at {self.where}; {REBUILD}")
        if kind == "cluster_block_exception":
            return IndexBusyError(f"the search index is blocked for now: {reason}")
        if status in (429, 503):
            return IndexBusyError(f"the search engine is busy or not ready ({status}): {reason}")
        if "too many nested clauses" in reason or "too_many" in kind:
            return QueryTooLargeError(
                "the query has more conditions than the engine takes; write fewer words"
            )
        if "Result window is too large" in reason:
            return UnsupportedQueryError("the results go on, but cannot be paged so far; narrow the search")
        if "automaton" in reason or "too_complex" in kind:
            return QueryTooLargeError("this part of a word is too long to be searched")
        if "Time exceeded" in reason or kind == "search_timeout_exception":
            return SearchTimeoutError(f"the search took longer than {self.timeout:g} seconds")
        return EngineError(f"the search engine answers {status} {kind}: {reason}")


def reason_of(body: Any) -> tuple[str, str]:
    """The kind and the sentence of an error, from the innermost cause that is given."""
    error = body.get("error", body) if isinstance(body, Mapping) else body
    if not isinstance(error, Mapping):
        return "", str(error)[:300]
    causes = error.get("root_cause") or [error]
    caused = error.get("caused_by") or causes[0].get("caused_by") or causes[0]
    kind = str(causes[0].get("type") or error.get("type") or "")
    reason = str(causes[0].get("reason") or error.get("reason") or "")
    deeper = str(caused.get("reason") or "")
    if caused.get("type") in ("too_many_nested_clauses", "too_many_clauses"):
        kind = caused["type"]
    said = reason[:200]
    return kind, f"{said} ({deeper[:250]})" if deeper and deeper not in reason else said


def _first_line(error: BaseException) -> str:
    return str(getattr(error, "message", None) or error).splitlines()[0][:300]
