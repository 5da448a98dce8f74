"""Writing documents in requests of a good size, whatever becomes of one or the other of them."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.elasticsearch.document import Document
from search.engines.elasticsearch.server import PATIENTLY, Server, reason_of
from search.engines.errors import IndexBusyError, IndexMissingError

log = logging.getLogger(__name__)

#: Bytes of one request; a larger document goes alone.
BYTES = 5_000_000
#: Requests of one document's fate while the engine refuses it for want of room.
_TRIES = 6
_PAUSE, _LONGEST_PAUSE = 0.2, 8.0
#: Answers by which a document is refused for now.
_FOR_NOW = (429, 503)


@dataclass(frozen=True, slots=True)
class Operation:
    """One document to be written, or deleted where there is no body, in one index."""

    index: str
    id: str
    body: bytes | None
    #: In an index that is being built: what is read later outranks what the rebuild read before.
    version: int | None = None

    @property
    def lines(self) -> list[bytes]:
        about: dict[str, Any] = {"_index": self.index, "_id": self.id}
        if self.version is not None:
            about |= {"version": self.version, "version_type": "external_gte"}
        action = json.dumps({"delete" if self.body is None else "index": about}).encode()
        return [action] if self.body is None else [action, self.body]

    @property
    def size(self) -> int:
        return 200 + len(self.body or b"")


@dataclass
class Written:
    """What became of operations: ids written or deleted, and (index, id, reason) of those refused."""

    done: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[tuple[str, str]] = field(default_factory=list)  # what was there before
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    busy: str = ""  # why some have to be sent again, as the engine says it

    def extend(self, other: Written) -> None:
        self.done += other.done
        self.deleted += other.deleted
        self.refused += other.refused


def chunks(operations: Iterable[Operation], limit: int = BYTES) -> Iterator[list[Operation]]:
    """Operations in the order given, as many at a time as make a request of a good size."""
    chunk: list[Operation] = []
    size = 0
    for operation in operations:
        if chunk and size + operation.size > limit:
            yield chunk
            chunk, size = [], 0
        chunk.append(operation)
        size += operation.size
    if chunk:
        yield chunk


def write(server: Server, operations: Iterable[Operation], *, refresh: bool) -> Written:
    """Send operations; what is refused for want of room is sent again, a while later.

    Raises EngineError where the engine takes nothing at all.
    """
    written = Written()
    for chunk in chunks(operations):
        written.extend(_write(server, chunk, refresh=refresh))
    return written


def _write(server: Server, chunk: Sequence[Operation], *, refresh: bool) -> Written:
    written = Written()
    waiting = list(chunk)
    for number in range(1, _TRIES + 1):
        answer = server.ask(
            partial(_send, [line for operation in waiting for line in operation.lines], refresh),
            timeout=60,
            attempts=PATIENTLY,
        )
        waiting = _sort_out(waiting, answer.body["items"], written)
        if not waiting:
            return written
        if server.is_hurried or number == _TRIES:
            break
        log.warning("the search engine has no room for %s documents now; they are sent again", len(waiting))
        time.sleep(min(_LONGEST_PAUSE, _PAUSE * 2**number))
    raise IndexBusyError(
        f"the search engine has no room for {len(waiting)} documents, try again later: {written.busy}"
    )


def _send(lines: Sequence[Any], refresh: bool, client: Elasticsearch) -> Any:
    return client.bulk(
        operations=lines,
        refresh=refresh,
        require_alias=True,
        include_source_on_error=False,
        filter_path=[
            "items.*.error.type",
            "items.*.error.reason",
            "items.*.error.caused_by",
            "items.*.status",
            "items.*.result",
        ],
    )


def _sort_out(operations: Sequence[Operation], items: Sequence[Any], written: Written) -> list[Operation]:
    """Note what became of each operation; those to be sent again."""
    again = []
    for operation, item in zip(operations, items, strict=True):
        outcome = next(iter(item.values()))
        error, status = outcome.get("error"), outcome["status"]
        if error is None or status == 404 or status == 409:
            # 404: nothing to delete. 409: the index that is being built has a newer one already.
            if error is not None and error.get("type") == "index_not_found_exception":
                _note_lost(operation, written)
                continue
            written.done.append((operation.index, operation.id))
            if outcome.get("result") == "deleted":
                written.deleted.append((operation.index, operation.id))
        elif status in _FOR_NOW or error.get("type") == "cluster_block_exception":
            again.append(operation)
            written.busy = ": ".join(reason_of({"error": error}))
        else:
            kind, reason = reason_of({"error": error})
            written.refused.append((operation.index, operation.id, f"{kind}: {reason}"))
    return again


def _note_lost(operation: Operation, written: Written) -> None:
    """The alias is gone: of a rebuild that ended meanwhile, or of the whole index."""
    if operation.version != CHANGED:
        raise IndexMissingError("the search index was deleted meanwhile; run `manage.py rebuild_index`")
    written.done.append((operation.index, operation.id))


def write_everywhere(
    server: Server, documents: Iterable[Document], gone: Iterable[str], aliases: Sequence[str], live: str
) -> Written:
    """Tell every index of a change: first the live one, where it is found at once, then one that is being built."""
    documents, gone = list(documents), list(gone)
    written = Written()
    for alias in sorted(aliases, key=lambda one: one != live):
        version = None if alias == live else CHANGED
        operations = [Operation(alias, document.id, document.body, version) for document in documents]
        operations += [Operation(alias, identifier, None, version) for identifier in gone]
        # Nobody searches an index that is being built: to make it fit for that costs the most.
        written.extend(write(server, operations, refresh=alias == live))
    return written


#: Versions in an index that is being built: what the rebuild read, and what changed meanwhile.
READ, CHANGED = 1, 2
