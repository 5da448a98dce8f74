"""Sitemaps: the address of every public record, for robots, which are kept out of the ways to list them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model
from django.urls import reverse

from archive_site.collections.models import Collection
from documents.models import Document, Place, Repository, Subject
from people.models import Person
from themes.models import Theme

PAGES = (
    "home",
    "collections:list",
    "documents:list",
    "search:timeline",
    "people:list",
    "documents:places",
    "documents:subjects",
    "documents:archives",
    "documents:languages",
    "documents:types",
    "themes:list",
    "help",
    "about",
)


class ArchiveSitemap(Sitemap):
    """Addresses with the host that citations carry."""

    limit = 2000  # what can be made in a moment, far below what the format allows

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc or super().get_domain(site)

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme or super().get_protocol(protocol)


class PageSitemap(ArchiveSitemap):
    """The pages that every archive has."""

    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class RecordSitemap(ArchiveSitemap):
    """What everybody may see of one kind of record; ``fields`` are those that its address is made of."""

    def __init__(self, model: type[Model], *fields: str) -> None:
        self.model = model
        self.has_changed = any(field.name == "changed" for field in model._meta.get_fields())
        self.fields = (*fields, "changed") if self.has_changed else fields

    def items(self) -> Any:
        records: Any = self.model._default_manager
        return records.public().only(*self.fields).order_by("pk")

    def lastmod(self, item: Any) -> datetime | None:
        return item.changed if self.has_changed else None

    def get_latest_lastmod(self) -> datetime | None:
        if not self.has_changed:
            return None
        changes: Any = self.items().order_by("-changed")
        return changes.values_list("changed", flat=True).first()


SITEMAPS: dict[str, Sitemap] = {
    "pages": PageSitemap(),
    "documents": RecordSitemap(Document, "record_id", "title"),
    "collections": RecordSitemap(Collection, "slug"),
    "people": RecordSitemap(Person, "slug"),
    "places": RecordSitemap(Place, "slug"),
    "subjects": RecordSitemap(Subject, "slug"),
    "archives": RecordSitemap(Repository, "slug"),
    "themes": RecordSitemap(Theme, "slug"),
}
