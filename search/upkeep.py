"""Looking after the index: building it anew beside the one in use, and checking it against the database."""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from haystack import connections as engines

from search.dependences import index_for, indexed_models
from search.draining import drain, locked_state, pending
from search.engines.errors import EngineError, IndexingReport
from search.models import IndexState, OutboxEntry
from search.outbox import note_ids, pending_keys
from search.writing import chunks

logger = logging.getLogger(__name__)

# Changes wait seconds at most while all is well.
LONGEST_WAIT_SECONDS = 300
# A rebuild that gave no sign of life for so long is taken for dead.
SILENCE_SECONDS = 120
SIGN_SECONDS = 10
# How long a look at the index may take.
CONDITION_SECONDS = 1.0

Told = Callable[[int], None]


def records_to_index() -> int:
    """How many records are public, and so belong in the index."""
    return sum(index_for(model).visible_to(None).count() for model in indexed_models())


# Rebuilding


def rebuild(told: Told, batch: int = 200) -> IndexingReport:
    """Fill a new index beside the live one, catch up, switch. Answers what was indexed and what could not be.

    Searches see the old index until the switch, then the new one. Changes made meanwhile are written
    to the outbox as ever; those that were worked off before the switch are worked off once more after
    it, so that nothing depends on who read what first. Raises EngineError (RebuildRunningError if
    another one is under way).
    """
    backend = engines["default"].get_backend()
    with backend.rebuild() as building:
        # What is waiting now, this rebuild will have read; it need not be told again.
        covered = list(pending().values_list("pk", flat=True))
        with _known_to_all() as give_sign:
            done = 0
            for model in indexed_models():
                index = index_for(model)
                for records in index.batches(batch):
                    building.add(index, records)
                    done += len(records)
                    told(done)
                    give_sign()
            drain(seconds=30)
            building.commit()
        report: IndexingReport = building.report
        _forget(covered, but={identifier for identifier, _reason in report.failed})
    drain(seconds=30)
    return report


@contextmanager
def _known_to_all() -> Iterator[Callable[[], None]]:
    """While a rebuild runs, whoever drains keeps what they strike off; at its end all of that is due again."""
    token = f"{socket.gethostname()[:20]}-{os.getpid()}"
    last = time.monotonic()

    def alive_until() -> Any:
        return timezone.now() + timedelta(seconds=SILENCE_SECONDS)

    def give_sign() -> None:
        nonlocal last
        if time.monotonic() - last > SIGN_SECONDS:
            last = time.monotonic()
            IndexState.objects.filter(rebuilt_by=token).update(rebuild_alive_until=alive_until())

    with transaction.atomic():
        state = locked_state()
        state.rebuilt_by, state.rebuild_alive_until = token, alive_until()
        state.save(update_fields=["rebuilt_by", "rebuild_alive_until"])
    try:
        yield give_sign
    finally:
        with transaction.atomic():
            state = locked_state()
            state.rebuilt_by, state.rebuild_alive_until = "", None
            state.save(update_fields=["rebuilt_by", "rebuild_alive_until"])
            OutboxEntry.objects.filter(settled=True).update(settled=False)


def _forget(rows: list[int], but: Iterable[str]) -> None:
    """Strike off rows that nobody took in hand meanwhile, but not those of records that could not be indexed."""
    failed = set(but)
    for chunk in chunks(rows):
        lines = OutboxEntry.objects.filter(pk__in=chunk, claimed_by="")
        if failed:
            kept = [
                pk
                for pk, *name in lines.values_list("pk", "model_label", "object_pk")
                if ".".join(name) in failed
            ]
            lines = lines.exclude(pk__in=kept)
        lines.delete()


# Checking


@dataclass(frozen=True)
class Findings:
    """What is wrong with the index, by id ("documents.document.12"); ``waiting``: records still in the outbox;
    ``late``: whether the oldest of them waits longer than it should.

    ``ghosts`` are in the index and not public, ``missing`` the other way round, ``stale`` are of an
    earlier state. What waits in the outbox is not wrong yet, and in none of the three.
    """

    checked: int
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    ghosts: tuple[str, ...] = ()
    waiting: int = 0
    late: bool = False

    @property
    def wrong(self) -> tuple[str, ...]:
        return self.missing + self.stale + self.ghosts


def check(told: Told) -> Findings:
    """Compare every entry of the index with its record. Raises EngineError where there is no index to check."""
    engines["default"].get_backend().verify()
    waiting = _waiting()
    known = _indexed()
    checked = 0
    expected: dict[str, str] = {}
    for model in indexed_models():
        index = index_for(model)
        for records in index.batches():
            expected |= _stamps(index, records)
            checked += len(records)
            told(checked)
    suspects = _differing(known, expected)
    if suspects:
        # The archive is in use: what changed between two looks is no error. Look again, at these alone.
        known, expected = _indexed(), {}
        for model in indexed_models():
            index, label = index_for(model), f"{model._meta.label_lower}."
            for chunk in chunks([each.removeprefix(label) for each in suspects if each.startswith(label)]):
                records = index.records(chunk)
                expected |= _stamps(index, [each for each in records if not index.is_gone(each)])
        suspects = [each for each in suspects if known.get(each) != expected.get(each)]
        waiting |= _waiting()
    wrong = [each for each in suspects if each not in waiting]
    return Findings(
        checked=checked,
        missing=tuple(each for each in wrong if each not in known),
        ghosts=tuple(each for each in wrong if each not in expected),
        stale=tuple(each for each in wrong if each in known and each in expected),
        waiting=len(waiting),
        late=oldest_wait() > LONGEST_WAIT_SECONDS,
    )


def oldest_wait() -> int:
    """How many seconds the oldest line of the outbox has waited; 0 where none does."""
    first = pending().order_by("due_at").values_list("due_at", flat=True).first()
    return int((timezone.now() - first).total_seconds()) if first else 0


def _waiting() -> set[str]:
    return {f"{label}.{key}" for label, keys in pending_keys().items() for key in keys}


def _indexed() -> dict[str, str]:
    backend = engines["default"].get_backend()
    return {identifier: stored["stamp"] or "" for identifier, stored in backend.documents(fields=("stamp",))}


def _stamps(index: Any, records: list[Any]) -> dict[str, str]:
    stamps = {}
    for record in records:
        prepared = index.full_prepare(record)
        stamps[prepared["id"]] = prepared["stamp"]
    return stamps


def _differing(known: dict[str, str], expected: dict[str, str]) -> list[str]:
    return sorted(each for each in known.keys() | expected.keys() if known.get(each) != expected.get(each))


def repair(findings: Findings, told: Told) -> str:
    """Tell the index what is wrong with it; an error's text, or nothing."""
    with transaction.atomic():
        note_ids(findings.wrong)
    return drain(after_batch=lambda done: told(done.records)).error


def ghosts_of(model: type[models.Model]) -> list[str]:
    """The ids that the index has of a model, and should not."""
    label = model._meta.label_lower
    public = {f"{label}.{key}" for key in index_for(model).visible_to(None).values_list("pk", flat=True)}
    backend = engines["default"].get_backend()
    return [
        identifier for identifier, _stored in backend.documents(models=[model]) if identifier not in public
    ]


def condition() -> str:
    """Of the index: ``ok``; ``outdated`` (it answers, but other fields are declared now: rebuild it); ``down``."""
    try:
        backend = engines["default"].get_backend()
        # Whoever watches is told soon, and of now: not that it was down a moment ago.
        with backend.time_limit(CONDITION_SECONDS, in_all=CONDITION_SECONDS, even_if_down=True):
            status = backend.status()
    except EngineError as error:
        # The reason is for the log: its text may name hosts and paths.
        logger.warning("the search index does not answer: %s", error)
        return "down"
    if not status["exists"]:
        return "down"
    return "outdated" if status["outdated"] else "ok"
