"""The cluster behind a connection: one client a process, time limits, retries, errors that say the cure.

Nothing here names a password or key: not in an error, not in a log, not in a repr.
"""

from __future__ import annotations

import logging
import os
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import elasticsearch
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from elasticsearch import Elasticsearch

from search.breaker import ENOUGH, Breaker
from search.engines.elasticsearch.serializer import Serializer
from search.engines.errors import (
    EngineError,
    EngineRestingError,
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
#: Tries of a request that no reader waits for, and its seconds; it is made whatever became of others.
PATIENTLY, _AT_LEISURE = 6, 60.0
#: The engine needs this long to write anything at all, however great the caller's hurry.
_LEAST_PATIENCE = 0.5
#: Seconds in which an engine that is back says so; and the last rest of a hurry in which asking makes sense.
_PROBE, _LAST_REST = 1.0, 0.05
#: What OpenSSL says of a certificate; of a connection that broke it says other things.
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"


@dataclass(frozen=True)
class _Line:
    """What the threads of a process share of a cluster."""

    client: Elasticsearch
    breaker: Breaker


_lines: dict[tuple[Any, ...], _Line] = {}
_making = threading.Lock()


class UnreachableError(EngineError):
    """No host of the cluster answers."""

    said = _("The search engine cannot be reached.")


class NotTrustedError(UnreachableError):
    """What answers has no certificate that is trusted here, and will have none at the next try."""


class NoAnswerError(SearchTimeoutError):
    """The cluster took the request and said nothing; it may be down, or stopped."""


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
        self.pause = float(options.get("PAUSE", 5))
        self.is_hurried = False
        self._is_trying = False
        self._is_patient = False
        self._end: float | None = None
        self._secrets: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in (
                ("basic_auth", options.get("BASIC_AUTH")),
                ("api_key", options.get("API_KEY")),
            )
            if value
        }
        self._ca_file = str(options.get("CA_FILE") or "") if self.hosts[0].startswith("https") else ""

    def __repr__(self) -> str:
        return f"<Server {', '.join(self.hosts)}>"

    @property
    def _line(self) -> _Line:
        """Shared by the threads of a process; a fork makes its own."""
        key = (os.getpid(), self.pause, self._ca_file, *self.hosts, *sorted(self._secrets.items()))
        with _making:
            if key not in _lines:
                trust: dict[str, Any] = {"ssl_context": _trusting(self._ca_file)} if self._ca_file else {}
                client = Elasticsearch(
                    self.hosts,
                    **self._secrets,
                    **trust,
                    # Another host is tried where one is gone; pauses and the rest are settled in ``ask``.
                    max_retries=len(self.hosts) - 1,
                    retry_on_status=(502, 504),
                    http_compress=False,
                    serializers={Serializer.mimetype: Serializer()},
                    connections_per_node=10,
                )
                _lines[key] = _Line(client, Breaker(f"the search engine ({self.where})", self.pause))
            return _lines[key]

    @property
    def client(self) -> Elasticsearch:
        return self._line.client

    @property
    def breaker(self) -> Breaker:
        return self._line.breaker

    @contextmanager
    def time_limit(
        self, seconds: float, *, in_all: float | None = None, even_if_down: bool = False
    ) -> Iterator[None]:
        """Another time limit for each request meanwhile, and no second try.

        ``in_all``: seconds for all of them together. ``even_if_down``: the engine is asked even where it
        failed a moment ago.
        """
        usual = self.timeout, self.is_hurried, self._is_trying, self._end
        self.timeout, self.is_hurried, self._is_trying = max(seconds, _LEAST_PATIENCE), True, even_if_down
        self._end = None if in_all is None else time.monotonic() + in_all
        try:
            yield
        finally:
            self.timeout, self.is_hurried, self._is_trying, self._end = usual

    @contextmanager
    def one_answer(self) -> Iterator[None]:
        """All that is asked meanwhile is for one answer, for which the time limit holds; but where nobody waits."""
        usual = self._end
        if not self._is_patient and self._end is None:
            self._end = time.monotonic() + self.timeout
        try:
            yield
        finally:
            self._end = usual

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """No reader waits for what is asked meanwhile: it gets its time, more tries, and heeds no breaker."""
        usual, self._is_patient = self._is_patient, True
        try:
            yield
        finally:
            self._is_patient = usual

    @property
    def patience(self) -> float:
        """Seconds that a search may take."""
        return _AT_LEISURE if self._is_patient and not self.is_hurried else self.timeout

    def ask(
        self,
        question: Callable[[Elasticsearch], Answer],
        *,
        timeout: float | None = None,
        attempts: int = 2,
    ) -> Answer:
        """What the cluster says. Refused for want of room (429, 503) or cut off, it is asked again.

        ``timeout``: more seconds than usual, where nobody is in a hurry. Raises EngineError, of the kind
        that fits: EngineRestingError at once where it failed a moment ago, unless so many ``attempts`` are
        wanted that nobody can be waiting.
        """
        if self._is_patient and attempts > 1:
            attempts = PATIENTLY
        tries = 1 if self.is_hurried else attempts
        # One try without hurry is a sign of life, which is no reader's either.
        is_readers = 1 < tries < PATIENTLY
        limit = self.timeout if self.is_hurried else max(timeout or 0, self.timeout)
        if tries == PATIENTLY and timeout is None:
            limit = max(limit, _AT_LEISURE)
        if (is_readers or self.is_hurried) and not self._is_trying:
            self._see_that_it_is_not_down()
        for number in range(1, tries + 1):
            left = 0.0
            try:
                left = self._left(limit)
                answer = self._asked(question, left)
            except (EngineError, UnsupportedQueryError) as error:
                is_for_now = isinstance(error, IndexBusyError | UnreachableError)
                if number == tries or not is_for_now or isinstance(error, NotTrustedError):
                    if tries > 1 or self.is_hurried:
                        in_doubt = self.is_hurried or left < limit / 2
                        self._note(error, is_readers=is_readers, in_doubt=in_doubt)
                    raise
                log.warning("the search engine is asked again after: %s", error)
                pause = min(_LONGEST_PAUSE, _PAUSE * 2**number)
                time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - so that not all come back at once
            else:
                self.breaker.succeeded()
                return answer
        raise AssertionError("not reached")

    def _see_that_it_is_not_down(self) -> None:
        """EngineRestingError while the breaker is open. Who may try first asks what costs nothing."""
        leave = self.breaker.leave()
        if not leave.granted:
            raise EngineRestingError(
                f"the search engine ({self.where}) did not answer a moment ago, and is left alone for "
                f"{self.pause:g} seconds"
            )
        if leave.is_trial:
            try:
                self._asked(lambda client: client.info(), self._left(_PROBE))
            except (UnreachableError, NoAnswerError) as error:
                self._note(error, is_readers=False, in_doubt=True)
                raise
            except EngineError:
                pass  # It does answer; what is the matter, the question itself will find out.

    def _note(self, error: Exception, *, is_readers: bool, in_doubt: bool) -> None:
        """Have the breaker know how a request ended: a question that was refused was answered, too.

        ``in_doubt``: it was not waited for long enough to tell whether the engine is down.
        """
        breaker = self.breaker
        if isinstance(error, IndexBusyError):
            # It may be changes alone that it has no room for: who reads is the judge of that.
            if breaker.is_open or is_readers:
                breaker.failed(str(error), 1)
        elif isinstance(error, UnreachableError):
            breaker.failed(str(error))
        elif isinstance(error, NoAnswerError):
            # The client goes to another host next time, if there is one.
            breaker.failed(str(error), 1 if in_doubt else -(-ENOUGH // len(self.hosts)))
        elif isinstance(error, SearchTimeoutError):
            breaker.failed(str(error), 1)
        else:
            breaker.succeeded()

    def _left(self, limit: float) -> float:
        """``limit``, or what is left of the time for all requests together."""
        if self._end is None:
            return limit
        left = self._end - time.monotonic()
        if left < _LAST_REST:
            raise IndexBusyError("the search engine is too slow for those who wait")
        return min(limit, left)

    def _asked(self, question: Callable[[Elasticsearch], Answer], timeout: float) -> Answer:
        try:
            return question(self.client.options(request_timeout=timeout))
        except elasticsearch.ConnectionTimeout:
            raise NoAnswerError(
                f"the search engine ({self.where}) did not answer within {timeout:.3g} seconds"
            ) from None
        except elasticsearch.TransportError as error:
            if _UNTRUSTED in _first_line(error):
                raise NotTrustedError(
                    f"the search engine ({self.where}) is not trusted: {_first_line(error)}; name the file of its "
                    "certificate authority in SEARCH_CA_FILE"
                ) from None
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
        # Which has its own status in some versions, and that of an engine without room in others.
        if "Time exceeded" in reason or kind == "search_timeout_exception":
            return SearchTimeoutError(f"the search took longer than {self.timeout:g} seconds")
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
        return EngineError(f"the search engine answers {status} {kind}: {reason}")


def _trusting(ca_file: str) -> ssl.SSLContext:
    """Trust in what this authority has signed."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # no certificate in it is one, too
        raise NotTrustedError(
            f"the certificate of the search engine's authority cannot be read from {ca_file}: "
            f"{error.strerror or error}; correct SEARCH_CA_FILE"
        ) from None
    # Elasticsearch's own tools long left the key usage out of an authority's certificate, and an authority lives
    # as long as its cluster. Python takes offence at that from 3.13 on.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


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
