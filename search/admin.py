"""The index, to look at: how it is, whether it is right, and what it has still to be told."""

import time
from itertools import islice
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from records.curating import ReadOnlyAdmin
from search.engines.errors import EngineError
from search.models import OutboxEntry
from search.upkeep import Findings, check, condition
from search.waiting import Refused, refused_records, what_waits

# How long somebody waits for a comparison; and how many records of one kind the page names.
_COMPARING_SECONDS = 20.0
_NAMED = 100


@admin.register(OutboxEntry)
class OutboxEntryAdmin(ReadOnlyAdmin):
    """Nothing to change here: ``manage.py sync_index`` empties it."""

    list_display = ("model_label", "object_pk", "due_at", "attempts", "last_error")
    list_filter = ("model_label",)
    search_fields = ("object_pk", "last_error")
    ordering = ("due_at", "pk")
    list_per_page = 50
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        state = self.admin_site.admin_view(self.state)
        return [path("state/", state, name="search_index_state"), *super().get_urls()]

    def state(self, request: HttpRequest) -> HttpResponse:
        """What the engine and the outbox tell; with ``compare``, what ``check_index`` tells, too."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        index = condition()
        compared: dict[str, Any] = {}
        if "compare" in request.GET and index.name != "down":
            compared = _compared()
        return TemplateResponse(
            request,
            "admin/search/outboxentry/state.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("State of the index"),
                "index": index,
                "built": parse_datetime(index.status.get("built") or ""),
                "waiting": what_waits(),
                "refused": [(each, _address(each)) for each in islice(refused_records(), _NAMED)],
                **compared,
            },
        )


def _address(refused: Refused) -> str:
    """Where the record is edited; empty where the admin does not have it."""
    try:
        return reverse(f"admin:{refused.label.replace('.', '_')}_change", args=[refused.key])
    except NoReverseMatch:
        return ""


class _TakesTooLongError(Exception):
    """Somebody waits for the page."""


def _compared() -> dict[str, Any]:
    """Every entry of the index beside its record, or why that cannot be shown."""
    end = time.monotonic() + _COMPARING_SECONDS

    def told(_done: int) -> None:
        if time.monotonic() > end:
            raise _TakesTooLongError

    try:
        findings = check(told)
    except _TakesTooLongError:
        return {"not_compared": _("That takes longer than a page can wait: run `manage.py check_index`.")}
    except EngineError as error:
        return {"not_compared": error.said}
    return {"findings": findings, "wrong": list(_named(findings))}


def _named(findings: Findings) -> list[tuple[str, tuple[str, ...], int]]:
    """(what is wrong, the first ids of which it is, how many more)."""
    found = (
        (_("Missing"), findings.missing),
        (_("Out of date"), findings.stale),
        (_("In the index, and not public"), findings.exposed),
        (_("In the index, without a record"), findings.ghosts),
    )
    return [(what, ids[:_NAMED], len(ids[_NAMED:])) for what, ids in found if ids]
