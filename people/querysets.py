"""Querysets of people."""

from typing import Self

from django.db.models import Q

from records.changes import RecordT
from records.querysets import AuthorityQuerySet


class PersonQuerySet(AuthorityQuerySet[RecordT]):
    def public(self) -> Self:
        return super().public().filter(merged_into=None)

    def called(self, name: str) -> Self:
        """Those of exactly this name, authorised or other, however it is capitalised; and whose slug it is."""
        named = Q(name__iexact=name) | Q(variant_names__name__iexact=name) | Q(slug=name.lower())
        return self.filter(named).distinct()

    def with_names(self) -> Self:
        """Everything that a person's line in a list shows, in a fixed number of queries."""
        return self.prefetch_related("variant_names")
