"""The search page, and the page of all values of one facet."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from search import advice, results
from search.facets import FACETS_BY_NAME
from search.sentence import plain_sentence, sentence_of
from search.state import COLLECTIONS, PAGE_SIZES, PEOPLE, SearchState, wants_tidying
from search.timeline import TimelineState
from search.timeline import timeline as timeline_of
from search.values import VALUE_SORTS, Listing, list_values


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One page of a search. A form that was sent is led to the address of its search first."""
    state = SearchState.parse(request.GET)
    if wants_tidying(request.GET, state):
        address = f"{reverse('search:search')}?{state.query_string}"
        return HttpResponseRedirect(f"{address}#search-rows" if "add" in request.GET else address)
    page = results.run(state, request.user)
    context = {
        "page": page,
        "state": state,
        "sentence": sentence_of(state, page.total, page.labels),
        "plain_sentence": plain_sentence(state, page.total, page.labels),
        "problems": {problem.box: problem.message for problem in state.problems},
        "page_sizes": PAGE_SIZES,
        "timeline_query": state.on_page(1).query_string,
        "drawn_controls": _drawn(page),
        **_advice(state, page),
    }
    return render(request, "search/search.html", context)


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """The holdings, or a part of them, in order of date under their years and months."""
    state = TimelineState.parse(request.GET)
    if request.GET.get("in") in (COLLECTIONS, PEOPLE):
        # The box of every page can ask for these, but they have no place in time.
        asked = SearchState.parse(request.GET)
        return HttpResponseRedirect(f"{reverse('search:search')}?{asked.query_string}")
    if wants_tidying(request.GET, state):
        address = f"{reverse('search:timeline')}?{state.query_string}"
        return HttpResponseRedirect(f"{address}#search-rows" if "add" in request.GET else address)
    found = timeline_of(state, request.user)
    page = found.page
    context = {
        "page": page,
        "state": state,
        "timeline": found,
        "sentence": sentence_of(state, page.total, page.labels),
        "plain_sentence": plain_sentence(state, page.total, page.labels),
        "problems": {problem.box: problem.message for problem in state.problems},
        "drawn_controls": ["facets", "from", "to", "certain"] if page.strip else ["facets"],
        "search_action": reverse("search:timeline"),
        "list_query": state.as_list.changed(per_page=PAGE_SIZES[0]).query_string,
        **_advice(state, page),
    }
    return render(request, "search/timeline.html", context)


def _advice(state: SearchState, page: results.ResultPage) -> dict[str, Any]:
    """What to try besides: where nothing was found, and where small letters hide an operator."""
    if page.engine_down or page.too_large:
        return {"advice": None, "meant": None}
    return {
        "advice": None if page.total else advice.for_empty(state, page),
        "meant": advice.meant_operators(state, page.total),
    }


def _drawn(page: results.ResultPage) -> list[str]:
    """The parameters that have controls on the page; the form carries the others."""
    drawn = ["facets"] if page.panels else []
    if page.strip:
        drawn += ["from", "to", "certain"]
    if page.total and not page.is_beyond and not page.engine_down:
        drawn += ["sort", "per_page"]
    return drawn


@require_safe
def facet(request: HttpRequest, name: str) -> HttpResponse:
    """All values of one facet within a search, to look through and to choose from."""
    if name not in FACETS_BY_NAME:
        raise Http404
    state = SearchState.parse(request.GET)
    listing = list_values(FACETS_BY_NAME[name], state, request.GET)
    # The page that the reader came from, and goes back to with the values chosen.
    at_timeline = request.GET.get("at") == "timeline"
    base = reverse("search:timeline" if at_timeline else "search:search")
    extra = [("at", "timeline")] if at_timeline else []
    back = f"{base}?{state.on_page(1).query_string}"
    shown = {item.value for item in listing.values}
    context = {
        "listing": listing,
        "facet": listing.facet,
        "state": state,
        "back": back,
        "base": base,
        "extra": extra,
        "sorts": VALUE_SORTS,
        "sentence": plain_sentence(state, listing.total, listing.labels),
        # The values chosen on other pages stay chosen.
        "carried": [pair for pair in state.hidden() if pair[0] != name or pair[1] not in shown],
        "letter_links": [(letter, _with(state, listing, extra, letter=letter)) for letter in listing.letters],
        "all_letters": _with(state, listing, extra, letter=""),
        "page_links": [
            (number, _with(state, listing, extra, values_page=number) if number else "")
            for number in listing.page_numbers
        ],
        "previous_page": _with(state, listing, extra, values_page=listing.page - 1)
        if listing.page > 1
        else "",
        "next_page": _with(state, listing, extra, values_page=listing.page + 1)
        if listing.page < listing.pages
        else "",
    }
    return render(request, "search/facet.html", context)


def _with(state: SearchState, listing: Listing, extra: list[tuple[str, str]], **changes: str | int) -> str:
    return urlencode([*state.hidden(), *listing.parameters(**changes), *extra])
