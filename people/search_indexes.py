"""People and organisations in the search index."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from haystack import indexes

from people.entries import entry_of
from people.models import Person
from records.entries import Entry
from records.html import plain_text
from records.naming import Named
from search.fields import TextField, TextsField
from search.indexes import ArchiveIndex, DependsOn, named_rows, sort_key
from search.reasons import Ground


class PersonIndex(ArchiveIndex, indexes.Indexable):
    """One entry for a person, found by every name. Dates of life are not those of records: they stay out."""

    person = TextsField(weight=4, stored=False)
    biography = TextField(highlighted=True, stored=False)

    model_label = "people.Person"
    depends_on = (DependsOn("people.VariantName", "person"),)
    fallback_title = "sort_name"
    fallback_lookups = {
        "content": ("name", "variant_names__name", "biography"),
        "title": ("name",),
        "person": ("name", "variant_names__name"),
        "biography": ("biography",),
    }

    def with_all_that_is_indexed(self, records: QuerySet) -> QuerySet:
        return records.prefetch_related("variant_names")

    def entry_of(self, record: Person) -> Entry:
        return entry_of(record)

    def fields_of(self, record: Person) -> dict[str, Any]:
        return {
            "kind": "person",
            "title": record.name,
            "title_sort": sort_key(record.sort_name),
            "person": names_of(record),
            "grounds": [Ground("name", name).as_stored() for name in names_of(record)[1:]],
            "biography": plain_text(record.biography),
        }

    def facet_records(self, name: str) -> Named | None:
        return Named(Person) if name == "person" else None

    def facet_values(self, name: str, text: str) -> Iterable[str]:
        if name != "person":
            return ()
        return Person.objects.visible_to(None).called(text).values_list("slug", flat=True)

    def public_names(self, kind: str, values: Iterable[str]) -> QuerySet | None:
        if kind != "person":
            return None
        return named_rows(kind, Person.objects.visible_to(None), values, "slug", "name", sort="kind")


def names_of(person: Person) -> list[str]:
    """The authorised name and every variant."""
    return list(dict.fromkeys([person.name, *(variant.name for variant in person.variant_names.all())]))
