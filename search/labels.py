"""What the values of facets are called. Index classes know; here they are asked."""

from collections.abc import Iterable, Mapping

from records.naming import Branch, Named, branches_by_slug, names_by_slug
from search.dependences import index_for, indexed_models
from search.facets import FACETS_BY_NAME, HAS_LABELS

Labels = dict[str, dict[str, str]]


def labels_of(
    wanted: Mapping[str, Iterable[str]], known: Mapping[str, Mapping[str, str]] | None = None
) -> Labels:
    """Labels by facet name and value; a value that is unknown, or that the public may not see, has none.

    One query for all that are records, and one for each other facet that needs any; none where all are
    ``known``, which come with them.
    """
    labels = {name: dict(values) for name, values in (known or {}).items()}
    records: dict[str, tuple[Named, list[str]]] = {}
    for name, values in wanted.items():
        have = labels.setdefault(name, {})
        missing = [value for value in dict.fromkeys(values) if value not in have]
        named = _records(name) if missing else None
        if named:
            records[name] = named, missing
        elif missing:
            have |= _labels(name, missing)
    for name, names in names_by_slug(records).items():
        labels[name] |= names
    return labels


def _records(name: str) -> Named | None:
    return next(filter(None, (index_for(model).facet_records(name) for model in indexed_models())), None)


def _labels(name: str, values: list[str]) -> dict[str, str]:
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


def branches_of(wanted: Mapping[str, Iterable[str]]) -> dict[str, dict[str, Branch]]:
    """What values of trees are called and stand under, and so on upwards, by facet name and value. Shown ones only.

    One query for all trees, and one for each level above those that are given.
    """
    trees = ((name, _records(name), list(dict.fromkeys(values))) for name, values in wanted.items())
    return branches_by_slug({name: (named, values) for name, named, values in trees if named})
