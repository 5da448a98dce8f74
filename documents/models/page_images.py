"""What is known of the images that were made of a scan's pages."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models.files import Scan


@dataclass(frozen=True)
class Page:
    """One page of a file, from 1: the size of its large image in pixels, or what stands in the way of one."""

    number: int
    width: int = 0
    height: int = 0
    problem: str = ""

    @property
    def is_made(self) -> bool:
        return not self.problem


class PageImages(models.Model):
    """How far the images of one file are. They are of the content with this hash, drawn by this recipe.

    ``pages`` has an object for each page that was tried, in order: width and height, or a problem.
    """

    scan = models.OneToOneField(
        Scan, on_delete=models.CASCADE, related_name="page_images", verbose_name=_("scan")
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    recipe = models.PositiveSmallIntegerField(_("recipe"), default=0)
    total = models.PositiveIntegerField(_("pages in the file"), default=0)
    pages = models.JSONField(_("pages"), default=list)
    problem = models.CharField(_("problem"), max_length=20, blank=True)
    is_done = models.BooleanField(_("done"), default=False)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    retry_at = models.DateTimeField(_("to be tried again at"), null=True, blank=True)
    claimed_by = models.CharField(_("in the hands of"), max_length=40, blank=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)

    class Meta:
        verbose_name = _("page images of a scan")
        verbose_name_plural = _("page images of scans")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.scan_id}: {len(self.pages)}/{self.total}"

    def known_pages(self) -> list[Page]:
        """The pages that were tried, of the file as it is now."""
        if self.sha256 != self.scan.sha256:
            return []
        rows: list[dict[str, Any]] = self.pages
        return [Page(number, **row) for number, row in enumerate(rows, start=1)]

    def page(self, number: int) -> Page | None:
        """A page that there is an image of."""
        pages = self.known_pages()
        found = pages[number - 1] if 1 <= number <= len(pages) else None
        return found if found is not None and found.is_made else None

    @property
    def folder(self) -> str:
        """Where the images lie, a name in the storage of uploads."""
        return folder_of(self.scan_id, self.sha256)


def folder_of(scan_id: int, sha256: str) -> str:
    """Not too many folders beside one another; another content has another folder."""
    return f"pages/{scan_id % 100:02}/{scan_id}-{sha256[:16]}"
