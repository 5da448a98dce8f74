"""The documents before and after one, in a list in order of date."""

from dataclasses import dataclass

from django.db.models import Q

from documents.models import Document
from documents.querysets import DocumentQuerySet
from records.dating import by_date


@dataclass(frozen=True)
class Place:
    """Where a document stands in a list: ``position`` counts from 1."""

    position: int
    total: int
    previous: Document | None
    next: Document | None


def place_in(documents: DocumentQuerySet, document: Document) -> Place | None:
    """Where ``document`` stands among these in order of date; None if it is not one of them, or alone."""
    total = documents.count()
    if total < 2 or not documents.filter(pk=document.pk).exists():
        return None
    earlier = documents.filter(_before(document))
    later = documents.exclude(pk=document.pk).exclude(pk__in=earlier.order_by().values("pk"))
    backwards = [term.copy() for term in by_date()]
    for term in backwards:
        term.reverse_ordering()
    return Place(
        position=earlier.count() + 1,
        total=total,
        previous=earlier.order_by(*backwards).first(),
        next=later.in_order_of_date().first(),
    )


def _before(document: Document) -> Q:
    """What ``records.dating.by_date`` puts before the document: it follows that order, nulls last and all."""
    sort, span = document.date_sort, document.date_span
    same_span = Q(date_span=span) if span is not None else Q(date_span=None)
    narrower = Q(date_span__lt=span) if span is not None else Q(date_span__isnull=False)
    within_day = narrower | (same_span & Q(pk__lt=document.pk))
    if sort is None:
        return Q(date_sort__isnull=False) | (Q(date_sort=None) & within_day)
    return Q(date_sort__lt=sort) | (Q(date_sort=sort) & within_day)
