"""Themes: essays over several collections, with a timeline of documents."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.dating import DatedModel, by_date
from records.html import to_html
from records.slugs import SluggedModel
from records.uploads import validate_image
from themes.querysets import ThemeQuerySet


class Theme(SluggedModel):
    """An essay that leads through collections."""

    title = models.CharField(_("title"), max_length=250, unique=True, help_text=_("As readers will cite it."))
    short_description = models.CharField(
        _("short description"), max_length=500, blank=True, help_text=_("One sentence for lists.")
    )
    essay = models.TextField(
        _("essay"), blank=True, help_text=_("Plain text or simple HTML; anything harmful is removed.")
    )
    image = models.ImageField(
        _("image"),
        upload_to="themes/",
        blank=True,
        validators=[validate_image],
        help_text=_("JPEG, PNG, GIF or WebP."),
    )
    image_alt = models.CharField(
        _("what the image shows"), max_length=250, blank=True, help_text=_("For readers who cannot see it.")
    )
    collections = models.ManyToManyField(
        "collections.Collection",
        verbose_name=_("collections"),
        blank=True,
        related_name="themes",
        help_text=_("The collections that the essay leads through."),
    )
    is_published = models.BooleanField(
        _("published"), default=False, help_text=_("Unpublished: only curators see it.")
    )
    order = models.PositiveIntegerField(_("order"), default=0, help_text=_("Smaller numbers stand first."))
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("order", "title", "pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("themes:theme", args=[self.slug])

    def save(self, *args, **kwargs) -> None:
        self.essay = to_html(self.essay)
        super().save(*args, **kwargs)


class TimelineEntry(DatedModel):
    """A moment in a theme's timeline, told by a document where there is one."""

    theme = models.ForeignKey(
        Theme, on_delete=models.CASCADE, related_name="entries", verbose_name=_("theme"),
        help_text=_("Whose timeline it stands in."),
    )  # fmt: skip
    title = models.CharField(_("title"), max_length=300, help_text=_("What happened, in a line."))
    text = models.TextField(_("text"), blank=True, help_text=_("A sentence or two, plain text."))
    document = models.ForeignKey(
        "documents.Document",
        verbose_name=_("document"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="timeline_entries",
        help_text=_("The document that tells of it."),
    )

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        ordering = by_date()

    def __str__(self) -> str:
        return f"{self.date_display}: {self.title}"
