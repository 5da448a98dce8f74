"""The list of documents, and a document's own page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive_site.collections.models import Collection
from documents.access import WithdrawnError, find_document
from documents.choices import Role
from documents.citation import VERSION, changed_since
from documents.citing import cite_box
from documents.filters import DocumentFilter
from documents.metadata import json_ld, meta_tags
from documents.models import Document, Participation
from documents.neighbours import place_in
from documents.occasions import of_the_same_days
from documents.reader import reader_of
from documents.shelfmarks import read_shelfmark
from records.paging import page_of
from records.querysets import sees_unpublished
from search.marking import search_marks
from search.neighbours import neighbours

SAME_FILE = 5


def tells_of_withdrawal(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that answers 410, with the curators' note, where the record was withdrawn."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except WithdrawnError as error:
            return render(request, "410.html", {"document": error.document}, status=410)

    return wrapped


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """All documents in order of date, for those who browse."""
    visible = Document.objects.visible_to(request.user)
    chosen = DocumentFilter(request.GET, queryset=visible, user=request.user)
    documents = chosen.qs.in_order_of_date().for_list()
    return render(
        request, "documents/documents.html", {"filter": chosen, "page": page_of(request, documents)}
    )


@require_safe
@tells_of_withdrawal
def short(request: HttpRequest, record_id: int, slug: str = "") -> HttpResponse:
    """``/document/<id>`` and the like lead to the one address of the record, whatever title they carry."""
    document = find_document(request.user, record_id)
    return _to_canonical(request, document)


def _to_canonical(request: HttpRequest, document: Document) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(document.get_absolute_url() + (f"?{query}" if query else ""))
    # A title can change back: a browser that kept the old redirect would run in a circle.
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@tells_of_withdrawal
def document(request: HttpRequest, record_id: int, slug: str) -> HttpResponse:
    """One document: what it says, and all that is known of it."""
    user = request.user
    found = find_document(user, record_id, Document.objects.for_page())
    if slug != found.slug:
        return _to_canonical(request, found)
    sees_all = sees_unpublished(user, Collection)
    collections = [each for each in found.collections.all() if sees_all or each.is_published]
    home = collections[0] if collections else None
    came_from = neighbours(request.GET.get("s", ""), request.GET.get("n", ""), user, found.pk)
    visible = Document.objects.visible_to(user)
    same_file = _same_file(found)
    related: Any = found.related
    citation = cite_box(request, found)
    context = {
        "document": found,
        "reader": reader_of(found, search_marks(request.GET.get("s", ""))),
        "roles": participants_by_role(found),
        "collections": collections,
        "home_collection": home,
        "above": [each for each in home.ancestors() if sees_all or each.is_published] if home else [],
        "came_from": came_from,
        "place": place_in(home.documents.visible_to(user), found) if home and not came_from else None,
        "attached_to": visible.filter(pk=found.attached_to_id).first() if found.attached_to_id else None,
        "attachments": found.attachments.visible_to(user).in_order_of_date().for_list(),
        "related": related.visible_to(user).in_order_of_date().for_list(),
        "same_file": same_file.visible_to(user).in_order_of_date().for_list()[:SAME_FILE],
        "same_file_count": same_file.visible_to(user).count(),
        "same_days": of_the_same_days(found, user),
        "shelfmark": read_shelfmark(found.archival_reference),
        "citation": citation,
        "meta_tags": meta_tags(found, citation.address),
        "json_ld": json_ld(found, citation.address),
        "changed_since": changed_since(found, request.GET.get(VERSION, "")),
    }
    return render(request, "documents/document.html", context)


def participants_by_role(document: Document) -> list[tuple[str, list[Participation]]]:
    """(the role's name, those in it) in the order of the roles; roles that nobody has are left out."""
    everybody = list(document.participations.all())
    by_role = ((role, [each for each in everybody if each.role == role]) for role in Role)
    return [(str(role.label), people) for role, people in by_role if people]


def _same_file(document: Document) -> Any:
    """The other documents of the same file in the same archive, however its shelfmark is spelt."""
    if not (document.repository_id and document.file_key):
        return Document.objects.none()
    same = Document.objects.filter(repository_id=document.repository_id, file_key=document.file_key)
    return same.exclude(pk=document.pk)
