"""Querysets of themes."""

from typing import Self

from records.changes import RecordT
from records.querysets import RecordQuerySet


class ThemeQuerySet(RecordQuerySet[RecordT]):
    def public(self) -> Self:
        return self.filter(is_published=True)
