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
from search.state import PAGE_AT_MOST, TIMELINE, SearchState
from search.timeline import TimelineState

# How far a record is looked for from where it stood, where others came or went meanwhile.
AROUND = 2


@dataclass(frozen=True)
class Neighbours:
    """Entries whose addresses carry the search on; ``url`` leads back to the place in the result one came from.

    ``position`` 0: the record is no longer there, and nothing stands before or after it.
    """

    previous: Entry | None
    next: Entry | None
    position: int
    total: int
    url: str


def neighbours(state_text: str, position: str | int, user: Any = None, key: Any = None) -> Neighbours | None:
    """What stands around this place (counted from 1) of this search. One search and one query for each kind of record.

    ``key``: of the document that is looked at, which may have moved since the address was made. None for a
    place that the search has not, and when the engine cannot answer.
    """
    state = SearchState.parse_text(state_text)
    place = whole_number(str(position), least=0, most=PAGE_AT_MOST, otherwise=0)
    if not place:
        return None
    start = max(place - 1 - AROUND, 0)
    query = build_query(state)
    if place > query.reach:
        return None
    try:
        results = query[start : min(place + AROUND, query.reach)]
        total = query.count()
    except EngineError:
        return None
    if place > total:
        return None
    around = dict(enumerate(results, start + 1))
    if key is not None:
        here = [number for number, result in around.items() if _is_document(result, key)]
        if not here:
            return Neighbours(None, None, 0, total, _back_to(state, place))
        place = here[0]
    return Neighbours(
        previous=_entry(around.get(place - 1), state, place - 1, user),
        next=_entry(around.get(place + 1), state, place + 1, user),
        position=place,
        total=total,
        url=_back_to(state, place, around.get(place)),
    )


def _is_document(result: Any, key: Any) -> bool:
    return result.kind == "document" and str(result.pk) == str(key)


def _back_to(state: SearchState, place: int, result: Any = None) -> str:
    """The page of the result that has this place, and the line of this record on it."""
    page = state.on_page(-(-place // state.per_page))
    number = result.entry.get("record_id") if result is not None else None
    anchor = f"#record-{number}" if number else ""
    if page.view == TIMELINE:
        return f"{reverse('search:timeline')}?{TimelineState.of(page).query_string}{anchor}"
    return f"{reverse('search:search')}?{page.query_string}{anchor}"


def _entry(result: Any, state: SearchState, place: int, user: Any) -> Entry | None:
    if result is None or not index_for(result.model).visible_to(user).filter(pk=result.pk).exists():
        return None
    entry = Entry.from_stored(result.entry)
    return replace(entry, url=address_in(entry, state, place)) if result.kind == "document" else entry
