"""The image that stands for a document elsewhere: in a feed, where somebody links to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse

from documents.models import PageImages, Scan
from documents.models.page_images import Page

LONGEST = {"card": 800, "small": 240}  # the longer side in pixels, as documents.drawing makes them


@dataclass(frozen=True)
class Card:
    """The address (a path) of an image of the first page, a JPEG, with its width and height in pixels."""

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
            return _card(scan.document.record_id, scan.pk, page, "card")
    return None


def cards_of(keys: Iterable[Any], size: str = "card") -> dict[Any, Card]:
    """The cards of the documents with these keys, in one query; ``size``: card, or small (a WebP).

    Whoever may see the document may see its card: ask for those only.
    """
    made = PageImages.objects.filter(scan__document__in=list(keys), sha256=F("scan__sha256"))
    in_order = made.order_by("scan__order", "scan__pk")
    cards: dict[Any, Card] = {}
    # Of the pages the first alone: some files have hundreds.
    for key, record_id, scan, first in in_order.values_list(
        "scan__document_id", "scan__document__record_id", "scan_id", "pages__0"
    ):
        page = Page(1, **first) if first else None
        if page is not None and page.is_made:
            cards.setdefault(key, _card(record_id, scan, page, size))
    return cards


def _card(record_id: Any, scan: Any, page: Page, size: str) -> Card:
    smaller = min(1.0, LONGEST[size] / max(page.width, page.height))
    kwargs = {"record_id": record_id, "pk": scan, "number": 1, "size": size}
    url = reverse("documents:page_image", kwargs=kwargs)
    return Card(url, round(page.width * smaller), round(page.height * smaller))
