"""Filters of the list of documents. The names are those that the search uses, where it has them."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from archive_site.collections.models import Collection
from dates import DateError, PartialDate, read_date
from documents.choices import TextKind
from documents.models import Document, DocumentType, Language, Scan, Text
from documents.querysets import DocumentQuerySet
from records.trees import descendant_ids, nodes_above

HAS = (
    ("scan", _("Scan")),
    ("transcript", _("Transcript")),
    ("translation", _("Translation")),
)
# The list of errors puts the box's name in front.
NOT_A_CHOICE = {"invalid_choice": _("there is no “%(value)s” to choose here.")}


class DateField(forms.Field):
    """A date as an archivist would write it; its value is a PartialDate."""

    widget = forms.TextInput

    def to_python(self, value: str | None) -> PartialDate | None:
        written = (value or "").replace("\x00", "").strip()
        if not written:
            return None
        try:
            return read_date(written)
        except DateError as error:
            raise forms.ValidationError(error.sentence) from error


class DateFilter(filters.Filter):
    field_class = DateField


def could_be_in(documents: DocumentQuerySet, date: PartialDate) -> DocumentQuerySet:
    """The dated documents whose bounds overlap those of ``date``; an open side reaches for ever."""
    dated = documents.exclude(date_earliest=None, date_latest=None)
    if date.latest:
        dated = dated.filter(Q(date_earliest=None) | Q(date_earliest__lte=date.latest))
    if date.earliest:
        dated = dated.filter(Q(date_latest=None) | Q(date_latest__gte=date.earliest))
    return dated


class DocumentFilter(filters.FilterSet):
    """Type, language, collection, date, and what there is to read."""

    type = filters.ModelChoiceFilter(
        field_name="types",
        to_field_name="slug",
        label=_("Type"),
        empty_label=_("Any"),
        queryset=DocumentType.objects.none(),
        error_messages=NOT_A_CHOICE,
    )
    language = filters.ModelChoiceFilter(
        field_name="languages",
        to_field_name="code",
        label=_("Original language"),
        empty_label=_("Any"),
        queryset=Language.objects.none(),
        error_messages=NOT_A_CHOICE,
    )
    collection = filters.ModelChoiceFilter(
        to_field_name="slug",
        label=_("Collection"),
        empty_label=_("Any"),
        queryset=Collection.objects.none(),
        method="filter_collection",
        error_messages=NOT_A_CHOICE,
    )
    year = DateFilter(label=_("Could be from"), method="filter_year")
    has = filters.MultipleChoiceFilter(
        label=_("With a"),
        choices=HAS,
        method="filter_has",
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_A_CHOICE,
    )

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Document.objects.visible_to(user).values("pk")
        self.filters["type"].queryset = DocumentType.objects.filter(documents__in=visible).distinct()
        self.filters["language"].queryset = Language.objects.filter(documents__in=visible).distinct()
        holding = Document.collections.through.objects.filter(document__in=visible)
        # A wider collection holds what its parts hold.
        branches = nodes_above(Collection, holding.values_list("collection_id", flat=True).distinct())
        self.filters["collection"].queryset = (
            Collection.objects.visible_to(user).filter(pk__in=branches).in_order()
        )

    def filter_collection(
        self, documents: DocumentQuerySet, _name: str, collection: Collection | None
    ) -> DocumentQuerySet:
        if collection is None:
            return documents
        held = Document.collections.through.objects.filter(
            collection__in=descendant_ids(Collection, [collection.pk])
        )
        return documents.filter(pk__in=held.values("document"))

    def filter_year(
        self, documents: DocumentQuerySet, _name: str, date: PartialDate | None
    ) -> DocumentQuerySet:
        return documents if date is None or date.is_undated else could_be_in(documents, date)

    def filter_has(self, documents: DocumentQuerySet, _name: str, wanted: list[str]) -> DocumentQuerySet:
        for kind in wanted:
            found: QuerySet[Scan] | QuerySet[Text]
            if kind == "scan":
                found = Scan.objects.filter(document=OuterRef("pk"))
            else:
                found = Text.objects.filter(document=OuterRef("pk"), kind=TextKind(kind))
            documents = documents.filter(Exists(found))
        return documents

    @property
    def is_used(self) -> bool:
        """Whether any filter is on."""
        return self.is_bound and any(
            value not in ("", None) for name in self.filters for value in self._given(name)
        )

    def _given(self, name: str) -> list[str]:
        return self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data.get(name, "")]
