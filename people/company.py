"""Who was present together with whom."""

from typing import Any

from django.db.models import Count

from people.models import Person

PRESENT = "present"  # the role; its choices belong to an app that this one knows nothing of
SHOWN = 10


def met_with(person: Person, user: Any, limit: int = SHOWN) -> list[tuple[Person, int]]:
    """Those who were most often present where this person was, with the number of documents that say so; two queries.

    Only documents that this user may see count.
    """
    participations: Any = person.participations.model
    together = participations._base_manager.filter(document__in=_present_at(person, user), role=PRESENT)
    others = together.exclude(person=person).filter(person__merged_into=None)
    counted = others.values("person").annotate(number=Count("document", distinct=True))
    rows = list(
        counted.order_by("-number", "person__sort_name", "person").values_list("person", "number")[:limit]
    )
    found = Person.objects.in_bulk([key for key, _number in rows])
    return [(found[key], number) for key, number in rows if key in found]


def documents_with(person: Person, other: Person, user: Any) -> Any:
    """The visible documents at which both were present, in order of date."""
    together = _present_at(other, user)
    found: Any = person.documents.visible_to(user)
    return (
        found.filter(pk__in=_present_at(person, user)).filter(pk__in=together).distinct().in_order_of_date()
    )


def _present_at(person: Person, user: Any) -> Any:
    """The keys of the visible documents at which a person was present, as a query."""
    visible: Any = person.documents.visible_to(user)
    present = person.participations.filter(role=PRESENT, document__in=visible.order_by().values("pk"))
    return present.order_by().values("document")
