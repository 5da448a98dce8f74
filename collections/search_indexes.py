"""Collections in the search index."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from haystack import indexes

from archive_site.collections.entries import entry_of
from archive_site.collections.models import Collection
from records.entries import Entry
from records.html import plain_text
from records.naming import Named
from records.trees import nodes_above, upward
from search.fields import TextField
from search.indexes import ArchiveIndex, named_rows, sort_key, text_of
from search.reasons import Ground


class CollectionIndex(ArchiveIndex, indexes.Indexable):
    """One entry for a collection, found also by what it is part of."""

    summary = TextField(weight=3, highlighted=True, stored=False)
    description = TextField(highlighted=True, stored=False)

    model_label = "collections.Collection"
    fallback_lookups = {
        "content": ("title", "short_description", "description"),
        "title": ("title",),
        "summary": ("short_description",),
        "description": ("description",),
    }

    def with_all_that_is_indexed(self, records: QuerySet) -> QuerySet:
        return records.all()

    def complete(self, records: Sequence[Any]) -> None:
        above = PublishedAbove([record.pk for record in records])
        for record in records:
            record.titles_above = above.titles(record.pk)[1:]

    def entry_of(self, record: Collection) -> Entry:
        return entry_of(record)

    def fields_of(self, record: Any) -> dict[str, Any]:
        return {
            "text": text_of(record.titles_above),
            "grounds": [Ground("part-of", title).as_stored() for title in record.titles_above],
            "kind": "collection",
            "title": record.title,
            "title_sort": sort_key(record.title),
            "summary": record.short_description,
            "description": plain_text(record.description),
        }

    def facet_records(self, name: str) -> Named | None:
        return Named(Collection, "title") if name == "collection" else None

    def facet_values(self, name: str, text: str) -> Iterable[str]:
        if name != "collection":
            return ()
        called = Q(title__iexact=text) | Q(slug=text.lower())
        return Collection.objects.visible_to(None).filter(called).values_list("slug", flat=True)

    def public_names(self, kind: str, values: Iterable[str]) -> QuerySet | None:
        if kind != "collection":
            return None
        return named_rows(kind, Collection.objects.visible_to(None), values, "slug", "title")


class PublishedAbove:
    """Collections and what they are part of, as far as it is published; two queries for all of ``keys``."""

    def __init__(self, keys: Iterable[int]) -> None:
        nodes = nodes_above(Collection, keys, "slug", "title", "is_published")
        self._parents = {key: node[0] for key, node in nodes.items()}
        self._named = {key: (node[1], node[2]) for key, node in nodes.items() if node[3]}

    def _chain(self, key: int) -> list[tuple[str, str]]:
        return [self._named[each] for each in upward(key, self._parents) if each in self._named]

    def slugs(self, key: int) -> list[str]:
        """The published ones' slugs, from ``key`` itself upwards."""
        return [slug for slug, _title in self._chain(key)]

    def titles(self, key: int) -> list[str]:
        return [title for _slug, title in self._chain(key)]
