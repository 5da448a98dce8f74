"""The search page, and the page of all values of one facet."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from search import advice, histogram, results
from search.facets import EXCLUDED, FACETS_BY_NAME
from search.sentence import plain_sentence, sentence_of
from search.state import (
    COLLECTIONS,
    DATE,
    DATE_DESCENDING,
    PAGE_SIZES,
    PEOPLE,
    TABLE,
    TIMELINE,
    TITLE,
    SearchState,
    wants_tidying,
)
from search.timeline import TimelineState
from search.timeline import timeline as timeline_of
from search.values import VALUE_SORTS, Listing, list_values


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One page of a search. A form that was sent is led to the address of its search first."""
    state = SearchState.parse(request.GET)
    if state.view == TIMELINE:
        return _led_to("search:timeline", TimelineState.of(state))
    if wants_tidying(request.GET, state):
        return _led_to("search:search", state)
    page = results.run(state, request.user)
    context = {
        "page": page,
        "state": state,
        "closer": histogram.closer(state, page.years) if page.strip else None,
        "sentence": sentence_of(state, page.total, page.labels),
        "plain_sentence": plain_sentence(state, page.total, page.labels),
        "problems": _problems(state),
        "page_sizes": PAGE_SIZES,
        **_ways(state),
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
        return _led_to("search:search", asked)
    if wants_tidying(request.GET, state):
        return _led_to("search:timeline", state)
    found = timeline_of(state, request.user)
    page = found.page
    context = {
        "page": page,
        "state": state,
        "timeline": found,
        "sentence": sentence_of(state, page.total, page.labels),
        "plain_sentence": plain_sentence(state, page.total, page.labels),
        "problems": _problems(state),
        "drawn_controls": ["facets", "from", "to", "certain"] if page.strip else ["facets"],
        "search_action": reverse("search:timeline"),
        **_ways(state.as_list.changed(per_page=PAGE_SIZES[0])),
        **_advice(state, page),
    }
    return render(request, "search/timeline.html", context)


def _led_to(page: str, state: SearchState) -> HttpResponse:
    """To the address of a search; that of one which asks for nothing ends without a question mark."""
    return HttpResponseRedirect("?".join(filter(None, (reverse(page), state.query_string))))


def _problems(state: SearchState) -> dict[str, str]:
    """What is wrong with the boxes for dates; filter rows say themselves what is wrong with them."""
    return {each.box: each.message for each in state.problems if each.box in ("from", "to")}


def _ways(state: SearchState) -> dict[str, Any]:
    """The same search as a list, as a table, whose columns can be sorted by, and as a timeline."""
    table = state.changed(view=TABLE)
    return {
        "list_query": state.changed(view="").query_string,
        "table_query": table.query_string,
        "timeline_query": state.changed(view="").query_string,
        "table_sorts": {
            "date": table.changed(sort=DATE_DESCENDING if state.order == DATE else DATE).query_string,
            "title": table.changed(sort=TITLE).query_string,
        },
        "column_order": {DATE: "ascending", DATE_DESCENDING: "descending"}.get(state.order, ""),
    }


def _advice(state: SearchState, page: results.ResultPage) -> dict[str, Any]:
    """What to try besides: where nothing was found, and where an operator or a date may have been meant."""
    if page.engine_down or page.too_large:
        return {"advice": None, "meant": None}
    return {
        "advice": None if page.total else advice.for_empty(state, page),
        "meant": advice.meant_operators(state, page.total) or advice.meant_date(state),
    }


def _drawn(page: results.ResultPage) -> list[str]:
    """The parameters that have controls on the page; the form carries the others."""
    drawn = ["facets"] if page.panels else []
    if page.strip:
        drawn += ["from", "to", "certain"]
    if page.has_hits and not page.engine_down:
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
    context = {
        "listing": listing,
        "facet": listing.facet,
        "state": state,
        "matches_all": state.matches_all(name),
        "back": back,
        "base": base,
        "extra": extra,
        "sorts": VALUE_SORTS,
        "sentence": plain_sentence(state, listing.total, listing.labels),
        # The values chosen on other pages stay chosen.
        "carried": [pair for pair in state.hidden() if not _is_drawn(pair, listing)],
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


def _is_drawn(pair: tuple[str, str], listing: Listing) -> bool:
    """Whether a parameter has a control on the page of all values."""
    name, value = pair
    drawn = name == listing.facet.name and value.removeprefix(EXCLUDED) in listing.shown
    return drawn or name == listing.facet.match_name


def _with(state: SearchState, listing: Listing, extra: list[tuple[str, str]], **changes: str | int) -> str:
    return urlencode([*state.hidden(), *listing.parameters(**changes), *extra])
