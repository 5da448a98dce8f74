"""What to try where nothing was found, each with the number of records it would give."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.engines.errors import EngineError
from search.query import build_query, read_words
from search.results import ResultPage
from search.sentence import counted, removable_parts
from search.state import EVERYTHING, SearchState
from search.tree import Words

WORDS_AT_MOST = 4
PARTS_AT_MOST = 6


@dataclass(frozen=True)
class Offer:
    """Another search with its number of hits; ``label`` says how it differs."""

    label: str
    state: SearchState
    total: int

    @property
    def query_string(self) -> str:
        return self.state.query_string

    @property
    def counted(self) -> str:
        return counted(self.total, self.state.scope)


@dataclass(frozen=True)
class Advice:
    """Help for an empty result; every offer has hits. ``spelling`` is what may have been meant."""

    spelling: Offer | None
    offers: tuple[Offer, ...]
    everything: Offer | None


def for_empty(state: SearchState, page: ResultPage) -> Advice | None:
    """What would give hits: another spelling, a part less, one word alone, the whole archive.

    A handful of searches for no hits but the count. None when the engine fails on the way.
    """
    try:
        spelling = None
        if page.suggestion and page.suggestion != state.words:
            spelling = _offer(page.suggestion, state.changed(words=page.suggestion))
        tries = [*_one_word_alone(state), *_a_part_less(state, page)]
        offers = [offer for label, other in tries if (offer := _offer(label, other))]
        if not any(offer.state.is_ranked for offer in offers):
            wider = _without_filters(state)
            offers += [offer for label, other in wider if (offer := _offer(label, other))]
        everywhere = None
        if state.scope != EVERYTHING:
            everywhere = _offer(_("Search in everything"), state.changed(scope=EVERYTHING))
    except EngineError:
        return None
    return Advice(spelling, tuple(sorted(offers, key=lambda offer: -offer.total)), everywhere)


def _one_word_alone(state: SearchState) -> Iterator[tuple[str, SearchState]]:
    words = list(dict.fromkeys(state.words.split()))
    # Only of plain words: half of a phrase or of a bracket would be another question.
    if 2 <= len(words) <= WORDS_AT_MOST and isinstance(read_words(state).tree, Words):
        for word in words:
            yield _("With “%(word)s” alone") % {"word": word}, state.changed(words=word)


def _without_filters(state: SearchState) -> Iterator[tuple[str, SearchState]]:
    """The words, and then each of them, in all there is of the scope."""
    if not state.words:
        return
    words = state.cleared().changed(words=state.words)
    if state.filter_count:
        yield _("Without any filter"), words
        for label, other in _one_word_alone(words):
            yield _("%(offer)s, without any filter") % {"offer": label}, other


def _a_part_less(state: SearchState, page: ResultPage) -> Iterator[tuple[str, SearchState]]:
    parts = removable_parts(state, page.labels)
    for part in parts[:PARTS_AT_MOST]:
        if part.without and not part.without.is_empty:
            yield _("Without “%(part)s”") % {"part": part.text}, part.without


def _offer(label: str, state: SearchState) -> Offer | None:
    total = build_query(state).count()
    return Offer(label, state, total) if total else None
