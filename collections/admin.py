"""The curators' page of collections."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from archive_site.collections.forms import CollectionForm
from archive_site.collections.models import Collection
from records.curating import RecordAdmin, UsageMixin, usage_of

_VISIBILITY = ("is_published", "featured")


@admin.register(Collection)
class CollectionAdmin(UsageMixin, RecordAdmin):
    """Collections, in a tree."""

    form = CollectionForm
    list_display = ("title", "parent", "order", "is_published", "featured", "usage", "changed_on")
    list_filter = ("is_published", "featured")
    list_select_related = ("parent",)
    ordering = ("order", "title", "pk")
    search_fields = ("title", "short_description", "description")
    autocomplete_fields = ("parent",)
    preload = ("parent",)
    html_fields = tall_fields = ("description",)
    readonly_fields = ("created", "changed")
    fieldsets = (
        (None, {"fields": ("title", "parent", "short_description", "description")}),
        (gettext_lazy("Image"), {"fields": ("image", "image_alt")}),
        (gettext_lazy("What the public sees"), {"fields": (("is_published", "featured"), "order")}),
        (gettext_lazy("Record"), {"fields": ("slug", ("created", "changed"))}),
    )

    def for_list(self, queryset: QuerySet) -> QuerySet:
        documents = Collection._meta.get_field("documents").related_model
        return queryset.annotate(usage=usage_of(documents, "collections"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.has_perm("documents.publish_document") else (*fixed, *_VISIBILITY)
