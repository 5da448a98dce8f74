"""What is answered before any page: probes, and requests that no page takes."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve

PROBES = ("/healthz", "/readyz")
READING = ("GET", "HEAD")
# The pages for readers that take a form.
FORMS = ("documents:research_list",)
GetResponse = Callable[[HttpRequest], HttpResponse]


def answer_probes(get_response: GetResponse) -> GetResponse:
    """Answer probes whatever host they name: who watches a site asks for its machine, not for its name."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info in PROBES:
            return resolve(request.path_info).func(request)
        return get_response(request)

    return middleware


class Refusals:
    """Refuse what no page takes, each with a page that says what to do instead.

    400 for an address in the admin with a NUL, which Django's own lists and lookups hand to a database that has
    none; the pages for readers leave it out. 414 for an address that is too long. 405 where something is sent to a page that only shows, as all do but
    the curators' own and the research list; it stands before the check for forged forms, which would speak of cookies.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if len(request.get_full_path()) > settings.ADDRESS_BYTES:
            return render(request, "414.html", status=414)
        match = request.resolver_match
        is_admin = match is not None and "admin" in match.app_names
        if is_admin and "%00" in request.get_full_path():
            raise BadRequest("a NUL in the address")
        takes_forms = match is not None and (is_admin or match.view_name in FORMS)
        if request.method not in READING and not takes_forms:
            response = render(request, "405.html", status=405)
            response["Allow"] = ", ".join(READING)
            return response
        return None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is missing or too old. ``reason`` is Django's, for the log."""
    return render(request, "403_csrf.html", status=403)
