"""The facets beside the hits: their values with counts, what is chosen first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format

from search.facets import FACETS, Facet, FacetValue, Order, in_order
from search.labels import Labels, labels_of
from search.queryset import ArchiveQuerySet
from search.sentence import named_values
from search.state import SearchState


@dataclass(frozen=True)
class Panel:
    """One facet as it is drawn. ``size`` is the number of all its values in this result."""

    facet: Facet
    values: tuple[FacetValue, ...]
    size: int
    is_open: bool
    all_url: str = ""

    @property
    def all_label(self) -> str:
        """ "All 214 people"."""
        return str(
            self.facet.all_label
            % {"number": self.size, "count": number_format(self.size, force_grouping=True)}
        )

    @property
    def chosen_count(self) -> int:
        return sum(value.is_chosen for value in self.values)


def with_facets(query: ArchiveQuerySet, state: SearchState) -> ArchiveQuerySet:
    """The query, asked for the counts that the panels need."""
    for facet in FACETS:
        limit = None if facet.order is Order.FIXED else facet.size + len(state.values(facet))
        query = query.facet(facet.field, limit=limit)
    return query


def labels_needed(state: SearchState, answer: dict[str, Any], collections: Iterable[str] = ()) -> Labels:
    """The labels of all that panels and sentence name, and of these collections besides."""
    wanted = named_values(state)
    wanted.setdefault("collection", []).extend(collections)
    for facet in FACETS:
        if counts := answer["fields"].get(facet.field):
            wanted.setdefault(facet.name, []).extend(value for value, _n in counts)
    return labels_of(wanted)


def panels_of(state: SearchState, answer: dict[str, Any], labels: Labels) -> list[Panel]:
    """The panels, without those that have nothing to offer. ``answer`` is ``facet_counts()``."""
    panels = (_panel(facet, state, answer, labels.get(facet.name, {})) for facet in FACETS)
    return [panel for panel in panels if panel.values]


def facet_values(
    counts: Sequence[tuple[str, int]],
    chosen_counts: Sequence[tuple[str, int]],
    chosen: Sequence[str],
    labels: dict[str, str],
) -> list[FacetValue]:
    """Values as they are drawn, the chosen ones among them even where nothing has them any more.

    What has no label is drawn only where the reader has named it: it may have left the public just now.
    """
    known = dict(chosen_counts) | dict(counts)
    for value in chosen:
        known.setdefault(value, 0)
    return [
        FacetValue(value, labels.get(value, value), count, value in chosen)
        for value, count in known.items()
        if value in labels or value in chosen
    ]


def _panel(facet: Facet, state: SearchState, answer: dict[str, Any], labels: dict[str, str]) -> Panel:
    chosen = state.values(facet)
    counts = answer["fields"].get(facet.field, ())
    values = in_order(
        facet, facet_values(counts, answer.get("chosen", {}).get(facet.field, ()), chosen, labels)
    )
    others = facet.size + len(chosen) if facet.order is Order.COUNT else len(values)
    size = answer.get("sizes", {}).get(facet.field, len(values))
    query_string = state.on_page(1).query_string
    return Panel(
        facet,
        tuple(values[:others]),
        size,
        is_open=facet.is_open or bool(chosen),
        all_url=f"{reverse('search:facet', args=[facet.name])}?{query_string}"
        if facet.is_listed and size > min(others, len(values))
        else "",
    )
