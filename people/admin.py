"""The curators' page of people and organisations."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.forms import PersonForm
from people.models import Person, VariantName
from records.curating import RecordAdmin, RowInline, UsageMixin, to_settle, usage_of
from records.dating import DateCertainty


class VariantNameInline(RowInline):
    model = VariantName
    fields = ("name", "language", "scheme")


class StandingFilter(admin.SimpleListFilter):
    """Records that want looking at."""

    title = gettext_lazy("record")
    parameter_name = "record"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("unused", _("Named by no document")),
            ("one-name", _("Without variant names")),
            ("merged", _("Merged into another")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "unused":
            return queryset.filter(participations=None)
        if self.value() == "one-name":
            return queryset.filter(variant_names=None)
        if self.value() == "merged":
            return queryset.exclude(merged_into=None)
        return queryset


@admin.register(Person)
class PersonAdmin(UsageMixin, RecordAdmin):
    """Each person and organisation once, with every name they are known by."""

    form = PersonForm
    list_display = ("sort_name", "kind", "date_written", "variants", "usage", "changed_on")
    list_filter = ("kind", StandingFilter, "date_certainty")
    ordering = ("sort_name", "pk")
    search_fields = ("name", "sort_name", "variant_names__name")
    search_help_text = gettext_lazy("Any part of any of the names. All words must be found.")
    inlines = (VariantNameInline,)
    html_fields = ("biography",)
    readonly_fields = ("merged_into", "created", "changed")
    fieldsets = (
        (None, {"fields": ("kind", "name", "sort_name", "date_display", "biography")}),
        (gettext_lazy("Portrait"), {"fields": ("portrait", "portrait_alt")}),
        (gettext_lazy("Identifiers elsewhere"), {"fields": (("wikidata", "viaf", "lcnaf"),)}),
        (gettext_lazy("Record"), {"fields": ("slug", "merged_into", ("created", "changed"))}),
    )

    def for_list(self, queryset: QuerySet) -> QuerySet:
        # By way of the relation: people know of documents only that there are some.
        participation = Person._meta.get_field("participations").related_model
        return queryset.prefetch_related("variant_names").annotate(
            usage=usage_of(participation, "person", "document")
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("merged_into")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        for word in search_term.split():
            variants = VariantName.objects.filter(name__icontains=word).values("person")
            queryset = queryset.filter(
                Q(name__icontains=word) | Q(sort_name__icontains=word) | Q(pk__in=variants)
            )
        if request.path == reverse("admin:autocomplete"):
            # One who was merged into another is nobody to choose any more.
            queryset = queryset.filter(merged_into=None)
        return queryset, False

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        """What stands in the way of deleting is told with the document that it is in."""
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        if protected:
            participation: Any = Person._meta.get_field("participations").related_model
            kind = capfirst(participation._meta.verbose_name)
            rows = participation._default_manager.filter(person__in=[person.pk for person in objs])
            places: dict[str, list[str]] = {}
            for row in rows.select_related("person", "document").order_by("document__title", "pk"):
                places.setdefault(f"{kind}: {row}", []).append(
                    f"{row.document.record_id} · {row.document.title}: {row}"
                )
            others = [told for told in protected if told not in places]
            protected = [*others, *(line for lines in places.values() for line in lines)]
        return deleted, counts, forbidden, protected

    @admin.display(description=gettext_lazy("also known as"))
    def variants(self, person: Person) -> str:
        return ", ".join(variant.name for variant in person.variant_names.all())

    def workplace_tasks(self, request: HttpRequest) -> list[tuple[str, str]]:
        unread = Person.objects.filter(date_certainty=DateCertainty.UNREAD).count()
        if not unread:
            return []
        return [
            (
                _("People: %(dates)s") % {"dates": to_settle(unread)},
                self.list_address("date_certainty__exact=unread"),
            )
        ]
