"""The index as of one moment: what is read in many steps is read of one state of it, and each hit once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from search.engines.elasticsearch.server import Server
from search.engines.errors import EngineError

log = logging.getLogger(__name__)

#: How long the engine keeps a moment of which it hears nothing more.
_KEPT = "2m"
#: Hits fetched at a time.
AT_ONCE = 1000
Answer = Mapping[str, Any]


class Moment:
    """A point in time of one alias: a context manager, closed at the end whatever happens in between.

    ``ask`` takes a search body and gives the whole answer, or raises EngineError.
    """

    def __init__(self, server: Server, alias: str, ask: Callable[[Mapping[str, Any]], Answer]) -> None:
        self._server = server
        self._alias = alias
        self._ask = ask
        self._id = ""

    def __enter__(self) -> Self:
        self._id = self._server.ask(
            lambda client: client.open_point_in_time(
                index=self._alias, keep_alive=_KEPT, allow_partial_search_results=False
            )
        )["id"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._server.ask(
                lambda client: client.options(ignore_status=404).close_point_in_time(id=self._id)
            )
        except EngineError as reason:
            # What was read is good all the same; the engine lets the moment go by itself soon.
            log.warning("a point in time could not be closed: %s", reason)

    def ask(self, body: Mapping[str, Any]) -> Answer:
        """One search as of this moment."""
        answer = self._ask({**body, "pit": {"id": self._id, "keep_alive": _KEPT}})
        self._id = answer.get("pit_id", self._id)
        return answer

    def hits(self, body: Mapping[str, Any], wanted: int | None = None, after: Any = None) -> Iterator[Any]:
        """The hits of a search in its order, which is total: so many (None: all), behind ``after`` (a sort key)."""
        asked = {name: body[name] for name in ("query", "sort", "_source", "post_filter") if name in body}
        given = 0
        while wanted is None or given < wanted:
            size = AT_ONCE if wanted is None else min(AT_ONCE, wanted - given)
            behind = {"search_after": after} if after else {}
            found = self.ask({**asked, **behind, "size": size, "track_total_hits": False})["hits"]["hits"]
            yield from found
            given += len(found)
            if len(found) < size:
                return
            after = found[-1]["sort"]
