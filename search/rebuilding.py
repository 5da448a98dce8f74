"""Building the index anew beside the one in use, going on with it after a kill, and going back to the one before.

Two hands keep the truth meanwhile. The engine writes every change into both indexes, and never lets what
a rebuild read overwrite what changed since. And the outbox keeps what it strikes off while a rebuild is
under way: at the switch all of that is due again. So nothing depends on who read what first.
"""

import heapq
import logging
import os
import secrets
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from importlib import import_module
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from haystack import connections as engines

from search.dependences import index_for, index_labelled, indexed_models
from search.draining import drain, locked_state, pending
from search.engines.errors import IndexIncompleteError
from search.models import IndexState, OutboxEntry
from search.writing import chunks

logger = logging.getLogger(__name__)

#: A rebuild that gave no sign of life for so long is taken for dead.
SILENCE_SECONDS = 120
#: Seconds between two bookmarks, each of them a sign of life.
MARK_SECONDS = 1.0
#: What was broken off longer ago is not gone on with.
KEPT_HOURS = 24
#: So many records are named in a sentence.
NAMED = 5
BATCH = 200

Told = Callable[[int], None]


@dataclass(frozen=True)
class Halfway:
    """How far a rebuild has come: ``done`` of ``total`` records, the last of them ``model`` number ``key``.

    Models go by label and records by key, so all before that are in. ``run`` is its name in the
    database, ``software`` what prepared the entries.
    """

    run: str
    software: str
    began: str  # ISO 8601
    total: int
    done: int = 0
    model: str = ""
    key: int = 0

    @property
    def beginning(self) -> datetime:
        return datetime.fromisoformat(self.began)


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did: how many records are in, what could not be indexed (id, reason), where it went on."""

    indexed: int
    failed: tuple[tuple[str, str], ...] = ()
    continued: Halfway | None = None


def nothing(_anything: Any) -> None:
    """For callers who need not be told."""


def records_to_index() -> int:
    """How many records are public, and so belong in the index."""
    return sum(index_for(model).visible_to(None).count() for model in indexed_models())


# Rebuilding


def rebuild(
    told: Told,
    batch: int = BATCH,
    *,
    from_scratch: bool = False,
    on_continuing: Callable[[Halfway], None] = nothing,
) -> Rebuilt:
    """Fill a new index beside the live one, catch up, see that nothing is missing, switch.

    Searches see the old index until the switch, then the new one. What a killed rebuild left is gone on
    with (``on_continuing`` is told first), unless ``from_scratch`` or it is of other fields, another
    version of this software, another state of the database, or too old. Raises EngineError:
    RebuildRunningError if another one is under way, IndexIncompleteError where records are missing.
    """
    backend = engines["default"].get_backend()
    with backend.rebuild(None if from_scratch else _is_ours) as building:
        left = Halfway(**building.left) if building.left else None
        halfway = left or Halfway(secrets.token_hex(8), software(), _now(), records_to_index())
        with _known_to_all(halfway.run) as sign:
            failed: dict[str, str] = {}
            if left is not None:
                on_continuing(left)
                failed |= _try_again(building, left)
            else:
                _note_what_waits(halfway.run)
            for reached, reasons in _filled(building, halfway, batch):
                halfway = reached
                _note_failures(reasons)
                failed |= reasons
                told(halfway.done)
                sign(building, halfway)
            drain(seconds=30)
            _see_it_is_whole(building, failed, halfway)
            building.commit()
            _forget_what_waited(halfway.run)
            _note_that_it_takes()
    note_built()
    drain(seconds=30)
    return Rebuilt(backend.status()["documents"], tuple(sorted(failed.items())), left)


def note_built() -> None:
    """Have the database know which index is made from it: one that another SEARCH_URL names is told apart."""
    identity = engines["default"].get_backend().status()["identity"]
    with transaction.atomic():
        state = locked_state()
        state.built = identity
        state.save(update_fields=["built"])


def is_another(status: Mapping[str, Any]) -> bool:
    """Whether the last rebuild was of another index, and this one may have missed changes since."""
    try:
        state = IndexState.objects.order_by("pk").first()
    except DatabaseError:
        return False  # which is told by itself
    return state is not None and state.built not in ("", status["identity"])


def _filled(building: Any, halfway: Halfway, batch: int) -> Iterator[tuple[Halfway, dict[str, str]]]:
    """Fill the index from there on; after each batch how far that is, and what could not be indexed."""
    for model in indexed_models():
        label = model._meta.label_lower
        if label < halfway.model:
            continue
        index = index_for(model)
        ends: deque[tuple[int, int]] = deque()
        after = halfway.key if label == halfway.model else 0
        for report in building.fill(index, _with_ends(index.batches(batch, after=after), ends)):
            key, number = ends.popleft()
            halfway = replace(halfway, model=label, key=key, done=halfway.done + number)
            yield halfway, dict(report.failed)


def _with_ends(batches: Iterable[list[Any]], ends: deque[tuple[int, int]]) -> Iterator[list[Any]]:
    """The batches, and in ``ends`` the last key and the size of each that is not done yet."""
    for records in batches:
        ends.append((records[-1].pk, len(records)))
        yield records


def _is_ours(bookmark: Mapping[str, Any]) -> bool:
    """Whether what was left is of this software and this database as it stands, and not too old."""
    try:
        left = Halfway(**bookmark)
    except TypeError:
        return False  # of a version that wrote other bookmarks
    state = IndexState.objects.order_by("pk").first()
    # A database that was restored from a backup knows of another rebuild, or of less of this one.
    same = state is not None and state.rebuild_run == left.run and state.rebuild_done >= left.done
    fresh = timezone.now() - left.beginning < timedelta(hours=KEPT_HOURS)
    return same and fresh and left.software == software()


@cache
def software() -> str:
    """A hash of the code that entries are made by."""
    import dates
    import records

    digest = blake2b(digest_size=8)
    apps = {str(import_module(model._meta.app_config.name).__path__[0]) for model in indexed_models()}
    packages = [str(package.__path__[0]) for package in (dates, records, import_module("search"))]
    for folder in sorted({*apps, *packages}):
        for path in sorted(Path(folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")


Sign = Callable[[Any, Halfway], None]


@contextmanager
def _known_to_all(run: str = "") -> Iterator[Sign]:
    """While a rebuild runs, whoever drains keeps what they strike off; at its end all of that is due again.

    What is given signs its life, and sets its bookmark: in the database first, which so never knows less.
    """
    token = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(4)}"[:40]
    last = 0.0

    def sign(building: Any, halfway: Halfway) -> None:
        nonlocal last
        if time.monotonic() - last < MARK_SECONDS:
            return
        last = time.monotonic()
        state = IndexState.objects.order_by("pk")
        try:
            state.update(rebuilt_by=token, rebuild_alive_until=alive_until(), rebuild_done=halfway.done)
        except DatabaseError as error:
            # SQLite in other hands: one sign less is no harm.
            logger.warning("no sign of life of the rebuild could be written: %s", error)
            return
        building.mark(asdict(halfway))

    def alive_until() -> datetime:
        return timezone.now() + timedelta(seconds=SILENCE_SECONDS)

    with transaction.atomic():
        state = locked_state()
        state.rebuilt_by, state.rebuild_alive_until = token, alive_until()
        if run and state.rebuild_run != run:
            state.rebuild_run, state.rebuild_done = run, 0
        state.save(update_fields=["rebuilt_by", "rebuild_alive_until", "rebuild_run", "rebuild_done"])
    try:
        yield sign
    finally:
        with transaction.atomic():
            state = locked_state()
            if state.rebuilt_by == token:
                state.rebuilt_by, state.rebuild_alive_until = "", None
                state.save(update_fields=["rebuilt_by", "rebuild_alive_until"])
            OutboxEntry.objects.filter(settled=True).update(settled=False)


# What waits in the outbox when a rebuild begins, it will have read: that need not be told again.


def _note_what_waits(run: str) -> None:
    with transaction.atomic():
        locked_state()
        pending().update(read_by=run)


def _forget_what_waited(run: str) -> None:
    """Strike off what the rebuild had read, but what somebody has in hand."""
    OutboxEntry.objects.filter(read_by=run, claimed_by="").delete()


def _note_that_it_takes() -> None:
    """What the engine refused was not all that it was told."""
    IndexState.objects.update(drained_at=timezone.now())


def _note_failures(reasons: Mapping[str, str]) -> None:
    """What could not be indexed waits in the outbox, with the reason, and is tried again later."""
    again = timezone.now() + timedelta(seconds=2)
    with transaction.atomic():
        for identifier, reason in reasons.items():
            label, _dot, key = identifier.rpartition(".")
            told = {"last_error": reason[:2000], "retry_at": again, "read_by": ""}
            waiting = pending().filter(model_label=label, object_pk=key, claimed_by="")
            if not waiting.update(**told):
                OutboxEntry.objects.create(model_label=label, object_pk=key, attempts=1, **told)


def _try_again(building: Any, left: Halfway) -> dict[str, str]:
    """What could not be indexed before a rebuild was broken off, once more; what cannot still, by id."""
    failed: dict[str, str] = {}
    for model in indexed_models():
        label, index = model._meta.label_lower, index_for(model)
        if label > left.model:
            break
        rows = pending().filter(model_label=label).exclude(last_error="").order_by()
        keys = sorted({int(key) for key in rows.values_list("object_pk", flat=True)})
        done = [key for key in keys if label < left.model or key <= left.key]
        for chunk in chunks(done):
            failed |= dict(building.add(index, index.records(chunk)).failed)
    return failed


# Whether nothing is missing


def _see_it_is_whole(built: Any, failed: Mapping[str, str], halfway: Halfway | None = None) -> None:
    """IndexIncompleteError unless the index has what is public, but what could not be indexed or changes now."""
    if halfway is not None and len(failed) > halfway.done / 2:
        built.discard()
        first, reason = next(iter(sorted(failed.items())))
        raise IndexIncompleteError(
            f"{len(failed):,} of {halfway.done:,} records could not be indexed ({first}: {reason}). The index in use "
            "stays; see to the reason, then run `manage.py rebuild_index` again."
        )
    wrong = _wrong(built, failed)
    if not wrong:
        return
    drain(seconds=10)
    # The archive is in use: what differs in two looks, and nobody told the outbox of, is really wrong.
    again = _wrong(built, failed)
    wrong = {identifier: what for identifier, what in again.items() if identifier in wrong}
    if wrong:
        if halfway is not None:
            built.discard()
        named = ", ".join(f"{identifier} ({what})" for identifier, what in sorted(wrong.items())[:NAMED])
        more = f" and {len(wrong) - NAMED:,} more" if len(wrong) > NAMED else ""
        raise IndexIncompleteError(
            f"the new index does not have what the database has: {named}{more}. The index in use stays; "
            "run `manage.py rebuild_index` again."
        )


def _wrong(built: Any, failed: Mapping[str, str]) -> dict[str, str]:
    """What an index has too little or too much of, by id; without what the outbox knows of."""
    found = {one: what for one, what in differences(built) if not (what == "missing" and one in failed)}
    for label, group in groupby(sorted(found), key=lambda one: one.rpartition(".")[0]):
        for keys in chunks([one.rpartition(".")[2] for one in group]):
            known = OutboxEntry.objects.filter(model_label=label, object_pk__in=keys)
            for key in known.filter(due_at__lte=timezone.now()).values_list("object_pk", flat=True):
                found.pop(f"{label}.{key}", None)
    return found


def differences(built: Any) -> Iterator[tuple[str, str]]:
    """(id, "missing") for what is public and not in an index, (id, "not public") the other way round.

    In constant memory, however many records there are.
    """
    for model in indexed_models():
        label = model._meta.label_lower
        public = index_for(model).visible_to(None).order_by("pk").values_list("pk", flat=True)
        sides = heapq.merge(
            ((key, "missing") for key in public.iterator(chunk_size=2000)),
            ((key, "not public") for key in built.keys(label)),
        )
        for key, group in groupby(sides, key=itemgetter(0)):
            found = [what for _key, what in group]
            if len(found) == 1:
                yield f"{label}.{key}", found[0]


# Going back


@dataclass(frozen=True)
class RolledBack:
    """``told``: records that changed since, and were indexed or removed first; ``failed`` could not be."""

    told: int
    failed: tuple[tuple[str, str], ...] = ()


def roll_back(told: Told, on_beginning: Callable[[int], None] = nothing) -> RolledBack:
    """Search the index before the live one again, after bringing it up to date; what was searched is kept.

    It is told of everything that the live one was told of since the switch, and of whatever it has too
    little or too much of, before a search sees it. ``on_beginning`` is told how many records that are.
    Raises EngineError, IndexMissingError where none was kept.
    """
    with engines["default"].get_backend().roll_back() as back, _known_to_all():
        # What somebody has in hand may reach the live index alone.
        in_hand = OutboxEntry.objects.exclude(claimed_by="").values_list("model_label", "object_pk")
        wanted = {f"{label}.{key}" for label, key in in_hand}
        wanted |= {*back.changed(), *(identifier for identifier, _what in differences(back))}
        on_beginning(len(wanted))
        failed: dict[str, str] = {}
        done = 0
        for index, keys in _by_index(wanted):
            reasons = dict(back.add(index, index.records(keys)).failed)
            _note_failures(reasons)
            failed |= reasons
            done += len(keys)
            told(done)
        _see_it_is_whole(back, failed)
        back.commit()
        _note_that_it_takes()
    drain(seconds=30)
    return RolledBack(done, tuple(sorted(failed.items())))


def _by_index(identifiers: Iterable[str]) -> Iterator[tuple[Any, list[int]]]:
    """Keys, some at a time, with the index class they are of; what no index is of any more is left out."""
    for label, group in groupby(sorted(identifiers), key=lambda one: one.rpartition(".")[0]):
        if (index := index_labelled(label)) is not None:
            for keys in chunks([int(one.rpartition(".")[2]) for one in group]):
                yield index, list(keys)
