"""Filters of the list of documents."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.choices import Status, TextKind
from documents.models import Scan, Text
from records.curating import UsedFilter
from records.languages import language_name


class VisibilityFilter(SimpleListFilter):
    """The status, and whether the public sees the record today."""

    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("draft", _("Draft")),
            ("public", _("Published, public today")),
            ("embargoed", _("Published, under embargo")),
            ("withdrawn", _("Withdrawn")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "public":
            return queryset.public()  # type: ignore[attr-defined]  # a queryset of documents
        if self.value() == "embargoed":
            return queryset.filter(status=Status.PUBLISHED, public_from__gt=timezone.localdate())
        if self.value() in (Status.DRAFT, Status.WITHDRAWN):
            return queryset.filter(status=self.value())
        return queryset


class HoldingsFilter(SimpleListFilter):
    """What there is to read of a document."""

    title = gettext_lazy("what there is")
    parameter_name = "has"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("scan", _("Scan")),
            ("transcript", _("Transcript")),
            ("translation", _("Translation")),
            ("no-scan", _("No scan")),
            ("no-text", _("No transcript, no translation")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        scanned = Scan.objects.values("document")
        if self.value() == "scan":
            return queryset.filter(pk__in=scanned)
        if self.value() == "no-scan":
            return queryset.exclude(pk__in=scanned)
        if self.value() == "no-text":
            return queryset.exclude(pk__in=Text.objects.values("document"))
        if self.value() in TextKind.values:
            return queryset.filter(pk__in=Text.objects.filter(kind=self.value()).values("document"))
        return queryset


class DecadeFilter(SimpleListFilter):
    """The decade that a document sorts into."""

    title = gettext_lazy("decade")
    parameter_name = "decade"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        # The two ends of an index, whatever the number of records.
        ends = model_admin.model._base_manager.order_by().aggregate(
            first=Min("date_sort"), last=Max("date_sort")
        )
        if ends["first"] is None:
            return []
        decades = range(ends["first"].year // 10 * 10, ends["last"].year + 1, 10)
        return [(str(decade), _("%(decade)ss") % {"decade": decade}) for decade in decades]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        # Of four figures at most: Python itself refuses to read a number of thousands.
        if not value.isascii() or not value.isdecimal() or len(value) > 4 or not 1 <= int(value) <= 9980:
            return queryset
        return queryset.filter(date_sort__year__gte=int(value), date_sort__year__lte=int(value) + 9)


class CollectionFilter(UsedFilter):
    title = gettext_lazy("collection")
    parameter_name = "collection"
    relation = "collections"
    label_field = "title"
    without = gettext_lazy("In no collection")


class LanguageFilter(UsedFilter):
    title = gettext_lazy("original language")
    parameter_name = "language"
    relation = "languages"
    value_field = "code"
    without = gettext_lazy("No language named")

    def label(self, value: str, label: str) -> str:
        return language_name(value)


class TypeFilter(UsedFilter):
    title = gettext_lazy("document type")
    parameter_name = "type"
    relation = "types"
    without = gettext_lazy("No type named")
