"""An index of Haystack's own fields alone, as a project has it that knows nothing of ours."""

from __future__ import annotations

import datetime
from decimal import Decimal

from haystack import indexes
from haystack.utils.loading import UnifiedIndex

from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.sqlite import SQLiteEngine
from tests.search.catalogue.models import Note, Report

ADDED = datetime.datetime(2010, 6, 1, 9, 30, tzinfo=datetime.UTC)
SENTENCES = (
    "The embassy reports on the harvest",
    "A model of the new railway was shown",
    "Models of ships, and your modern port",
    "You asked for the modified protocol 867",
    "Your moderate answer reached the ministry",
)


class StockReportIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True, model_attr="title")
    author = indexes.CharField(faceted=True)
    editor = indexes.CharField(faceted=True)
    pages = indexes.IntegerField(model_attr="pages", null=True)
    rank = indexes.FacetIntegerField(model_attr="pages", null=True)
    is_active = indexes.BooleanField(model_attr="uncertain")
    rating = indexes.FloatField()
    price = indexes.DecimalField()
    day = indexes.DateField(model_attr="earliest", null=True, faceted=True)
    added = indexes.DateTimeField(model_attr="added", null=True)
    tags = indexes.MultiValueField(model_attr="subjects")
    sites = indexes.MultiValueField()
    month = indexes.CharField(indexed=False)
    text_auto = indexes.EdgeNgramField(model_attr="title")
    text_inside = indexes.NgramField(model_attr="title")

    def get_model(self):
        return Report

    def prepare_author(self, report):
        return report.people[0]

    def prepare_editor(self, report):
        return report.people[1]

    def prepare_rating(self, report):
        return report.pk + 0.6

    def prepare_price(self, report):
        return Decimal(report.pk) + Decimal("0.99")

    def prepare_sites(self, report):
        return [3, report.pk, 1]

    def prepare_month(self, report):
        return f"{report.earliest.month:02}"

    def prepare(self, report):
        prepared = super().prepare(report)
        if report.pk == 4:
            prepared["boost"] = 5.0
        return prepared


class StockNoteIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True, model_attr="body")

    def get_model(self):
        return Note


class StockIndex(UnifiedIndex):
    def collect_indexes(self):
        return [StockReportIndex(), StockNoteIndex()]


class StockSQLiteEngine(SQLiteEngine):
    unified_index = StockIndex


class StockElasticsearchEngine(ElasticsearchEngine):
    unified_index = StockIndex


def reports() -> list[Report]:
    """Twenty-three, by two authors and two editors, a day after the other."""
    return [
        Report(
            pk=pk,
            title=SENTENCES[pk % len(SENTENCES)],
            people=["Daniel" if pk % 2 else "Dana", "Perry White" if pk < 6 else "George Taylor"],
            subjects=["staff", "outdoor"] if pk % 3 else [],
            earliest=datetime.date(2013, 9, 1) + datetime.timedelta(days=pk % 4),
            pages=pk % 5 or None,
            added=ADDED,
            uncertain=pk == 1,
        )
        for pk in range(1, 24)
    ]
