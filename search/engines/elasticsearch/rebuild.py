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
from search.engines.elasticsearch.indices import Generation
from search.engines.elasticsearch.server import Server
from search.engines.errors import EngineError, IndexingReport, RebuildRunningError

if TYPE_CHECKING:
    from search.engines.elasticsearch.engine import ElasticsearchBackend

#: Seconds between two signs of life, and how long none may come from another machine until it counts as dead.
_BEAT, _SILENCE = 4.0, 12.0
#: Requests under way at a time.
_SENDERS = 2


class Rebuild:
    """A rebuild of the whole index. Searches see the old one until ``commit``, then the new.

        with backend.rebuild() as rebuild:
            rebuild.add(index, objects)
            rebuild.commit()

    What is updated or removed meanwhile goes into both and is not overwritten by what this rebuild had
    read before. The index that is being built names its builder, who gives signs of life; a second
    rebuild stops, or clears away what a dead one left.
    """

    def __init__(self, backend: ElasticsearchBackend) -> None:
        self.backend = backend
        self.indices = backend.indices
        self.report = IndexingReport()
        self._name: str | None = None
        self._life: _Life | None = None

    def __enter__(self) -> Self:
        known = self.indices.generations()
        for other in known:
            if self.indices.building in other.aliases:
                if _is_alive(self.indices.server, other):
                    raise RebuildRunningError(
                        f"another rebuild of {self.indices.alias} is under way; wait for it to end"
                    )
                self.indices.drop([other.name])
        builder = _builder()
        try:
            self._name = self.indices.create(
                self.indices.next_number(known),
                self.backend.described,
                self.indices.building,
                builder=builder,
            )
        except EngineError as error:
            if "resource_already_exists" in str(error):
                raise RebuildRunningError(
                    f"another rebuild of {self.indices.alias} began at the same moment; wait for it to end"
                ) from None
            raise
        self._life = _Life(self.indices.server, self._name, builder)
        return self

    def add(self, index: SearchIndex, objects: Iterable[Any]) -> IndexingReport:
        """Index these objects. One that cannot be indexed is reported, and the others go on."""
        report = IndexingReport()
        for done in self.fill(index, [objects]):
            report.extend(done)
        return report

    def fill(self, index: SearchIndex, batches: Iterable[Iterable[Any]]) -> Iterator[IndexingReport]:
        """Index batch after batch, and tell of each when it is done; the next are prepared meanwhile."""
        self._own()
        under_way: deque[tuple[IndexingReport, Future[Written]]] = deque()
        with ThreadPoolExecutor(_SENDERS, thread_name_prefix="rebuild") as senders:
            for objects in batches:
                report = IndexingReport()
                for documents in self.backend.prepared(index, objects, report):
                    under_way.append((report, senders.submit(self._send, documents)))
                    report = IndexingReport()
                while len(under_way) > _SENDERS:
                    yield self._settled(*under_way.popleft())
            while under_way:
                yield self._settled(*under_way.popleft())

    def _send(self, documents: Sequence[Document]) -> Written:
        operations = [Operation(self.indices.building, one.id, one.body, READ) for one in documents]
        return write(self.indices.server, operations, refresh=False)

    def _settled(self, report: IndexingReport, sent: Future[Written]) -> IndexingReport:
        """The report of what was prepared, with what became of it."""
        written = sent.result()
        report.indexed += [identifier for _, identifier in written.done]
        report.failed += [(identifier, reason) for _, identifier, reason in written.refused]
        self.report.extend(report)
        return report

    def commit(self) -> None:
        """Put the new index in the place of the old, which is kept until the next rebuild."""
        name = self._own()
        self._end_life()
        self.indices.promote(name)
        self._name = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_life()
        name, self._name = self._name, None
        if name is not None:
            # What cannot be cleared away now, the next rebuild clears away.
            with contextlib.suppress(EngineError) if error else contextlib.nullcontext():
                self.indices.drop([name])

    def _own(self) -> str:
        if self._name is None:
            raise EngineError("this rebuild is over; begin another one")
        return self._name

    def _end_life(self) -> None:
        if self._life is not None:
            self._life.end()
            self._life = None


def _builder() -> dict[str, Any]:
    return {"host": socket.gethostname(), "pid": os.getpid(), "token": secrets.token_hex(8)}


class _Life:
    """Writes a number that grows into the index that is being built, as long as its builder lives."""

    def __init__(self, server: Server, name: str, builder: dict[str, Any]) -> None:
        self.server = server
        self.name = name
        self.builder = builder
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"rebuild of {name}", daemon=True)
        self._thread.start()

    def _beat(self) -> None:
        beats = 0
        while not self._over.wait(_BEAT):
            beats += 1
            # A beat that fails is followed by others; the builder itself meets the same engine.
            with contextlib.suppress(EngineError):
                _sign(self.server, self.name, {**self.builder, "beats": beats})

    def end(self) -> None:
        self._over.set()
        self._thread.join(timeout=30)


def _sign(server: Server, name: str, builder: dict[str, Any]) -> None:
    def signed(client: Any) -> Any:
        meta = client.indices.get_mapping(index=name).body[name]["mappings"].get("_meta", {})
        return client.indices.put_mapping(index=name, meta={**meta, "builder": builder})

    server.ask(signed, attempts=1)


def _is_alive(server: Server, generation: Generation) -> bool:
    """Whether somebody still builds this index: at once for a process of this machine, else by its silence."""
    builder = generation.meta.get("builder") or {}
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
