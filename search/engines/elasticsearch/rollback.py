"""Going back to the index before the live one, brought up to date first."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from haystack.indexes import SearchIndex

from search.engines.elasticsearch.bulk import Operation, write
from search.engines.elasticsearch.indices import Generation, is_usable
from search.engines.elasticsearch.rebuild import keys_in
from search.engines.elasticsearch.server import PATIENTLY
from search.engines.errors import EngineError, IndexingReport, IndexMissingError, IndexUnusableError
from search.engines.rebuilding import Outcome

if TYPE_CHECKING:
    from search.engines.elasticsearch.engine import ElasticsearchBackend


class RollBack(Outcome):
    """The index before the live one: ``add`` what ``changed`` since, then ``commit`` swaps the two.

    Raises IndexMissingError where none was kept, IndexUnusableError where this software cannot write it.
    Of two at a time the later one takes over, and the other stops.
    """

    def __init__(self, backend: ElasticsearchBackend) -> None:
        super().__init__()
        self.backend = backend
        self.indices = backend.indices
        self._live: Generation | None = None
        self._kept: Generation | None = None
        self._alias = ""

    def __enter__(self) -> Self:
        self._live = self.indices.live()
        kept = self.indices.kept()
        if kept is None:
            raise IndexMissingError(
                "no earlier index was kept; there is one from the end of a rebuild to the end of the next"
            )
        if not is_usable(kept):
            raise IndexUnusableError(
                "the index before was made by another version of the software; put that version back first"
            )
        if self._live.meta.get("swapped") is None:
            raise IndexUnusableError(
                "the live index does not know what changed since the one before it; run `manage.py rebuild_index`"
            )
        self._alias = self.indices.take_over(kept, secrets.token_hex(8))
        self._kept = kept
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            with contextlib.suppress(EngineError):  # the next one takes over what stays
                self.indices.server.ask(
                    lambda client: client.indices.delete_alias(index=kept.name, name=self._alias)
                )

    def changed(self) -> Iterator[str]:
        """The ids of what the live index was told of since the two were swapped."""
        if self._live is None:
            raise EngineError("this is over; begin again")
        last: int = self._live.meta["swapped"]
        name = self._live.name
        self._refresh(name)
        after: list[Any] | None = None
        while True:
            body = {
                "query": {"range": {"_seq_no": {"gt": last}}},
                "sort": [{"id": "asc"}],
                "size": 5000,
                "_source": False,
                "track_total_hits": False,
                **({"search_after": after} if after else {}),
            }
            found = self.indices.server.ask(
                lambda client, body=body: client.search(  # type: ignore[misc]
                    index=name, body=body, allow_partial_search_results=False, filter_path="hits.hits.sort"
                ),
                timeout=60,
                attempts=PATIENTLY,
            ).body
            hits = found.get("hits", {}).get("hits", ())
            if not hits:
                return
            after = hits[-1]["sort"]
            yield from (hit["sort"][0] for hit in hits)

    def keys(self, model: str) -> Iterator[int]:
        """The keys of what the earlier index has of a model ("documents.document"), ascending."""
        name = self._own().name
        self._refresh(name)
        return keys_in(self.indices.server, name, model)

    def add(self, index: SearchIndex, objects: Iterable[Any]) -> IndexingReport:
        """Index these objects in the earlier index; those that are to be skipped are deleted there."""
        self._own()
        report = IndexingReport()
        told = 0
        for documents in self.backend.prepared(index, objects, report):
            gone, told = report.skipped[told:], len(report.skipped)
            operations = [Operation(self._alias, one.id, one.body) for one in documents]
            operations += [Operation(self._alias, identifier, None) for identifier in gone]
            written = write(self.indices.server, operations, refresh=False)
            report.indexed += [one for _, one in written.done if one not in gone]
            report.failed += [(one, reason) for _, one, reason in written.refused]
        return self.note(report)

    def commit(self) -> None:
        """Search the earlier index from now on; what was searched is kept in its place."""
        name = self._own().name
        self._refresh(name)
        self.indices.swap(name, self._alias)
        self._kept = None

    def _refresh(self, name: str) -> None:
        self.indices.server.ask(
            lambda client: client.indices.refresh(index=name), timeout=300, attempts=PATIENTLY
        )

    def _own(self) -> Generation:
        if self._kept is None:
            raise EngineError("this is over; begin again")
        return self._kept
