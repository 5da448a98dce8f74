"""What the values of facets are called. Index classes know; here they are asked, once for each facet."""

from collections.abc import Iterable, Mapping
from typing import Any

from haystack import connections

from search.facets import FACETS_BY_NAME, HAS_LABELS

Labels = dict[str, dict[str, str]]


def index_classes() -> list[Any]:
    """Every index class of the site, in a fixed order."""
    indexes = connections["default"].get_unified_index().get_indexes()
    return [index for _model, index in sorted(indexes.items(), key=lambda pair: pair[0]._meta.label)]


def index_of(model: type) -> Any:
    """The index class of a model."""
    return connections["default"].get_unified_index().get_index(model)


def labels_of(wanted: Mapping[str, Iterable[str]]) -> Labels:
    """Labels by facet name and value; a value that nobody knows is called what it is.

    One query for each facet, however many values.
    """
    return {name: _labels(name, list(dict.fromkeys(values))) for name, values in wanted.items()}


def _labels(name: str, values: list[str]) -> dict[str, str]:
    if not values:
        return {}
    labels = {value: value for value in values}
    if name == FACETS_BY_NAME["has"].name:
        return labels | {value: str(HAS_LABELS[value]) for value in values if value in HAS_LABELS}
    for index in index_classes():
        asked = getattr(index, "facet_labels", None)
        known = asked(name, values) if asked else {}
        if known:
            return labels | {value: str(label) for value, label in known.items() if value in labels}
    return labels
