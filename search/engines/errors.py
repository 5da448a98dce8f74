"""What can go wrong between a query and its answer. Every error says what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from haystack.exceptions import FacetingError, SearchBackendError, SearchFieldError


class EngineError(SearchBackendError):
    """The engine cannot answer now; the page falls back to the database.

    ``said``: what may be told of it to everybody, who need not know of hosts and paths.
    """

    said: ClassVar[str | Promise] = _("The search engine cannot answer; the log says why.")


class EngineRestingError(EngineError):
    """The engine did not answer a moment ago, and is left alone for some seconds."""


class IndexMissingError(EngineError):
    """There is no index: never built, or deleted meanwhile."""

    said = _("There is no search index: run `manage.py rebuild_index`.")


class IndexUnusableError(EngineError):
    """The index cannot be read: damaged, of another layout, or no permission."""

    said = _("The search engine refuses the site, or its index cannot be used; the log says why.")


class IndexDamagedError(IndexUnusableError):
    """The index is there and can be read no more: overwritten, cut short, a disk that forgets."""

    said = _("The search index is damaged: run `manage.py rebuild_index`.")


class IndexBusyError(EngineError):
    """Another process held the index for longer than the time limit."""

    said = _("The search engine is too busy to answer.")


class IndexLockedError(IndexBusyError):
    """Somebody else writes just now; the engine is well, and free again in a moment."""


class SearchTimeoutError(EngineError):
    """The search took longer than the connection's TIMEOUT."""

    said = _("The search engine does not answer in time.")


class RebuildRunningError(EngineError):
    """Another rebuild is under way; this one stops."""


class IndexIncompleteError(EngineError):
    """An index that was built does not have what it should, and is not put in the place of the live one."""


class QueryError(SearchBackendError):
    """The query asks for what no engine here can do; the caller's mistake."""


class UnknownFieldError(QueryError, SearchFieldError):
    """No index class declares such a field."""


class UnknownLookupError(QueryError):
    """``field__lookup`` with a lookup that Haystack does not know."""


class UnsupportedQueryError(QueryError):
    """A Haystack feature that makes no sense here, or a lookup on the wrong kind of field."""


class BeyondReachError(UnsupportedQueryError):
    """Hits so far down that they cannot be paged to. ``ArchiveQuerySet.reach`` says how far one can."""

    def __init__(self, reach: int) -> None:
        super().__init__(f"only the first {reach:,} hits can be paged through; narrow the search")


class QueryTooLargeError(EngineError, UnsupportedQueryError):
    """More conditions, or longer ones, than the engine takes at once: the query's fault, the engine is well."""


class IndexOutdatedError(EngineError, UnknownFieldError):
    """The field is declared, but the index is older than it: until the rebuild the database stands in."""


class FacetError(QueryError, FacetingError):
    """A facet on a field that holds no exact values, or with options that contradict each other."""


@dataclass
class IndexingReport:
    """What became of a batch: ids written, ids left out by SkipDocument, and failures (id, reason)."""

    indexed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def extend(self, other: IndexingReport) -> None:
        self.indexed += other.indexed
        self.skipped += other.skipped
        self.failed += other.failed


class IndexingFailedError(EngineError):
    """Some documents of a batch could not be indexed; the others are. ``report`` names them."""

    def __init__(self, report: IndexingReport) -> None:
        shown = "; ".join(f"{identifier}: {reason}" for identifier, reason in report.failed[:5])
        more = len(report.failed) - 5
        super().__init__(f"not indexed: {shown}" + (f"; and {more} more" if more > 0 else ""))
        self.report = report
