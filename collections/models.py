"""Collections: documents on one theme or of one provenance, in a tree."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from archive_site.collections.querysets import CollectionQuerySet
from records.addresses import address_of
from records.html import to_html
from records.slugs import SluggedModel
from records.trees import TreeModel
from records.uploads import validate_image


class Collection(SluggedModel, TreeModel):
    """A collection; its documents are ``collection.documents.visible_to(user)``."""

    title = models.CharField(_("title"), max_length=250, unique=True, help_text=_("As readers will cite it."))
    short_description = models.CharField(
        _("short description"),
        max_length=500,
        blank=True,
        help_text=_("One sentence for lists and for the home page."),
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("What the documents are about and where they come from; simple HTML is kept."),
    )
    image = models.ImageField(
        _("image"),
        upload_to="collections/",
        blank=True,
        validators=[validate_image],
        help_text=_("JPEG, PNG, GIF or WebP. Only a picture that the archive may publish."),
    )
    image_alt = models.CharField(
        _("what the image shows"),
        max_length=250,
        blank=True,
        help_text=_("For readers who cannot see it."),
    )
    featured = models.BooleanField(_("featured"), default=False, help_text=_("Shown on the home page."))
    is_published = models.BooleanField(
        _("published"),
        default=False,
        help_text=_(
            "Unpublished: only curators see the collection. Its documents have a status of their own, and so "
            "have the collections in it: one that is published stays listed, as a top collection."
        ),
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers stand first; equal ones by title.")
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ("order", "title", "pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("collections:collection", self.slug)

    def save(self, *args, **kwargs) -> None:
        self.description = to_html(self.description)
        super().save(*args, **kwargs)
