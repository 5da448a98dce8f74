"""Writing the outbox: which records the index has to be told of, in the transaction that changes them.

One INSERT ... SELECT for each way in which records hang together, however many are
concerned. Rows are only ever added, so that writers never wait for one another;
``search.draining`` works them off, all rows of a record together.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router
from django.db.models import F, QuerySet
from django.utils import timezone

from records.trees import TreeModel, descendant_ids
from search.dependences import Dependence, dependences_of, own_dependence
from search.models import OutboxEntry

CHUNK = 500
_COLUMNS = "model_label, object_pk, due_at, created, attempts, last_error, retry_at, claimed_by, claimed_until, settled, read_by"


def chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """``CHUNK`` keys at a time: every database takes so many parameters."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def write_rows(dependence: Dependence, rows: QuerySet, due_at: datetime | None = None) -> int:
    """Say that all that hangs on ``rows``, a queryset of the dependence's source, is stale.

    Answers how many lines that made. ``due_at``: from when on, if not from now.
    """
    if issubclass(dependence.source, TreeModel):
        # What stands below says where it belongs, too.
        keys = descendant_ids(dependence.source, rows.order_by().values_list("pk", flat=True))
        return write_keys(dependence, sorted(keys), due_at)
    # A queryset that is sliced, ordered or annotated can be asked for nothing but its keys.
    return _insert(dependence, rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")), due_at)


def write_keys(dependence: Dependence, keys: Sequence[Any], due_at: datetime | None = None) -> int:
    """As ``write_rows``, for keys of the source, who need not be there any more; of a tree, of nothing below them."""
    if not dependence.is_own:
        source = dependence.source._base_manager
        return sum(_insert(dependence, source.filter(pk__in=chunk), due_at) for chunk in chunks(keys))
    return write_labelled(dependence.stale._meta.label_lower, keys, due_at)


def write_labelled(label: str, keys: Sequence[Any], due_at: datetime | None = None) -> int:
    """Say that the entries of the records with this label and these keys are stale; no model need have the label."""
    return sum(
        _execute(
            label,
            f"SELECT column1 AS stale_key FROM (VALUES {', '.join(['(%s)'] * len(chunk))}) given",  # noqa: S608
            [str(key) for key in chunk],
            due_at,
        )
        for chunk in chunks(keys)
    )


def _insert(dependence: Dependence, rows: QuerySet, due_at: datetime | None) -> int:
    found = rows.order_by().annotate(stale_key=F(dependence.path)).values("stale_key").distinct()
    try:
        select, parameters = found.query.get_compiler(using=router.db_for_write(OutboxEntry)).as_sql()
    except EmptyResultSet:
        return 0
    return _execute(dependence.stale._meta.label_lower, select, parameters, due_at)


def _execute(label: str, select: str, parameters: Sequence[Any], due_at: datetime | None) -> int:
    """One line for each ``stale_key`` that a SELECT gives."""
    connection = connections[router.db_for_write(OutboxEntry)]
    now = timezone.now()
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (due_at or now, now)]
    table = connection.ops.quote_name(OutboxEntry._meta.db_table)
    sql = (
        f"INSERT INTO {table} ({_COLUMNS}) "  # noqa: S608 (names of our own)
        "SELECT %s, CAST(found.stale_key AS VARCHAR(64)), %s, %s, 0, '', NULL, '', NULL, %s, '' "
        f"FROM ({select}) found WHERE found.stale_key IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [label, *moments, False, *parameters])
        return max(cursor.rowcount, 0)


def write_changes(model: type[models.Model], keys: Sequence[Any], *, but_own: bool = False) -> int:
    """Say that all that hangs on the records of ``model`` with these keys is stale; ``but_own``: not they themselves."""
    written = 0
    for dependence in dependences_of(model):
        if but_own and dependence.is_own:
            continue
        reached: Sequence[Any] = keys
        if issubclass(model, TreeModel):
            reached = sorted(descendant_ids(model, keys) | set(keys))
        written += write_keys(dependence, reached)
    return written


def write_release(model: type[models.Model], releases: Iterable[tuple[Any, date | None]]) -> None:
    """Lines for records, (key, day), that become public of themselves, due on that day; past days make none.

    What hangs on them is found out on that day.
    """
    by_day: dict[date, list[Any]] = {}
    today = timezone.localdate()
    for key, day in releases:
        if day is not None and day > today:
            by_day.setdefault(day, []).append(key)
    for day, keys in sorted(by_day.items()):
        due_at = timezone.make_aware(datetime.combine(day, time.min))
        for chunk in chunks(keys):
            same = OutboxEntry.objects.filter(
                model_label=model._meta.label_lower, due_at=due_at, settled=False
            )
            known = set(same.filter(object_pk__in=map(str, chunk)).values_list("object_pk", flat=True))
            write_keys(own_dependence(model), [key for key in chunk if str(key) not in known], due_at)
