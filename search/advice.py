"""What to try where nothing was found, each with the number of records it would give."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.daterange import read_range
from search.engines.errors import EngineError
from search.grammar import parse, written
from search.query import build_query
from search.results import ResultPage
from search.rows import WORD_FIELDS, Days
from search.sentence import counted, removable_parts
from search.state import COLLECTIONS, DOCUMENTS, EVERYTHING, PEOPLE, SearchState
from search.tree import And, Not
from search.wording import days_in_words

WORDS_AT_MOST = 6
PARTS_AT_MOST = 8


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
    """Help for an empty result; every offer has hits, the nearest to what was asked stands first.

    ``spelling`` is what may have been meant.
    """

    spelling: Offer | None
    offers: tuple[Offer, ...]
    everything: Offer | None


def for_empty(state: SearchState, page: ResultPage) -> Advice | None:
    """What would give hits: another spelling, a part less, one word alone, the whole archive.

    A handful of searches for no hits but the count. None when the engine fails on the way.
    """
    try:
        spelling = None
        meant = state.changed(words=page.suggestion)
        # "date:for" is no date any more than "date:foo": what cannot be read either was not meant.
        if page.suggestion not in ("", state.words) and set(meant.notes) <= set(state.notes):
            spelling = _offer(page.suggestion, meant)
        tries: dict[SearchState, str] = {}
        for label, other in (*_one_word_alone(state), *_a_part_less(state, page)):
            tries.setdefault(other, label)  # of two words, one alone is the same as without the other
        offers = [offer for other, label in tries.items() if (offer := _offer(label, other))]
        if not any(offer.state.asks_words for offer in offers):
            wider = _without_filters(state)
            offers += [offer for label, other in wider if (offer := _offer(label, other))]
        everywhere = None
        if state.scope != EVERYTHING:
            everywhere = _offer(_("Search in everything"), state.changed(scope=EVERYTHING))
    except EngineError:
        return None
    return Advice(spelling, tuple(sorted(offers, key=lambda offer: _distance(state, offer))), everywhere)


def _distance(state: SearchState, offer: Offer) -> tuple[int, int, int]:
    """How far an offer is from what was asked: first what gives up the fewest conditions, of these what keeps the
    words, of these what finds most. The many hits of a single word would hide the two of a year more.
    """
    (words, filters), (words_kept, filters_kept) = _conditions(state), _conditions(offer.state)
    return words + filters - words_kept - filters_kept, words - words_kept, -offer.total


def _conditions(state: SearchState) -> tuple[int, int]:
    """How many words, phrases or brackets are asked for together, and how many filters narrow that."""
    asked = state.parsed.tree
    words = len(asked.children) if isinstance(asked, And) else int(bool(state.words))
    return words, state.filter_count + bool(state.collection)


# Between words, and outside of quotation marks, which the first branch passes over.
_OPERATORS = ("and", "or", "not")
_SMALL_OPERATOR = re.compile(r'"[^"]*"|(?<=\S )(?:and|or|not)(?= \S)')


def meant_operators(state: SearchState, total: int) -> Offer | None:
    """The same words with "or", "and" and "not" as operators, where that finds other than these ``total``."""
    if (words := _SMALL_OPERATOR.sub(_as_operator, state.words)) == state.words:
        return None
    try:
        offer = _offer(words, state.changed(words=words))
    except EngineError:
        return None
    return offer if offer and offer.total != total else None


def meant_date(state: SearchState) -> Offer | None:
    """The date with which the words end as a date that is asked for: words find it only where it is written so.

    "Zhou spring 1955": Zhou, and all that could be from spring 1955.
    """
    if state.has_dates or state.scope in (COLLECTIONS, PEOPLE):
        return None
    parted = _date_at_the_end(state.words)
    if parted is None:
        return None
    words, written_date, (earliest, latest) = parted
    # People and collections, which "everything" finds too, have no date.
    scope = DOCUMENTS if state.scope == EVERYTHING else state.scope
    bounds = {"date_from": written_date if earliest else "", "date_to": written_date if latest else ""}
    label = ", ".join(filter(None, (words, days_in_words(earliest, latest))))
    try:
        return _offer(label, state.changed(words=words, scope=scope, **bounds))
    except EngineError:
        return None


# A date of more words than these, such as "between 14 January 1950 and May 1951", is not looked for.
_DATE_WORDS = 5


def _date_at_the_end(text: str) -> tuple[str, str, Days] | None:
    """The words before the date that a text ends with, the date, and its bounds; the longest that can be read."""
    pieces = text.split(" ")
    if not any(character.isdigit() for character in pieces[-1]):
        return None
    for start in range(max(len(pieces) - _DATE_WORDS, 0), len(pieces)):
        words, written_date = " ".join(pieces[:start]), " ".join(pieces[start:])
        # What stands in quotation marks, or behind an operator or the name of a field, is meant as it is written.
        if (
            not written_date[:1].isalnum()
            or ":" in written_date
            or words.endswith(_JOINING)
            or parse(words, WORD_FIELDS).notes
        ):
            continue
        if days := read_range(written_date):
            return words, written_date, days
    return None


# Signs that want something behind them, and that the grammar drops without a word where nothing is.
_JOINING = ("&", "|", "-", "!", "+", ":", "(")


def _as_operator(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else found[0].upper()


def _one_word_alone(state: SearchState) -> Iterator[tuple[str, SearchState]]:
    """Each of the words, phrases or brackets that were all asked for at once."""
    asked = state.parsed.tree
    parts = asked.children if isinstance(asked, And) else ()
    asked_for = (written(part, WORD_FIELDS) for part in parts if not isinstance(part, Not))
    words = dict.fromkeys(word for word in asked_for if word.lower() not in _OPERATORS)
    if 2 <= len(words) <= WORDS_AT_MOST:
        for word in words:
            yield _("With “%(word)s” alone") % {"word": word.strip('"')}, state.changed(words=word)


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
            label = _("Also with “%(part)s”") if part.is_negative else _("Without “%(part)s”")
            yield label % {"part": part.text}, part.without
    if state.words and not (other := state.without_words()).is_empty:
        yield _("Without “%(part)s”") % {"part": state.words}, other


def _offer(label: str, state: SearchState) -> Offer | None:
    total = build_query(state).count()
    return Offer(label, state, total) if total else None
