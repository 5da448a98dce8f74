"""The curators' page of documents."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from documents.admin.actions import StatusActions
from documents.admin.filters import (
    CollectionFilter,
    DecadeFilter,
    HoldingsFilter,
    LanguageFilter,
    TypeFilter,
    VisibilityFilter,
)
from documents.admin.parts import ParticipationInline, ScanInline, TextInline, may_publish
from documents.choices import Status
from documents.entries import entry_of
from documents.forms import DocumentForm
from documents.models import Document, Participation, Text
from people.models import Person
from records.curating import RecordAdmin, to_settle
from records.dating import DateCertainty

_VISIBILITY = ("status", "withdrawal_note", "public_from")


@admin.register(Document)
class DocumentAdmin(StatusActions, RecordAdmin):
    """Documents: found, described, published."""

    form = DocumentForm
    actions = ("publish", "withdraw", "back_to_draft", "delete_never_public")
    list_display = ("date_written", "titled", "standing", "record_id", "holdings", "changed_on")
    list_display_links = ("titled",)
    list_filter = (
        VisibilityFilter,
        "date_certainty",
        DecadeFilter,
        HoldingsFilter,
        CollectionFilter,
        LanguageFilter,
        TypeFilter,
    )
    ordering = ("-changed", "-pk")
    search_fields = ("title", "summary", "reference_code", "record_id")
    search_help_text = gettext_lazy(
        "Words of the title or summary, a name in any spelling, a reference code, a shelfmark; all of them must be "
        "found. #1234 is record 1234."
    )
    show_facets = admin.ShowFacets.NEVER  # a count of the whole archive for every value of every filter
    autocomplete_fields = (
        "types", "languages", "collections", "places", "subjects", "repository", "rights", "publishers", "donors",
        "related", "attached_to",
    )  # fmt: skip
    preload = autocomplete_fields
    kept_once_saved = ()
    inlines = (ParticipationInline, TextInline, ScanInline)
    readonly_fields = ("record_id", "first_published", "created", "changed")
    fieldsets = (
        (None, {"fields": ("title", "date_display", "summary", ("types", "languages"), "collections")}),
        (gettext_lazy("What the public sees"), {"fields": (("status", "public_from"), "withdrawal_note")}),
        (gettext_lazy("What it is about"), {"fields": ("places", "subjects")}),
        (
            gettext_lazy("Source"),
            {"fields": ("repository", "archival_reference", "source_note", "translator_credit")},
        ),
        (
            gettext_lazy("Classification"),
            {
                "fields": (
                    "classification",
                    ("declassification_authority", "declassification_date"),
                    "withheld",
                )
            },
        ),
        (gettext_lazy("Rights and thanks"), {"fields": ("rights", ("publishers", "donors"))}),
        (gettext_lazy("Other documents"), {"fields": ("related", "attached_to")}),
        (
            gettext_lazy("Record"),
            {"fields": ("reference_code", ("record_id", "first_published"), ("created", "changed"))},
        ),
    )

    # Lists

    def for_list(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("classification", "repository").prefetch_related(
            Prefetch("texts", queryset=Text.objects.defer("content")), "scans", "collections"
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Every word in the title, the summary, a code or a participant's names; no joins, hence no doubles."""
        for word in search_term.split():
            named = Person.objects.filter(Q(name__icontains=word) | Q(variant_names__name__icontains=word))
            found = (
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | Q(reference_code__icontains=word)
                | Q(archival_reference__icontains=word)
                | Q(pk__in=Participation.objects.filter(person__in=named.values("pk")).values("document"))
            )
            number = word.removeprefix("#")
            if number.isascii() and number.isdecimal() and len(number) < 19:
                found = found | Q(record_id=int(number)) if number == word else Q(record_id=int(number))
            queryset = queryset.filter(found)
        return queryset, False

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def standing(self, document: Document) -> str:
        """The status, and from when it counts."""
        if document.status == Status.PUBLISHED and document.public_from and not document.is_public:
            return _("Embargo until %(day)s") % {"day": document.public_from.isoformat()}
        return format_html(
            '<span class="status-{}">{}</span>', document.status, document.get_status_display()
        )

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def titled(self, document: Document) -> str:
        """The title, and the archive's own code."""
        code = format_html("<small>{}</small>", document.reference_code) if document.reference_code else ""
        return format_html("{} {}", document.title, code)

    @admin.display(description=gettext_lazy("what there is"))
    def holdings(self, document: Document) -> str:
        labels = ((holding.label,) for holding in entry_of(document).holdings)
        return format_html_join(mark_safe("<br>"), "{}", labels)

    def workplace_tasks(self, request: HttpRequest) -> list[tuple[str, str]]:
        documents = Document.objects.order_by()
        unread = documents.filter(date_certainty=DateCertainty.UNREAD).count()
        drafts = documents.filter(status=Status.DRAFT).count()
        hidden = documents.filter(status=Status.PUBLISHED, public_from__gt=timezone.localdate()).count()
        tasks = [
            (unread, to_settle(unread), "date_certainty__exact=unread"),
            (drafts, ngettext("%(n)d draft", "%(n)d drafts", drafts) % {"n": drafts}, "status=draft"),
            (
                hidden,
                ngettext("%(n)d document under embargo", "%(n)d documents under embargo", hidden)
                % {"n": hidden},
                "status=embargoed",
            ),
        ]
        return [(sentence, self.list_address(query)) for count, sentence, query in tasks if count]

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            return fieldsets
        # What a record gets when it is first saved is no field of the blank form.
        return (*fieldsets[:-1], (_("Record"), {"fields": ("reference_code",)}))

    def get_readonly_fields(self, request: HttpRequest, obj: Document | None = None) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if may_publish(request) else (*fixed, *_VISIBILITY)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        document = self.as_stored(request, kwargs.get("obj"))
        if document is not None:
            context["standing"] = self.standing(document)
            context["kept"] = self._kept(document) if super().has_delete_permission(request) else ""
        return super().render_change_form(request, context, *args, **kwargs)

    # Deleting

    def _kept(self, document: Document) -> str:
        """Why a record cannot be deleted; empty for one that the public never saw."""
        if document.first_published is None:
            return ""
        return _("It was published on %(day)s and may be cited: withdraw it instead of deleting it.") % {
            "day": date_format(timezone.localtime(document.first_published), "DATE_FORMAT")
        }

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.first_published is None)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        document = self.get_object(request, object_id)
        kept = self._kept(document) if document is not None else ""
        if kept and super().has_delete_permission(request):
            messages.error(request, kept)
            return HttpResponseRedirect(reverse("admin:documents_document_change", args=[object_id]))
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # its place is taken by the one that knows what may go
        return actions

    @admin.action(description=gettext_lazy("Delete what was never published"), permissions=["delete"])
    def delete_never_public(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        kept = queryset.exclude(first_published=None).count()
        if kept:
            sentence = ngettext(
                "%(n)d document was published once and stays: withdraw it instead.",
                "%(n)d documents were published once and stay: withdraw them instead.",
                kept,
            )
            messages.warning(request, sentence % {"n": kept})
        never = queryset.filter(first_published=None)
        return delete_selected(self, request, never) if never.exists() else None
