"""Collections: the tree of them, and the page of each."""

from typing import Any

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from archive_site.collections.models import Collection
from records.files import file_response
from records.listings import branches
from records.paging import page_of
from records.tallies import Tally, most_named, tree_tallies
from records.trees import descendant_ids
from search.histogram import holdings_strip

NAMED_SHOWN = 8


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """All collections as a tree."""
    found = list(Collection.objects.visible_to(request.user).in_order())
    tallies = tree_tallies(Collection, request.user)
    context = {"collections": branches(found, tallies, by_name=False), "total": len(found)}
    return render(request, "collections/collections.html", context)


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """A collection: what it is, its documents and those of its parts in order of date (``?sort=title``), whom they name."""
    user = request.user
    visible = Collection.objects.visible_to(user)
    found = get_object_or_404(visible, slug=slug)
    document: Any = Collection._meta.get_field("documents").related_model
    held = document.collections.through.objects.filter(
        collection_id__in=descendant_ids(Collection, [found.pk])
    )
    documents = document.objects.visible_to(user).filter(pk__in=held.values("document_id"))
    parts = list(visible.filter(parent=found).in_order())
    tallies = tree_tallies(Collection, user, [found.pk, *(part.pk for part in parts)])
    above = found.ancestors()
    seen = set(visible.filter(pk__in=[each.pk for each in above]).values_list("pk", flat=True))
    by_title = request.GET.get("sort") == "title"
    ordered = documents.order_by(Lower("title"), "title", "pk") if by_title else documents.in_order_of_date()
    context = {
        "collection": found,
        "sort": "title" if by_title else "date",
        "people": most_named(documents, "people", NAMED_SHOWN),
        "places": most_named(documents, "places", NAMED_SHOWN),
        "above": [each for each in above if each.pk in seen],
        "parts": [(part, tallies.get(part.pk, Tally())) for part in parts],
        "tally": tallies.get(found.pk, Tally()),
        "page": page_of(request, ordered.for_list()),
        "strip": holdings_strip(collections=found.slug),
    }
    return render(request, "collections/collection.html", context)


@require_safe
def old_address(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """``/collection/87/sino-japanese-relations``, as collections were once cited: the name finds them, not the number."""
    found = get_object_or_404(Collection.objects.visible_to(request.user), slug=slug)
    response = HttpResponsePermanentRedirect(found.get_absolute_url())
    # What is seen here depends on who asks.
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def image(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The image of a collection that this user may see."""
    found = get_object_or_404(Collection.objects.visible_to(request.user), slug=slug)
    return file_response(request, found.image, name=found.slug, is_public=found.is_published)
