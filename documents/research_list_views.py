"""The pages of the research list: the list itself, its citations, and a sheet for the printer."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from documents.citing import PARAMETER as STYLE
from documents.querysets import DocumentQuerySet
from documents.research_list import LIMIT, NOTE_LIMIT, read_record_id
from documents.research_list_changes import EVIDENT, Done, carry_out, sentence_for
from documents.research_list_lines import (
    SHARED,
    Asked,
    asked_for,
    gather,
    lines_of,
    seal,
    titles_of,
)
from documents.research_list_sheet import IN_ORDER, citations_of, for_citation, plain, texts_of
from documents.research_list_store import holder_of, is_from_this_site
from documents.styles import STYLES, style_named
from records.addresses import absolute_url

_ADDRESS_BYTES = 4000  # of the page that a form leads back to


# Pages carry no token; what stands in its place is ``is_from_this_site``.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def research_list(request: HttpRequest) -> HttpResponse:
    """The reader's list; the list that an address carries; and what their forms change."""
    if request.method == "POST":
        return _changed(request)
    asked = asked_for(request)
    response = _shared(request, asked) if asked.is_shared else _own(request, asked)
    return _kept_out_of_caches(response, asked)


def _own(request: HttpRequest, asked: Asked) -> HttpResponse:
    kept = holder_of(request).list
    gathered = gather(request.user, asked.record_ids, DocumentQuerySet.for_list)
    titles = {document.record_id: document.title for document in gathered.documents}
    about = read_record_id(request.GET.get("n", ""))
    gone_at, gone = kept.gap
    context = {
        "kept": kept,
        "lines": lines_of(gathered, asked),
        "missing": gathered.missing,
        "said": sentence_for(request.GET.get("said", ""), kept, about, titles.get(about, "")),
        "gone_at": gone_at,
        "gone_title": titles_of(request.user, [gone]).get(gone, "") if gone else "",
        "about": about,
        "is_evident": request.GET.get("said") in EVIDENT,
        "share_address": absolute_url(request, f"{_own_address()}?{SHARED}={asked.address_part}"),
        "limit": LIMIT,
        "note_limit": NOTE_LIMIT,
        "asked": asked,
    }
    return render(request, "documents/research_list.html", context)


def _shared(request: HttpRequest, asked: Asked) -> HttpResponse:
    kept = holder_of(request).list
    gathered = gather(request.user, asked.record_ids, DocumentQuerySet.for_list)
    shown = [document.record_id for document in gathered.documents]
    context = {
        "documents": gathered.documents,
        "missing": gathered.missing,
        "new": [each for each in shown if each not in kept],
        "limit": LIMIT,
        "asked": asked,
    }
    return render(request, "documents/shared_list.html", context)


@require_safe
def citations(request: HttpRequest) -> HttpResponse:
    """All documents of the list, cited in one style; in the list's order or from A to Z."""
    asked = asked_for(request)
    gathered = gather(None, asked.record_ids, for_citation)
    style = style_named(request.GET.get(STYLE, ""))
    order = _order(request)
    context = {
        "asked": asked,
        "citations": citations_of(request, gathered.documents, style, order),
        "missing": gathered.missing,
        "style": style,
        "styles": STYLES.values(),
        "order": order,
    }
    return _kept_out_of_caches(render(request, "documents/list_citations.html", context), asked)


@require_safe
def citations_file(request: HttpRequest) -> HttpResponse:
    """The same as a plain text, a citation a paragraph."""
    asked = asked_for(request)
    gathered = gather(None, asked.record_ids, for_citation)
    style = style_named(request.GET.get(STYLE, ""))
    cited = citations_of(request, gathered.documents, style, _order(request))
    text = "".join(f"{plain(each.html)}\n\n" for each in cited)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"citations-{style.name}-{timezone.localdate().isoformat()}.txt"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Robots-Tag"] = "noindex"
    return _kept_out_of_caches(response, asked)


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The list on paper: each document with its citation and note, and its texts if they are wanted."""
    asked = asked_for(request)
    gathered = gather(None, asked.record_ids, for_citation)
    style = style_named(request.GET.get(STYLE, ""))
    with_texts = request.GET.get("texts") == "1"
    with_notes = request.GET.get("notes") != "0"
    texts = texts_of(gathered.documents) if with_texts else {}
    cited = citations_of(request, gathered.documents, style, "")
    context = {
        "asked": asked,
        "parts": [
            {
                "document": each.document,
                "citation": each.html,
                "note": asked.notes.get(each.document.record_id or 0, "") if with_notes else "",
                "texts": texts.get(each.document.pk, ()),
            }
            for each in cited
        ],
        "missing": gathered.missing,
        "style": style,
        "styles": STYLES.values(),
        "with_notes": with_notes,
        "with_texts": with_texts,
        "today": timezone.localdate(),
    }
    return _kept_out_of_caches(render(request, "documents/list_sheet.html", context), asked)


def _order(request: HttpRequest) -> str:
    order = request.GET.get("order", "")
    return order if order in IN_ORDER else ""


def _own_address() -> str:
    return reverse("documents:research_list")


def _kept_out_of_caches(response: HttpResponse, asked: Asked) -> HttpResponse:
    """A reader's own list is asked for anew each time, whoever had it before."""
    if not asked.is_shared:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _changed(request: HttpRequest) -> HttpResponse:
    if not is_from_this_site(request):
        return render(request, "403_csrf.html", status=403)
    done = carry_out(request)
    if request.headers.get("Accept") == "application/json":
        return _told(request, done)
    return HttpResponseRedirect(_where_next(request, done))


def _where_next(request: HttpRequest, done: Done) -> str:
    """Back to the page that the form was on, at the document; to the list where there is something to say."""
    fragment = f"#record-{done.record_id}" if done.record_id else ""
    page = request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    if is_ours and len(page) <= _ADDRESS_BYTES and not done.is_refused:
        return page.partition("#")[0] + fragment
    told: dict[str, str | int] = {"said": done.code}
    if done.code in ("moved", "undone") and done.record_id:
        told["n"] = done.record_id
    return f"{_own_address()}?{urlencode(told)}{fragment if done.record_id in done.list else ''}"


def _told(request: HttpRequest, done: Done) -> JsonResponse:
    """For scripts: what became of it, and what changes on the page that asked."""
    context = {"my_list": done.list, "record_id": done.record_id, "title": done.title}
    told: dict[str, Any] = {
        "said": done.sentence,
        "link": render_to_string("documents/snippets/my_list_words.html", context, request),
        "button": render_to_string("documents/snippets/keep.html", context, request)
        if done.record_id
        else "",
        "seen": {record_id: seal(note) for record_id, note in done.list.notes.items()},
    }
    return JsonResponse(told, status=409 if done.is_refused else 200)


@require_safe
def state(request: HttpRequest) -> JsonResponse:
    """For scripts: which documents the list has, for a page that comes back as it was left."""
    kept = holder_of(request).list
    response = JsonResponse(
        {
            "record_ids": kept.record_ids,
            "link": render_to_string("documents/snippets/my_list_words.html", {"my_list": kept}, request),
        }
    )
    patch_cache_control(response, private=True, no_store=True)
    return response
