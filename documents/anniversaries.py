"""Documents of this day in other years, for the home page."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from documents.models import Document
from documents.querysets import DocumentQuerySet
from records.dating import DateCertainty

SHOWN = 6
DAYS_AROUND = 3
YEARS_AT_MOST = 1000  # one wrong date is not to make thousands of days to ask for


@dataclass(frozen=True)
class Anniversary:
    """Documents of one day of the year, in order of date; of the days around it where it has none itself.

    ``first`` and ``last`` are those days, in the year of the day that was asked for; ``total`` counts all there are.
    """

    first: date
    last: date
    documents: list[Document]
    total: int

    @property
    def is_the_day(self) -> bool:
        return self.first == self.last


def on_this_day(day: date) -> Anniversary | None:
    """What is public of this day of the year, or else of the days around it; None where there is nothing.

    Four queries at most. The documents have what names them in a list, and no more.
    """
    years = _years()
    if not years:
        return None
    around = timedelta(days=DAYS_AROUND)
    # In two steps: asked for both at once, a database goes through all that is published.
    keys = list(_certainly_of(_days(day - around, day + around, years)).values_list("pk", flat=True))
    public: Any = Document.objects.public().filter(pk__in=keys)
    found = list(public.in_order_of_date().only("record_id", "title", "date_display", "date_sort"))
    of_the_day = [
        each for each in found if (each.date_sort.month, each.date_sort.day) == (day.month, day.day)
    ]
    if of_the_day:
        return Anniversary(day, day, of_the_day[:SHOWN], len(of_the_day))
    return Anniversary(day - around, day + around, found[:SHOWN], len(found)) if found else None


def _years() -> range:
    """From the first year that any document is of, published or not, to the last."""
    dated: Any = Document.objects.filter(date_sort__isnull=False).values_list("date_sort", flat=True)
    first, last = dated.order_by("date_sort").first(), dated.order_by("-date_sort").first()
    if not (first and last):
        return range(0)
    return range(max(first.year, last.year - YEARS_AT_MOST + 1), last.year + 1)


def _days(first: date, last: date, years: range) -> list[date]:
    """The days between these in each of the years; an index knows days, and nothing of a day in any year."""
    wanted = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        date(year, day.month, day.day)
        for year in years
        for day in wanted
        if (day.month, day.day) != (2, 29) or calendar.isleap(year)
    ]


def _certainly_of(days: list[date]) -> DocumentQuerySet:
    documents: Any = Document.objects.filter(date_sort__in=days, date_span=0)
    return documents.filter(date_certainty=DateCertainty.CERTAIN)
