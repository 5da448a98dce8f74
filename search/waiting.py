"""What waits in the outbox, and whether it waits as it should.

A record that the engine refuses, one that cannot be indexed, waits on purpose until it is tried again: its wait
counts from then. So it is late only where nobody tries, and one bad record is no reason to take a site out of service.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from search.draining import pending
from search.models import IndexState, OutboxEntry

# Changes wait seconds at most while all is well.
LONGEST_WAIT_SECONDS = 300
# So many records refused in a row are the fault of none of them.
MANY_REFUSED = 10


@dataclass(frozen=True)
class Waiting:
    """Lines of the outbox that wait, how many seconds the oldest has waited to be worked off, records refused.

    ``takes_nothing``: of what came in the last minutes the engine has refused everything, and that is much.
    """

    lines: int
    oldest: int
    refused: int
    takes_nothing: bool

    @property
    def is_late(self) -> bool:
        """Whether the outbox stands still: not for the sake of one record or another, but as a whole."""
        return self.oldest > LONGEST_WAIT_SECONDS or self.takes_nothing


@dataclass(frozen=True)
class Refused:
    """A record that cannot be indexed: its label, key and id ("documents.document.12"), since when, and why."""

    label: str
    key: str
    since: datetime
    attempts: int
    reason: str

    @property
    def identifier(self) -> str:
        return f"{self.label}.{self.key}"


def what_waits() -> Waiting:
    """How it stands with the outbox; a few queries."""
    found = pending().aggregate(lines=Count("pk"), since=Min(Coalesce("retry_at", "due_at")))
    oldest = max(0, int((timezone.now() - found["since"]).total_seconds())) if found["since"] else 0
    refused = _records(_refused())
    return Waiting(found["lines"], oldest, refused, refused >= MANY_REFUSED and _takes_nothing())


def refused_records() -> Iterator[Refused]:
    """The records that the engine has refused, those first that have waited longest."""
    seen = set()
    for line in _refused().order_by("due_at", "pk").iterator():
        record = (line.model_label, line.object_pk)
        if record not in seen:
            seen.add(record)
            yield Refused(*record, line.due_at, line.attempts, line.last_error)


def _refused() -> QuerySet[OutboxEntry]:
    # No other line has a time of its own: where the engine is down, it is the engine that is left alone.
    return pending().filter(retry_at__isnull=False)


def _records(lines: QuerySet[OutboxEntry]) -> int:
    return lines.order_by().values("model_label", "object_pk").distinct().count()


def _takes_nothing() -> bool:
    taken = IndexState.objects.order_by("pk").values_list("drained_at", flat=True).first()
    since = _refused() if taken is None else _refused().filter(due_at__gt=taken)
    first = since.aggregate(first=Min("due_at"))["first"]
    late = first is not None and first < timezone.now() - timedelta(seconds=LONGEST_WAIT_SECONDS)
    return late and _records(since) >= MANY_REFUSED
