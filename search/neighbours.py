"""The record before and the record after, in the search that one came from.

A hit's address carries its search (``s``, a query string) and its place in it
(``n``, from 1); no session is kept.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from records.entries import Entry
from search.dependences import index_for
from search.engines.errors import EngineError
from search.hits import address_in
from search.inputs import whole_number
from search.query import build_query
from search.state import PAGE_AT_MOST, SearchState


@dataclass(frozen=True)
class Neighbours:
    """Entries whose addresses carry the search on; ``url`` leads back to the page of the result one came from."""

    previous: Entry | None
    next: Entry | None
    position: int
    total: int
    url: str


def neighbours(state_text: str, position: str | int, user: Any = None) -> Neighbours | None:
    """What stands around this place (counted from 1) of this search. One search and one query for each kind of record.

    None for a place that the search has not, and when the engine cannot answer.
    """
    state = SearchState.parse_text(state_text)
    place = whole_number(str(position), least=0, most=PAGE_AT_MOST, otherwise=0)
    if not place:
        return None
    start = max(place - 2, 0)
    query = build_query(state)
    if place > query.reach:
        return None
    try:
        results = query[start : min(place + 1, query.reach)]
        total = query.count()
    except EngineError:
        return None
    if place > total:
        return None
    around = {start + offset + 1: result for offset, result in enumerate(results)}
    page = -(-place // state.per_page)
    return Neighbours(
        previous=_entry(around.get(place - 1), state, place - 1, user),
        next=_entry(around.get(place + 1), state, place + 1, user),
        position=place,
        total=total,
        url=f"{reverse('search:search')}?{state.on_page(page).query_string}",
    )


def _entry(result: Any, state: SearchState, place: int, user: Any) -> Entry | None:
    if result is None or not index_for(result.model).visible_to(user).filter(pk=result.pk).exists():
        return None
    entry = Entry.from_stored(result.entry)
    return replace(entry, url=address_in(entry, state, place)) if result.kind == "document" else entry
