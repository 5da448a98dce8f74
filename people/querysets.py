"""Querysets of people."""

from typing import Self

from records.querysets import AuthorityQuerySet


class PersonQuerySet(AuthorityQuerySet):
    def public(self) -> Self:
        return super().public().filter(merged_into=None)

    def with_names(self) -> Self:
        """Everything that a person's line in a list shows, in a fixed number of queries."""
        return self.prefetch_related("variant_names")
