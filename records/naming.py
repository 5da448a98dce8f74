"""What records are called and where they stand, for those who have their slugs alone: the values of facets.

Only what the public may see is named. Records of several kinds are asked for at once: that a database is
asked costs more than what it is asked here.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, models

from records.querysets import is_public
from records.trees import upward

#: Values of a kind in one query: SQLite takes some thirty thousand parameters in all.
_AT_ONCE = 3000


class Named(NamedTuple):
    """Records that have slugs, and the field by which they are called."""

    model: type[models.Model]
    field: str = "name"


class Branch(NamedTuple):
    """A record where it stands in its tree: what it is called, and the slug of the one above it ("": none)."""

    name: str
    above: str


def names_by_slug(wanted: Mapping[str, tuple[Named, Collection[str]]]) -> dict[str, dict[str, str]]:
    """Names by key and slug, in one query for some thousands; none of what the public may not see."""
    names: dict[str, dict[str, str]] = {key: {} for key in wanted}
    for key, slug, name, is_shown in _rows(wanted, "slug"):
        if is_shown:
            names[key][slug] = name
    return names


def branches_by_slug(
    wanted: Mapping[str, tuple[Named, Collection[str]]],
) -> dict[str, dict[str, Branch]]:
    """These records of trees and those above them by key and slug, each under the nearest that is shown.

    One query, and one more for each level that is not among the slugs.
    """
    nodes: dict[str, dict[int, tuple[str, str, bool]]] = {key: {} for key in wanted}
    parents: dict[str, dict[int, int | None]] = {key: {} for key in wanted}
    column = "slug"
    asked: dict[str, tuple[Named, Collection[Any]]] = dict(wanted)
    while rows := _rows(asked, column, "id", "parent_id"):
        for key, slug, name, is_shown, pk, parent in rows:
            nodes[key][pk], parents[key][pk] = (slug, name, bool(is_shown)), parent
        column = "id"
        asked = {
            key: (named, set(parents[key].values()) - parents[key].keys() - {None})
            for key, (named, _slugs) in wanted.items()
        }
    return {key: _shown(found, parents[key]) for key, found in nodes.items()}


def _shown(nodes: Mapping[int, tuple[str, str, bool]], parents: dict[int, int | None]) -> dict[str, Branch]:
    return {
        slug: Branch(name, next((nodes[each][0] for each in upward(pk, parents)[1:] if nodes[each][2]), ""))
        for pk, (slug, name, is_shown) in nodes.items()
        if is_shown
    }


def _rows(
    wanted: Mapping[str, tuple[Named, Collection[Any]]], column: str, *more: str
) -> list[tuple[Any, ...]]:
    """(key, slug, name, whether the public may see it, then ``more`` columns) of what has these values in ``column``."""
    listed = {key: (named, list(values)) for key, (named, values) in wanted.items()}
    longest = max((len(values) for _named, values in listed.values()), default=0)
    rows: list[tuple[Any, ...]] = []
    for start in range(0, longest, _AT_ONCE):
        part = {key: (named, values[start : start + _AT_ONCE]) for key, (named, values) in listed.items()}
        rows += _asked(part, column, *more)
    return rows


def _asked(
    wanted: Mapping[str, tuple[Named, Sequence[Any]]], column: str, *more: str
) -> list[tuple[Any, ...]]:
    quoted = connection.ops.quote_name
    parts: list[str] = []
    parameters: list[Any] = []
    for key, (named, values) in wanted.items():
        if values:
            public = is_public(named.model)
            columns = ", ".join(["%s", "slug", quoted(named.field), f"({public.sql})", *more])
            marks = ", ".join(["%s"] * len(values))
            parts.append(
                f"SELECT {columns} FROM {quoted(named.model._meta.db_table)} WHERE {column} IN ({marks})"  # noqa: S608 (own names)
            )
            parameters += [key, *public.params, *values]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return cursor.fetchall()
