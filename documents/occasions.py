"""Documents of the same event, as far as a catalogue can tell: the same people present within a few days."""

from datetime import timedelta
from typing import Any

from django.db.models import Count

from documents.choices import Role
from documents.models import Document, Participation
from records.dating import DateCertainty

DAYS_APART = 3
SHARED_AT_LEAST = 2  # one person alone has many meetings in a week
SHOWN = 6


def of_the_same_days(document: Document, user: Any) -> list[Document]:
    """Documents at which two or more of those present here were present within three days, in order of date.

    Participations must have been prefetched. One query, and none where it can find nothing: for an event there
    must be two people present, and a date known to a few days.
    """
    present = {each.person_id for each in document.participations.all() if each.role == Role.PRESENT}
    first, last = document.date_earliest, document.date_latest
    if len(present) < SHARED_AT_LEAST or not (first and last) or last - first > timedelta(days=DAYS_APART):
        return []
    apart = timedelta(days=DAYS_APART)
    shared: Any = Participation.objects.filter(
        role=Role.PRESENT,
        person__in=present,
        document__date_sort__range=(first - apart, last + apart),
        document__date_span__lte=DAYS_APART,
        document__date_certainty=DateCertainty.CERTAIN,
    )
    others = shared.exclude(document=document).order_by().values("document")
    met_again = others.annotate(number=Count("person", distinct=True)).filter(number__gte=SHARED_AT_LEAST)
    visible: Any = Document.objects.visible_to(user).filter(pk__in=met_again.values("document"))
    return list(visible.in_order_of_date()[:SHOWN])
