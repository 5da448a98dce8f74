"""Working off the outbox: records are claimed, read anew, told to the engine, and struck off.

A record is claimed with all its rows; while a claim lives nobody else takes that record, so
that what is read later is never overtaken by what was read before. A claim that outlives its
worker lapses. Nothing here raises for want of the engine: rows stay, with the reason.
"""

import logging
import os
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connections,
    router,
    transaction,
)
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from haystack import connections as engines

from search.dependences import index_labelled
from search.engines.errors import EngineError, IndexingFailedError, IndexLockedError, IndexMissingError
from search.models import IndexState, OutboxEntry
from search.writing import chunks, write_changes

logger = logging.getLogger(__name__)

BATCH = 200
CLAIM_SECONDS = 60
# After a commit: so many records, for so many seconds, waiting so long for a lock.
COMMIT_RECORDS = 200
COMMIT_BATCH = 25
COMMIT_SECONDS = 0.6
LOCK_SECONDS = 0.25
# What the engine may take of a save's time, all its answers together.
ENGINE_SECONDS = 0.8
LONGEST_PAUSE = 300

Record = tuple[str, str]  # lower-case model label, key
_claims = count(1)


class _Thread(threading.local):
    paused = False


_thread = _Thread()


@dataclass(frozen=True)
class Drained:
    """What a drain did: records told, removed, and refused by the engine; ``error`` where it ended early."""

    indexed: int = 0
    removed: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    error: str = ""

    @property
    def records(self) -> int:
        return self.indexed + self.removed + len(self.failed)

    def __add__(self, other: "Drained") -> "Drained":
        return Drained(
            self.indexed + other.indexed,
            self.removed + other.removed,
            self.failed + other.failed,
            other.error or self.error,
        )


@dataclass(frozen=True)
class Claim:
    """Records in one worker's hands. ``keep``: a rebuild is under way and will want to hear of them, too."""

    token: str
    records: tuple[Record, ...] = ()
    rows: int = 0
    keep: bool = False
    until: float = field(default=0.0)  # on the monotonic clock

    @property
    def mine(self) -> QuerySet[OutboxEntry]:
        return OutboxEntry.objects.filter(claimed_by=self.token)


def pending() -> QuerySet[OutboxEntry]:
    """The rows that the index has not heard of and should have by now."""
    return OutboxEntry.objects.filter(settled=False, due_at__lte=timezone.now())


def locked_state() -> IndexState:
    """The one row that whoever claims has to lock; to be asked for in a transaction."""
    state = IndexState.objects.select_for_update().order_by("pk").first()
    if state is None:
        IndexState.objects.get_or_create(pk=1)
        state = IndexState.objects.select_for_update().get(pk=1)
    return state


# Claiming


def claim(limit: int = BATCH, *, newest_first: bool = False, even_if_down: bool = True) -> Claim | None:
    """Take at most ``limit`` records in hand; None if none is free, or the engine is being left alone."""
    if not pending().exists():
        return None  # seen without a lock
    token = f"{socket.gethostname()[:12]}-{os.getpid()}-{threading.get_ident() % 10**6}-{next(_claims)}"[:40]
    with transaction.atomic(using=_using()):
        state = locked_state()
        now = timezone.now()
        if not even_if_down and state.retry_at is not None and state.retry_at > now:
            return None
        rebuilding = _note_dead_rebuild(state)
        held = OutboxEntry.objects.filter(
            model_label=OuterRef("model_label"), object_pk=OuterRef("object_pk"), claimed_until__gt=now
        )
        free = pending().filter(~Exists(held)).filter(Q(retry_at=None) | Q(retry_at__lte=now))
        ready = free.order_by("-pk" if newest_first else "pk")
        records = tuple(dict.fromkeys(ready.values_list("model_label", "object_pk")[:limit]))
        if not records:
            return None
        until = now + timedelta(seconds=CLAIM_SECONDS)
        # All rows of these records, not only those seen: nobody holds one of them, as is known under the lock.
        rows = sum(
            pending()
            .filter(model_label=label, object_pk__in=chunk)
            .update(claimed_by=token, claimed_until=until)
            for label, keys in _by_label(records).items()
            for chunk in chunks(keys)
        )
    return Claim(token, records, rows, rebuilding, time.monotonic() + CLAIM_SECONDS)


def _note_dead_rebuild(state: IndexState) -> bool:
    """Whether a rebuild is under way. What one that died left settled is due again, to be on the safe side."""
    if not state.rebuilt_by:
        return False
    if state.rebuild_alive_until is not None and state.rebuild_alive_until > timezone.now():
        return True
    OutboxEntry.objects.filter(settled=True).update(settled=False)
    state.rebuilt_by, state.rebuild_alive_until = "", None
    state.save(update_fields=["rebuilt_by", "rebuild_alive_until"])
    return False


def _by_label(records: Iterable[Record]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for label, key in records:
        keys[label].append(key)
    return keys


def _settle(claimed: Claim, failed: Sequence[tuple[str, str]]) -> None:
    """Strike off what the engine took; what failed, (id, reason), stays for later."""
    with transaction.atomic(using=_using()):
        state = locked_state()
        now = timezone.now()
        touched = 0
        for identifier, reason in failed:
            label, _dot, key = identifier.rpartition(".")
            rows = claimed.mine.filter(model_label=label, object_pk=key)
            worst = max(rows.values_list("attempts", flat=True), default=0)
            touched += rows.update(
                attempts=F("attempts") + 1,
                last_error=reason[:2000],
                retry_at=now + timedelta(seconds=_pause(worst + 1)),
                claimed_by="",
                claimed_until=None,
            )
        released = list(claimed.mine.filter(due_at__gt=F("created")).values_list("model_label", "object_pk"))
        for label, keys in _by_label(released).items():
            # It became public of itself, and nobody's save told what hangs on that.
            if (index := index_labelled(label)) is not None:
                write_changes(index.get_model(), [int(key) for key in keys], but_own=True)
        if claimed.keep:
            # Struck off for now; due again if the rebuild came to its end while this was in hand.
            rebuilding = bool(state.rebuilt_by)
            touched += claimed.mine.update(settled=rebuilding, claimed_by="", claimed_until=None)
        else:
            touched += claimed.mine.delete()[0]
        if touched < claimed.rows:
            # The claim lapsed and another worker took over; which of us wrote last nobody knows.
            OutboxEntry.objects.bulk_create(
                OutboxEntry(model_label=label, object_pk=key) for label, key in claimed.records
            )
        state.failures, state.retry_at, state.last_error = 0, None, ""
        if len(failed) < len(claimed.records):
            state.drained_at = now
        state.save(update_fields=["failures", "retry_at", "last_error", "drained_at"])


def _give_back(claimed: Claim, error: str, *, is_well: bool) -> None:
    """Return everything to the outbox, and leave an engine alone for a while that is not well."""
    with transaction.atomic(using=_using()):
        state = locked_state()
        if not is_well:
            state.failures += 1
            state.retry_at = timezone.now() + timedelta(seconds=_pause(state.failures, longest=60))
            state.last_error = error[:2000]
            state.save(update_fields=["failures", "retry_at", "last_error"])
        claimed.mine.update(
            attempts=F("attempts") + 1, last_error=error[:2000], claimed_by="", claimed_until=None
        )


def _pause(attempts: int, longest: int = LONGEST_PAUSE) -> int:
    return min(2 ** min(attempts, 12), longest)


def _using() -> str:
    return router.db_for_write(OutboxEntry)


# Telling the engine


def tell(claimed: Claim) -> Drained:
    """Bring the index up to date on the records claimed, and strike them off. Raises EngineError if it cannot."""
    told = Drained()
    for label, keys in _by_label(claimed.records).items():
        told += _tell_of(label, keys, claimed.until)
    _settle(claimed, told.failed)
    return told


def _tell_of(label: str, keys: Sequence[str], until: float) -> Drained:
    """Bring the index up to date on records of one kind. One that an index class stumbles over keeps no other."""
    backend = engines["default"].get_backend()
    index = index_labelled(label)
    try:
        records, public = [], 0  # of an app that is gone, or without an index
        if index is not None:
            records = index.records(keys)
            public = sum(1 for record in records if not index.is_gone(record))
        if time.monotonic() > until:
            raise EngineError("too slow: the claim lapsed before the engine was told")
        if index is None:
            backend.remove_ids([f"{label}.{key}" for key in keys])
        else:
            backend.update(index, records)
    except IndexingFailedError as error:
        failed = tuple(error.report.failed)
        for identifier, reason in failed:
            logger.error("%s could not be indexed: %s", identifier, reason)
        return Drained(public - len(failed), len(keys) - public, failed)
    except (EngineError, OperationalError, InterfaceError, ProgrammingError):
        raise  # no record's fault
    except Exception as error:
        if len(keys) > 1:
            return sum((_tell_of(label, [key], until) for key in keys), Drained())
        logger.exception("%s.%s could not be indexed", label, keys[0])
        return Drained(failed=((f"{label}.{keys[0]}", f"{type(error).__name__}: {error}"),))
    return Drained(public, len(keys) - public)


def drain(
    *,
    limit: int | None = None,
    seconds: float | None = None,
    batch: int = BATCH,
    newest_first: bool = False,
    even_if_down: bool = True,
    after_batch: Callable[[Drained], None] | None = None,
) -> Drained:
    """Work off the outbox: at most ``limit`` records, for at most about ``seconds``.

    Never raises for want of the engine: the answer's ``error`` says what was the matter. ``even_if_down``
    False leaves an engine alone that failed a moment ago.
    """
    done = Drained()
    end = None if seconds is None else time.monotonic() + seconds
    while (limit is None or done.records < limit) and (end is None or time.monotonic() < end):
        size = batch if limit is None else min(batch, limit - done.records)
        claimed = claim(size, newest_first=newest_first, even_if_down=even_if_down)
        if claimed is None:
            break
        told = is_well = False
        try:
            done += tell(claimed)
            told = True
        except EngineError as error:
            is_well = isinstance(error, IndexLockedError)
            # Before the first rebuild this is as it should be.
            level = logging.INFO if isinstance(error, IndexMissingError) else logging.WARNING
            logger.log(level, "the search index cannot be told of changes, they wait: %s", error)
            done = replace(done, error=str(error))
            break
        finally:
            if not told:
                _give_back(claimed, done.error or "interrupted", is_well=is_well)
        if after_batch is not None:
            after_batch(done)
    return done


# After a commit


def drain_soon(written: int = 1) -> None:
    """Drain once this transaction is committed, if so many new rows are any."""
    if not written or _thread.paused:
        return
    waiting: list[Any] = connections[_using()].run_on_commit
    if not any(_after_commit in registered for registered in waiting):
        transaction.on_commit(_after_commit, using=_using(), robust=True)


def _after_commit() -> None:
    if _thread.paused:
        return
    try:
        with _hurried():
            drain(
                limit=COMMIT_RECORDS,
                seconds=COMMIT_SECONDS,
                batch=COMMIT_BATCH,
                newest_first=True,
                even_if_down=False,
            )
    except DatabaseError as error:
        logger.warning("the outbox is left for later: %s", error)


@contextmanager
def paused() -> Iterator[None]:
    """Nothing is drained by this thread's commits meanwhile; rows are written all the same.

    For a large import, which drains at its end: ``drain(after_batch=...)``.
    """
    before, _thread.paused = _thread.paused, True
    try:
        yield
    finally:
        _thread.paused = before


@contextmanager
def _hurried() -> Iterator[None]:
    """No waiting for locks, neither the database's nor the engine's: somebody waits for their save."""
    connection = connections[_using()]
    if connection.vendor == "sqlite":
        patience = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
        short, usual = (
            f"PRAGMA busy_timeout = {int(LOCK_SECONDS * 1000)}",
            f"PRAGMA busy_timeout = {patience}",
        )
    else:
        short, usual = f"SET lock_timeout = '{int(LOCK_SECONDS * 1000)}ms'", "RESET lock_timeout"
    with connection.cursor() as cursor:
        cursor.execute(short)
    try:
        with engines["default"].get_backend().time_limit(LOCK_SECONDS, in_all=ENGINE_SECONDS):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(usual)
