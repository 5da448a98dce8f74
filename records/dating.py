"""The date of a record as the database keeps it.

A date is stored as written and as what it means: EDTF, bounds, certainty, and
whether the cataloguer supplied it. What is written rules: the rest is read from
it on every save, by ``dates.read_date``.
"""

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from dates import Certainty, DateError, PartialDate, read_date
from records.changes import TrackedModel


class DateCertainty(models.TextChoices):
    """How sure a date is. Unread: kept as written, but not understood, for a curator to settle."""

    CERTAIN = "certain", _("Certain")
    APPROXIMATE = "approximate", _("Approximate")
    UNCERTAIN = "uncertain", _("Uncertain")
    UNDATED = "undated", _("Undated")
    UNREAD = "unread", _("Not understood yet")


DATE_FIELDS = (
    "date_display",
    "date_edtf",
    "date_earliest",
    "date_latest",
    "date_certainty",
    "date_supplied",
    "date_sort",
    "date_span",
)


def stored_date(record: Any) -> PartialDate:
    """The date in a record's ``date_...`` attributes as a value; one that was not understood counts as undated."""
    unread = record.date_certainty == DateCertainty.UNREAD
    return PartialDate(
        written=record.date_display,
        edtf=record.date_edtf,
        earliest=record.date_earliest,
        latest=record.date_latest,
        certainty=Certainty.UNDATED if unread else Certainty(record.date_certainty),
        supplied=record.date_supplied,
    )


class DatedModel(TrackedModel):
    """A record with a date: as written, as EDTF, and as bounds (null: open on that side, or undated)."""

    date_display = models.CharField(
        _("date"),
        max_length=200,
        blank=True,
        help_text=_(
            "As the source gives it, as exactly as it is known: 1955, September, 1972, May 06, 1946, circa 1960, "
            "1955-1957, before 1949, [1956?]. Empty or n.d.: undated. Brackets: known to you, not written there."
        ),
    )
    date_edtf = models.CharField(_("date as EDTF"), max_length=200, blank=True, editable=False)
    date_earliest = models.DateField(_("earliest"), null=True, blank=True, editable=False)
    date_latest = models.DateField(_("latest"), null=True, blank=True, editable=False)
    date_certainty = models.CharField(
        _("certainty of the date"),
        max_length=12,
        choices=DateCertainty,
        default=DateCertainty.UNDATED,
        editable=False,
    )
    date_supplied = models.BooleanField(_("date supplied by the cataloguer"), default=False, editable=False)
    date_sort = models.DateField(_("date to sort by"), null=True, editable=False)
    date_span = models.PositiveIntegerField(_("days between the bounds"), null=True, editable=False)

    # The words that the stored meaning was read from; None before anything was read.
    _date_read_from: str | None = None

    class Meta:
        abstract = True

    @property
    def partial_date(self) -> PartialDate:
        """The date as a value, to print and to explain."""
        return stored_date(self)

    def set_date(self, date: PartialDate, written: str | None = None) -> None:
        """Take over a date that was read; ``written`` where it is to stand in other words."""
        self.date_display = date.written if written is None else written
        self.date_edtf = date.edtf
        self.date_earliest = date.earliest
        self.date_latest = date.latest
        self.date_certainty = DateCertainty(str(date.certainty.value))
        self.date_supplied = date.supplied
        self.date_sort = date.earliest or date.latest
        self.date_span = (date.latest - date.earliest).days if date.earliest and date.latest else None

    def keep_date_unread(self, written: str) -> None:
        """Keep words that no date could be read from; searches count the record as undated."""
        self.set_date(read_date(""), written=written)
        self.date_certainty = DateCertainty.UNREAD

    def read_date_again(self) -> None:
        """Read ``date_display`` anew. Raises DateError, with the cure, where it cannot be read."""
        self.set_date(read_date(self.date_display), written=self.date_display)

    @property
    def _date_is_settled(self) -> bool:
        """Whether the stored meaning is of the words that stand here now."""
        return self._date_read_from == self.date_display

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **rest: Any
    ) -> Self:
        instance = super().from_db(db, field_names, values, **rest)
        if "date_display" in field_names:
            instance._date_read_from = instance.date_display
        return instance

    def clean(self) -> None:
        super().clean()
        if self._date_is_settled:
            return
        try:
            self.read_date_again()
        except DateError as error:
            raise ValidationError({"date_display": str(error)}) from error
        self._date_read_from = self.date_display

    def save(self, *args, **kwargs) -> None:
        if (
            self.date_certainty != DateCertainty.UNREAD
            and "date_display" in self.__dict__
            and not self._date_is_settled
        ):
            self.read_date_again()
        self._date_read_from = self.__dict__.get("date_display")
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and "date_display" in update_fields:
            kwargs["update_fields"] = {*update_fields, *DATE_FIELDS}
        super().save(*args, **kwargs)


def by_date(prefix: str = "", *, descending: bool = False) -> tuple:
    """An ordering by date: what has no bounds last, the narrower span first, then the key."""
    sort = F(f"{prefix}date_sort")
    first = sort.desc(nulls_last=True) if descending else sort.asc(nulls_last=True)
    return first, F(f"{prefix}date_span").asc(nulls_last=True), F(f"{prefix}pk").asc()
