"""Persons and organisations: authority records with every name they are known by."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.choices import NameScheme, PersonKind
from people.querysets import PersonQuerySet
from records.changes import TrackedModel, TrackedQuerySet
from records.dating import DatedModel
from records.html import to_html
from records.languages import bcp47, direction, validate_language
from records.slugs import SluggedModel
from records.uploads import validate_image


class Person(SluggedModel, DatedModel):
    """A person or an organisation, once, under its authorised name. Its date is that of its life or existence."""

    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=PersonKind,
        default=PersonKind.PERSON,
        help_text=_("An organisation is a ministry, a party, an embassy, a delegation."),
    )
    name = models.CharField(
        _("authorised name"),
        max_length=250,
        unique=True,
        help_text=_(
            "The one form of the name that the archive uses, in reading order: Zhou Enlai, Nikita Khrushchev."
        ),
    )
    sort_name = models.CharField(
        _("sort name"),
        max_length=250,
        blank=True,
        help_text=_("The form to file under: Khrushchev, Nikita. Empty: the authorised name."),
    )
    biography = models.TextField(
        _("biography or history"),
        blank=True,
        help_text=_(
            "A few sentences on offices held, in plain words; simple HTML is kept, anything harmful is removed."
        ),
    )
    portrait = models.ImageField(
        _("portrait"),
        upload_to="people/",
        blank=True,
        validators=[validate_image],
        help_text=_("JPEG, PNG, GIF or WebP. Only a picture that the archive may publish."),
    )
    portrait_alt = models.CharField(
        _("what the portrait shows"),
        max_length=250,
        blank=True,
        help_text=_("For readers who cannot see it: Zhou Enlai at his desk, 1972."),
    )
    wikidata = models.CharField(
        _("Wikidata"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^Q[1-9][0-9]*\Z", _("Write the item's number with its Q, as Q17410."))],
        help_text=_("As Q17410."),
    )
    viaf = models.CharField(
        _("VIAF"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9]+\Z", _("Write the number alone, as 54940461."))],
        help_text=_("The number alone, as 54940461."),
    )
    lcnaf = models.CharField(
        _("LCNAF"),
        max_length=30,
        blank=True,
        validators=[
            RegexValidator(
                r"^[a-z]{1,3}[0-9]+\Z", _("Write letters and figures without spaces, as n79059734.")
            )
        ],
        help_text=_("As n79059734."),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        help_text=_("Where this record turned out to be a double: the record that now stands for both."),
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person or organisation")
        verbose_name_plural = _("people and organisations")
        ordering = ("sort_name", "pk")
        indexes = (models.Index(fields=["kind", "sort_name"]),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.merged_into_id and self.merged_into_id == self.pk:
            raise ValidationError({"merged_into": _("A record cannot be merged into itself.")})

    def save(self, *args, **kwargs) -> None:
        self.sort_name = self.sort_name or self.name
        self.biography = to_html(self.biography)
        super().save(*args, **kwargs)

    @property
    def name_in_original_script(self) -> str:
        """The first variant name in its own script, to stand beside the authorised one; empty if there is none."""
        return next((v.name for v in self.variant_names.all() if v.scheme == NameScheme.ORIGINAL), "")


class VariantName(TrackedModel):
    """Another form of a name: another script, another romanisation, a pseudonym."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="variant_names", verbose_name=_("person"),
        help_text=_("Who bears the name."),
    )  # fmt: skip
    name = models.CharField(
        _("name"), max_length=250, help_text=_("As it is spelled in that script or scheme: 周恩来.")
    )
    language = models.CharField(
        _("language"),
        max_length=3,
        blank=True,
        validators=[validate_language],
        help_text=_("The ISO 639-2/B code, as chi, rus or ger; empty where it does not matter."),
    )
    scheme = models.CharField(
        _("script or scheme"),
        max_length=20,
        choices=NameScheme,
        blank=True,
        help_text=_("Original script, or the romanisation this form follows."),
    )

    objects = TrackedQuerySet.as_manager()

    class Meta:
        verbose_name = _("variant name")
        verbose_name_plural = _("variant names")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["person", "name"], name="variant_name_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def lang(self) -> str:
        return bcp47(self.language)

    @property
    def dir(self) -> str:
        return direction(self.language)
