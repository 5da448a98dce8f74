"""The index classes. Not called search_indexes, so that the site's own connection never sees them."""

from haystack import indexes
from haystack.exceptions import SkipDocument
from haystack.utils.loading import UnifiedIndex

from search.fields import ExactField, NamesField, SortField, StoredField, TextField, TextsField
from tests.search.catalogue.models import Note, Report
from tests.search.catalogue.records import names_of


class ReportIndex(indexes.SearchIndex, indexes.Indexable):
    text = TextField(document=True, stored=False)
    title = TextField(model_attr="title", weight=10, heading=True, highlighted=True)
    summary = TextField(model_attr="summary", weight=4, highlighted=True)
    transcript = TextsField(model_attr="transcripts", stored=False, highlighted=True)
    person = TextsField(model_attr="people", stored=False, weight=2)
    shelfmark = TextField(stored=False, searched=False)
    people = ExactField(model_attr="people")
    places = ExactField(model_attr="places")
    subjects = ExactField(model_attr="subjects")
    languages = ExactField(model_attr="languages")
    participants = ExactField(model_attr="participants")
    date_earliest = indexes.DateField(model_attr="earliest", null=True)
    date_latest = indexes.DateField(model_attr="latest", null=True)
    date_uncertain = indexes.BooleanField(model_attr="uncertain")
    title_sort = SortField()
    pages = indexes.IntegerField(model_attr="pages", null=True, faceted=True)
    added = indexes.DateTimeField(model_attr="added", null=True)
    badge = StoredField()
    names = NamesField()

    def get_model(self):
        return Report

    def prepare_text(self, report):
        return f"reference {report.pk}"

    def prepare_title_sort(self, report):
        return report.title.casefold()

    def prepare_shelfmark(self, report):
        return f"fond {report.pk}"

    def prepare_names(self, report):
        return names_of(report.title, report.people, report.places)

    def prepare_badge(self, report):
        return {"scan": report.pk % 2 == 0, "texts": len(report.transcripts)}

    def prepare(self, report):
        if report.title == "SKIP":
            raise SkipDocument
        if report.title == "BROKEN":
            raise ValueError("the scan of this report is unreadable")
        return super().prepare(report)


class NoteIndex(indexes.SearchIndex, indexes.Indexable):
    text = TextField(document=True, model_attr="body")

    def get_model(self):
        return Note


class CatalogueIndex(UnifiedIndex):
    """Collects these two index classes, in whatever thread it is made."""

    def collect_indexes(self):
        return [ReportIndex(), NoteIndex()]
