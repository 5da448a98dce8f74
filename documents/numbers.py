"""Public record ids: given once, never again, not even after a record was deleted."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class RecordCounter(models.Model):
    """One row: the highest record id given so far."""

    last = models.PositiveBigIntegerField(_("last record id"), default=0)

    class Meta:
        verbose_name = _("record counter")
        verbose_name_plural = _("record counter")

    def __str__(self) -> str:
        return str(self.last)


def reserve_record_ids(count: int) -> range:
    """The next ``count`` record ids, which nobody else will get."""
    with transaction.atomic():
        counter, _created = RecordCounter.objects.select_for_update().get_or_create(pk=1)
        first = counter.last + 1
        counter.last += count
        counter.save(update_fields=["last"])
    return range(first, first + count)


def note_record_id(record_id: int) -> None:
    """Remember an id that came from elsewhere, so that it is not given a second time."""
    with transaction.atomic():
        counter, _created = RecordCounter.objects.select_for_update().get_or_create(pk=1)
        if record_id > counter.last:
            counter.last = record_id
            counter.save(update_fields=["last"])
