"""The admin site, under the archive's name, with what all its pages share."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from dates import DateError, read_date
from records.curating import RecordAdmin
from records.forms import choice_label, reading_of
from records.languages import bcp47, language_codes, language_name

# What curators work in, in the order in which they need it; users and the machinery come after.
_ORDER = ("documents", "collections", "themes", "people")
# What the head of every page leads to.
_DAILY = ("Document", "Collection", "Person", "Place", "Subject", "Theme")
_LONGEST_DATE = 200


class _Choices(AutocompleteJsonView):
    """Answers to what a curator types in a choice: records with what tells them apart."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": choice_label(obj)}


class ArchiveAdminSite(AdminSite):
    """Django's admin with the archive's name on it."""

    index_title = _("Workplace")
    index_template = "admin/workplace.html"
    enable_nav_sidebar = (
        False  # lists of long titles need the width; the daily lists stand in the head instead
    )

    @property
    def site_header(self) -> str:  # type: ignore[override]
        return settings.SITE_NAME

    @property
    def site_title(self) -> str:  # type: ignore[override]
        return settings.SITE_NAME

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("read-date/", self.admin_view(require_GET(_read_date)), name="read_date"),
            path("languages/", self.admin_view(require_GET(_languages)), name="languages"),
            *super().get_urls(),
        ]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        return _Choices.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: model["object_name"] != "Document")
        last = len(_ORDER)
        return sorted(
            apps, key=lambda app: _ORDER.index(app["app_label"]) if app["app_label"] in _ORDER else last
        )

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        models = {model["object_name"]: model for app in context["available_apps"] for model in app["models"]}
        context["daily"] = [models[name] for name in _DAILY if name in models and models[name]["admin_url"]]
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        tasks = [
            task
            for page in self._registry.values()
            if isinstance(page, RecordAdmin) and page.has_view_permission(request)
            for task in page.workplace_tasks(request)
        ]
        return super().index(request, {"tasks": tasks, **(extra_context or {})})


def _read_date(request: HttpRequest) -> JsonResponse:
    """How a date is read, while it is typed: {"reading": ...} or {"error": ...}, each a sentence."""
    written = request.GET.get("date", "")[: _LONGEST_DATE + 1]
    try:
        return JsonResponse({"reading": reading_of(read_date(written))})
    except DateError as error:
        return JsonResponse({"error": capfirst(str(error))})


def _languages(request: HttpRequest) -> JsonResponse:
    """Every language with its code and BCP 47 tag, by name: {"languages": [["chi", "Chinese", "zh"], ...]}."""
    names = sorted(
        ((code, language_name(code), bcp47(code)) for code in language_codes()),
        key=lambda one: one[1].casefold(),
    )
    response = JsonResponse({"languages": names})
    response["Cache-Control"] = "private, max-age=86400"
    return response
