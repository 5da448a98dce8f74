"""Authority lists: one record for each place, subject, repository and so on, however often it is named."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.querysets import TermQuerySet
from records.changes import TrackedModel
from records.html import to_html
from records.languages import bcp47, language_name, validate_language
from records.slugs import SluggedModel
from records.trees import TreeModel


class Term(SluggedModel):
    """A name in an authority list."""

    name = models.CharField(
        _("name"), max_length=250, unique=True, help_text=_("The one form that the archive uses everywhere.")
    )
    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar[tuple[str, ...]] = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Place(TreeModel, Term):
    """A place that documents tell of, within a wider one."""

    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north, south negative: 39.90420."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east, west negative: 116.40740."),
    )

    class Meta(Term.Meta):
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def get_absolute_url(self) -> str:
        return reverse("documents:place", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        for missing, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if getattr(self, missing) is None and getattr(self, other) is not None:
                raise ValidationError(
                    {missing: _("A place on the map has both: write this one, too, or neither.")}
                )


class Subject(Term):
    """What a document is about."""

    class Meta(Term.Meta):
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")

    def get_absolute_url(self) -> str:
        return reverse("documents:subject", args=[self.slug])


class Repository(Term):
    """An archive that keeps originals."""

    short_name = models.CharField(
        _("short name"), max_length=60, blank=True, help_text=_("As cited: AVPRF, NARA.")
    )
    city = models.CharField(_("city"), max_length=120, blank=True, help_text=_("Where the archive is."))
    country = models.CharField(_("country"), max_length=120, blank=True, help_text=_("Where the archive is."))
    url = models.URLField(_("web address"), blank=True, help_text=_("The archive's own site, with https://."))
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("Its holdings and conditions of access, in a few sentences."),
    )

    class Meta(Term.Meta):
        verbose_name = _("archive")
        verbose_name_plural = _("archives")

    def get_absolute_url(self) -> str:
        return reverse("documents:archive", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        self.description = to_html(self.description)
        super().save(*args, **kwargs)


class Publisher(Term):
    """Who published the document or its translation before, or with, this archive."""

    url = models.URLField(_("web address"), blank=True, help_text=_("With https://."))

    class Meta(Term.Meta):
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")


class Donor(Term):
    """Who paid for, or gave, the document or its translation."""

    url = models.URLField(_("web address"), blank=True, help_text=_("With https://."))

    class Meta(Term.Meta):
        verbose_name = _("donor")
        verbose_name_plural = _("donors")


class Right(Term):
    """Reproduction conditions."""

    statement = models.TextField(
        _("statement"),
        blank=True,
        help_text=_("What a reader may do with the document, in a sentence or two."),
    )
    url = models.URLField(
        _("web address"), blank=True, help_text=_("Of the licence or rights statement, with https://.")
    )

    class Meta(Term.Meta):
        verbose_name = _("rights statement")
        verbose_name_plural = _("rights statements")


class DocumentType(Term):
    """Telegram, memorandum of conversation, diary entry."""

    class Meta(Term.Meta):
        verbose_name = _("document type")
        verbose_name_plural = _("document types")


class Classification(Term):
    """A marking of secrecy as the document carries it: Secret, Совершенно секретно."""

    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("From the least secret, 0, to the most.")
    )

    class Meta(Term.Meta):
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ("order", "name", "pk")


class Language(TrackedModel):
    """A language that originals are in, by its ISO 639-2/B code. The table is filled when it is made."""

    code = models.CharField(
        _("code"),
        max_length=3,
        unique=True,
        validators=[validate_language],
        help_text=_("Of ISO 639-2/B, as imports write it: chi, ger, rus."),
    )
    name = models.CharField(_("English name"), max_length=120, help_text=_("As the standard has it."))

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return language_name(self.code)

    @property
    def lang(self) -> str:
        return bcp47(self.code)
