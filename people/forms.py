"""The curators' form of a person."""

from records.forms import RecordForm


class PersonForm(RecordForm):
    file_view = "people:portrait"
