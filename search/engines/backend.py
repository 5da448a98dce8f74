"""What both engines' backends share: Haystack's arguments as one request, and what a search is limited to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Protocol, TypeVar

from django.conf import settings
from haystack import connections
from haystack.backends import BaseSearchBackend
from haystack.exceptions import MoreLikeThisError, SkipDocument
from haystack.utils import get_identifier, get_model_ct

from search import tree
from search.engines.base import ArchiveSearchQuery
from search.engines.errors import BeyondReachError, IndexingReport
from search.engines.request import WINDOW, SearchRequest
from search.fields import FieldInfo, describe

log = logging.getLogger(__name__)


class _Entry(Protocol):
    """What an engine makes of a record: it has the record's identifier."""

    @property
    def id(self) -> str: ...


EntryT = TypeVar("EntryT", bound=_Entry)


class ArchiveBackend(BaseSearchBackend):
    """A backend whose errors come typed (``search.engines.errors``) and are never swallowed."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        self.batch_size = int(options.get("BATCH_SIZE", 200))
        self.window = int(options.get("WINDOW", WINDOW))
        self.include_spelling = bool(options.get("INCLUDE_SPELLING", True))
        self.silently_fail = False

    @property
    def described(self) -> dict[str, FieldInfo]:
        return describe(connections[self.connection_alias].get_unified_index())

    def request_of(self, query_string: Any, **kwargs: Any) -> SearchRequest:
        """A SearchRequest as it is, or made of Haystack's own arguments: a text in the reader's grammar, "*" for all."""
        if not isinstance(query_string, SearchRequest):
            return self.build_search_kwargs(query_string, **kwargs)
        fields = kwargs.get("fields")
        return replace(query_string, fields=frozenset(fields)) if fields else query_string

    def build_search_kwargs(self, query_string: Any, **kwargs: Any) -> SearchRequest:
        """Haystack's arguments as a request. Places on a map are an error, unknown arguments too."""
        query = ArchiveSearchQuery(using=self.connection_alias)
        node = query_string
        if not isinstance(node, tree.Node):
            node = tree.Everything() if node in ("*", "*:*") else query.parse_fields(str(node))
        query.order_by = list(kwargs.pop("sort_by", None) or [])
        query.set_limits(kwargs.pop("start_offset", 0), kwargs.pop("end_offset", None))
        query.models = set(kwargs.pop("models", None) or ())
        highlight = kwargs.pop("highlight", False)
        if highlight:
            query.add_highlight(**(highlight if isinstance(highlight, dict) else {}))
        facets = kwargs.pop("facets", None) or {}
        for name in facets:
            query.add_field_facet(name, **(facets[name] if isinstance(facets, dict) else {}))
        query.date_facets = dict(kwargs.pop("date_facets", None) or {})
        query_facets = kwargs.pop("query_facets", None) or []
        query.query_facets = list(query_facets.items() if isinstance(query_facets, dict) else query_facets)
        query.narrow_queries = set(kwargs.pop("narrow_queries", None) or ()) | {node}
        query.boost = dict(kwargs.pop("boost", None) or {})
        spelling = kwargs.pop("spelling_query", None) or (query_string if query_string != "*" else None)
        query.spelling_query = str(spelling) if spelling is not None else None
        query.set_result_class(kwargs.pop("result_class", None))
        fields = kwargs.pop("fields", None)
        kwargs.pop("limit_to_registered_models", None)
        if any(kwargs.values()):
            raise TypeError(f"search() does not know {', '.join(sorted(kwargs))}")
        request = query.build_request()
        return replace(request, fields=frozenset(fields)) if fields else request

    def prepared_by(
        self, prepare: Callable[[Any], EntryT], objects: Iterable[Any], report: IndexingReport
    ) -> Iterator[list[EntryT]]:
        """What ``prepare`` makes of objects, in batches; the report takes what was skipped and what failed, by id."""
        objects = iter(objects)
        while batch := list(islice(objects, self.batch_size)):
            entries: dict[str, EntryT] = {}
            for obj in batch:
                identifier = get_identifier(obj)
                try:
                    entry = prepare(obj)
                    entries[entry.id] = entry
                except SkipDocument:
                    report.skipped.append(identifier)
                # Whatever an index class stumbles over in one record must not stop the others.
                except Exception as error:
                    log.exception("%s cannot be indexed", identifier)
                    report.failed.append((identifier, f"{type(error).__name__}: {error}"))
            yield list(entries.values())

    def check_reach(self, request: SearchRequest, hits: int) -> None:
        """BeyondReachError where a page was asked for that lies beyond what can be paged through."""
        end = request.start + 1 if request.end is None else request.end
        if end > self.window and request.start < hits:
            raise BeyondReachError(self.window)

    def verify(self) -> None:
        """IndexDamagedError where the index is damaged; for engines that do not see to that themselves."""

    def alike_request(self, model_instance: Any, query: Any, **kwargs: Any) -> tuple[str, SearchRequest]:
        """The id of a record, and what is asked of those like it: all but itself."""
        request = self.request_of(query or "*", **kwargs)
        if model_instance is None or model_instance.pk is None:
            raise MoreLikeThisError("more_like_this() wants a saved record")
        identifier = get_identifier(model_instance)
        return identifier, replace(request, excluded_ids=request.excluded_ids | {identifier})

    def types_of(self, request: SearchRequest) -> Sequence[str] | None:
        """The models that a search is limited to; None: no limit."""
        if request.models:
            return sorted(get_model_ct(model) for model in request.models)
        if getattr(settings, "HAYSTACK_LIMIT_TO_REGISTERED_MODELS", True):
            return sorted(self.build_models_list())
        return None
