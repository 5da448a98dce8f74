"""The facets beside the hits: their values with counts, what is chosen and excluded first, trees as trees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from records.figures import in_figures
from records.naming import Branch
from search.facets import NONE, OFFERED, Facet, FacetValue, Order, in_order
from search.labels import Labels, branches_of, labels_of
from search.queryset import ArchiveQuerySet
from search.sentence import named_values
from search.state import EVERYTHING, SearchState


@dataclass(frozen=True)
class Panel:
    """One facet as it is drawn. ``size`` is the number of all its values in this result.

    ``none``: the documents without a value, where there are some or the reader asks for them.
    """

    facet: Facet
    values: tuple[FacetValue, ...]
    size: int
    is_open: bool
    all_url: str = ""
    none: FacetValue | None = None
    matches_all: bool = False
    chosen_count: int = 0

    @property
    def all_label(self) -> str:
        """ "All 214 people"."""
        return str(self.facet.all_label % {"number": self.size, "count": in_figures(self.size)})

    @property
    def is_tree(self) -> bool:
        """Whether any value stands under another one."""
        return any(value.children for value in self.values)

    @property
    def offers_match(self) -> bool:
        """Whether it makes a difference if any or all of its values are asked for."""
        return self.facet.is_multiple and any(value.is_chosen for value in flattened(self.values))


@dataclass(frozen=True)
class Counted:
    """What the engine counted of one facet, cut down to what is drawn. ``branches`` of a tree, as ``branches_of``."""

    facet: Facet
    counts: Mapping[str, int]
    size: int
    none: int | None = None
    branches: Mapping[str, Branch] = field(default_factory=dict)


def with_facets(query: ArchiveQuerySet, state: SearchState) -> ArchiveQuerySet:
    """The query, asked for the counts that the panels need."""
    counts: dict[str, dict[str, Any]] = {}
    for facet in OFFERED:
        # What stands above a value in a tree may be no more frequent, and come later in the engine's order.
        whole = facet.order is Order.FIXED or facet.is_tree
        asked = len(state.values(facet)) + len(state.exclusions(facet))
        limit = None if whole else facet.size + asked
        counts[facet.field] = {"limit": limit, "missing": counts_missing(facet, state)}
    return query.facets(counts)


def counts_missing(facet: Facet, state: SearchState) -> bool:
    """Whether documents without a value are counted: not among people and collections, which never have one."""
    return state.scope != EVERYTHING or NONE in (*state.values(facet), *state.exclusions(facet))


def counted(state: SearchState, answer: dict[str, Any]) -> list[Counted]:
    """What is drawn of each facet. ``answer`` is ``facet_counts()``. Queries as ``branches_of``."""
    drawn = {facet.name: _drawn(facet, state, answer) for facet in OFFERED}
    branches = branches_of({facet.name: drawn[facet.name] for facet in OFFERED if facet.is_tree})
    return [_counted(facet, answer, drawn[facet.name], branches.get(facet.name, {})) for facet in OFFERED]


def _drawn(facet: Facet, state: SearchState, answer: dict[str, Any]) -> list[str]:
    """The values of a facet that are drawn, leaving aside what they stand under."""
    asked = (*state.values(facet), *state.exclusions(facet))
    if facet.order is Order.FIXED:
        drawn = list(_known(facet, answer))
    else:
        drawn = [value for value, _count in _listed(facet, answer) if value is not None][: facet.size]
    return list(dict.fromkeys([*drawn, *(value for value in asked if value != NONE)]))


def _counted(
    facet: Facet, answer: dict[str, Any], drawn: Iterable[str], branches: Mapping[str, Branch]
) -> Counted:
    known = _known(facet, answer)
    return Counted(
        facet,
        {value: known.get(value, 0) for value in dict.fromkeys((*drawn, *branches))},
        size=answer.get("sizes", {}).get(facet.field, len(known)),
        none=next((count for value, count in _listed(facet, answer) if value is None), None),
        branches=branches,
    )


def _listed(facet: Facet, answer: dict[str, Any]) -> Sequence[tuple[str | None, int]]:
    return answer["fields"].get(facet.field, ())


def _known(facet: Facet, answer: dict[str, Any]) -> dict[str, int]:
    """All counts that there are, those of values among them that are asked for and not common."""
    known = dict(answer.get("chosen", {}).get(facet.field, ()))
    return known | {value: count for value, count in _listed(facet, answer) if value is not None}


def labels_needed(state: SearchState, facets: Iterable[Counted], collections: Iterable[str] = ()) -> Labels:
    """The labels of all that panels and sentence name, and of these collections besides."""
    wanted = named_values(state)
    wanted.setdefault("collection", []).extend(collections)
    known: Labels = {}
    for each in facets:
        if each.facet.is_tree:
            known[each.facet.name] = {value: branch.name for value, branch in each.branches.items()}
        elif each.counts:
            wanted.setdefault(each.facet.name, []).extend(each.counts)
    return labels_of(wanted, known)


def panels_of(state: SearchState, facets: Iterable[Counted], labels: Labels) -> list[Panel]:
    """The panels, without those that have nothing to offer."""
    panels = (_panel(each, state, labels.get(each.facet.name, {})) for each in facets)
    return [panel for panel in panels if panel.values or (panel.none and panel.none.is_set)]


def notes_on(answer: dict[str, Any]) -> list[str]:
    """A sentence for each facet whose counts may be too small; the page of all its values has them exactly."""
    sentence = _(
        "%(facet)s: each of these numbers may be up to %(count)s too small. The list of all values has them exactly."
    )
    lacking = answer.get("lacking", {})
    return [
        sentence % {"facet": facet.label, "count": in_figures(lacking[facet.field])}
        for facet in OFFERED
        if facet.field in lacking
    ]


def facet_values(
    counts: Mapping[str, int], state: SearchState, facet: Facet, labels: Mapping[str, str]
) -> list[FacetValue]:
    """Values as they are drawn, those that the reader asks for among them even where nothing has them any more.

    What has no label is drawn only where the reader has named it: it may have left the public just now.
    """
    chosen, excluded = state.values(facet), state.exclusions(facet)
    named = [value for value in (*chosen, *excluded) if value != NONE]
    known = {**dict.fromkeys(named, 0), **counts}
    return [
        FacetValue(value, labels.get(value, value), count, value in chosen, value in excluded)
        for value, count in known.items()
        if value in labels or value in named
    ]


def none_value(facet: Facet, state: SearchState, count: int | None) -> FacetValue | None:
    """The bucket of documents without a value; None where there are none and nobody asks for them."""
    chosen, excluded = NONE in state.values(facet), NONE in state.exclusions(facet)
    if not (count or chosen or excluded):
        return None
    return FacetValue(NONE, str(facet.none), count or 0, chosen, excluded)


def as_tree(
    values: Sequence[FacetValue], branches: Mapping[str, Branch], *, opened: bool = False
) -> list[FacetValue]:
    """The values under one another, in their order among those beside them. ``opened``: all to be seen at once."""
    listed = {value.value for value in values}
    below: dict[str, list[FacetValue]] = {}
    for value in values:
        above = branches[value.value].above if value.value in branches else ""
        below.setdefault(above if above in listed and above != value.value else "", []).append(value)

    def grown(value: FacetValue) -> FacetValue:
        children = tuple(grown(child) for child in below.get(value.value, ()))
        is_open = opened or any(child.is_set or child.is_open for child in children)
        return replace(value, children=children, is_open=bool(children) and is_open)

    return [grown(value) for value in below.get("", ())]


def flattened(values: Iterable[FacetValue]) -> list[FacetValue]:
    """A tree's values in the order they are drawn in."""
    return [each for value in values for each in (value, *flattened(value.children))]


def _panel(each: Counted, state: SearchState, labels: Mapping[str, str]) -> Panel:
    facet = each.facet
    values = in_order(facet, facet_values(each.counts, state, facet, labels))
    none = none_value(facet, state, each.none)
    asked = (*state.values(facet), *state.exclusions(facet))
    has_more = each.size > sum(1 for value in values if value.count)
    query_string = state.on_page(1).query_string
    if facet.is_tree:
        # In their places, not the chosen ones first: what stands above says where they are.
        values.sort(key=lambda value: (-value.count, value.label.casefold(), value.value))
    return Panel(
        facet,
        tuple(as_tree(values, each.branches, opened=True) if facet.is_tree else values),
        each.size,
        is_open=facet.is_open or bool(asked),
        all_url=f"{reverse('search:facet', args=[facet.name])}?{query_string}"
        if facet.is_listed and has_more
        else "",
        none=none,
        matches_all=state.matches_all(facet),
        chosen_count=len(asked),
    )
