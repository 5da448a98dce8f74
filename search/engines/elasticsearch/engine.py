"""Haystack's backend over Elasticsearch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch
from haystack.backends import BaseEngine, log_query
from haystack.indexes import SearchIndex
from haystack.utils import get_identifier, get_model_ct

from search.engines.backend import ArchiveBackend
from search.engines.base import ArchiveSearchQuery
from search.engines.completion import Completion, Typed, names_field
from search.engines.elasticsearch import deep, moment, schema
from search.engines.elasticsearch.bulk import write_everywhere
from search.engines.elasticsearch.compile import Compiler, Query
from search.engines.elasticsearch.completion import Names
from search.engines.elasticsearch.document import Document, document_of
from search.engines.elasticsearch.facets import LEFT_OUT
from search.engines.elasticsearch.hits import Hits
from search.engines.elasticsearch.indices import Generation, Indices, is_usable
from search.engines.elasticsearch.question import Question, total_of
from search.engines.elasticsearch.rebuild import Rebuild, discard_left
from search.engines.elasticsearch.rollback import RollBack
from search.engines.elasticsearch.server import REBUILD, Server
from search.engines.errors import (
    EngineError,
    IndexingFailedError,
    IndexingReport,
    IndexUnusableError,
    SearchTimeoutError,
)
from search.engines.rebuilding import Bookmark, Continues
from search.engines.request import SearchRequest


class ElasticsearchBackend(ArchiveBackend):
    """One alias of a cluster. Errors come typed (``search.engines.errors``) and are never swallowed."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        self.server = Server({"TIMEOUT": self.timeout, **options})
        self.indices = Indices(
            self.server,
            options["INDEX_NAME"],
            shards=int(options.get("SHARDS", 1)),
            refresh=str(options.get("REFRESH_INTERVAL", "500ms")),
        )
        self._live: Generation | None = None

    def time_limit(
        self, seconds: float, *, in_all: float | None = None, even_if_down: bool = False
    ) -> AbstractContextManager[None]:
        """Ask the engine for no longer than so many seconds meanwhile, and only once."""
        return self.server.time_limit(seconds, in_all=in_all, even_if_down=even_if_down)

    # -- searching

    @log_query
    def search(self, query_string: Any, **kwargs: Any) -> dict[str, Any]:
        """Answer a SearchRequest, or Haystack's own arguments: a text in the reader's grammar, "*" for all."""
        if query_string == "":
            return {"hits": 0, "results": []}
        return self._answer(self.request_of(query_string, **kwargs))

    def more_like_this(
        self, model_instance: Any, additional_query_string: Any = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Documents that share telling words with this one, the likest first."""
        identifier, request = self.alike_request(model_instance, additional_query_string, **kwargs)
        like: Query = {
            "more_like_this": {
                "fields": ["like"],
                "like": [{"_index": self.indices.alias, "_id": identifier}],
                "min_term_freq": 1,
                "min_doc_freq": 2,
                "max_query_terms": 20,
                "minimum_should_match": 1,
            }
        }
        return self._answer(request, like)

    def _answer(self, request: SearchRequest, like: Query | None = None) -> dict[str, Any]:
        size = _size(request)
        # A page is waited for; all hits of a search, as an export takes them, have their time.
        is_page = size is not None and size <= moment.AT_ONCE
        with self.server.one_answer() if is_page else nullcontext():
            return self._in_time(request, like)

    def _in_time(self, request: SearchRequest, like: Query | None) -> dict[str, Any]:
        compiler = Compiler(self.described, self._lacks)
        question = Question(
            request,
            compiler,
            self.types_of(request),
            like=like,
            suggests=self.include_spelling,
            shards=self.indices.shards,
        )
        found, hits = self._found(question, request)
        answer = question.read(found, *self._beyond(question, found))
        answer["results"] = Hits(self.described, request).results(hits)
        if question.spelling is not None:
            answer["spelling_suggestion"] = (
                question.spelling.suggestion(found, lambda asked: self._counted(asked, question.visible))
                if question.spelling
                else None
            )
        return answer

    def _found(self, question: Question, request: SearchRequest) -> tuple[Mapping[str, Any], list[Any]]:
        """The answer, and the hits: those of a page are in it, more are fetched as of the same moment."""
        start, size = request.start, _size(request)
        if size is not None and size <= moment.AT_ONCE:
            if deep.FROM <= start <= self.window - size:
                found = self._asked(question.body(0, 0))
                return found, deep.hits(self._asked, question, start, size, total_of(found))
            found = self._asked(question.body(start, size, self.window))
            self.check_reach(request, total_of(found))
            return found, list(found["hits"]["hits"])
        first = min(moment.AT_ONCE, max(0, self.window - start))
        body = question.body(start, first, self.window)
        with self._moment() as now:
            found = now.ask(body)
            self.check_reach(request, total_of(found))
            hits = list(found["hits"]["hits"])
            if hits and len(hits) == first:
                hits += now.hits(body, None if size is None else size - first, hits[-1]["sort"])
        return found, hits

    def _beyond(
        self, question: Question, found: Mapping[str, Any]
    ) -> tuple[dict[str, list[tuple[str, int]]], dict[str, int]]:
        """Of facets with more values than an answer has room for: all of them, or where only some are listed, how many."""
        every: dict[str, list[tuple[str, int]]] = {}
        numbers: dict[str, int] = {}
        for name, facet in question.facets.items():
            counted = question.counted(found, name)
            if facet.is_cut(counted):
                every[name] = list(self._values(question, name))
            elif facet.has_more(counted):
                answer = self._asked(question.number_of(name))
                numbers[name] = int(question.counted(answer, name)["number"]["count"])
        return every, numbers

    def _values(self, question: Question, name: str) -> Iterator[tuple[str, int]]:
        """Every value of a facet and how many documents have it, by name."""
        after = None
        while True:
            found = self._asked(question.values_of(name, after))["aggregations"]["values"]
            yield from ((bucket["key"]["value"], bucket["doc_count"]) for bucket in found["buckets"])
            after = found.get("after_key")
            if not after or not found["buckets"]:
                return

    def _moment(self) -> moment.Moment:
        return moment.Moment(self.server, self.indices.alias, partial(self._asked, alias=False))

    def _asked(self, body: Mapping[str, Any], *, alias: bool = True) -> Mapping[str, Any]:
        """The engine's whole answer; part of one is an error. ``alias``: not for a point in time."""
        where: dict[str, Any] = {}
        if alias:
            where = {
                "index": self.indices.alias,
                "allow_partial_search_results": False,
                "preference": self.indices.alias,
            }
        # A little less than is waited for the answer, so that the engine is the one to say so.
        limit = self.server.patience - min(0.5, self.server.patience / 4)
        body = {"timeout": f"{int(limit * 1000)}ms", **body}

        def searched(client: Elasticsearch) -> Mapping[str, Any]:
            answer = client.search(**where, body=body, filter_path=LEFT_OUT).body
            if answer["timed_out"]:
                raise SearchTimeoutError(f"the search took longer than {limit:g} seconds")
            return answer

        answer = self.server.ask(searched)
        if answer["_shards"]["failed"]:
            raise EngineError(f"{answer['_shards']['failed']} shards of the search index did not answer")
        return answer

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
        typed, request, field = Typed(text), within or SearchRequest(), names_field(self.described)
        if not typed or field is None or not (named or titles) or self._lacks(field):
            return []
        question = Question(
            request, Compiler(self.described, self._lacks), self.types_of(request), suggests=False
        )
        names = Names(question, field, typed)
        return names.read(self._asked(names.body(named, titles, limit)), limit)

    def _counted(self, asked: Sequence[Query], visible: Sequence[Query]) -> list[int]:
        """How many visible documents meet each of these."""
        body = {
            "size": 0,
            "query": {"bool": {"filter": list(visible)}},
            "aggs": {"each": {"filters": {"filters": list(asked)}}},
        }
        return [bucket["doc_count"] for bucket in self._asked(body)["aggregations"]["each"]["buckets"]]

    def _lacks(self, name: str) -> bool:
        """Whether the index that is searched is older than this field. Asks the engine only where it may be."""
        if self._live is None or name not in self._live.fields:
            self._live = self.indices.live(patiently=False)
        return name not in self._live.fields

    # -- writing

    def update(self, index: SearchIndex, iterable: Iterable[Any], commit: bool = True) -> IndexingReport:
        """Index these objects, in batches; IndexingFailedError at the end names those that could not be."""
        report = IndexingReport()
        aliases = self._writable()
        told = 0
        for documents in self.prepared(index, iterable, report):
            gone, told = report.skipped[told:], len(report.skipped)
            self._write(documents, gone, aliases, report)
        if report.failed:
            raise IndexingFailedError(report)
        return report

    def _write(
        self,
        documents: Sequence[Document],
        gone: Sequence[str],
        aliases: Sequence[str],
        report: IndexingReport,
    ) -> int:
        """Write and delete in every index that has to know; how many the live one had of the deleted."""
        live = self.indices.alias
        written = write_everywhere(self.server, documents, gone, aliases, live)
        removed = set(gone)
        report.indexed += [one for alias, one in written.done if alias == live and one not in removed]
        report.failed += [(one, reason) for alias, one, reason in written.refused if alias == live]
        return sum(alias == live for alias, _ in written.deleted)

    def _writable(self) -> list[str]:
        """The aliases to write to. IndexMissingError, or IndexUnusableError for one of another version."""
        aliases = self.indices.written()
        if self._live is None:
            self._live = self.indices.live()
        if not is_usable(self._live):
            raise IndexUnusableError(f"the search index is of another version of this software; {REBUILD}")
        return aliases

    def prepared(
        self, index: SearchIndex, objects: Iterable[Any], report: IndexingReport
    ) -> Iterator[list[Document]]:
        """Documents of objects in batches; the report takes what was skipped and what failed, by id."""
        described = self.described
        return self.prepared_by(lambda obj: document_of(index, obj, described), objects, report)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        """Delete one document, if the index has it."""
        self.remove_ids([get_identifier(obj_or_string)])

    def remove_ids(self, identifiers: Sequence[str]) -> int:
        """Delete these documents ("app.model.pk"); how many of them the live index had."""
        report = IndexingReport()
        removed = self._write([], list(identifiers), self._writable(), report)
        if report.failed:
            raise IndexingFailedError(report)
        return removed

    def clear(self, models: Iterable[type] | None = None, commit: bool = True) -> None:
        """Empty the index, or take these models out of it. Makes the index if there is none.

        A rebuild under way goes on: it is filled from the database, not from here.
        """
        known = self.indices.generations()
        if models is None or not any(self.indices.alias in one.aliases for one in known):
            self._live = None
            self.indices.replace(self.described)
            return
        types = [get_model_ct(model) for model in models]
        self.server.ask(
            lambda client: client.delete_by_query(
                index=self.indices.alias,
                query={"terms": {"ct": types}},
                conflicts="proceed",
                refresh=True,
                allow_no_indices=False,
            ),
            timeout=300,
        )

    def rebuild(self, continues: Continues | None = None) -> Rebuild:
        """Fill a new index beside this one and swap it in: a context manager.

        ``continues``: whether to go on with one that was broken off there.
        """
        return Rebuild(self, continues)

    def roll_back(self) -> RollBack:
        """Bring the index before this one up to date and search it again: a context manager."""
        self._live = None
        return RollBack(self)

    def left_behind(self) -> Bookmark | None:
        """How far a rebuild had come that was broken off and waits to be gone on with; None if none does."""
        known = self.indices.generations()
        return next((one.bookmark for one in known if self.indices.building in one.aliases), None)

    def discard_left(self) -> None:
        """Clear away what a rebuild left that was broken off. RebuildRunningError if it goes on."""
        discard_left(self.indices)

    # -- looking after

    def documents(
        self, models: Iterable[type] | None = None, fields: Sequence[str] = ()
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """(identifier, {stored field: value}) of every document, by identifier, as of one moment."""
        types = [get_model_ct(model) for model in models] if models is not None else None
        request = SearchRequest(fields=frozenset(fields))
        hits = Hits(self.described, request)
        body: dict[str, Any] = {
            "query": {"match_all": {}} if types is None else {"terms": {"ct": types}},
            "sort": [{"id": "asc"}],
            "_source": ["ct", "pk", *(f"stored.{name}" for name in fields)],
        }
        with self.server.patiently(), self._moment() as now:
            for hit in now.hits(body):
                (result,) = hits.results([hit])
                yield result.id, {name: getattr(result, name, None) for name in fields}

    def status(self) -> dict[str, Any]:
        """What an operator asks of the index: is it there, how large, when built, out of date?"""
        known = self.indices.generations()
        live = next((one for one in known if self.indices.alias in one.aliases), None)
        about_engine = self.server.ask(lambda client: client.info())
        status: dict[str, Any] = {
            "identity": f"cluster {about_engine['cluster_uuid']} {self.indices.alias}",
            "path": f"{self.server.where} ({self.indices.alias})",
            "engine": f"Elasticsearch {about_engine['version']['number']}",
            "exists": live is not None,
            "documents": 0,
            "generation": None,
            "built": None,
            "outdated": False,
            "rebuilding": any(self.indices.building in one.aliases for one in known),
            "bytes": 0,
            "health": None,
        }
        if live is not None:
            about = self.server.ask(
                lambda client: client.indices.stats(index=live.name, metric=["store", "docs"])
            )
            health = self.server.ask(lambda client: client.cluster.health(index=live.name))
            wanted = schema.mapping(self.described)["_meta"]
            status |= {
                "documents": about["_all"]["primaries"]["docs"]["count"],
                "bytes": about["_all"]["total"]["store"]["size_in_bytes"],
                "generation": live.number,
                "built": live.meta.get("built"),
                "outdated": live.meta.get("fingerprint") != wanted["fingerprint"] or not is_usable(live),
                "health": health["status"],
            }
        return status


def _size(request: SearchRequest) -> int | None:
    """How many hits are asked for; None: all."""
    return None if request.end is None else max(0, request.end - request.start)


class ElasticsearchEngine(BaseEngine):
    """Haystack's engine: the backend and the query that go together."""

    backend = ElasticsearchBackend
    query = ArchiveSearchQuery
