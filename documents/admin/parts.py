"""Participants, texts and scans, edited on their document's page."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, ngettext

from documents.forms import ScanForm, TextForm
from documents.models import Participation, Scan, Text
from records.curating import BlockInline, RowInline


def may_publish(request: HttpRequest) -> bool:
    """Whether this user decides what the public sees."""
    return request.user.has_perm("documents.publish_document")


class _KeptOncePublic(InlineModelAdmin):
    """Who may not publish cannot take away what the public has had to read, either."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        never_public = obj is None or obj.first_published is None
        return super().has_delete_permission(request, obj) and (never_public or may_publish(request))


class ParticipationInline(RowInline):
    model = Participation
    fields = ("person", "role", "order")
    autocomplete_fields = ("person",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("person")


class TextInline(_KeptOncePublic, BlockInline):
    model = Text
    form = TextForm
    html_fields = tall_fields = ("content",)
    fields = (
        ("kind", "language", "script", "direction"),
        "content",
        "credit",
        ("file", "order"),
    )


class ScanInline(_KeptOncePublic, BlockInline):
    model = Scan
    form = ScanForm
    fields = ("file", "found", ("caption", "order"))
    readonly_fields = ("found",)

    @admin.display(description=gettext_lazy("found in the file"))
    def found(self, scan: Scan) -> str:
        """What was found by looking inside, in a line."""
        if not scan.sha256:
            return ""
        pages = ngettext("%(count)d page", "%(count)d pages", scan.pages) % {"count": scan.pages}
        return format_html(
            '{}, {}, {} <small class="checksum">SHA-256 {}</small>',
            scan.media_type,
            pages,
            filesizeformat(scan.size),
            scan.sha256,
        )
