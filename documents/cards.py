"""The image that stands for a document elsewhere: in a feed, where somebody links to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from documents.models import PageImages, Scan

LONGEST = 800  # as documents.drawing makes them


@dataclass(frozen=True)
class Card:
    """The address (a path) of a JPEG of the first page, with its width and height in pixels."""

    url: str
    width: int
    height: int


def card_of(scans: Iterable[Scan]) -> Card | None:
    """The first page that there is an image of; None where there is none yet.

    Ask for the scans with ``page_images`` and ``document``: nothing is fetched here.
    """
    for scan in scans:
        images: PageImages | None = getattr(scan, "page_images", None)
        page = images.page(1) if images else None
        if page is not None:
            smaller = min(1.0, LONGEST / max(page.width, page.height))
            kwargs = {"record_id": scan.document.record_id, "pk": scan.pk, "number": 1, "size": "card"}
            url = reverse("documents:page_image", kwargs=kwargs)
            return Card(url, round(page.width * smaller), round(page.height * smaller))
    return None
