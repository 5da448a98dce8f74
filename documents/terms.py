"""Places, subjects and archives: their lists and their pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from documents import maps
from documents.models import Document, DocumentType, Language, Place, Repository, Subject
from documents.querysets import DocumentQuerySet
from documents.shelfmarks import STEP, label_of_key
from records.listings import alphabetical, branches
from records.paging import page_of
from records.tallies import Tally, tree_tallies
from records.trees import descendant_ids
from search.histogram import holdings_strip


def _page_of_documents(request: HttpRequest, documents: DocumentQuerySet) -> Any:
    return page_of(request, documents.visible_to(request.user).in_order_of_date().for_list())


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """All places on a map, and as a tree; ``?by=name`` lists them from A to Z."""
    found = Place.objects.visible_to(request.user)
    tallies = tree_tallies(Place, request.user)
    everywhere = list(found)
    context: dict[str, Any] = {"total": len(everywhere), "map": maps.draw(_spots(everywhere, tallies))}
    if request.GET.get("by") == "name":
        counts = {key: tally.documents for key, tally in tallies.items()}
        context["listing"] = alphabetical(request, found, counts=counts)
    else:
        context["places"] = branches(everywhere, tallies)
    return render(request, "documents/places.html", context)


def _spots(
    found: Iterable[Place], tallies: Mapping[int, Tally], here: Place | None = None
) -> list[maps.Spot]:
    """The places that documents tell of, as a map draws them; ``here`` in any case."""
    counted = ((each, tallies[each.pk].documents if each.pk in tallies else 0) for each in found)
    return [maps.Spot(each, number, each == here) for each, number in counted if number or each == here]


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """A place, with the documents of all that lies in it."""
    visible = Place.objects.visible_to(request.user)
    found = get_object_or_404(visible, slug=slug)
    through: Any = Document.places.through
    below = descendant_ids(Place, [found.pk])
    named = through.objects.filter(place_id__in=below)
    within = list(visible.filter(pk__in=below))
    tallies = tree_tallies(Place, request.user, below)
    context = {
        "place": found,
        "above": found.ancestors(),
        "narrower": branches([each for each in within if each.parent_id == found.pk], tallies),
        "map": maps.draw(_spots(within, tallies, found)),
        "position": maps.position(found),
        "page": _page_of_documents(request, Document.objects.filter(pk__in=named.values("document_id"))),
        "strip": holdings_strip(places=found.slug),
    }
    return render(request, "documents/place.html", context)


@require_safe
def subjects(request: HttpRequest) -> HttpResponse:
    """All subjects from A to Z."""
    listing = alphabetical(request, Subject.objects.visible_to(request.user))
    return render(request, "documents/subjects.html", {"listing": listing})


@require_safe
def subject(request: HttpRequest, slug: str) -> HttpResponse:
    """A subject and its documents."""
    found = get_object_or_404(Subject.objects.visible_to(request.user), slug=slug)
    context = {
        "subject": found,
        "page": _page_of_documents(request, Document.objects.filter(subjects=found)),
        "strip": holdings_strip(subjects=found.slug),
    }
    return render(request, "documents/subject.html", context)


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """The languages of the originals, from A to Z."""
    used = Document.objects.visible_to(request.user).filter(languages__isnull=False)
    # Of all that there are in the world, those that something here is written in.
    listing = alphabetical(request, Language.objects.filter(pk__in=used.order_by().values("languages")))
    return render(request, "documents/languages.html", {"listing": listing})


@require_safe
def types(request: HttpRequest) -> HttpResponse:
    """The types of documents, from A to Z."""
    listing = alphabetical(request, DocumentType.objects.visible_to(request.user))
    return render(request, "documents/types.html", {"listing": listing})


@require_safe
def archives(request: HttpRequest) -> HttpResponse:
    """All archives from A to Z."""
    listing = alphabetical(request, Repository.objects.visible_to(request.user))
    return render(request, "documents/archives.html", {"listing": listing})


@require_safe
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """An archive and what this site has of it.

    ``?file=`` narrows it to a file, or to what stands above files (keys as in ``documents.shelfmarks``);
    ``?reference=`` to one shelfmark as it is written.
    """
    found = get_object_or_404(Repository.objects.visible_to(request.user), slug=slug)
    documents = Document.objects.filter(repository=found)
    reference = request.GET.get("reference", "").replace("\x00", "").strip()
    file = request.GET.get("file", "").replace("\x00", "").strip().lower()
    if file and (label := label_of_key(file)):
        documents = documents.filter(Q(file_key=file) | Q(file_key__startswith=f"{file}{STEP}"))
        reference = capfirst(label)
    elif reference:
        documents = documents.filter(archival_reference=reference)
    context = {
        "archive": found,
        "reference": reference,
        "page": _page_of_documents(request, documents),
        "strip": None if reference else holdings_strip(archives=found.slug),
    }
    return render(request, "documents/archive.html", context)
