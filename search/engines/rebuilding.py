"""What the rebuilds of both engines share: what came of it, and the bookmark of one that was broken off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from search.engines.errors import IndexingReport

#: How far a rebuild has come, in its caller's words: anything that JSON can write. It is kept in the
#: index that is being built, and never says more than is in there.
Bookmark = Mapping[str, Any]
#: Whether to go on with what a rebuild left that was broken off there.
Continues = Callable[[Bookmark], bool]


class Outcome:
    """Counts what was indexed, and names what could not be: (id, reason)."""

    def __init__(self) -> None:
        self.indexed = 0
        self.failed: list[tuple[str, str]] = []

    def note(self, report: IndexingReport) -> IndexingReport:
        self.indexed += len(report.indexed)
        self.failed += report.failed
        return report
