"""The curators' pages of the authority lists."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, DecimalField, Field, Q, QuerySet, When
from django.http import HttpRequest

from documents.forms import DegreesField
from documents.models import (
    Classification,
    Document,
    DocumentType,
    Donor,
    Language,
    Place,
    Publisher,
    Repository,
    Right,
    Subject,
)
from records.curating import ReadOnlyAdmin, RecordAdmin, UsageMixin, usage_of
from records.languages import code_meant_by


class NamedByDocuments(UsageMixin, RecordAdmin):
    def for_list(self, queryset: QuerySet) -> QuerySet:
        name = queryset.model._meta.get_field("documents").remote_field.name
        return super().for_list(queryset).annotate(usage=usage_of(Document, name))


class TermAdmin(NamedByDocuments):
    """A list of names, each of them once."""

    list_display: tuple[str, ...] = ("name", "usage")
    search_fields: ClassVar[tuple[str, ...]] = ("name",)
    ordering: ClassVar[tuple[str, ...]] = ("name", "pk")


@admin.register(Place)
class PlaceAdmin(TermAdmin):
    list_display = ("name", "parent", "latitude", "longitude", "usage")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)
    preload = ("parent",)
    fields = ("name", "parent", ("latitude", "longitude"), "slug")

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, DecimalField):
            kwargs["form_class"] = DegreesField
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Subject)
class SubjectAdmin(TermAdmin):
    fields = ("name", "slug")


@admin.register(Repository)
class RepositoryAdmin(TermAdmin):
    list_display = ("name", "short_name", "city", "country", "usage")
    list_filter = ("country",)
    search_fields = ("name", "short_name", "city", "country")
    html_fields = ("description",)
    fields = ("name", "short_name", ("city", "country"), "url", "description", "slug")


@admin.register(Publisher, Donor)
class ContributorAdmin(TermAdmin):
    list_display = ("name", "url", "usage")
    fields = ("name", "url", "slug")


@admin.register(Right)
class RightAdmin(TermAdmin):
    list_display = ("name", "statement", "usage")
    fields = ("name", "statement", "url", "slug")


@admin.register(DocumentType)
class DocumentTypeAdmin(TermAdmin):
    fields = ("name", "slug")


@admin.register(Classification)
class ClassificationAdmin(TermAdmin):
    list_display = ("name", "order", "usage")
    ordering = ("order", "name", "pk")
    fields = ("name", "order", "slug")


@admin.register(Language)
class LanguageAdmin(ReadOnlyAdmin, NamedByDocuments):
    """The languages of ISO 639-2, to look up and to choose from; the table is the standard's, not the archive's."""

    list_display = ("name", "code", "usage")
    search_fields = ("name", "=code")
    ordering = ("name", "pk")
    fields = ("name", "code")
    kept_once_saved = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """By name or code; the language that a code or a BCP 47 tag means stands first."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        code = code_meant_by(search_term)
        if code:
            meant = Q(code=code)
            found = (found | queryset.filter(meant)).order_by(
                Case(When(meant, then=0), default=1), "name", "pk"
            )
        return found, may_repeat
