"""Going back to the generation before the live one, brought up to date first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from haystack.indexes import SearchIndex

from search.engines.errors import EngineError, IndexingReport, IndexMissingError, IndexUnusableError
from search.engines.rebuilding import Outcome
from search.engines.sqlite import schema
from search.engines.sqlite.lock import RebuildLock
from search.engines.sqlite.rebuild import keys_in, swap
from search.engines.sqlite.writer import Writer

if TYPE_CHECKING:
    from search.engines.sqlite.engine import SQLiteBackend


class RollBack(Outcome):
    """The generation before the live one: ``add`` what ``changed`` since, then ``commit`` swaps the two.

    Raises IndexMissingError where none was kept, IndexUnusableError where this software cannot write it.
    """

    def __init__(self, backend: SQLiteBackend) -> None:
        super().__init__()
        self.backend = backend
        self.file = backend.file
        self._lock = RebuildLock(self.file)
        self._generation: schema.Generation | None = None

    def __enter__(self) -> Self:
        self._lock.take()
        try:
            with self.file.reading() as db:
                schema.live(db)
                kept = [one for one in schema.generations(db) if one.state == schema.RETIRED]
            if not kept:
                raise IndexMissingError(
                    "no earlier index was kept; there is one from the end of a rebuild to the beginning of the next"
                )
            if kept[-1].layout.version != schema.VERSION:
                raise IndexUnusableError(
                    "the index before was made by another version of the software; put that version back first"
                )
            self._generation = kept[-1]
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._generation = None
        self._lock.release()

    def changed(self) -> Iterator[str]:
        """The ids of what the live index was told of since the two were swapped."""
        with self.file.reading() as db:
            found = db.execute("SELECT id FROM changed ORDER BY id").fetchall()
        yield from (identifier for (identifier,) in found)

    def keys(self, model: str) -> Iterator[int]:
        """The keys of what the earlier index has of a model ("documents.document"), ascending."""
        return keys_in(self.backend, self._own(), model)

    def add(self, index: SearchIndex, objects: Iterable[Any]) -> IndexingReport:
        """Index these objects in the earlier index; those that are to be skipped are deleted there."""
        report = IndexingReport()
        generation = self._own()
        told = 0
        for rows in self.backend.prepared(index, objects, generation.layout, report):
            gone, told = report.skipped[told:], len(report.skipped)
            with self.file.writing() as db:
                writer = Writer(db, generation)
                writer.delete(gone)
                writer.put(rows)
            report.indexed += [row.id for row in rows]
        return self.note(report)

    def commit(self) -> None:
        """Search the earlier index from now on; what was searched is kept in its place."""
        with self.file.writing() as db:
            swap(db, self._own())
        self._generation = None

    def _own(self) -> schema.Generation:
        if self._generation is None:
            raise EngineError("this is over; begin again")
        return self._generation
