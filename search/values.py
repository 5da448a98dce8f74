"""All values of one facet within a search: a page of its own, to look through by letter or by number."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from records.naming import Branch
from records.paging import pager_numbers
from search.engines.errors import EngineError
from search.facets import Facet, FacetValue
from search.inputs import tidy, whole_number
from search.labels import Labels, branches_of, labels_of
from search.panels import as_tree, counts_missing, facet_values, flattened, none_value
from search.query import build_query
from search.sentence import named_values
from search.state import PAGE_AT_MOST, SearchState

PER_PAGE = 60
FIND_LENGTH = 100
BY_NAME, BY_COUNT = "name", "count"
VALUE_SORTS: dict[str, Promise] = {BY_COUNT: _("most documents first"), BY_NAME: _("A to Z")}


@dataclass(frozen=True)
class Listing:
    """One page of a facet's values. ``size`` counts those that the filter leaves, ``total`` the documents.

    ``values`` is a tree where the facet is one and nothing is looked for; ``first`` and ``last`` are the
    numbers of the page's values among all of them, those within others counted too.
    """

    facet: Facet
    values: tuple[FacetValue, ...] = ()
    none: FacetValue | None = None
    letters: tuple[str, ...] = ()
    size: int = 0
    total: int = 0
    labels: Labels = field(default_factory=dict)
    find: str = ""
    letter: str = ""
    by: str = BY_COUNT
    page: int = 1
    pages: int = 1
    first: int = 1
    is_tree: bool = False
    engine_down: bool = False

    @property
    def page_numbers(self) -> list[int]:
        """The pages that the pager names; 0 stands for those left out."""
        return pager_numbers(self.page, self.pages)

    @property
    def last(self) -> int:
        return self.first + len(flattened(self.values)) - 1

    @property
    def shown(self) -> set[str]:
        """The values that have a box on this page."""
        return {value.value for value in (*flattened(self.values), *([self.none] if self.none else []))}

    def parameters(self, **changes: Any) -> list[tuple[str, str]]:
        """The page's own parameters, to be joined to those of the search."""
        own = {"find": self.find, "letter": self.letter, "by": self.by if self.by != BY_COUNT else ""}
        return [(name, str(value)) for name, value in {**own, **changes}.items() if value]


def list_values(facet: Facet, state: SearchState, parameters: QueryDict) -> Listing:
    """The values of a facet in a search. What is chosen of them leaves their counts as they are, unless all is asked for."""
    find = tidy(parameters.get("find", ""), FIND_LENGTH)
    letter = tidy(parameters.get("letter", ""), 1).upper()
    by = BY_NAME if parameters.get("by") == BY_NAME else BY_COUNT
    number = whole_number(parameters.get("values_page", ""), least=1, most=PAGE_AT_MOST, otherwise=1)
    query = build_query(state).facet(facet.field, limit=None, missing=counts_missing(facet, state))
    try:
        query[0:1]
        total, answer = query.count(), query.facet_counts()
    except EngineError:
        return Listing(facet, find=find, letter=letter, by=by, engine_down=True)
    counts = dict(answer["fields"].get(facet.field, ()))
    none = counts.pop(None, None)
    named = named_values(state)
    wanted = {facet.name: [*counts, *named.get(facet.name, ())]} if facet.is_tree else {}
    branches = branches_of(wanted).get(facet.name, {})
    if not facet.is_tree:
        named.setdefault(facet.name, []).extend(counts)
    labels = labels_of(named, {facet.name: {value: branch.name for value, branch in branches.items()}})
    drawn = facet_values(counts, state, facet, labels.get(facet.name, {}))
    is_tree = facet.is_tree and not (find or letter)
    found = [value for value in drawn if folded(find) in folded(value.label)]
    letters = tuple(sorted({first_letter(value.label) for value in found}))
    if letter:
        found = [value for value in found if first_letter(value.label) == letter]
    found.sort(
        key=lambda value: (
            not (value.is_set or is_tree),
            -value.count if by == BY_COUNT else 0,
            folded(value.label),
            value.value,
        )
    )
    if is_tree:
        pages = _tree_pages(as_tree(found, branches))
    else:
        found = [replace(value, path=_path(value.value, branches)) for value in found]
        pages = [found[start : start + PER_PAGE] for start in range(0, len(found), PER_PAGE)] or [[]]
    number = min(number, len(pages))
    return Listing(
        facet=facet,
        values=tuple(pages[number - 1]),
        none=None if find or letter else none_value(facet, state, none),
        letters=letters,
        size=len(found),
        total=total,
        labels=labels,
        find=find,
        letter=letter,
        by=by,
        page=number,
        pages=len(pages),
        first=sum(len(flattened(page)) for page in pages[: number - 1]) + 1,
        is_tree=any(value.children for page in pages for value in page),
    )


def _tree_pages(tree: list[FacetValue]) -> list[list[FacetValue]]:
    """Pages that part no value from what stands under it, each as long as it must be."""
    pages: list[list[FacetValue]] = [[]]
    room = PER_PAGE
    for value in tree:
        if room <= 0:
            pages.append([])
            room = PER_PAGE
        pages[-1].append(value)
        room -= len(flattened([value]))
    return pages


def _path(value: str, branches: Mapping[str, Branch]) -> str:
    """What a value stands under, the nearest first: "Vietnam, Asia"."""
    path: list[str] = []
    while value in branches and (above := branches[value].above) and above not in path:
        path.append(above)
        value = above
    return ", ".join(branches[each].name for each in path if each in branches)


def folded(text: str) -> str:
    """Without case and marks, to compare and to sort by."""
    return "".join(_plain(text.casefold()))


def first_letter(label: str) -> str:
    """The letter that a label files under, marks aside; "#" for figures and signs."""
    first = folded(label.strip())[:1].upper()
    return first if first.isalpha() else "#"


def _plain(text: str) -> Iterator[str]:
    return (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
