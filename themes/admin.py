"""The curators' page of themes."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from records.curating import BlockInline, RecordAdmin
from themes.forms import ThemeForm
from themes.models import Theme, TimelineEntry


class TimelineEntryInline(BlockInline):
    model = TimelineEntry
    fields = ("date_display", "title", "text", "document")
    autocomplete_fields = ("document",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("document")


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    """Essays over collections, with their timelines."""

    form = ThemeForm
    list_display = ("title", "order", "is_published", "moments", "changed_on")
    list_filter = ("is_published",)
    ordering = ("order", "title", "pk")
    search_fields = ("title", "short_description", "essay")
    autocomplete_fields = ("collections",)
    preload = ("collections",)
    inlines = (TimelineEntryInline,)
    html_fields = tall_fields = ("essay",)
    readonly_fields = ("created", "changed")
    fieldsets = (
        (None, {"fields": ("title", "short_description", "essay", "collections")}),
        (gettext_lazy("Image"), {"fields": ("image", "image_alt")}),
        (gettext_lazy("What the public sees"), {"fields": ("is_published", "order")}),
        (gettext_lazy("Record"), {"fields": ("slug", ("created", "changed"))}),
    )

    def for_list(self, queryset: QuerySet) -> QuerySet:
        return queryset.annotate(moments=Count("entries"))

    @admin.display(description=gettext_lazy("moments in the timeline"))
    def moments(self, theme: Any) -> int:
        return theme.moments

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.has_perm("documents.publish_document") else (*fixed, "is_published")
