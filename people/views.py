"""People and organisations: the list, and the page of each."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from people.company import PRESENT, documents_with, met_with
from people.filters import PersonFilter
from people.models import Person
from records.dating import by_date
from records.files import file_response
from records.listings import alphabetical
from records.paging import page_of
from search.facets import PARTICIPANT, in_role
from search.histogram import holdings_strip
from search.state import SearchState

DOCUMENTS_SHOWN_AT_ONCE = 10


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody from A to Z, by the name they are filed under."""
    visible = Person.objects.visible_to(request.user).filter(merged_into=None)
    chosen = PersonFilter(request.GET, queryset=visible, user=request.user)
    listing = alphabetical(request, chosen.qs.with_names(), name_field="sort_name")
    return render(request, "people/people.html", {"filter": chosen, "listing": listing})


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """A person with the documents in each role.

    ``?role=`` lists all of one role, ``?with=`` those at which another person was present too.
    """
    found = get_object_or_404(Person, slug=slug)
    if found.merged_into_id:
        return HttpResponsePermanentRedirect(_stands_for(found, request.user).get_absolute_url())
    found = get_object_or_404(Person.objects.visible_to(request.user).with_names(), slug=slug)
    roles = _documents_by_role(found, request.user)
    wanted = request.GET.get("role", "")
    chosen = next((each for each in roles if each["role"] == wanted), None)
    other = _other(request, found)
    documents = found.documents.visible_to(request.user)
    context: dict[str, Any] = {
        "person": found,
        "roles": roles,
        "chosen": chosen,
        "other": other,
        "company": met_with(found, request.user),
        "searched": _searched(found, chosen["role"] if chosen else "", other),
        "strip": None if chosen or other else holdings_strip(people=found.slug),
    }
    if other:
        page = page_of(request, documents_with(found, other, request.user).for_list())
        context |= {"page": page, "total": page.paginator.count}
    elif chosen:
        only = documents.filter(pk__in=chosen["keys"]).distinct().in_order_of_date().for_list()
        page = page_of(request, only)
        context |= {"page": page, "total": page.paginator.count}
    else:
        context["total"] = len({key for each in roles for key in each["keys"]})
        keys = {key for each in roles for key in each["keys"][:DOCUMENTS_SHOWN_AT_ONCE]}
        shown = {each.pk: each for each in documents.filter(pk__in=keys).distinct().for_list()}
        for each in roles:
            each["documents"] = [shown[key] for key in each["keys"][:DOCUMENTS_SHOWN_AT_ONCE] if key in shown]
    return render(request, "people/person.html", context)


def _searched(found: Person, role: str, other: Person | None) -> SearchState:
    """The search for the documents that the page shows."""
    if other:
        both = tuple((PARTICIPANT, in_role(PRESENT, each.slug)) for each in (found, other))
        return SearchState(chosen=both, match_all=(PARTICIPANT,))
    if role:
        return SearchState(chosen=((PARTICIPANT, in_role(role, found.slug)),))
    return SearchState(chosen=(("person", found.slug),))


def _other(request: HttpRequest, found: Person) -> Person | None:
    """The person whom ``?with=`` names, if there is one that this user may see."""
    slug = request.GET.get("with", "").replace("\x00", "")
    if not slug or slug == found.slug:
        return None
    return Person.objects.visible_to(request.user).filter(slug=slug, merged_into=None).first()


def _documents_by_role(found: Person, user: Any) -> list[dict[str, Any]]:
    """The roles that the person has, in their order, with the keys of the documents in order of date; one query."""
    participations = found.participations
    choices = dict(participations.model._meta.get_field("role").flatchoices)
    visible = found.documents.visible_to(user)
    held = participations.filter(document__in=visible.order_by().values("pk")).order_by(
        *by_date("document__")
    )
    keys: dict[str, list[int]] = {}
    for role, key in held.values_list("role", "document_id"):
        keys.setdefault(role, []).append(key)
    return [
        {"role": role, "label": label, "keys": keys[role], "count": len(keys[role])}
        for role, label in choices.items()
        if role in keys
    ]


def _stands_for(merged: Person, user: Any) -> Person:
    """The record that stands for one that was merged away. Raises Http404 where this user may not see it."""
    passed = set()
    node: Person | None = merged
    while node is not None and node.merged_into_id and node.pk not in passed:
        passed.add(node.pk)
        node = node.merged_into
    if node is None or not Person.objects.visible_to(user).filter(pk=node.pk, merged_into=None).exists():
        raise Http404
    return node


@require_safe
def portrait(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The portrait of a person whom this user may see."""
    found = get_object_or_404(Person.objects.visible_to(request.user), slug=slug)
    is_public = Person.objects.public().filter(pk=found.pk).exists()
    return file_response(request, found.portrait, name=f"{found.slug}-portrait", is_public=is_public)
