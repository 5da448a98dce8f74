"""Querysets of people."""

from typing import Self

from records.changes import RecordT
from records.querysets import AuthorityQuerySet


class PersonQuerySet(AuthorityQuerySet[RecordT]):
    def public(self) -> Self:
        return super().public().filter(merged_into=None)

    def with_names(self) -> Self:
        """Everything that a person's line in a list shows, in a fixed number of queries."""
        return self.prefetch_related("variant_names")
