"""The curators' form of a theme."""

from records.forms import RecordForm


class ThemeForm(RecordForm):
    file_view = "themes:image"
