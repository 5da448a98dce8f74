"""What browsers and caches on the way may keep, and for how long.

A page can be withdrawn, and a draft must not be kept by anybody. So nothing that a view answers is handed out by a
cache unasked: it may be stored, and is to be asked for again each time (``no-cache``), which costs a few hundred
bytes where it is the same (ETag, 304). The page is made anew before that is said, for the reader who asks. What
somebody who has logged in is shown is stored by nobody (``no-store``).

Static files are named by their contents and kept for years; WhiteNoise answers for them before any of this.
"""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.http import parse_http_date_safe

GetResponse = Callable[[HttpRequest], HttpResponseBase]
EVERYBODYS, READERS_OWN, NOBODYS = "public, no-cache", "private, no-cache", "private, no-store"
_COMPRESSED = (
    "text/",
    "application/json",
    "application/feed+json",
    "application/vnd.citationstyles.csl+json",
    "application/xml",
    "application/atom+xml",
    "application/x-",  # files for reference managers
    "image/svg+xml",
)


def tell_caches(get_response: GetResponse) -> GetResponse:
    """Say of each answer who may keep it. What a view says itself is left, but for those who have logged in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        said = {each.strip().lower() for each in response.get("Cache-Control", "").split(",")} - {""}
        is_settled = "no-store" in said or ("private" in said and any(map(_has_age, said)))
        if not is_settled and (response.status_code >= 500 or _has_logged_in(request)):
            response["Cache-Control"] = NOBODYS
        elif response.cookies and "private" not in said:
            response["Cache-Control"] = READERS_OWN
        elif not said:
            response["Cache-Control"] = EVERYBODYS
        elif said == {"private"}:
            response["Cache-Control"] = READERS_OWN
        if response.get("Content-Type", "").startswith("text/html"):
            # Its foot names the workplace to those who have one.
            patch_vary_headers(response, ("Cookie",))
        return response

    return middleware


def _has_age(directive: str) -> bool:
    return directive.startswith("max-age=")


def _has_logged_in(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)  # none where the request was refused on the way
    return user is None or user.is_authenticated


class Conditions(ConditionalGetMiddleware):
    """ETag and 304, for HEAD as for GET: Django leaves HEAD out, for views that answer it without a body."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.method != "HEAD":
            return super().process_response(request, response)
        if self.needs_etag(response) and not response.has_header("ETag"):
            set_response_etag(response)
        last_modified = parse_http_date_safe(response.get("Last-Modified", ""))
        # Django's stubs leave files and streams out.
        answer = cast("HttpResponse", response)
        return get_conditional_response(request, response.get("ETag"), last_modified, answer) or response


def send_heads_bare(get_response: GetResponse) -> GetResponse:
    """Answer HEAD as GET, without the body: the server would drop it, and warn of each in the log."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method != "HEAD":
            return response
        # The length that was said stays: it is that of the answer to GET.
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()
        elif isinstance(response, HttpResponse):
            response.content = b""
        return response

    return middleware


class Compression(GZipMiddleware):
    """gzip for texts. Not for files, which are asked for in ranges, nor for pages with secrets in them."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kept_by_nobody = "no-store" in response.get("Cache-Control", "")
        in_ranges = response.has_header("Accept-Ranges") or response.status_code == 206
        is_text = response.get("Content-Type", "").startswith(_COMPRESSED)
        if response.status_code == 304 and not in_ranges:
            patch_vary_headers(response, ("Accept-Encoding",))
        if kept_by_nobody or in_ranges or not is_text:
            return response
        return super().process_response(request, response)
