"""The document: the record that the archive is about."""

from datetime import datetime, time
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents import shelfmarks
from documents.choices import Role, Status
from documents.models import terms
from documents.numbers import note_record_id, reserve_record_ids
from documents.querysets import DocumentQuerySet
from records.addresses import address_of
from records.changes import TrackedModel, TrackedQuerySet
from records.dating import DatedModel
from records.derived import DerivedField, with_derived
from records.slugs import slug_of


class Document(DatedModel):
    """A historical document, published or on its way."""

    record_id = models.PositiveBigIntegerField(
        _("record id"),
        unique=True,
        blank=True,
        null=True,
        help_text=_(
            "The public number in the permanent address. Leave empty: it is given once and never changes."
        ),
    )
    reference_code = models.CharField(
        _("reference code"),
        max_length=120,
        unique=True,
        blank=True,
        null=True,
        help_text=_("This archive's own code, by which an import finds the record again. Not the shelfmark."),
    )
    title = models.CharField(
        _("title"),
        max_length=600,
        help_text=_("As the document or its translation is headed; no full stop at the end."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        help_text=_("Scope and content in two or three sentences, plain text. Empty where nothing is known."),
    )
    types = models.ManyToManyField(
        terms.DocumentType, verbose_name=_("document types"), blank=True, related_name="documents",
        help_text=_("What kind of document it is: a telegram, a memorandum of conversation."),
    )  # fmt: skip
    languages = models.ManyToManyField(
        terms.Language, verbose_name=_("original languages"), blank=True, related_name="documents",
        help_text=_("What the original is written in, not its translation."),
    )  # fmt: skip
    collections = models.ManyToManyField(
        "collections.Collection", verbose_name=_("collections"), blank=True, related_name="documents",
        help_text=_("Every collection that shows the document."),
    )  # fmt: skip
    people = models.ManyToManyField(
        "people.Person", through="documents.Participation", verbose_name=_("participants"), related_name="documents",
        help_text=_("Everybody who had a part in it, each in a role."),
    )  # fmt: skip
    places = models.ManyToManyField(
        terms.Place, verbose_name=_("places"), blank=True, related_name="documents",
        help_text=_("Places that the document tells of; the wider ones are found of themselves."),
    )  # fmt: skip
    subjects = models.ManyToManyField(
        terms.Subject, verbose_name=_("subjects"), blank=True, related_name="documents",
        help_text=_("What it is about, from the authority list."),
    )  # fmt: skip
    repository = models.ForeignKey(
        terms.Repository, verbose_name=_("archive"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="documents", help_text=_("The archive that keeps the original."),
    )  # fmt: skip
    archival_reference = models.CharField(
        _("archival reference"),
        max_length=300,
        blank=True,
        help_text=_(
            "The shelfmark in that archive: f. 0100, op. 46, p. 362, d. 12, l. 24. Other documents may share it."
        ),
    )
    file_key = DerivedField(
        _("key of the file"), max_length=shelfmarks.KEY_LENGTH, made_of="archival_reference",
        derive=shelfmarks.file_key,
    )  # fmt: skip
    source_note = models.TextField(
        _("source note"),
        blank=True,
        help_text=_("Where the text was taken from, who obtained it, earlier editions."),
    )
    translator_credit = models.CharField(
        _("translator's credit"),
        max_length=300,
        blank=True,
        help_text=_("As it is to be printed: Translated by …"),
    )
    classification = models.ForeignKey(
        terms.Classification, verbose_name=_("original classification"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="documents",
        help_text=_("The marking on the original. Empty where it is not known."),
    )  # fmt: skip
    declassification_authority = models.CharField(
        _("declassified by"), max_length=300, blank=True, help_text=_("The office or act that released it.")
    )
    declassification_date = models.CharField(
        _("declassified on"), max_length=100, blank=True, help_text=_("As it is known: 1995, May 1995.")
    )
    withheld = models.TextField(
        _("still withheld"), blank=True, help_text=_("What is blacked out or missing, in a sentence.")
    )
    rights = models.ManyToManyField(
        terms.Right, verbose_name=_("rights"), blank=True, related_name="documents",
        help_text=_("Reproduction conditions."),
    )  # fmt: skip
    publishers = models.ManyToManyField(
        terms.Publisher, verbose_name=_("publishers"), blank=True, related_name="documents",
        help_text=_("Who published it before, or with, this archive."),
    )  # fmt: skip
    donors = models.ManyToManyField(
        terms.Donor, verbose_name=_("donors"), blank=True, related_name="documents",
        help_text=_("Who gave it, or paid for its translation."),
    )  # fmt: skip
    related = models.ManyToManyField(
        "self", verbose_name=_("related documents"), blank=True, symmetrical=True,
        help_text=_("Documents to be read with this one: the reply, the draft, the other side's minutes."),
    )  # fmt: skip
    attached_to = models.ForeignKey(
        "self", verbose_name=_("attached to"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="attachments", help_text=_("The document that this one was enclosed with."),
    )  # fmt: skip
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        help_text=_(
            "Drafts are seen by curators alone. A withdrawn record's address says that it was withdrawn."
        ),
    )
    withdrawal_note = models.CharField(
        _("note on the withdrawal"),
        max_length=500,
        blank=True,
        help_text=_("Shown at the address of a withdrawn record: why, and what stands in its place."),
    )
    public_from = models.DateField(
        _("public from"),
        null=True,
        blank=True,
        help_text=_("An embargo or a planned publication: a published record is hidden until this day."),
    )
    first_published = models.DateTimeField(
        _("first published"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Noted once, when the record is published for the first time."),
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-record_id",)
        permissions = (("publish_document", "Can decide what the public sees: publish and withdraw"),)
        indexes = (
            models.Index(fields=["status", "public_from"]),
            models.Index(fields=["date_sort", "date_span", "id"]),
            models.Index(fields=["-first_published", "-id"]),
            models.Index(fields=["repository", "archival_reference"]),
            models.Index(fields=["repository", "file_key"]),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("documents:document", self.record_id, self.slug)

    @property
    def slug(self) -> str:
        """The readable part of the address; the record id alone finds the document."""
        return slug_of(self.title)

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it today; the twin of ``DocumentQuerySet.public``."""
        released = self.public_from is None or self.public_from <= timezone.localdate()
        return self.status == Status.PUBLISHED and released

    @property
    def public_since(self) -> datetime | None:
        """When everybody could first see it: when it was published, or when its embargo ended."""
        if self.first_published is None or self.public_from is None:
            return self.first_published
        return max(self.first_published, timezone.make_aware(datetime.combine(self.public_from, time.min)))

    def save(self, *args: Any, **kwargs: Any) -> None:
        update_fields = set(kwargs["update_fields"]) if kwargs.get("update_fields") is not None else None
        self.reference_code = self.reference_code or None
        if self.record_id is None:
            self.record_id = reserve_record_ids(1)[0]
        elif self._state.adding:
            note_record_id(self.record_id)
        if self.status == Status.PUBLISHED and self.first_published is None:
            self.first_published = timezone.now()
            if update_fields is not None:
                update_fields.add("first_published")
        if update_fields is not None:
            kwargs["update_fields"] = with_derived(Document, update_fields)
        super().save(*args, **kwargs)


class Participation(TrackedModel):
    """A person in a role."""

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="participations", verbose_name=_("document"),
        help_text=_("What they had a part in."),
    )  # fmt: skip
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="participations", verbose_name=_("person"),
        help_text=_("A person or an organisation, by any form of the name."),
    )  # fmt: skip
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=Role,
        default=Role.MENTIONED,
        help_text=_("Who wrote it, received it, was present, is mentioned, or contributed to it."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Within the role, as in the source.")
    )

    objects = TrackedQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ("role", "order", "pk")
        constraints = (
            models.UniqueConstraint(fields=["document", "person", "role"], name="participant_once_in_a_role"),
        )
        indexes = (models.Index(fields=["person", "role"]),)

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"
