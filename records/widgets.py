"""Widgets of the curators' forms."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminFileWidget,
    AdminTextInputWidget,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.db.models import Model
from django.forms.widgets import ChoiceWidget, Script
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


def is_key(text: str) -> bool:
    """Whether the text can be a primary key; a longer number is more than a database takes."""
    return text.isascii() and text.isdecimal() and len(text) < 19


class DateWidget(AdminTextInputWidget):
    """A date as written, and under it how it is read: as stored at first, then as one types."""

    reading = ""  # the form puts in what the record's date is read as

    class Media:
        js = (Script("admin-archive/dates.js", type="module"),)

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs["data-read-date"] = reverse("admin:read_date")
        attrs["autocomplete"] = "off"
        return attrs

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        control = super().render(name, value, attrs, renderer)
        return format_html(
            '<span class="date-as-written">{}<span class="date-reading" aria-live="polite">{}</span></span>',
            control,
            self.reading,
        )


class LanguageWidget(AdminTextInputWidget):
    """A language code with the list of languages to choose from, which the page carries once."""

    class Media:
        js = (Script("admin-archive/languages.js", type="module"),)

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs["class"] = "language-code"
        attrs["data-languages"] = reverse("admin:languages")
        attrs["autocomplete"] = "off"
        return attrs


class _StoredFile:
    """A stored file's name with the address of the view that hands it out."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name.rsplit("/", 1)[-1], url

    def __str__(self) -> str:
        return self.name


class StoredFileWidget(AdminFileWidget):
    """A file with a link to the view that asks who may see it: no file has a public address of its own."""

    address = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["value"] = _StoredFile(str(value), self.address)
        return context


class KnownLabels(AutocompleteMixin, ChoiceWidget):
    """Takes the labels of what is chosen from records at hand; Django's own asks the database for every widget."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        field = self.choices.field
        chosen = [str(one) for one in value if str(one) not in field.empty_values]
        known: dict[str, Model] = dict(getattr(field, "known", {}))
        missing = [one for one in chosen if one not in known and is_key(one)]
        if missing:
            known |= {str(record.pk): record for record in self.choices.queryset.filter(pk__in=missing)}
        options = []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        for one in chosen:
            if one in known:
                label = field.label_from_instance(known[one])
                options.append(self.create_option(name, one, label, True, len(options)))
        return [(None, options, 0)]


class KnownAutocomplete(KnownLabels, AutocompleteSelect):
    """One record, found by typing."""


class KnownAutocompleteMultiple(KnownLabels, AutocompleteSelectMultiple):
    """Several records, found by typing."""


class PlainTextarea(forms.Textarea):
    """A text of many lines in the direction of its own script."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "vLargeTextField", "rows": 4, "dir": "auto", **(attrs or {})})
