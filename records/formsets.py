"""Parts of a record edited on its page: many rows, few queries, and nobody's row lost."""

import re
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from records.forms import KnownChoiceField
from records.widgets import is_key


class KnownFormSet(forms.BaseInlineFormSet):
    """Rows of an inline, checked in a fixed number of queries however many they are.

    A row that somebody else deleted meanwhile is kept as a new one, with what was typed into it.
    """

    # What Django's formsets have, and its type stubs leave out.
    model: Any
    prefix: Any
    _pk_field: Any
    _should_delete_form: Any

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        if self.is_bound and self.management_form.is_valid():
            self._keep_lost_rows()

    def _keep_lost_rows(self) -> None:
        """Put the rows that are no longer stored after those that are, and count them as new."""
        stored = {str(record.pk) for record in self.get_queryset()}
        key = self.model._meta.pk.name
        numbers = range(self.total_form_count())
        lost = [
            number
            for number in numbers[: self.initial_form_count()]
            if self.data.get(f"{self.prefix}-{number}-{key}") not in stored
        ]
        if not lost:
            return
        first = self.initial_form_count() - len(lost)
        kept = [number for number in numbers[: self.initial_form_count()] if number not in lost]
        order = [*kept, *lost, *numbers[self.initial_form_count() :]]
        places = {old: new for new, old in enumerate(order)}
        self.data = _renumbered(self.data, self.prefix, places)
        self.files = _renumbered(self.files, self.prefix, places)
        for number in range(first, first + len(lost)):
            self.data[f"{self.prefix}-{number}-{key}"] = ""
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(first)
        del self.management_form

    def clean(self) -> None:
        """Refuse what collides with a row that somebody else added meanwhile; among the rows sent, Django does."""
        super().clean()
        sent = {form.instance.pk for form in self.initial_forms}
        others = [record for record in self.get_queryset() if record.pk not in sent]
        for constraint in self.model._meta.total_unique_constraints:
            names = [
                self.model._meta.get_field(name).attname for name in constraint.fields if name != self.fk.name
            ]
            taken = {tuple(getattr(record, name) for name in names) for record in others}
            for form in self.forms:
                if not taken or not form.is_valid() or self._should_delete_form(form):
                    continue
                if tuple(getattr(form.instance, name) for name in names) in taken:
                    form.add_error(None, _("Somebody else added this meanwhile; remove this row."))

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        form: forms.ModelForm = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # private, so not in the stubs
        for name, field in form.fields.items():
            if isinstance(field, KnownChoiceField) and name != self._pk_field.name:
                field.known.update(self._posted(name, field))
        return form

    def _posted(self, name: str, field: KnownChoiceField) -> dict[str, Model]:
        """The records that all rows together name in this field, in one query."""
        if not self.is_bound:
            return {}
        cache: dict[str, dict[str, Model]] = self.__dict__.setdefault("_posted_records", {})
        if name not in cache:
            values = {self.data.get(f"{self.prefix}-{i}-{name}", "") for i in range(self.total_form_count())}
            wanted = [value for value in values if is_key(value)]
            records: Any = field.queryset
            cache[name] = {str(record.pk): record for record in records.filter(pk__in=wanted)}
        return cache[name]

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        name = self._pk_field.name
        plain: Any = form.fields[name]
        key = KnownChoiceField(
            plain.queryset, initial=plain.initial, required=False, widget=forms.HiddenInput
        )
        if form.instance.pk:
            key.known = {str(form.instance.pk): form.instance}
        form.fields[name] = key


def _renumbered(sent: Any, prefix: str, places: dict[int, int]) -> MultiValueDict:
    """What was sent, with the rows of a formset numbered anew."""
    row = re.compile(rf"{re.escape(prefix)}-(\d+)-(.+)")
    renumbered: MultiValueDict[str, Any] = MultiValueDict()
    for name in sent:
        match = row.fullmatch(name)
        number = int(match[1]) if match else -1
        new = f"{prefix}-{places[number]}-{match[2]}" if match and number in places else name
        renumbered.setlist(new, sent.getlist(name))
    return renumbered
