"""The search as a value: what its address says, read, checked, changed and printed. It knows no request.

Anything can stand in an address, so reading never fails: what means nothing is
left out, and a date that cannot be read becomes a sentence beside its box.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dates import DateError
from search.carrying import unpack
from search.daterange import read_bound
from search.facets import EXCLUDED, FACETS, Facet
from search.grammar import PREFIX_LIMIT, ParsedQuery
from search.inputs import tidy, whole_number
from search.reading import parsed_row, parsed_words, stars_in
from search.rows import FORM_PARTS, ROWS_AT_MOST, FilterRow, read_rows
from search.selection import FACET_PARTS, OFFERED_PARTS, in_order, read_value, selected
from search.tree import Near, Phrase, Prefix, Words, surely

EVERYTHING, DOCUMENTS, COLLECTIONS, PEOPLE = "everything", "documents", "collections", "people"
SCOPES: dict[str, Promise] = {
    EVERYTHING: gettext_lazy("Everything"),
    DOCUMENTS: gettext_lazy("Documents"),
    COLLECTIONS: gettext_lazy("Collections"),
    PEOPLE: gettext_lazy("People"),
}
_IN_COLLECTION = "collection:"

RELEVANCE, DATE, DATE_DESCENDING, TITLE = "relevance", "date", "date-desc", "title"
SORTS: dict[str, Promise] = {
    RELEVANCE: gettext_lazy("relevance"),
    DATE: gettext_lazy("date, earliest first"),
    DATE_DESCENDING: gettext_lazy("date, latest first"),
    TITLE: gettext_lazy("title"),
}
# People and collections have no date that a list could be in order of.
_SORTS_OF_NAMES: dict[str, Promise] = {
    RELEVANCE: SORTS[RELEVANCE],
    TITLE: gettext_lazy("name, A to Z"),
}

# What can be asked of dates besides a range: documents that have none, or that are in no bar of a histogram.
UNDATED, ROUGHLY = "none", "roughly"
DATED: dict[str, str] = {UNDATED: "", ROUGHLY: "year", "roughly-month": "month", "roughly-decade": "decade"}

PAGE_SIZES = (10, 25, 50, 100)
TABLE, TIMELINE = "table", "timeline"  # how documents can be looked at besides in a list
WORDS_LENGTH = 500
VALUE_LENGTH = 250
PAGE_AT_MOST = 1_000_000
_BUTTONS = ("add", "cancel", "set")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a box, in a sentence; ``box`` is the box's parameter."""

    box: str
    message: str


@dataclass(frozen=True)
class SearchState:
    """One search. ``chosen`` and ``excluded`` hold (facet name, value) in the facets' order; dates are kept as typed.

    ``match_all`` names the facets of which a document must have all that is chosen, not any of it. ``dated``:
    one of ``DATED``, or empty.
    """

    words: str = ""
    scope: str = DOCUMENTS
    rows: tuple[FilterRow, ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    match_all: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    certain: bool = False
    dated: str = ""
    sort: str = ""
    page: int = 1
    per_page: int = PAGE_SIZES[0]
    view: str = ""

    # Reading

    @classmethod
    def parse(cls, parameters: QueryDict) -> Self:
        """The search that an address, or a form that was sent, asks for."""
        return cls(
            words=tidy(parameters.get("q", ""), WORDS_LENGTH),
            scope=_scope(parameters.get("in", "")),
            rows=tuple(read_rows(parameters))[:ROWS_AT_MOST],
            **selected(parameters),
            date_from=tidy(parameters.get("from", ""), VALUE_LENGTH),
            date_to=tidy(parameters.get("to", ""), VALUE_LENGTH),
            certain=parameters.get("certain") == "1",
            dated=_dated(parameters),
            sort=parameters.get("sort", "") if parameters.get("sort") in SORTS else "",
            page=whole_number(parameters.get("page", ""), least=1, most=PAGE_AT_MOST, otherwise=1),
            per_page=_page_size(parameters.get("per_page", "")),
            view=parameters.get("view", "") if parameters.get("view") in (TABLE, TIMELINE) else "",
        )._without_idle_sort()

    @classmethod
    def parse_text(cls, text: str) -> Self:
        """The search that a query string, packed or not, asks for; an empty one for what is none."""
        try:
            return cls.parse(QueryDict(unpack(text.lstrip("?"))))
        except TooManyFieldsSent:
            return cls()

    # Asking

    def values(self, facet: Facet | str) -> tuple[str, ...]:
        """The values chosen in a facet."""
        return tuple(value for name, value in self.chosen if name == str(facet))

    def exclusions(self, facet: Facet | str) -> tuple[str, ...]:
        """The values excluded in a facet."""
        return tuple(value for name, value in self.excluded if name == str(facet))

    def matches_all(self, facet: Facet | str) -> bool:
        """Whether a document must have all the values chosen in a facet, not any of them."""
        return str(facet) in self.match_all

    @property
    def undated(self) -> bool:
        """Whether documents without a date are asked for; beside dates they are not, being in no range."""
        return self.dated == UNDATED and not (self.date_from or self.date_to)

    @property
    def roughly_by(self) -> str:
        """The unit that the documents asked for are in no bar of; empty where that is not asked."""
        return DATED.get(self.dated, "")

    @property
    def collection(self) -> str:
        """The slug of the collection that is searched in, or nothing."""
        return self.scope.removeprefix(_IN_COLLECTION) if self.scope.startswith(_IN_COLLECTION) else ""

    @property
    def asking_rows(self) -> tuple[FilterRow, ...]:
        """The rows that ask for something that can be understood."""
        return tuple(row for row in self.rows if row.value and not row.problem)

    @cached_property
    def parsed(self) -> ParsedQuery:
        """The words of the box as they were understood."""
        return self._as_sure(parsed_words(self.words, get_language()))

    def _as_sure(self, asked: ParsedQuery) -> ParsedQuery:
        """With "certainly" for the dates in words and rows as for those in the boxes."""
        return replace(asked, tree=surely(asked.tree)) if self.certain else asked

    @cached_property
    def parsed_rows(self) -> tuple[tuple[FilterRow, ParsedQuery], ...]:
        """The rows that ask for something, as they were understood; box and rows share the stars there may be."""
        rows = []
        stars = PREFIX_LIMIT - stars_in(self.parsed.tree)
        for row in self.asking_rows:
            parsed = self._as_sure(parsed_row(row, stars, get_language()))
            stars -= stars_in(parsed.tree)
            rows.append((row, parsed))
        return tuple(rows)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed in reading words and rows, in sentences."""
        parsed = (self.parsed, *(each for _row, each in self.parsed_rows))
        notes = [note for each in parsed for note in each.notes]
        if len(self.words) >= WORDS_LENGTH - 1:  # a space at the end was cut, too
            notes.append(_("At most %(count)s characters are searched for.") % {"count": WORDS_LENGTH})
        if self._has_idle_undated:
            notes.append(_("Documents without a date are in no range of dates, so they are left out here."))
        return tuple(dict.fromkeys(notes))

    @property
    def is_ranked(self) -> bool:
        """Whether words are looked for, so that one record can be more relevant than another."""
        trees = [self.parsed.tree, *(parsed.tree for _row, parsed in self.parsed_rows)]
        return any(
            isinstance(leaf, Words | Phrase | Prefix | Near) and not negated
            for tree in trees
            for leaf, negated in tree.leaves()
        )

    @property
    def order(self) -> str:
        """The sort that applies: without words there is no relevance, and the date, or the name, stands in."""
        if self.sort in self.sorts:
            return self.sort
        if self.is_ranked:
            return RELEVANCE
        return TITLE if self.scope in (COLLECTIONS, PEOPLE) else DATE

    @property
    def sorts(self) -> dict[str, Promise]:
        """The sorts that can be chosen."""
        sorts = _SORTS_OF_NAMES if self.scope in (COLLECTIONS, PEOPLE) else SORTS
        return {name: label for name, label in sorts.items() if name != RELEVANCE or self.is_ranked}

    @property
    def is_table(self) -> bool:
        """Whether its documents are to be shown as a table; people and collections have no columns to fill."""
        return self.view == TABLE and (self.scope == DOCUMENTS or bool(self.collection))

    @property
    def asks_words(self) -> bool:
        """Whether anything was written into the box or a row."""
        return bool(self.words or self.asking_rows)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for all there is."""
        return not (self.asks_words or self.chosen or self.excluded or self.collection or self.has_dates)

    @property
    def has_dates(self) -> bool:
        return bool(self.date_from or self.date_to or self.dated)

    @property
    def filter_count(self) -> int:
        """How many filters are on: facet values, rows, and the dates as one."""
        return len(self.chosen) + len(self.excluded) + len(self.asking_rows) + self.has_dates

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, each naming its box; the search runs without it."""
        rows = [Problem(f"row-{number}", row.problem) for number, row in enumerate(self.rows) if row.problem]
        return (*self._date_range[1], *rows)

    @property
    def date_range(self) -> tuple[date | None, date | None]:
        """The first and the last day asked for; None where that side is open or could not be read."""
        return self._date_range[0]

    @cached_property
    def _date_range(self) -> tuple[tuple[date | None, date | None], tuple[Problem, ...]]:
        problems: list[Problem] = []
        earliest = latest = None
        try:
            earliest = read_bound(self.date_from, first=True)
        except DateError as error:
            problems.append(Problem("from", _("From: %(reason)s") % {"reason": error.sentence}))
        try:
            latest = read_bound(self.date_to, first=False)
        except DateError as error:
            problems.append(Problem("to", _("To: %(reason)s") % {"reason": error.sentence}))
        if earliest and latest and earliest > latest:
            sentence = _("From: “%(from)s” is later than “%(to)s”; exchange the two dates.")
            problems.append(Problem("from", sentence % {"from": self.date_from, "to": self.date_to}))
            earliest = latest = None
        return (earliest, latest), tuple(problems)

    # Changing: every change but that of the page leads back to the first page

    def changed(self, **changes: Any) -> Self:
        """The search with these parts replaced, on its first page."""
        changed = replace(self, **{"page": 1, **changes})._without_idle_sort()._without_idle_match()
        # It was told of once.
        return replace(changed, dated="") if changed._has_idle_undated else changed

    def add(self, facet: Facet | str, value: str) -> Self:
        """With a value chosen, which is excluded no longer."""
        pair = str(facet), read_value(facet, value)
        clear = self.remove(*pair)
        return clear.changed(chosen=in_order((*clear.chosen, pair)), match_all=self.match_all)

    def exclude(self, facet: Facet | str, value: str) -> Self:
        """With a value excluded, which is chosen no longer."""
        pair = str(facet), read_value(facet, value)
        clear = self.remove(*pair)
        return clear.changed(excluded=in_order((*clear.excluded, pair)))

    def remove(self, facet: Facet | str, value: str) -> Self:
        """With a value neither chosen nor excluded."""
        kept = {
            part: tuple(pair for pair in getattr(self, part) if pair != (str(facet), value))
            for part in ("chosen", "excluded")
        }
        return self.changed(**kept)

    def toggle(self, facet: Facet | str, value: str) -> Self:
        return self.remove(facet, value) if value in self.values(facet) else self.add(facet, value)

    def remove_row(self, number: int) -> Self:
        """Without the row of this number, counted from 0."""
        return self.changed(rows=tuple(row for place, row in enumerate(self.rows) if place != number))

    def without_words(self) -> Self:
        return self.changed(words="")

    def without_dates(self) -> Self:
        return self.changed(date_from="", date_to="", certain=False, dated="")

    def within(self, date_from: str, date_to: str) -> Self:
        """Narrowed to these dates."""
        return self.changed(date_from=date_from, date_to=date_to)

    def on_page(self, number: int) -> Self:
        return replace(self, page=number)

    def cleared(self) -> Self:
        """All that narrows gone; where one searches and how one reads stays."""
        return type(self)(scope=self.scope, per_page=self.per_page, view=self.view)

    # Printing

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The parameters, in an order that never varies; what is as usual is left out."""
        if self.words:
            yield "q", self.words
        if self.scope != DOCUMENTS:
            yield "in", self.scope
        for row in self.rows:
            yield "f", str(row)
        # A page prints some seventy searches, most of them without any of the facets.
        for facet in FACETS if self.chosen or self.excluded or self.match_all else ():
            yield from ((facet.name, value) for value in self.values(facet))
            yield from ((facet.name, f"{EXCLUDED}{value}") for value in self.exclusions(facet))
            if self.matches_all(facet):
                yield facet.match_name, "all"
        for name, value in (("from", self.date_from), ("to", self.date_to), ("dated", self.dated)):
            if value:
                yield name, value
        if self.certain:
            yield "certain", "1"
        if self.sort:
            yield "sort", self.sort
        if self.per_page != PAGE_SIZES[0]:
            yield "per_page", str(self.per_page)
        if self.view:
            yield "view", self.view
        if self.page != 1:
            yield "page", str(self.page)

    def hidden(self, *drawn: str) -> list[tuple[str, str]]:
        """What a form has to carry besides the boxes it draws (``drawn``: their parameters, or "facets")."""
        left_out = {"page", *drawn, *(OFFERED_PARTS if "facets" in drawn else ())}
        if self._has_idle_undated:
            left_out.add("dated")
        return [(name, value) for name, value in self.pairs() if name not in left_out]

    @property
    def query_string(self) -> str:
        """The canonical query string, without the question mark; reading it gives the same search."""
        return urlencode(list(self.pairs()), safe=":")

    def __str__(self) -> str:
        return self.query_string

    @property
    def _has_idle_undated(self) -> bool:
        return self.dated == UNDATED and not self.undated

    def _without_idle_sort(self) -> Self:
        # A sort that says what holds anyway, or that is none here, is left out: one search has one address.
        idle = self.sort and (self.sort not in self.sorts or self.sort == replace(self, sort="").order)
        return replace(self, sort="") if idle else self

    def _without_idle_match(self) -> Self:
        # "All of them" says nothing where none is chosen.
        named = {name for name, _value in self.chosen}
        kept = tuple(facet.name for facet in FACETS if facet.name in self.match_all and facet.name in named)
        return self if kept == self.match_all else replace(self, match_all=kept)


def wants_tidying(parameters: QueryDict, state: SearchState) -> bool:
    """Whether ``state`` was read from other than its own address.

    So it is when a form sent its buttons, loose row inputs, boxes that were left empty, or choices that are as usual.
    """
    if any(name in parameters for name in (*FORM_PARTS, *_BUTTONS)):
        return True
    own = {"q", "in", "f", "from", "to", "certain", "dated", "undated", "sort", "page", "per_page", "view"}
    printed: dict[str, list[str]] = {name: [] for name in (*own, *FACET_PARTS)}
    for name, value in state.pairs():
        printed[name].append(value)
    return any(sorted(parameters.getlist(name)) != sorted(values) for name, values in printed.items())


def _scope(text: str) -> str:
    if text in SCOPES:
        return text
    slug = tidy(text.removeprefix(_IN_COLLECTION), VALUE_LENGTH)
    return f"{_IN_COLLECTION}{slug}" if text.startswith(_IN_COLLECTION) and slug else DOCUMENTS


def _dated(parameters: QueryDict) -> str:
    """``undated=1`` stands in addresses from before there was ``dated``."""
    dated = UNDATED if parameters.get("undated") == "1" else parameters.get("dated", "")
    return dated if dated in DATED else ""


def _page_size(text: str) -> int:
    number = whole_number(text, least=1, most=PAGE_SIZES[-1], otherwise=PAGE_SIZES[0])
    return next(size for size in PAGE_SIZES if number <= size)
