"""What the admin pages of all records have in common.

Nothing here knows an app: it is built on by every app's ``admin.py``.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Count, F, OrderBy, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from records.dating import DateCertainty
from records.forms import (
    HtmlField,
    KnownChoiceField,
    KnownMultipleChoiceField,
    LanguageCodeField,
    LineField,
    LinesField,
    RecordForm,
)
from records.formsets import KnownFormSet
from records.widgets import (
    DateWidget,
    KnownAutocomplete,
    KnownAutocompleteMultiple,
    LanguageWidget,
    PlainTextarea,
    StoredFileWidget,
)


class CuratedFields(BaseModelAdmin):
    """Form fields as curators need them, on pages and inlines alike."""

    html_fields: tuple[str, ...] = ()  # stored as sanitised HTML
    tall_fields: tuple[str, ...] = ()  # a textarea of a good size

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "date_display":
            kwargs |= {"form_class": LineField, "widget": DateWidget}
        elif db_field.name == "language":
            kwargs |= {"form_class": LanguageCodeField, "widget": LanguageWidget, "max_length": None}
        elif isinstance(db_field, models.FileField):
            kwargs["widget"] = StoredFileWidget
        elif isinstance(db_field, models.TextField):
            kwargs["form_class"] = HtmlField if db_field.name in self.html_fields else LinesField
            rows = 18 if db_field.name in self.tall_fields else 4
            kwargs["widget"] = PlainTextarea(attrs={"rows": rows})
        elif type(db_field) is models.DateField:
            # 05/06/2030 would be a day in May here, and one in June to many who type it.
            kwargs["input_formats"] = ("%Y-%m-%d",)
            kwargs["error_messages"] = {"invalid": _("Write one day, year first: 2030-01-31.")}
        elif type(db_field) is models.CharField:  # a web address has a field of its own
            kwargs["form_class"] = LineField
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False  # an archive or a person is not deleted in passing
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
            kwargs["form_class"] = KnownChoiceField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownAutocompleteMultiple(db_field, self.admin_site)
            kwargs["form_class"] = KnownMultipleChoiceField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class RecordList(ChangeList):
    """A list page. What has no date stands last whichever way it is sorted; related rows are fetched once."""

    model_admin: "RecordAdmin"

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        ordering = super().get_ordering(request, queryset)
        for position, order in enumerate(ordering):
            if isinstance(order, OrderBy):
                ordering[position] = OrderBy(order.expression, descending=order.descending, nulls_last=True)
        return ordering

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        queryset = super().get_queryset(request, *args, **kwargs)
        return self.model_admin.for_list(queryset)


class RecordAdmin(CuratedFields, admin.ModelAdmin):
    """The page of a kind of record."""

    form = RecordForm
    list_per_page = 50
    list_max_show_all = 500
    show_full_result_count = False
    preload: tuple[str, ...] = ()  # relations that the form shows, each fetched once
    kept_once_saved: tuple[str, ...] = ("slug",)  # what an address is made of: set once, then read only

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordList

    def for_list(self, queryset: QuerySet) -> QuerySet:
        """Everything that a line of the list shows, in a fixed number of queries."""
        return queryset

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        record = super().get_object(request, object_id, from_field)
        if record is not None and self.preload:
            prefetch_related_objects([record], *self.preload)
        return record

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = tuple(name for name in self.kept_once_saved if obj is not None)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = self.as_stored(request, kwargs.get("obj"))
        if record is not None:
            public = getattr(record, "is_public", getattr(record, "is_published", True))
            context |= {"title": str(record), "subtitle": None, "is_public": public}
        return super().render_change_form(request, context, *args, **kwargs)

    def as_stored(self, request: HttpRequest, record: Any) -> Any:
        """A record as the database has it: one whose form was refused holds what was typed already."""
        if record is None or request.method != "POST":
            return record
        return self.get_queryset(request).filter(pk=record.pk).first()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        """What is deleted along, without the rows that join the record to its lists: "Document_types object (39)"."""
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        tables = (getattr(field.remote_field, "through", None) for field in self.opts.many_to_many)
        joining = [table._meta for table in tables if table is not None and table._meta.auto_created]
        heads = tuple(f"{capfirst(opts.verbose_name)}: " for opts in joining)
        plurals = {opts.verbose_name_plural for opts in joining}
        counts = {name: count for name, count in counts.items() if name not in plurals}
        return _without(heads, deleted), counts, forbidden, protected

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The record's own page, if it has one; without Django's detour by way of a redirect."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    @admin.display(description=gettext_lazy("date"), ordering=F("date_sort").asc(nulls_last=True))
    def date_written(self, record: Any) -> str:
        """The date as written; the list marks one that was not understood."""
        if record.date_certainty == DateCertainty.UNREAD:
            return format_html(
                '<span class="unread-date">{} <em>{}</em></span>', record.date_display, _("to settle")
            )
        return record.date_display or _("n.d.")

    @admin.display(description=gettext_lazy("changed"), ordering="changed")
    def changed_on(self, record: Any) -> str:
        """The day of the last change, as short as a column wants it."""
        return timezone.localdate(record.changed).isoformat()

    def workplace_tasks(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What waits for a curator: a sentence with a count, and the address of the list."""
        return []

    def list_address(self, query: str) -> str:
        """The address of this kind's list, filtered."""
        return f"{reverse(f'admin:{self.opts.app_label}_{self.opts.model_name}_changelist')}?{query}"


def _without(heads: tuple[str, ...], told: list[Any]) -> list[Any]:
    """A nested list of sentences without those that begin so."""
    kept: list[Any] = []
    for part in told:
        if isinstance(part, list):
            below = _without(heads, part)
            kept += [below] if below else []
        elif not str(part).startswith(heads):
            kept.append(part)
    return kept


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list to look at: nobody adds to it, changes it or takes from it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RowInline(CuratedFields, admin.TabularInline):
    """Parts of a record as rows of a table."""

    form = RecordForm
    formset = KnownFormSet
    extra = 0
    view_on_site = False  # a scan's link stands with its file


class BlockInline(CuratedFields, admin.StackedInline):
    """Parts of a record as blocks under one another, for long texts."""

    form = RecordForm
    formset = KnownFormSet
    extra = 0
    view_on_site = False


class UsedFilter(admin.SimpleListFilter):
    """A filter by an authority list that offers only what records are filed under, in one query."""

    relation = ""  # the field of the record
    value_field = "slug"
    label_field = "name"
    without: Any = None  # a label for the records that have none

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        field = model_admin.model._meta.get_field(self.relation)
        related = field.related_model._default_manager
        used = model_admin.model._base_manager.filter(**{f"{self.relation}__isnull": False})
        rows = related.filter(pk__in=used.values(self.relation)).values_list(
            self.value_field, self.label_field
        )
        found = [(value, self.label(value, label)) for value, label in rows]
        return [*found, ("none", self.without)] if self.without and found else found

    def label(self, value: str, label: str) -> str:
        return label

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        if self.value() == "none":
            return queryset.filter(**{f"{self.relation}__isnull": True})
        filed = queryset.model._base_manager.filter(**{f"{self.relation}__{self.value_field}": self.value()})
        return queryset.filter(pk__in=filed.values("pk"))


class UsageMixin:
    """A column that says how many documents name the record, from ``usage`` in ``for_list``."""

    @admin.display(description=gettext_lazy("documents"))
    def usage(self, record: Any) -> int:
        return record.usage


def usage_of(model: type[models.Model], field: str, counted: str = "pk") -> Coalesce:
    """How many rows of ``model`` name the record in ``field``; worked out for the lines of one page only."""
    rows = model._default_manager.filter(**{field: OuterRef("pk")}).order_by().values(field)
    count = rows.annotate(usage=Count(counted, distinct=True)).values("usage")
    return Coalesce(Subquery(count, output_field=models.IntegerField()), 0)


def to_settle(count: int) -> str:
    """The sentence that a list of tasks has for dates that were not understood."""
    return ngettext("%(count)d date to settle", "%(count)d dates to settle", count) % {"count": count}
