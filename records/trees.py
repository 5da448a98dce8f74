"""Records that stand under one another: collections and places."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, models
from django.utils.translation import gettext_lazy as _


class TreeModel(models.Model):
    """A record with a parent of its own kind."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("The wider record that this one is part of; empty at the top."),
    )

    parent_id: int | None  # an abstract model has it only for those who inherit it

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.pk and self.parent_id and self.parent_id in descendant_ids(type(self), [self.pk]):
            raise ValidationError({"parent": _("A record cannot be part of itself or of its own parts.")})

    def ancestors(self) -> list[Any]:
        """The records above this one, the topmost first. One query for each level."""
        above: list[Any] = []
        node = self.parent
        while node is not None and node not in above:
            above.insert(0, node)
            node = node.parent
        return above


def descendant_ids(model: type[models.Model], roots: Iterable[int]) -> set[int]:
    """The primary keys of ``roots`` and of everything below them, in one query."""
    return _reached(model, roots, "other.parent_id = reached.id")


class WithAbove(models.Func):
    """In a query: the primary keys of ``records``, a queryset, and of everything above them."""

    template = (
        '(WITH RECURSIVE reached(id) AS (SELECT id FROM "%(table)s" WHERE id IN %(expressions)s '
        'UNION SELECT other.parent_id FROM "%(table)s" other JOIN reached ON other.id = reached.id '
        "WHERE other.parent_id IS NOT NULL) SELECT id FROM reached)"
    )

    def __init__(self, records: models.QuerySet) -> None:
        keys = models.Subquery(records.order_by().values("pk"))
        super().__init__(keys, output_field=models.BigIntegerField(), table=records.model._meta.db_table)


def nodes_above(model: type[models.Model], keys: Iterable[int], *fields: str) -> dict[int, tuple[Any, ...]]:
    """``keys`` and everything above them: (parent's key, then these fields) by key, in two queries."""
    found = _reached(model, keys, "other.id = reached.parent_id")
    rows = model._base_manager.filter(pk__in=found).values_list("pk", "parent_id", *fields)
    return {row[0]: tuple(row[1:]) for row in rows}


def _reached(model: type[models.Model], keys: Iterable[int], step: str) -> set[int]:
    """``keys`` and what they lead to, in one query. ``step``: the SQL by which one record leads to the other."""
    wanted = sorted({int(key) for key in keys})
    if not wanted:
        return set()
    connection = connections[model._base_manager.db]
    table = connection.ops.quote_name(model._meta.db_table)
    marks = ", ".join(["%s"] * len(wanted))
    # UNION, not UNION ALL: it ends even where a circle got into the table.
    sql = (
        f"WITH RECURSIVE reached(id, parent_id) AS (SELECT id, parent_id FROM {table} WHERE id IN ({marks}) "  # noqa: S608 (own table name)
        f"UNION SELECT other.id, other.parent_id FROM {table} other JOIN reached ON {step}) "
        "SELECT id FROM reached"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, wanted)
        return {row[0] for row in cursor.fetchall()}


def lineage(model: type[models.Model]) -> dict[int, int | None]:
    """Every record's parent, by primary key, in one query; walk it with ``upward``."""
    return dict(model._base_manager.values_list("pk", "parent_id"))


def upward(pk: int, parents: dict[int, int | None]) -> list[int]:
    """``pk`` and the keys above it, nearest first."""
    chain: list[int] = []
    node: int | None = pk
    while node is not None and node not in chain:
        chain.append(node)
        node = parents.get(node)
    return chain
