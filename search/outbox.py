"""The outbox's front door: what is hidden until the index heard of it, and what others may ask of it.

``search.writing`` writes it, ``search.tracking`` notices changes, ``search.draining`` works it off.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import BigIntegerField
from django.db.models.functions import Cast

from search.dependences import index_for, index_labelled, own_dependence
from search.draining import Drained, drain, drain_soon, paused, pending
from search.writing import write_changes, write_keys, write_labelled

__all__ = [
    "Drained",
    "drain",
    "hidden_ids",
    "note_all",
    "note_changes",
    "note_ids",
    "paused",
    "pending",
    "pending_keys",
]


def note_changes(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Say that the records of ``model`` with these primary keys changed, where nothing else could notice.

    For raw SQL; what goes through the ORM is noticed by itself. Call it in the transaction of the change;
    for records that are to be deleted, before that. A constant number of queries for 500 keys.
    """
    drain_soon(write_changes(model, list(keys)))


def note_all(model: type[models.Model], since: datetime | None = None, until: datetime | None = None) -> int:
    """Say that every public record of an indexed model is stale, or those changed since, or before; answers how many."""
    public = index_for(model).visible_to(None)
    if since is not None:
        public = public.filter(changed__gte=since)
    if until is not None:
        public = public.filter(changed__lt=until)
    return write_keys(own_dependence(model), list(public.order_by("pk").values_list("pk", flat=True)))


def note_ids(identifiers: Iterable[str]) -> int:
    """Say that these entries of the index ("documents.document.12") are stale, whether their records exist or not."""
    keys: dict[str, list[str]] = {}
    for identifier in identifiers:
        label, _dot, key = identifier.rpartition(".")
        keys.setdefault(label, []).append(key)
    return sum(write_labelled(label, found) for label, found in keys.items())


def pending_keys() -> dict[str, set[str]]:
    """The keys of the records that the index has still to be told of, by lower-case model label."""
    keys: dict[str, set[str]] = {}
    for label, key in pending().order_by().values_list("model_label", "object_pk").distinct():
        keys.setdefault(label, set()).add(key)
    return keys


def hidden_ids() -> list[str]:
    """The ids ("documents.document.12") that every search must leave out.

    They are of records that are no longer public, or gone, while the index has not heard of it yet.
    One query while the index is up to date, one more for each kind of record where it is not.
    """
    hidden: list[str] = []
    for label in sorted(pending().order_by().values_list("model_label", flat=True).distinct()):
        waiting = pending().filter(model_label=label)
        index = index_labelled(label)
        if index is not None:  # else nothing of it is public
            public = index.visible_to(None).order_by().values("pk")
            waiting = waiting.annotate(key=Cast("object_pk", BigIntegerField())).exclude(key__in=public)
        keys = waiting.order_by().values_list("object_pk", flat=True).distinct()
        hidden += [f"{label}.{key}" for key in keys]
    return hidden
