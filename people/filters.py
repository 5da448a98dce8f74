"""Filters of the list of people."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.choices import PersonKind
from people.models import Person
from people.querysets import PersonQuerySet
from records.querysets import sees_unpublished


class YearField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "min_value": 1, "max_value": 9999})


class YearFilter(filters.Filter):
    field_class = YearField


class PersonFilter(filters.FilterSet):
    """Kind, years of life; for curators, who see others too, whether there are documents."""

    kind = filters.ChoiceFilter(
        label=_("Kind"),
        empty_label=_("Any"),
        choices=PersonKind,
        error_messages={"invalid_choice": _("there is no “%(value)s” to choose here.")},
    )
    # Alive at some time between these years; who has no dates is left out.
    alive_from = YearFilter(label=_("Alive from"), method="filter_alive_from")
    alive_to = YearFilter(label=_("Alive until"), method="filter_alive_to")
    documents = filters.BooleanFilter(
        label=_("Only with documents"), method="filter_documents", widget=forms.CheckboxInput
    )

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not sees_unpublished(user, Person):
            del self.filters["documents"]  # everybody whom the public sees is named by some

    def filter_alive_from(self, people: PersonQuerySet, _name: str, year: int | None) -> PersonQuerySet:
        if year is None:
            return people
        dated = people.exclude(date_earliest=None, date_latest=None)
        return dated.filter(Q(date_latest=None) | Q(date_latest__year__gte=year))

    def filter_alive_to(self, people: PersonQuerySet, _name: str, year: int | None) -> PersonQuerySet:
        if year is None:
            return people
        dated = people.exclude(date_earliest=None, date_latest=None)
        return dated.filter(Q(date_earliest=None) | Q(date_earliest__year__lte=year))

    def filter_documents(self, people: PersonQuerySet, _name: str, wanted: bool) -> PersonQuerySet:
        if not wanted:
            return people
        documents: Any = Person._meta.get_field("documents").related_model
        named = documents._default_manager.visible_to(self.user).filter(people__isnull=False)
        return people.filter(pk__in=named.values("people"))

    @property
    def is_used(self) -> bool:
        """Whether any filter is on."""
        return self.is_bound and any(self.data.get(name) for name in self.filters)
