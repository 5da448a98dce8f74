"""Columns that repeat what another column says in a form that can be looked for, kept in step however a record is written."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models


class DerivedField(models.CharField):
    """A short text that ``derive`` makes of the text in the field ``made_of``. Nobody writes it by hand."""

    def __init__(self, *args: Any, made_of: str, derive: Callable[[str], str], **kwargs: Any) -> None:
        kwargs |= {"blank": True, "editable": False, "default": ""}
        super().__init__(*args, **kwargs)
        self.made_of = made_of
        self.derive = derive

    def deconstruct(self) -> Any:
        # To the database it is a text like any other: migrations do not hang on how it is made.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clone(self) -> Any:
        _name, _path, args, kwargs = self.deconstruct()
        return models.CharField(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        # Called by save() and bulk_create() alike.
        if self.made_of in model_instance.__dict__:  # else it was deferred, and has not changed
            setattr(model_instance, self.attname, self.derive(getattr(model_instance, self.made_of)))
        return getattr(model_instance, self.attname)


def derived_fields(model: type[models.Model]) -> list[DerivedField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, DerivedField)]


def with_derived(model: type[models.Model], names: Iterable[str]) -> set[str]:
    """These fields and those that are made of them."""
    given = set(names)
    return given | {field.attname for field in derived_fields(model) if field.made_of in given}


def with_derived_values(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """What ``update`` sets, and what is made of it. TypeError for a value that only the database knows."""
    made = {}
    for field in derived_fields(model):
        if field.made_of in values:
            source = values[field.made_of]
            if not isinstance(source, str):
                raise TypeError(f"{field.made_of} must be set to a text: {field.name} is made of it")
            made[field.attname] = field.derive(source)
    return values | made
