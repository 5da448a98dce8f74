"""The outbox: what the index has still to be told. Written in the transaction of the change itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxEntry(models.Model):
    """One record whose index entry is out of date, from ``due_at`` on."""

    model_label = models.CharField(_("model"), max_length=100)
    object_pk = models.CharField(_("key"), max_length=64)
    hides = models.BooleanField(
        _("hides"), default=False, help_text=_("The record left the public: no search may show it meanwhile.")
    )
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("index outbox entry")
        verbose_name_plural = _("index outbox")
        ordering = ("due_at", "pk")
        indexes = (models.Index(fields=["due_at", "id"]), models.Index(fields=["model_label", "object_pk"]))

    def __str__(self) -> str:
        return f"{self.model_label} {self.object_pk}"
