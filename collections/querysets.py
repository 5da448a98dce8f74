"""Querysets of collections."""

from typing import Self

from records.changes import RecordT
from records.querysets import RecordQuerySet


class CollectionQuerySet(RecordQuerySet[RecordT]):
    def public(self) -> Self:
        return self.filter(is_published=True)

    def in_order(self) -> Self:
        """As curators ordered them, then by title."""
        return self.order_by("order", "title", "pk")
