"""Addresses made of titles in any script."""

from collections.abc import Container

from anyascii import anyascii
from django.db import IntegrityError, models, router, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from records.changes import TrackedModel

SLUG_LENGTH = 120


def slug_of(text: str) -> str:
    """A slug of at most 120 characters, transliterated; never empty ("record" for a text without letters)."""
    slug = slugify(anyascii(text))
    if len(slug) > SLUG_LENGTH:
        slug = slug[:SLUG_LENGTH].rsplit("-", 1)[0]
    return slug.strip("-") or "record"


def free_slug(text: str, taken: Container[str]) -> str:
    """A slug of ``text`` that is not among ``taken``: the next number is appended where it is."""
    base = slug_of(text)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


class SluggedModel(TrackedModel):
    """A record whose address is made of its name once, and then stays."""

    slug = models.SlugField(
        _("slug"),
        max_length=SLUG_LENGTH + 10,
        unique=True,
        blank=True,
        help_text=_(
            "The last part of the public address. Leave empty: it is made from the name, and then kept."
        ),
    )

    class Meta:
        abstract = True

    def slug_source(self) -> str:
        """The text that the slug is made of."""
        return str(self)

    def save(self, *args, **kwargs) -> None:
        if self.slug:
            super().save(*args, **kwargs)
            return
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "slug"}
        self.slug = self._free_slug()
        try:
            with transaction.atomic(kwargs.get("using") or router.db_for_write(type(self), instance=self)):
                super().save(*args, **kwargs)
        except IntegrityError:
            if not type(self)._base_manager.filter(slug=self.slug).exists():
                raise
            # Somebody saved a record of the same name at the same moment.
            self.slug = self._free_slug()
            super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        base = slug_of(self.slug_source())
        taken = type(self)._base_manager.filter(slug__startswith=base).values_list("slug", flat=True)
        return free_slug(base, set(taken))
