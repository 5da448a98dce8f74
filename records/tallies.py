"""How many documents each record has, as this user may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connections, models
from django.db.models import Count


@dataclass(frozen=True)
class Tally:
    """Documents, and the first and the last year that they tell of (None: none is dated)."""

    documents: int = 0
    first_year: int | None = None
    last_year: int | None = None

    @property
    def years(self) -> str:
        """ "1946 – 1972", one year, or nothing."""
        if self.first_year is None:
            return ""
        return (
            str(self.first_year)
            if self.first_year == self.last_year
            else f"{self.first_year} – {self.last_year}"
        )


def document_counts(model: type[models.Model], user: Any, keys: Collection[int]) -> dict[int, int]:
    """The number of visible documents of each of these records, in one query; those without any are left out."""
    relation: Any = model._meta.get_field("documents")
    field = relation.remote_field
    visible = relation.related_model._default_manager.visible_to(user).order_by()
    if not relation.many_to_many:
        counted = visible.filter(**{f"{field.name}__in": list(keys)}).values(field.name)
        return dict(counted.annotate(number=Count("pk")).values_list(field.name, "number"))
    # From the table between, which is found by its index: many times quicker than from the documents.
    record, document = field.m2m_reverse_field_name(), field.m2m_field_name()
    links = relation.through._base_manager.filter(
        **{f"{record}__in": list(keys), f"{document}__in": visible.values("pk")}
    )
    counted = links.order_by().values(record).annotate(number=Count(document, distinct=True))
    return dict(counted.values_list(record, "number"))


def tree_tallies(
    model: type[models.Model], user: Any, keys: Collection[int] | None = None
) -> dict[int, Tally]:
    """The visible documents of records in a tree and of all below them, each document once; one query.

    ``keys``: of these records only. Those without documents are left out.
    """
    if keys is not None and not keys:
        return {}
    relation: Any = model._meta.get_field("documents")
    document = relation.related_model
    field = relation.remote_field
    connection = connections[model._base_manager.db]
    quote = connection.ops.quote_name
    visible, visible_params = (
        document._default_manager.visible_to(user).order_by().values("pk").query.sql_with_params()
    )
    tree, documents, links = (
        quote(each) for each in (model._meta.db_table, document._meta.db_table, field.m2m_db_table())
    )
    to_record, to_document = quote(field.m2m_reverse_name()), quote(field.m2m_column_name())
    chosen = f"WHERE id IN ({', '.join(['%s'] * len(keys))})" if keys is not None else ""
    sql = f"""
        WITH RECURSIVE below(root, id) AS (
            SELECT id, id FROM {tree} {chosen}
            UNION
            SELECT below.root, child.id FROM {tree} child JOIN below ON child.parent_id = below.id
        )
        SELECT below.root, COUNT(DISTINCT document.id), MIN(document.date_sort),
               MAX(COALESCE(document.date_latest, document.date_earliest))
        FROM below
        JOIN {links} link ON link.{to_record} = below.id
        JOIN {documents} document ON document.id = link.{to_document}
        WHERE document.id IN ({visible})
        GROUP BY below.root
    """  # noqa: S608 (names of own tables, and a query that the ORM wrote)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(keys or ()), *visible_params])
        return {key: Tally(count, _year(first), _year(last)) for key, count, first, last in cursor.fetchall()}


def most_named(documents: Any, name: str, limit: int) -> list[tuple[Any, int]]:
    """The records that most of ``documents`` (a queryset) have in a many-to-many field, each with how many; two queries."""
    field: Any = documents.model._meta.get_field(name)
    record, document = field.m2m_reverse_field_name(), field.m2m_field_name()
    links = field.remote_field.through._base_manager.filter(
        **{f"{document}__in": documents.order_by().values("pk")}
    )
    counted = links.order_by().values(record).annotate(number=Count(document, distinct=True))
    rows = list(counted.order_by("-number", f"{record}__name", record).values_list(record, "number")[:limit])
    found = field.related_model._default_manager.in_bulk([key for key, _number in rows])
    return [(found[key], number) for key, number in rows if key in found]


def _year(day: Any) -> int | None:
    """The year of a date, which SQLite gives as text."""
    return int(str(day)[:4]) if day else None
