"""The curators' form of a collection."""

from records.forms import RecordForm


class CollectionForm(RecordForm):
    file_view = "collections:image"
