"""Querysets of themes."""

from typing import Self

from records.querysets import RecordQuerySet


class ThemeQuerySet(RecordQuerySet):
    def public(self) -> Self:
        return self.filter(is_published=True)
