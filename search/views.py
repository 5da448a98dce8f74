"""The search page, and the page of all values of one facet."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from search import advice, results
from search.facets import FACETS_BY_NAME
from search.sentence import plain_sentence, sentence_of
from search.state import PAGE_SIZES, SearchState, wants_tidying
from search.values import VALUE_SORTS, Listing, list_values


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One page of a search. A form that was sent is led to the address of its search first."""
    state = SearchState.parse(request.GET)
    if wants_tidying(request.GET):
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
        "drawn_controls": _drawn(page),
        "advice": advice.for_empty(state, page) if not page.total and not page.engine_down else None,
    }
    return render(request, "search/search.html", context)


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
    back = f"{reverse('search:search')}?{state.on_page(1).query_string}"
    shown = {item.value for item in listing.values}
    context = {
        "listing": listing,
        "facet": listing.facet,
        "state": state,
        "back": back,
        "sorts": VALUE_SORTS,
        "sentence": plain_sentence(state, listing.total, listing.labels),
        # The values chosen on other pages stay chosen.
        "carried": [pair for pair in state.hidden() if pair[0] != name or pair[1] not in shown],
        "letter_links": [(letter, _with(state, listing, letter=letter)) for letter in listing.letters],
        "all_letters": _with(state, listing, letter=""),
        "page_links": [
            (number, _with(state, listing, values_page=number)) for number in listing.page_numbers
        ],
        "previous_page": _with(state, listing, values_page=listing.page - 1) if listing.page > 1 else "",
        "next_page": _with(state, listing, values_page=listing.page + 1)
        if listing.page < listing.pages
        else "",
    }
    return render(request, "search/facet.html", context)


def _with(state: SearchState, listing: Listing, **changes: str | int) -> str:
    return urlencode([*state.hidden(), *listing.parameters(**changes)])
