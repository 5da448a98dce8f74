"""Changes to records, told to whoever must know of them, however they are made.

Django's signals tell of a record that is saved or deleted. What changes many at
once, ``update``, ``bulk_create``, ``delete`` of a queryset, is told here. Whatever
is told happens in the transaction of the change.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models, router, transaction
from django.dispatch import Signal

RecordT = TypeVar("RecordT", bound=models.Model, covariant=True)

# sender: the model. rows: a queryset of what is about to change. fields: the names that change, None for a delete.
# A receiver may return a function; it is called after the change.
rows_changing = Signal()
# sender: the model. rows: the new records; those of a many-to-many table may come without their keys.
# were_there: whether some of them are not new, but changed (update_conflicts).
rows_created = Signal()


def tell_of_change(rows: models.QuerySet, fields: frozenset[str] | None) -> list[Callable[[], None]]:
    """Tell that these rows are about to change; what is returned is to be called when they have."""
    answers: list[Any] = rows_changing.send(sender=rows.model, rows=rows, fields=fields)
    return [after for _receiver, after in answers if after is not None]


class TrackedQuerySet(models.QuerySet[RecordT]):
    """A queryset whose bulk operations tell what they change."""

    def update(self, **values: Any) -> int:
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            after = tell_of_change(self, frozenset(values))
            changed = super().update(**values)
            for each in after:
                each()
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            after = tell_of_change(self, None)
            deleted = super().delete()
            for each in after:
                each()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            # With ignore_conflicts the database does not say what it made; what is new has a higher key.
            unsaid = kwargs.get("ignore_conflicts") and not self.model._meta.auto_created
            last = self._last_key() if unsaid else 0
            created = super().bulk_create(objs, *args, **kwargs)
            made = list(self.model._base_manager.using(self.db).filter(pk__gt=last)) if unsaid else created
            rows_created.send(sender=self.model, rows=made, were_there=bool(kwargs.get("update_conflicts")))
        return created

    bulk_create.alters_data = True  # type: ignore[attr-defined]

    def _last_key(self) -> int:
        return self.model._base_manager.using(self.db).aggregate(last=models.Max("pk"))["last"] or 0


class TrackedModel(models.Model):
    """A record whose save and delete are one transaction with all that is written because of them."""

    class Meta:
        abstract = True

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using, savepoint=False):
            super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        # Not Django's pre_delete: whoever listens to that makes a cascade load every text it deletes.
        using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        rows = type(self)._base_manager.using(using).filter(pk=self.pk)
        with transaction.atomic(using=using, savepoint=False):
            after = tell_of_change(rows, None)
            deleted = super().delete(*args, **kwargs)
            for each in after:
                each()
        return deleted
