"""Filling a new index beside the live one, and the one step that puts it in its place."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from haystack.indexes import SearchIndex

from search.engines.elasticsearch.bulk import READ, Operation, Written, write
from search.engines.elasticsearch.document import Document
from search.engines.elasticsearch.indices import Generation, Indices, is_usable
from search.engines.elasticsearch.schema import mapping
from search.engines.elasticsearch.server import PATIENTLY, Server
from search.engines.errors import EngineError, IndexingReport, IndexMissingError, RebuildRunningError
from search.engines.rebuilding import Bookmark, Continues, Outcome

if TYPE_CHECKING:
    from search.engines.elasticsearch.engine import ElasticsearchBackend

#: Seconds between two signs of life, and how long none may come from another machine until it counts as dead.
_BEAT, _SILENCE = 2.0, 12.0
#: Requests under way at a time.
_SENDERS = 2


class Rebuild(Outcome):
    """A rebuild of the whole index. Searches see the old one until ``commit``, then the new.

        with backend.rebuild() as rebuild:
            for report in rebuild.fill(index, batches):
                rebuild.mark({...})
            rebuild.commit()

    What is updated or removed meanwhile goes into both and is not overwritten by what this rebuild had
    read before. The index that is being built names its builder, who gives signs of life; a second
    rebuild stops. What a killed one leaves, or one that failed after it was marked, is gone on with if
    ``continues`` says so of its bookmark (then ``left``) and the fields are the same; else it is cleared
    away. The index before the live one is kept until the next rebuild is done.
    """

    def __init__(self, backend: ElasticsearchBackend, continues: Continues | None = None) -> None:
        super().__init__()
        self.backend = backend
        self.indices = backend.indices
        self.left: Bookmark | None = None
        self._continues = continues
        self._name: str | None = None
        self._alias = ""
        self._is_marked = False
        self._life: _Life | None = None

    def __enter__(self) -> Self:
        known = self.indices.generations()
        left: Generation | None = None
        for other in known:
            if self.indices.building in other.aliases:
                if _is_alive(self.indices.server, other):
                    raise RebuildRunningError(
                        f"another rebuild of {self.indices.alias} is under way; wait for it to end"
                    )
                if left is None and self._is_worth_it(other):
                    left = other
                else:
                    self.indices.drop([other.name])
        builder = _builder()
        if left is None:
            self._name = self._created(known, builder)
        else:
            self._name, self.left, self._is_marked = left.name, left.bookmark, True
            # Whoever looks between the two steps sees that somebody is at it.
            self.indices.set_meta(left.name, builder=builder)
            self._alias = self.indices.take_over(left, builder["token"])
        self._life = _Life(self.indices, self._name, builder, self.left)
        return self

    def _is_worth_it(self, left: Generation) -> bool:
        """Whether to go on with what was left: of the same fields, and as far as the caller says."""
        same = mapping(self.backend.described)["_meta"]["fingerprint"] == left.meta.get("fingerprint")
        return bool(
            same
            and is_usable(left)
            and left.bookmark is not None
            and self._continues is not None
            and self._continues(left.bookmark)
        )

    def _created(self, known: Sequence[Generation], builder: dict[str, Any]) -> str:
        self._alias = self.indices.builders_alias(builder["token"])
        try:
            return self.indices.create(
                self.indices.next_number(known),
                self.backend.described,
                self.indices.building,
                self._alias,
                builder=builder,
            )
        except EngineError as error:
            if "resource_already_exists" in str(error):
                raise RebuildRunningError(
                    f"another rebuild of {self.indices.alias} began at the same moment; wait for it to end"
                ) from None
            raise

    def add(self, index: SearchIndex, objects: Iterable[Any]) -> IndexingReport:
        """Index these objects. One that cannot be indexed is reported, and the others go on."""
        (report,) = self.fill(index, [objects])
        return report

    def fill(self, index: SearchIndex, batches: Iterable[Iterable[Any]]) -> Iterator[IndexingReport]:
        """Index batch after batch, and tell of each when it is done; the next are prepared meanwhile."""
        self._own()
        under_way: deque[tuple[IndexingReport, list[Future[Written]]]] = deque()
        with ThreadPoolExecutor(_SENDERS, thread_name_prefix="rebuild") as senders:
            for objects in batches:
                report = IndexingReport()
                prepared = self.backend.prepared(index, objects, report)
                under_way.append((report, [senders.submit(self._send, documents) for documents in prepared]))
                while len(under_way) > _SENDERS:
                    yield self._settled(*under_way.popleft())
            while under_way:
                yield self._settled(*under_way.popleft())

    def _send(self, documents: Sequence[Document]) -> Written:
        operations = [Operation(self._alias, one.id, one.body, READ) for one in documents]
        try:
            return write(self.indices.server, operations, refresh=False)
        except IndexMissingError:
            raise IndexMissingError(
                "what this rebuild had built was deleted, or another rebuild took it over meanwhile"
            ) from None

    def _settled(self, report: IndexingReport, sent: Iterable[Future[Written]]) -> IndexingReport:
        """The report of what was prepared, with what became of it."""
        for one in sent:
            written = one.result()
            report.indexed += [identifier for _, identifier in written.done]
            report.failed += [(identifier, reason) for _, identifier, reason in written.refused]
        return self.note(report)

    def mark(self, bookmark: Bookmark) -> None:
        """All up to here is in; from now on the rebuild can be gone on with after a failure."""
        self._own()
        if self._life is not None:
            self._life.mark(bookmark)
        self._is_marked = True

    def discard(self) -> None:
        """Leave nothing behind: what was built is not to be gone on with."""
        self._is_marked = False

    def keys(self, model: str) -> Iterator[int]:
        """The keys of what the new index has of a model ("documents.document"), ascending."""
        name = self._own()
        self.indices.server.ask(
            lambda client: client.indices.refresh(index=name), timeout=300, attempts=PATIENTLY
        )
        return keys_in(self.indices.server, name, model)

    def commit(self) -> None:
        """Put the new index in the place of the old, which is kept until the next rebuild."""
        name = self._own()
        self._end_life()
        self.indices.promote(name, self._alias)
        self._name = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        last = self._end_life()
        name, self._name = self._name, None
        if name is None:
            return
        # What cannot be cleared away now, the next rebuild clears away.
        with contextlib.suppress(EngineError) if error else contextlib.nullcontext():
            if self._is_marked:
                self.indices.set_meta(
                    name, only_for=self._alias.rpartition("-")[2], builder=None, bookmark=last
                )
            else:
                self.indices.drop([name])

    def _own(self) -> str:
        if self._name is None:
            raise EngineError("this rebuild is over; begin another one")
        return self._name

    def _end_life(self) -> Bookmark | None:
        """No more signs of life; the last bookmark."""
        if self._life is None:
            return None
        life, self._life = self._life, None
        life.end()
        return life.bookmark


def keys_in(server: Server, name: str, model: str) -> Iterator[int]:
    """The keys of a model's documents in one index, ascending, some thousands at a time."""
    last = -1
    while True:
        body = {
            "query": {"bool": {"filter": [{"term": {"ct": model}}, {"range": {"key": {"gt": last}}}]}},
            "sort": [{"key": "asc"}],
            "size": 5000,
            "_source": False,
            "track_total_hits": False,
        }
        hits = server.ask(
            lambda client, body=body: client.search(  # type: ignore[misc]
                index=name, body=body, allow_partial_search_results=False, filter_path="hits.hits.sort"
            ),
            timeout=60,
            attempts=PATIENTLY,
        ).body
        page = [hit["sort"][0] for hit in hits.get("hits", {}).get("hits", ())]
        if not page:
            return
        last = page[-1]
        yield from page


def discard_left(indices: Indices) -> None:
    """Clear away what a rebuild left that was broken off. RebuildRunningError if it goes on."""
    for other in indices.generations():
        if indices.building in other.aliases:
            if _is_alive(indices.server, other):
                raise RebuildRunningError(f"another rebuild of {indices.alias} is under way")
            indices.drop([other.name])


def _builder() -> dict[str, Any]:
    return {"host": socket.gethostname(), "pid": os.getpid(), "token": secrets.token_hex(8)}


class _Life:
    """Writes a number that grows into the index that is being built, as long as its builder lives."""

    def __init__(
        self, indices: Indices, name: str, builder: dict[str, Any], bookmark: Bookmark | None
    ) -> None:
        self.indices = indices
        self.name = name
        self.builder = builder
        self.bookmark = bookmark
        self._is_first = bookmark is None
        self._due = threading.Event()
        self._is_over = False
        self._thread = threading.Thread(target=self._beat, name=f"rebuild of {name}", daemon=True)
        self._thread.start()

    def mark(self, bookmark: Bookmark) -> None:
        """Written with the next sign of life; the first bookmark at once."""
        self.bookmark = bookmark
        if self._is_first:
            self._is_first = False
            self._due.set()

    def _beat(self) -> None:
        beats = 0
        while True:
            self._due.wait(_BEAT)
            self._due.clear()
            if self._is_over:
                return
            beats += 1
            # A beat that fails is followed by others; the builder itself meets the same engine.
            with contextlib.suppress(EngineError):
                self.indices.set_meta(
                    self.name,
                    only_for=self.builder["token"],
                    builder={**self.builder, "beats": beats},
                    bookmark=self.bookmark,
                )

    def end(self) -> None:
        self._is_over = True
        self._due.set()
        self._thread.join(timeout=30)


def _is_alive(server: Server, generation: Generation) -> bool:
    """Whether somebody still builds this index: at once for a process of this machine, else by its silence."""
    builder = generation.meta.get("builder") or {}
    if not builder:
        return False  # its builder said that it goes
    if builder.get("host") == socket.gethostname():
        try:
            os.kill(int(builder["pid"]), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        if builder["pid"] == os.getpid():
            return any(thread.name == f"rebuild of {generation.name}" for thread in threading.enumerate())
    end = time.monotonic() + _SILENCE
    while time.monotonic() < end:
        time.sleep(_BEAT / 2)
        found = server.ask(
            lambda client: client.options(ignore_status=404).indices.get_mapping(index=generation.name)
        ).body
        if generation.name not in found:
            return False
        if found[generation.name]["mappings"]["_meta"].get("builder") != builder:
            return True
    return False
