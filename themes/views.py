"""Themes: the list of essays, and each essay with its timeline."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from archive_site.collections.models import Collection
from documents.models import Document
from records.files import file_response
from records.tallies import Tally, tree_tallies
from themes.models import Theme


@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    """All themes, as curators ordered them."""
    visible = Collection.objects.visible_to(request.user).in_order()
    found = Theme.objects.visible_to(request.user).order_by("order", "title", "pk")
    found = found.prefetch_related(Prefetch("collections", queryset=visible, to_attr="shown_collections"))
    return render(request, "themes/themes.html", {"themes": found})


@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """An essay, its collections, and its timeline; an entry names its document only to those who may see it."""
    found = get_object_or_404(Theme.objects.visible_to(request.user), slug=slug)
    collections = list(found.collections.visible_to(request.user).in_order())
    tallies = tree_tallies(Collection, request.user, [each.pk for each in collections])
    entries = list(found.entries.all())
    told = Document.objects.visible_to(request.user).in_bulk(
        [e.document_id for e in entries if e.document_id]
    )
    context = {
        "theme": found,
        "collections": [(each, tallies.get(each.pk, Tally())) for each in collections],
        "entries": [(entry, told.get(entry.document_id)) for entry in entries],
    }
    return render(request, "themes/theme.html", context)


@require_safe
def image(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The image of a theme that this user may see."""
    found = get_object_or_404(Theme.objects.visible_to(request.user), slug=slug)
    return file_response(request, found.image, name=found.slug, is_public=found.is_published)
