"""What the values of facets are called. Index classes know; here they are asked, once for each facet."""

from collections.abc import Iterable, Mapping

from search.dependences import index_for, indexed_models
from search.facets import FACETS_BY_NAME, HAS_LABELS

Labels = dict[str, dict[str, str]]


def labels_of(wanted: Mapping[str, Iterable[str]]) -> Labels:
    """Labels by facet name and value; a value that is unknown, or that the public may not see, has none.

    One query for each facet, however many values.
    """
    return {name: _labels(name, list(dict.fromkeys(values))) for name, values in wanted.items()}


def _labels(name: str, values: list[str]) -> dict[str, str]:
    if not values:
        return {}
    if name == FACETS_BY_NAME["has"].name:
        return {value: str(HAS_LABELS[value]) for value in values if value in HAS_LABELS}
    for model in indexed_models():
        if known := index_for(model).facet_labels(name, values):
            return {value: str(label) for value, label in known.items() if value in values}
    return {}


def values_called(name: str, text: str) -> list[str]:
    """The values of a facet that have exactly this name, however it is capitalised, or are written so themselves.

    One query at most. Only what the public may see.
    """
    return sorted(
        {value for model in indexed_models() for value in index_for(model).facet_values(name, text)}
    )


def parents_of(name: str, values: Iterable[str]) -> dict[str, str]:
    """What each value of a tree stands under, and so on upwards; empty for one at the top. Shown ones only.

    One query for each level above those that are given.
    """
    wanted = list(values)
    for model in indexed_models() if wanted else ():
        if known := index_for(model).facet_parents(name, wanted):
            return dict(known)
    return {}
