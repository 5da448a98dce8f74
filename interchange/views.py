"""What readers take away: references of one document, files of a whole result, feeds to follow."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.access import WithdrawnError, find_document
from documents.citation import cited_address, permanent_address
from documents.citing import cite_box
from documents.models import Document
from documents.research_list_lines import SHARED, asked_for, public_keys
from interchange.exports import LIMIT, MEDIA_TYPES, Export, with_all_to_export
from interchange.feeds import Feed, feed_of
from interchange.references import FORMATS
from interchange.results import Found, documents_only, find
from records.addresses import absolute_url
from search.engines.errors import EngineError
from search.state import SearchState

_RETRY = 60  # seconds


def _or_says_why_not(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """410 for what was withdrawn, 503 while the search engine cannot answer: in plain words, for programs too."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except WithdrawnError as error:
            return render(request, "410.html", {"document": error.document}, status=410)
        except EngineError:
            said = _("The search engine cannot be reached just now. Try again in a few minutes.")
            response = HttpResponse(f"{said}\n", status=503, content_type="text/plain; charset=utf-8")
            response["Retry-After"] = str(_RETRY)
            return response

    return wrapped


@require_safe
@_or_says_why_not
def citation(request: HttpRequest, record_id: int) -> HttpResponseBase:
    """The cite box of a document by itself, in the style of ``?cite=``."""
    document = find_document(request.user, record_id, Document.objects.for_page())
    response = render(
        request,
        "documents/snippets/cite.html",
        {"document": document, "citation": cite_box(request, document)},
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@_or_says_why_not
def reference(request: HttpRequest, record_id: int, name: str) -> HttpResponseBase:
    """One document as a file for a reference manager."""
    document = find_document(request.user, record_id, with_all_to_export(Document.objects.all()))
    written = FORMATS[name]
    cited = cited_address(request, document)
    pieces = written.whole(iter([written.entry(document, cited, timezone.localdate())]))
    response = HttpResponse("".join(pieces), content_type=MEDIA_TYPES[name])
    response["Content-Disposition"] = content_disposition_header(True, f"record-{record_id}.{name}")
    response["Cache-Control"] = "no-cache" if document.is_public else "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _asked(request: HttpRequest) -> SearchState:
    """The search of documents that the address asks for; Http404 for one of people or collections."""
    state = documents_only(SearchState.parse(request.GET))
    if state is None:
        raise Http404
    return state.on_page(1).changed(per_page=SearchState().per_page, view="")


def _search_page(request: HttpRequest, state: SearchState) -> str:
    query = state.query_string
    return absolute_url(request, reverse("search:search") + (f"?{query}" if query else ""))


@require_safe
@_or_says_why_not
def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The documents of a search, in its order, as a file; the first ``LIMIT`` of more."""
    state = _asked(request)
    found = find(state, LIMIT)
    written = Export(
        found=found,
        address=lambda document: permanent_address(request, document),
        cited=lambda document: cited_address(request, document),
        head={"search": _search_page(request, state), "limit": LIMIT, "is_cut": found.is_cut},
        today=timezone.localdate(),
    )
    words = slugify(state.words)[:40].strip("-")
    part = f"first-{len(found.keys)}-of-{found.total}" if found.is_cut else f"{found.total}"
    file = "-".join(each for each in ("documents", words, part, written.today.isoformat()) if each)
    return _as_file(written, name, file)


@require_safe
def list_export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The documents of a research list, in its order, as a file, with the reader's notes on their own list."""
    asked = asked_for(request)
    keys = public_keys(asked.record_ids)
    address = f"{reverse('documents:research_list')}?{SHARED}={asked.address_part}"
    written = Export(
        found=Found(tuple(keys.values()), len(asked.record_ids)),
        address=lambda document: permanent_address(request, document),
        cited=lambda document: cited_address(request, document),
        head={
            "list": absolute_url(request, address),
            "not_public": [each for each in asked.record_ids if each not in keys],
        },
        today=timezone.localdate(),
        notes=None if asked.is_shared else asked.notes,
    )
    part = f"{len(keys)}-of-{len(asked.record_ids)}" if written.found.is_cut else f"{len(keys)}"
    response = _as_file(written, name, f"list-{part}-{written.today.isoformat()}")
    if not asked.is_shared:
        response["Cache-Control"] = "private, no-store"
    return response


def _as_file(written: Export, name: str, file: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(written.pieces(name), content_type=MEDIA_TYPES[name])
    response["Content-Disposition"] = content_disposition_header(True, f"{file}.{name}")
    response["X-Total-Count"] = str(written.found.total)
    response["X-Exported-Count"] = str(len(written.found.keys))
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


_FEEDS: dict[str, tuple[str, Callable[[Feed], str]]] = {
    "atom": ("application/atom+xml; charset=utf-8", Feed.atom),
    "json": ("application/feed+json; charset=utf-8", Feed.json),
}


@require_safe
@_or_says_why_not
def feed(request: HttpRequest, name: str) -> HttpResponseBase:
    """The documents of a search that were published last, to be followed.

    As every page it has an ETag, by which a reader is told that nothing has changed, and no day of the last change:
    by that, one would keep what was withdrawn.
    """
    state = _asked(request).changed(sort="")
    media_type, written = _FEEDS[name]
    query = state.query_string
    own = reverse("interchange:feed", args=[name]) + (f"?{query}" if query else "")
    made = feed_of(
        state,
        page=_search_page(request, state),
        own=absolute_url(request, own),
        key=lambda document: permanent_address(request, document),
        address=lambda document: absolute_url(request, document.get_absolute_url()),
        whole=partial(absolute_url, request),
    )
    body = written(made).encode("utf-8", "replace")
    return HttpResponse(body, content_type=media_type)
