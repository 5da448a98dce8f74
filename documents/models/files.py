"""What can be read of a document: its texts, and the scans of the original."""

import mimetypes
from pathlib import PurePath

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.choices import Direction, TextKind
from documents.models.document import Document
from records.changes import TrackedModel, TrackedQuerySet
from records.html import paragraphs, to_html
from records.languages import bcp47, direction, language_name, validate_language
from records.uploads import SHOWN_IN_PAGE, FileFacts


class Text(TrackedModel):
    """A transcript (in the original language) or a translation (in another)."""

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="texts", verbose_name=_("document"),
        help_text=_("Whose text this is."),
    )  # fmt: skip
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=TextKind,
        default=TextKind.TRANSCRIPT,
        help_text=_("A transcript is in the language of the original, a translation in another."),
    )
    language = models.CharField(
        _("language"),
        max_length=3,
        validators=[validate_language],
        help_text=_("The ISO 639-2/B code: eng, chi, rus."),
    )
    script = models.CharField(
        _("script"),
        max_length=4,
        blank=True,
        help_text=_(
            "The ISO 15924 code where it matters: Hans or Hant for Chinese, Cyrl or Latn for Serbian."
        ),
    )
    direction = models.CharField(
        _("direction"),
        max_length=3,
        choices=Direction,
        blank=True,
        default=Direction.AUTOMATIC,
        help_text=_("Only where it differs from what the language's script has."),
    )
    content = models.TextField(
        _("text"),
        blank=True,
        help_text=_("Plain text, a paragraph a line, or simple HTML; anything harmful is removed."),
    )
    file = models.FileField(
        _("file"),
        upload_to="texts/%Y/%m/",
        blank=True,
        help_text=_("The same text as a PDF, if there is one."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=300,
        blank=True,
        help_text=_("Who transcribed or translated it, as it is to be printed."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers stand first.")
    )

    objects = TrackedQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ("kind", "order", "pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {language_name(self.language)}"

    @property
    def lang(self) -> str:
        return bcp47(self.language, self.script)

    @property
    def dir(self) -> str:
        return self.direction or direction(self.language, self.script)

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    def paragraphs(self) -> list[str]:
        """The plain paragraphs, as they are numbered wherever one is cited."""
        return paragraphs(self.content)

    def save(self, *args, **kwargs) -> None:
        self.content = to_html(self.content)
        super().save(*args, **kwargs)


class Scan(TrackedModel):
    """A file of the original: a PDF or an image. What is said of it was found by looking inside."""

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="scans", verbose_name=_("document"),
        help_text=_("Whose original this shows."),
    )  # fmt: skip
    file = models.FileField(
        _("file"), upload_to="scans/%Y/%m/", help_text=_("A PDF or an image (JPEG, PNG, TIFF).")
    )
    original_name = models.CharField(
        _("name of the file as uploaded"), max_length=250, blank=True, editable=False
    )
    media_type = models.CharField(_("media type"), max_length=60, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    pages = models.PositiveIntegerField(_("pages"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers stand first.")
    )
    caption = models.CharField(
        _("caption"),
        max_length=300,
        blank=True,
        help_text=_("What this file shows: The signed original, pages 1-6."),
    )

    objects = TrackedQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.caption or self.original_name or PurePath(self.file.name or "").name

    def get_absolute_url(self) -> str:
        return reverse("documents:scan", args=[self.document.record_id, self.pk])

    def take_facts(self, facts: FileFacts, name: str) -> None:
        """Note what ``records.uploads.examine`` found in the file."""
        self.media_type, self.size, self.pages, self.sha256 = (
            facts.media_type,
            facts.size,
            facts.pages,
            facts.sha256,
        )
        self.original_name = PurePath(name).name[-250:]

    @property
    def shown_in_page(self) -> bool:
        return self.media_type in SHOWN_IN_PAGE

    @property
    def download_name(self) -> str:
        """A name that says which record the file belongs to."""
        return f"{self.document.record_id}-{self.pk}{mimetypes.guess_extension(self.media_type) or ''}"
