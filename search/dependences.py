"""What hangs on what: which records of an index go stale when records of other kinds change.

Index classes declare it (``ArchiveIndex.depends_on``); here it is looked up by the model that changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import ForeignKey
from haystack.utils.loading import UnifiedIndex


@dataclass(frozen=True)
class Dependence:
    """Records of ``stale`` that hang on records of ``source`` by a lookup ``path`` from the source.

    ``only``: the source's fields that matter; empty: all of them.
    """

    source: type[models.Model]
    path: str
    stale: type[models.Model]
    only: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether it says no more than that a record's own entry goes stale with it."""
        return self.path == "pk"

    @property
    def owner_field(self) -> ForeignKey | None:
        """The source's own foreign key that the path begins with, if it begins with one."""
        try:
            field = self.source._meta.get_field(self.path.partition("__")[0])
        except FieldDoesNotExist:
            return None
        return field if isinstance(field, ForeignKey) else None

    @property
    def watched(self) -> tuple[str, ...]:
        """The fields whose old value matters as much as the new one."""
        owner = self.owner_field
        return self.only or ((owner.attname,) if owner else ())


def own_dependence(model: type[models.Model]) -> Dependence:
    """That a record's own entry goes stale with it."""
    return Dependence(model, "pk", model)


@cache
def _unified() -> UnifiedIndex:
    # Not that of haystack.connections: declarations are read before there is an engine.
    return UnifiedIndex()


def indexed_models() -> list[type[models.Model]]:
    """The models that have an index, in a fixed order."""
    return sorted(_unified().get_indexes(), key=lambda model: model._meta.label)


def index_for(model: type[models.Model]) -> Any:
    """The index class's instance for a model."""
    return _unified().get_index(model)


def index_labelled(label: str) -> Any | None:
    """The index class's instance for a lower-case model label; None where none is of it, or not any more."""
    return next((index_for(model) for model in indexed_models() if model._meta.label_lower == label), None)


@cache
def _dependences() -> Mapping[type[models.Model], tuple[Dependence, ...]]:
    found: dict[type[models.Model], list[Dependence]] = {}

    def add(dependence: Dependence) -> None:
        known = found.setdefault(dependence.source, [])
        if dependence not in known:
            known.append(dependence)

    for model in indexed_models():
        add(own_dependence(model))
        for declared in index_for(model).depends_on:
            dependence = declared.resolved(model)
            add(dependence)
            for table in _tables_between(dependence):
                add(table)
    return {source: tuple(dependences) for source, dependences in found.items()}


def _tables_between(dependence: Dependence) -> list[Dependence]:
    """The many-to-many table that a path like "documents" crosses: a change of its rows counts as well."""
    relation: Any = dependence.source._meta.get_field(dependence.path.partition("__")[0])
    if not relation.many_to_many or "__" in dependence.path:
        return []
    field = getattr(relation, "field", relation)  # the reverse side knows the field itself
    through = field.remote_field.through
    if not through._meta.auto_created:
        return []
    name = field.m2m_field_name() if field.model is dependence.stale else field.m2m_reverse_field_name()
    return [Dependence(through, name, dependence.stale)]


def dependences_of(model: type[models.Model]) -> tuple[Dependence, ...]:
    """What goes stale with a record of this model."""
    return _dependences().get(model, ())


def tracked_models() -> list[type[models.Model]]:
    """Every model whose changes the index has to hear of."""
    return list(_dependences())


@dataclass(frozen=True)
class DependsOn:
    """In an index class: its records go stale with records of ``source``, which a lookup ``path`` leads from.

    ``DependsOn("documents.Text", "document")``; ``stale`` names another model whose index is meant,
    ``only`` the fields of the source that matter.
    """

    source: str
    path: str
    stale: str = ""
    only: tuple[str, ...] = ()

    def resolved(self, model: type[models.Model]) -> Dependence:
        """With the models that the labels name."""
        stale = apps.get_model(self.stale) if self.stale else model
        return Dependence(apps.get_model(self.source), self.path, stale, self.only)
