"""Collections as lines of a list."""

from archive_site.collections.models import Collection
from records.entries import Entry


def entry_of(collection: Collection) -> Entry:
    """The collection's line. Nothing is fetched here."""
    return Entry(
        url=collection.get_absolute_url(), title=collection.title, summary=collection.short_description
    )
