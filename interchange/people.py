"""Imports people and organisations, and finds those that documents name."""

from fnmatch import fnmatchcase

from django.db import models

from interchange.columns import PEOPLE
from interchange.named import NamedImporter
from interchange.resolve import Authority
from interchange.sides import Side, VariantsSide
from people.choices import PersonKind
from people.models import Person, VariantName


def people_authority(organisations: tuple[str, ...] = ()) -> Authority:
    """Everybody by every name. A new name that matches one of the patterns ("Embassy*") is an organisation's."""

    def make(name: str) -> Person:
        is_organisation = any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in organisations)
        kind = PersonKind.ORGANISATION if is_organisation else PersonKind.PERSON
        return Person(name=name, sort_name=name, kind=kind)

    return Authority(
        Person,
        others=lambda: VariantName._base_manager.values_list("person_id", "name").iterator(),
        moved=_merged,
        make=make,
    )


def _merged() -> dict[int, int]:
    into = dict(Person._base_manager.exclude(merged_into=None).values_list("pk", "merged_into_id"))
    moved = {}
    for pk in into:
        goal, seen = pk, {pk}
        while goal in into and into[goal] not in seen:
            goal = into[goal]
            seen.add(goal)
        moved[pk] = goal
    return moved


class PeopleImporter(NamedImporter):
    """People and organisations, known by slug or authorised name."""

    layout = PEOPLE
    model = Person
    name_field = required = "name"
    html_fields = frozenset({"biography"})

    def make_own_list(self) -> Authority:
        return people_authority()

    def standing(self) -> models.QuerySet:
        return Person._base_manager.filter(merged_into=None)

    def make_sides(self) -> list[Side]:
        return [VariantsSide(VariantName)]

    def complete(self, record: Person) -> None:
        record.sort_name = record.sort_name or record.name
