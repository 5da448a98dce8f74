"""The outbox: what the index has still to be told. Written in the transaction of the change itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxEntry(models.Model):
    """One record whose index entry is out of date, from ``due_at`` on.

    Rows are only ever added; several of one record are worked off together. A row is claimed while a
    worker has it in hand, and ``settled`` once the index knows but a rebuild under way may not;
    ``read_by`` names a rebuild that began when the row was there.
    """

    model_label = models.CharField(_("model"), max_length=100)
    object_pk = models.CharField(_("key"), max_length=64)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    created = models.DateTimeField(_("created"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    retry_at = models.DateTimeField(_("not before"), null=True, blank=True)
    claimed_by = models.CharField(_("claimed by"), max_length=40, blank=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    settled = models.BooleanField(_("settled"), default=False)
    read_by = models.CharField(_("read by"), max_length=16, blank=True, default="")

    class Meta:
        verbose_name = _("index outbox entry")
        verbose_name_plural = _("index outbox")
        ordering = ("due_at", "pk")
        indexes = (
            models.Index(fields=["due_at", "id"]),
            models.Index(fields=["model_label", "object_pk"]),
            models.Index(fields=["claimed_by"]),
        )

    def __str__(self) -> str:
        return f"{self.model_label} {self.object_pk}"


class IndexState(models.Model):
    """One row, which whoever claims entries locks: how the engine was last met, and who rebuilds the index."""

    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    retry_at = models.DateTimeField(_("not before"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    # When it last took a change: one that it refuses does not count.
    drained_at = models.DateTimeField(_("last told"), null=True, blank=True)
    rebuilt_by = models.CharField(_("being rebuilt by"), max_length=40, blank=True)
    rebuild_alive_until = models.DateTimeField(_("rebuild alive until"), null=True, blank=True)
    # Of the last rebuild, also when it was broken off: its name, and how many records it had done.
    rebuild_run = models.CharField(_("name of the rebuild"), max_length=16, blank=True, default="")
    rebuild_done = models.PositiveIntegerField(_("records done"), default=0)
    # Which index the last rebuild of this database made, as the engine tells itself from others.
    built = models.CharField(_("index that was built"), max_length=400, blank=True, default="")

    class Meta:
        verbose_name = _("state of the index")
        verbose_name_plural = _("state of the index")

    def __str__(self) -> str:
        return self.last_error or str(_("in order"))
