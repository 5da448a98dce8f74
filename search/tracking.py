"""Noticing changes: every way in which the ORM changes a record writes the outbox.

A save is known by Django's signals, everything else by ``records.changes``, which the
querysets and records of the archive tell of what they do.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.signals import post_save, pre_save
from django.utils import timezone
from haystack.exceptions import NotHandled

from records.changes import TrackedModel, TrackedQuerySet, rows_changing, rows_created
from records.trees import TreeModel
from search.dependences import Dependence, dependences_of, index_for, tracked_models
from search.draining import drain_soon
from search.writing import chunks, write_changes, write_keys, write_release, write_rows


def connect() -> None:
    """Listen to every model that an index depends on. ImproperlyConfigured where changes would go unnoticed."""
    for model in tracked_models():
        _watch_bulk_changes(model)
        if not model._meta.auto_created:
            pre_save.connect(_before_save, sender=model, dispatch_uid=f"outbox-{model._meta.label}")
            post_save.connect(_after_save, sender=model, dispatch_uid=f"outbox-{model._meta.label}")
        rows_changing.connect(_before_change, sender=model, dispatch_uid=f"outbox-{model._meta.label}")
        rows_created.connect(_after_bulk_create, sender=model, dispatch_uid=f"outbox-{model._meta.label}")


def _watch_bulk_changes(model: type[models.Model]) -> None:
    options: Any = model._meta
    if options.auto_created:
        # A many-to-many table; add, remove, set and clear go through its manager.
        options.local_managers.clear()
        model.add_to_class("objects", models.Manager.from_queryset(TrackedQuerySet)())
    elif not isinstance(model._default_manager.all(), TrackedQuerySet) or not issubclass(model, TrackedModel):
        raise ImproperlyConfigured(
            f"the search index depends on {model._meta.label}, whose changes nobody would notice: make it a "
            "records.changes.TrackedModel with objects = TrackedQuerySet.as_manager()"
        )
    # Related managers add by the base manager: repository.documents.add(document).
    options.base_manager_name = options.default_manager.name
    options._expire_cache()


def _names(model: type[models.Model], fields: tuple[str, ...]) -> set[str]:
    """The fields by their names and by those of their columns: document, document_id."""
    found: list[Any] = [model._meta.get_field(name) for name in fields]
    return {field.name for field in found} | {field.attname for field in found}


def _before_save(sender: Any, instance: Any, update_fields: Any = None, **rest: Any) -> None:
    """What hung on the record as it stood: a text that moves makes the document it leaves stale."""
    if instance._state.adding:
        return
    for dependence in dependences_of(sender):
        watched = dependence.watched
        if not watched or (update_fields is not None and not _names(sender, watched) & set(update_fields)):
            continue
        row = sender._base_manager.filter(pk=instance.pk)
        changing = row.exclude(**{name: getattr(instance, name) for name in watched})
        drain_soon(write_rows(dependence, changing))


def _after_save(sender: Any, instance: Any, created: bool, update_fields: Any = None, **rest: Any) -> None:
    if created:
        _note_new(sender, [instance])
        return
    for dependence in dependences_of(sender):
        if dependence.only:
            continue  # settled before the save
        if dependence.owner_field is not None:
            drain_soon(_write_for_owners(dependence, [instance]))
        elif dependence.is_own and not isinstance(instance, TreeModel):
            drain_soon(write_keys(dependence, [instance.pk]))
        else:
            drain_soon(write_rows(dependence, sender._base_manager.filter(pk=instance.pk)))
    if update_fields is None or _release_field(sender) in update_fields:
        _note_release(sender, [instance.pk])


def _after_bulk_create(sender: Any, rows: list[Any], were_there: bool, **rest: Any) -> None:
    if were_there:
        drain_soon(write_changes(sender, [row.pk for row in rows]))
    _note_new(sender, rows)


def _note_new(model: type[models.Model], rows: list[Any]) -> None:
    for dependence in dependences_of(model):
        if dependence.owner_field is not None:
            drain_soon(_write_for_owners(dependence, rows))
        elif dependence.is_own:
            # A draft was never in the index; what hangs on it says so itself.
            public = index_for(model).visible_to(None)
            for keys in chunks([row.pk for row in rows]):
                drain_soon(write_rows(dependence, public.filter(pk__in=keys)))
    _note_release(model, [row.pk for row in rows])


def _write_for_owners(dependence: Dependence, rows: list[Any]) -> int:
    """For rows whose owner is known from the row itself: the path is followed from there."""
    field = dependence.owner_field
    assert field is not None  # noqa: S101 (for the type checker; callers asked)
    owners = {getattr(row, field.attname) for row in rows} - {None}
    _first, _separator, path = dependence.path.partition("__")
    onward = Dependence(field.related_model, path or "pk", dependence.stale)
    return write_keys(onward, sorted(owners))


def _release_field(model: type[models.Model]) -> str:
    try:
        return index_for(model).release_field
    except NotHandled:
        return ""


def _note_release(model: type[models.Model], keys: Sequence[Any]) -> None:
    field = _release_field(model)
    if not field:
        return
    coming = model._base_manager.filter(**{f"{field}__gt": timezone.localdate()})
    for chunk in chunks(keys):
        # Asked of the database: an attribute may still hold a text, or an expression.
        write_release(model, list(coming.filter(pk__in=chunk).values_list("pk", field)))


def _before_change(sender: Any, rows: Any, fields: frozenset[str] | None, **rest: Any) -> Callable | None:
    concerned = []
    for dependence in dependences_of(sender):
        if not dependence.only or fields is None or fields & _names(sender, dependence.only):
            concerned.append(dependence)
            drain_soon(write_rows(dependence, rows))
    if fields is None or not concerned:
        return None
    # The rows may not be found by the same conditions any more, or may have gone over to other owners.
    moving = [
        each
        for each in concerned
        if each.owner_field is not None and fields & {each.owner_field.name, each.owner_field.attname}
    ]
    release = _release_field(sender) in fields
    if not moving and not release:
        return None
    keys = list(rows.order_by().values_list("pk", flat=True))

    def after() -> None:
        for dependence in moving:
            drain_soon(write_keys(dependence, keys))
        if release:
            _note_release(sender, keys)

    return after
