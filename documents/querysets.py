"""Querysets of documents and of what hangs on them. What a page needs is prefetched here, once."""

from typing import Any, Self

from django.db.models import Prefetch, Q
from django.utils import timezone

from documents.choices import Status
from records.changes import RecordT
from records.dating import by_date
from records.derived import with_derived_values
from records.querysets import AuthorityQuerySet, RecordQuerySet


class DocumentQuerySet(RecordQuerySet[RecordT]):
    def update(self, **values: Any) -> int:
        return super().update(**with_derived_values(self.model, values))

    update.alters_data = True  # type: ignore[attr-defined]

    def public(self) -> Self:
        """Published, and past the date before which they are under embargo."""
        return self.filter(_past_embargo(), status=Status.PUBLISHED)

    def withdrawn(self) -> Self:
        """Once public, now taken back: their pages say so.

        One that was taken back while under embargo is not told of before its day, like any other.
        """
        was_public = ~Q(first_published=None) & _past_embargo()
        return self.filter(was_public, status=Status.WITHDRAWN)

    def in_order_of_date(self) -> Self:
        """By date, the undated last; a total order."""
        return self.order_by(*by_date())

    def for_list(self) -> Self:
        """Everything that a line of a list shows, in a fixed number of queries. Texts come without their contents."""
        from documents.models import Text

        return self.select_related("classification", "repository").prefetch_related(
            "collections",
            Prefetch("texts", queryset=Text.objects.defer("content")),
            "scans",
        )

    def for_page(self) -> Self:
        """Everything that the document's own page shows."""
        return self.select_related("classification", "repository", "attached_to").prefetch_related(
            "collections",
            "types",
            "languages",
            "participations__person__variant_names",
            "places",
            "subjects",
            "rights",
            "publishers",
            "donors",
            "texts",
            "scans__page_images",
        )


def _past_embargo() -> Q:
    return Q(public_from=None) | Q(public_from__lte=timezone.localdate())


class TermQuerySet(AuthorityQuerySet[RecordT]):
    """Places, subjects, repositories and the other authority lists."""
