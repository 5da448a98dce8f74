"""Haystack's backend over SQLite FTS5."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from haystack.backends import BaseEngine, log_query
from haystack.indexes import SearchIndex
from haystack.utils import get_identifier, get_model_ct

from search.engines.backend import ArchiveBackend
from search.engines.base import ArchiveSearchQuery
from search.engines.completion import Completion, Typed, names_field
from search.engines.errors import IndexingFailedError, IndexingReport, IndexUnusableError
from search.engines.rebuilding import Bookmark, Continues
from search.engines.request import SearchRequest
from search.engines.sqlite import schema
from search.engines.sqlite.completion import Names
from search.engines.sqlite.connection import REBUILD, IndexFile
from search.engines.sqlite.hits import Hits
from search.engines.sqlite.prepare import Row, prepare
from search.engines.sqlite.reader import Search
from search.engines.sqlite.rebuild import Rebuild, bookmark_of, discard_left, note_changed
from search.engines.sqlite.rollback import RollBack
from search.engines.sqlite.similar import likeness
from search.engines.sqlite.spelling import suggest
from search.engines.sqlite.writer import Writer

# Table names are our own; every value is a parameter.
# ruff: noqa: S608


class SQLiteBackend(ArchiveBackend):
    """One index file. Errors come typed (``search.engines.errors``) and are never swallowed."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        if not options.get("PATH"):
            raise ImproperlyConfigured(f"the search connection {connection_alias} needs the PATH of its file")
        self.file = IndexFile(str(options["PATH"]), float(self.timeout), float(options.get("PAUSE", 5)))

    # -- searching

    @log_query
    def search(self, query_string: Any, **kwargs: Any) -> dict[str, Any]:
        """Answer a SearchRequest, or Haystack's own arguments: a text in the reader's grammar, "*" for all."""
        if query_string == "":
            return {"hits": 0, "results": []}
        request = self.request_of(query_string, **kwargs)
        with self.file.answering() as db:
            search = Search(db, schema.live(db), self.described, request, self.types_of(request))
            return self._answer(search)

    def _answer(self, search: Search) -> dict[str, Any]:
        request = search.request
        page = search.page()
        answer: dict[str, Any] = {"facets": {}}
        if search.counts_wanted:
            counts = search.count()
            answer["hits"] = counts.total
            answer["facets"] = search.facets(counts)
            if request.histogram_unit:
                answer["histogram"] = search.histogram(counts)
        elif request.end is None and not request.start:
            answer["hits"] = len(page)
        else:
            answer["hits"] = search.total()
        self.check_reach(request, answer["hits"])
        if request.date_facets or request.query_facets:
            answer["facets"] = {"fields": {}, **answer["facets"], **search.dates_and_queries()}
        elif answer["facets"]:
            answer["facets"] |= {"dates": {}, "queries": {}}
        answer["results"] = Hits(search.db, search.generation, self.described, request).results(page)
        if self.include_spelling and request.spelling_text:
            answer["spelling_suggestion"] = suggest(
                search.db, search.generation, search.visible, request.spelling_text, request.spelling_spans
            )
        return answer

    def more_like_this(
        self, model_instance: Any, additional_query_string: Any = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Documents that share telling words with this one, the likest first."""
        identifier, request = self.alike_request(model_instance, additional_query_string, **kwargs)
        with self.file.answering() as db:
            generation = schema.live(db)
            like = likeness(db, generation, identifier)
            if like is None:
                return {"hits": 0, "results": [], "facets": {}}
            search = Search(db, generation, self.described, request, self.types_of(request))
            match = search.base.match
            search.base.match = like if match is None else f"({match} AND {like})"
            return self._answer(search)

    def complete(
        self,
        text: str,
        named: Sequence[str] = (),
        titles: Sequence[str] = (),
        limit: int = 8,
        within: SearchRequest | None = None,
    ) -> list[Completion]:
        """Names of documents with words that begin as those of ``text``: of the kinds ``named``, then ``titles``.

        At most ``limit`` of each; only names and counts of documents that the search ``within`` finds. None
        where the index is older than its names.
        """
        typed, request = Typed(text), within or SearchRequest()
        with self.file.answering() as db:
            generation = schema.live(db)
            if not typed or names_field(self.described) not in generation.layout.names:
                return []
            names = Names(Search(db, generation, self.described, request, self.types_of(request)))
            return [*names.named(typed, named, limit), *names.titled(typed, titles, limit)]

    # -- writing

    def update(self, index: SearchIndex, iterable: Iterable[Any], commit: bool = True) -> IndexingReport:
        """Index these objects, in batches; IndexingFailedError at the end names those that could not be."""
        report = IndexingReport()
        objects = iter(iterable)
        while batch := list(islice(objects, self.batch_size)):
            self._update(index, batch, report)
        if report.failed:
            raise IndexingFailedError(report)
        return report

    def _update(self, index: SearchIndex, batch: list[Any], report: IndexingReport) -> None:
        """One batch into the live generation and one that is being built. Prepared before the lock is taken."""
        while True:
            with self.file.reading() as db:
                layouts = {one.number: one.layout for one in self._written_generations(db)}
            outcomes = {}
            for layout in dict.fromkeys(one.fingerprint for one in layouts.values()):
                same = next(one for one in layouts.values() if one.fingerprint == layout)
                outcome = IndexingReport()
                outcomes[layout] = (list(self.prepared(index, batch, same, outcome)), outcome)
            with self.file.writing() as db:
                generations = self._written_generations(db)
                if any(one.layout.fingerprint not in outcomes for one in generations):
                    continue  # a rebuild with other fields began meanwhile
                for generation in generations:
                    batches, outcome = outcomes[generation.layout.fingerprint]
                    writer = Writer(db, generation)
                    writer.delete(outcome.skipped)
                    for rows in batches:
                        writer.put(rows)
                ids = {row.id for batches, _ in outcomes.values() for rows in batches for row in rows}
                note_changed(db, sorted(ids.union(*(outcome.skipped for _, outcome in outcomes.values()))))
            batches, outcome = outcomes[generations[0].layout.fingerprint]
            outcome.indexed = [row.id for rows in batches for row in rows]
            report.extend(outcome)
            return

    def _written_generations(self, db: Any) -> list[schema.Generation]:
        """The live generation first, and one that is being built."""
        schema.live(db)
        written = [one for one in schema.generations(db) if one.state in (schema.LIVE, schema.BUILDING)]
        for one in written:
            if one.layout.version != schema.VERSION:
                raise IndexUnusableError(
                    f"the search index is of another version of this software; {REBUILD}"
                )
        return sorted(written, key=lambda one: one.state != schema.LIVE)

    def prepared(
        self, index: SearchIndex, objects: Iterable[Any], layout: schema.Layout, report: IndexingReport
    ) -> Iterator[list[Row]]:
        """Rows of objects in batches; the report takes what was skipped and what failed, by id."""
        described = self.described
        return self.prepared_by(lambda obj: prepare(index, obj, layout, described), objects, report)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        """Delete one document, if the index has it."""
        self.remove_ids([get_identifier(obj_or_string)])

    def remove_ids(self, identifiers: Sequence[str]) -> int:
        """Delete these documents ("app.model.pk"); how many of them the live index had."""
        with self.file.writing() as db:
            removed = 0
            for generation in self._written_generations(db):
                count = Writer(db, generation).delete(list(identifiers))
                removed = count if generation.state == schema.LIVE else removed
            note_changed(db, identifiers)
        return removed

    def clear(self, models: Iterable[type] | None = None, commit: bool = True) -> None:
        """Empty the index, or take these models out of it. Makes the index if there is none.

        A rebuild under way goes on: it is filled from the database, not from here.
        """
        self.file.create()
        with self.file.writing() as db:
            schema.prepare_file(db)
            known = schema.generations(db)
            lives = [one for one in known if one.state == schema.LIVE]
            if models is None or not lives:
                for one in known:
                    if one.state != schema.BUILDING:
                        one.drop(db)
                schema.new_generation(db, schema.layout_of(self.described), schema.LIVE)
                return
            for model in models:
                ids = db.execute(f"SELECT id FROM {lives[0].doc} WHERE ct = ?", (get_model_ct(model),))
                Writer(db, lives[0]).delete([one for (one,) in ids.fetchall()])

    def rebuild(self, continues: Continues | None = None) -> Rebuild:
        """Fill a new index beside this one and swap it in: a context manager.

        ``continues``: whether to go on with one that was broken off there.
        """
        return Rebuild(self, continues)

    def roll_back(self) -> RollBack:
        """Bring the index before this one up to date and search it again: a context manager."""
        return RollBack(self)

    def left_behind(self) -> Bookmark | None:
        """How far a rebuild had come that was broken off and waits to be gone on with; None if none does."""
        return bookmark_of(self) if self.file.exists() else None

    def discard_left(self) -> None:
        """Clear away what a rebuild left that was broken off. RebuildRunningError if it goes on."""
        discard_left(self)

    # -- looking after

    def verify(self) -> None:
        """Read the whole file. IndexDamagedError where it is damaged, even where no search has come yet."""
        self.file.verify()

    def time_limit(
        self, seconds: float, *, in_all: float | None = None, even_if_down: bool = False
    ) -> AbstractContextManager[None]:
        """Wait no longer than this for anything while the context lasts: somebody waits for their save.

        ``in_all`` means nothing here: there is but one thing to wait for.
        """
        return self.file.time_limit(seconds, even_if_down=even_if_down)

    def documents(
        self, models: Iterable[type] | None = None, fields: Sequence[str] = ()
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """(identifier, {stored field: value}) of every document, by identifier."""
        types = [get_model_ct(model) for model in models] if models is not None else None
        last = ""
        while True:
            with self.file.reading() as db:
                generation = schema.live(db)
                condition = f"d.ct IN ({', '.join('?' * len(types))})" if types is not None else "1"
                page = db.execute(
                    f"SELECT d.doc, 0.0, d.id FROM {generation.doc} d WHERE d.id > ? AND {condition} "
                    "ORDER BY d.id LIMIT 500",
                    (last, *(types or ())),
                ).fetchall()
                hits = Hits(db, generation, self.described, SearchRequest(fields=frozenset(fields)))
                results = hits.results([row[:2] for row in page])
            if not page:
                return
            last = page[-1][2]
            for result in results:
                yield result.id, {name: getattr(result, name, None) for name in fields}

    def status(self) -> dict[str, Any]:
        """What an operator asks of the index: is it there, how large, when built, out of date?"""
        status: dict[str, Any] = {
            "path": self.file.path,
            "identity": f"file {Path(self.file.path).resolve()}",
            "engine": f"SQLite {sqlite3.sqlite_version}",
            "exists": self.file.exists(),
            "documents": 0,
            "generation": None,
            "built": None,
            "outdated": False,
            "rebuilding": False,
            "bytes": Path(self.file.path).stat().st_size if self.file.exists() else 0,
        }
        if status["exists"]:
            with self.file.reading() as db:
                generation = schema.live(db)
                wanted = schema.layout_of(self.described)
                status |= {
                    "documents": generation.documents(db),
                    "generation": generation.number,
                    "built": generation.built,
                    "outdated": wanted.fingerprint != generation.layout.fingerprint,
                    "rebuilding": any(one.state == schema.BUILDING for one in schema.generations(db)),
                }
        return status


class SQLiteEngine(BaseEngine):
    """Haystack's engine: the backend and the query that go together."""

    backend = SQLiteBackend
    query = ArchiveSearchQuery

    def reset_sessions(self) -> None:
        if self._backend is not None:
            self._backend.file.close()
        super().reset_sessions()
