"""All values of one facet within a search: a page of its own, to look through by letter or by number."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from records.paging import pager_numbers
from search.engines.errors import EngineError
from search.facets import Facet, FacetValue
from search.inputs import tidy, whole_number
from search.labels import Labels, labels_of
from search.panels import facet_values
from search.query import build_query
from search.sentence import named_values
from search.state import PAGE_AT_MOST, SearchState

PER_PAGE = 60
FIND_LENGTH = 100
BY_NAME, BY_COUNT = "name", "count"
VALUE_SORTS: dict[str, Promise] = {BY_COUNT: _("most documents first"), BY_NAME: _("A to Z")}


@dataclass(frozen=True)
class Listing:
    """One page of a facet's values. ``size`` counts those that the filter leaves, ``total`` the documents."""

    facet: Facet
    values: tuple[FacetValue, ...]
    letters: tuple[str, ...]
    size: int
    total: int
    labels: Labels
    find: str
    letter: str
    by: str
    page: int
    engine_down: bool = False

    @property
    def pages(self) -> int:
        return max(-(-self.size // PER_PAGE), 1)

    @property
    def page_numbers(self) -> list[int]:
        """The pages that the pager names; 0 stands for those left out."""
        return pager_numbers(self.page, self.pages)

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.values) - 1

    def parameters(self, **changes: Any) -> list[tuple[str, str]]:
        """The page's own parameters, to be joined to those of the search."""
        own = {"find": self.find, "letter": self.letter, "by": self.by if self.by != BY_COUNT else ""}
        return [(name, str(value)) for name, value in {**own, **changes}.items() if value]


def list_values(facet: Facet, state: SearchState, parameters: QueryDict) -> Listing:
    """The values of a facet in the search as it is without this facet's own choice."""
    find = tidy(parameters.get("find", ""), FIND_LENGTH)
    letter = tidy(parameters.get("letter", ""), 1).upper()
    by = BY_NAME if parameters.get("by") == BY_NAME else BY_COUNT
    number = whole_number(parameters.get("values_page", ""), least=1, most=PAGE_AT_MOST, otherwise=1)
    query = build_query(state).facet(facet.field, limit=None)
    try:
        query[0:1]
        total, answer = query.count(), query.facet_counts()
    except EngineError:
        return Listing(facet, (), (), 0, 0, {}, find, letter, by, 1, engine_down=True)
    counts = answer["fields"].get(facet.field, ())
    named = named_values(state)
    named.setdefault(facet.name, []).extend(value for value, _n in counts)
    labels = labels_of(named)
    drawn = facet_values(counts, (), state.values(facet), labels.get(facet.name, {}))
    found = [value for value in drawn if folded(find) in folded(value.label)]
    letters = tuple(sorted({first_letter(value.label) for value in found}))
    if letter:
        found = [value for value in found if first_letter(value.label) == letter]
    found.sort(
        key=lambda value: (
            not value.is_chosen,
            -value.count if by == BY_COUNT else 0,
            folded(value.label),
            value.value,
        )
    )
    pages = max(-(-len(found) // PER_PAGE), 1)
    number = min(number, pages)
    return Listing(
        facet=facet,
        values=tuple(found[(number - 1) * PER_PAGE : number * PER_PAGE]),
        letters=letters,
        size=len(found),
        total=total,
        labels=labels,
        find=find,
        letter=letter,
        by=by,
        page=number,
    )


def folded(text: str) -> str:
    """Without case and marks, to compare and to sort by."""
    return "".join(_plain(text.casefold()))


def first_letter(label: str) -> str:
    """The letter that a label files under, marks aside; "#" for figures and signs."""
    first = folded(label.strip())[:1].upper()
    return first if first.isalpha() else "#"


def _plain(text: str) -> Iterator[str]:
    return (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
