"""One page of a search: asked once, checked against who may see what, ready to be drawn."""

import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from records.paging import pager_numbers
from search import histogram
from search.dependences import index_for, indexed_models
from search.engines.errors import EngineError, EngineRestingError, QueryTooLargeError
from search.engines.histogram import Histogram
from search.fallback import left_aside
from search.histogram import Strip
from search.hits import Hit, collections_in, hit_of, plain_hit
from search.labels import Labels, labels_of
from search.panels import Panel, counted, labels_needed, notes_on, panels_of, with_facets
from search.query import DOCUMENTS_ONLY, build_query
from search.reasons import Reasons
from search.sentence import named_values, unknown_names, unknown_values
from search.state import COLLECTIONS, DOCUMENTS, EVERYTHING, PEOPLE, SearchState

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ResultPage:
    """What one page of a search shows. ``engine_down``: a plain list from the database stands in."""

    state: SearchState
    hits: tuple[Hit, ...]
    total: int
    labels: Labels
    panels: tuple[Panel, ...] = ()
    strip: Strip | None = None
    notes: tuple[str, ...] = ()
    suggestion: str = ""
    engine_down: bool = False
    left_aside: tuple[str, ...] = ()  # what was asked for and the database cannot tell: labels of facets
    years: Histogram | None = None  # its documents by year, the date filter left aside
    reach: int | None = None  # how many hits can be paged through; None: all
    too_large: bool = False  # the engine takes no search of this size, so nothing was asked

    @property
    def first(self) -> int:
        """The number of the page's first hit, from 1."""
        return (self.state.page - 1) * self.state.per_page + 1

    @property
    def last(self) -> int:
        return min(self.state.page * self.state.per_page, self.total)

    @property
    def pages(self) -> int:
        pages = -(-self.total // self.state.per_page)
        return pages if self.reach is None else min(pages, self.reach // self.state.per_page)

    @property
    def is_cut(self) -> bool:
        """Whether there are hits beyond what can be paged through."""
        return self.reach is not None and self.total > self.reach

    @property
    def is_beyond(self) -> bool:
        """Whether there are hits, but none on a page of this number."""
        return self.total > 0 and self.state.page > self.pages

    @property
    def has_hits(self) -> bool:
        """Whether any stand on this page."""
        return self.total > 0 and not self.is_beyond

    @property
    def previous(self) -> SearchState | None:
        return self.state.on_page(self.state.page - 1) if self.state.page > 1 else None

    @property
    def next(self) -> SearchState | None:
        return self.state.on_page(self.state.page + 1) if self.state.page < self.pages else None

    @property
    def last_page(self) -> SearchState:
        return self.state.on_page(max(self.pages, 1))

    @cached_property
    def pager(self) -> list[tuple[int, SearchState | None]]:
        """Page numbers with their searches; number 0 stands for what is left out between two."""
        numbers = pager_numbers(self.state.page, self.pages)
        return [(number, self.state.on_page(number) if number else None) for number in numbers]


def run(state: SearchState, user: Any, *, seen_in: str = "") -> ResultPage:
    """The page of hits that this user sees; never fails for want of the engine.

    ``seen_in``: the view that one comes back to from a document, if not that of the state.
    """
    try:
        return _asked(state, user, seen_in)
    except QueryTooLargeError as error:
        logger.info("a search is too large to be asked: %s", error)
        return ResultPage(state, (), 0, labels_of(named_values(state)), notes=state.notes, too_large=True)
    except EngineError as error:
        # While it is left alone, the log has said so already.
        level = logging.DEBUG if isinstance(error, EngineRestingError) else logging.WARNING
        logger.log(level, "the search engine cannot answer, the database stands in: %s", error)
        return _fallback(state, user)


def _asked(state: SearchState, user: Any, seen_in: str) -> ResultPage:
    # People and collections have no year, nor would they all be "undated".
    query = with_facets(build_query(state), state).histogram("year", of=DOCUMENTS_ONLY)
    if state.asks_words:
        query = query.highlight(passages=3, length=240)
    start = (state.page - 1) * state.per_page
    end = start + state.per_page
    results = query[start:end] if end <= query.reach else []
    total = query.count()
    answer = query.facet_counts()
    facets = counted(state, answer)
    labels = labels_needed(state, facets, (slug for result in results for slug in collections_in(result)))
    years = by_year = query.histogram_counts()
    if by_year and len(by_year.contiguous()) > histogram.BARS_AT_MOST:
        # A long stretch is drawn by decades.
        by_year = histogram.ask(state, unit="decade")
    return ResultPage(
        state=state,
        hits=_visible(results, replace(state, view=seen_in or state.view), user, start, labels),
        total=total,
        labels=labels,
        panels=tuple(panels_of(state, facets, labels)),
        strip=_strip(by_year, state),
        notes=(*state.notes, *unknown_values(state, labels), *unknown_names(state), *notes_on(answer)),
        suggestion=(query.spelling_suggestion() or "") if total == 0 else "",
        years=years,
        reach=query.reach,
    )


def _strip(by_year: Histogram | None, state: SearchState) -> Strip | None:
    """The strip; without a bar only where its boxes are needed to change the dates."""
    if by_year is None or not (by_year.bars or state.has_dates):
        return None
    return histogram.draw(by_year, state)


def _visible(
    results: list[Any], state: SearchState, user: Any, start: int, labels: Labels
) -> tuple[Hit, ...]:
    """The hits that the user may see: the index is asked, the database decides. One query for each kind of record."""
    keys: dict[Any, list[str]] = defaultdict(list)
    for result in results:
        keys[result.model].append(result.pk)
    visible: set[tuple[Any, str]] = set()
    for model, pks in keys.items():
        allowed = index_for(model).visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)
        visible |= {(model, str(pk)) for pk in allowed}
    reasons = Reasons(state) if state.asks_words else None
    return tuple(
        hit_of(result, state, number, labels["collection"], reasons)
        for number, result in enumerate(results, start + 1)
        if (result.model, str(result.pk)) in visible
    )


def _fallback(state: SearchState, user: Any) -> ResultPage:
    """What the database can say by itself: kinds of records one after the other, without facets and passages."""
    start, wanted = (state.page - 1) * state.per_page, state.per_page
    hits: list[Hit] = []
    total = 0
    for model in indexed_models():
        # The scopes are called as the apps are whose records they hold.
        scope = state.scope if state.scope in (COLLECTIONS, PEOPLE, EVERYTHING) else DOCUMENTS
        if scope not in (EVERYTHING, model._meta.app_label):
            continue
        index = index_for(model)
        records = index.fallback_queryset(state)
        first = max(start - total, 0)
        missing = wanted - len(hits)
        kind = model._meta.model_name or ""
        hits += [
            plain_hit(index.entry_of(record), kind, state) for record in records[first : first + missing]
        ]
        total += records.count()
    labels = labels_of(named_values(state))
    known = {name for model in indexed_models() for name in index_for(model).fallback_facets}
    return ResultPage(
        state=state,
        hits=tuple(hits),
        total=total,
        labels=labels,
        notes=(*state.notes, *unknown_values(state, labels), *unknown_names(state)),
        engine_down=True,
        left_aside=left_aside(state, known),
    )
