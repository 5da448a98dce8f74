"""Looking after the index: checking it against the database. Building it anew is in ``search.rebuilding``."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from haystack import connections as engines

from search.dependences import index_for, indexed_models
from search.draining import drain
from search.engines.errors import EngineError, IndexMissingError
from search.outbox import note_ids, pending_keys
from search.rebuilding import Told, is_another, rebuild, records_to_index, roll_back
from search.waiting import refused_records, what_waits
from search.writing import chunks

__all__ = [
    "Findings",
    "check",
    "condition",
    "ghosts_of",
    "rebuild",
    "records_to_index",
    "repair",
    "roll_back",
]

logger = logging.getLogger(__name__)

# How long a look at the index may take.
CONDITION_SECONDS = 1.0
# The seal of no entry.
_UNKNOWN = "-"


# Checking


@dataclass(frozen=True)
class Findings:
    """What is wrong with the index, by id ("documents.document.12"); ``waiting``: records still in the outbox;
    ``late``: whether it stands still; ``refused``: (id, reason) of those of them that cannot be indexed.

    ``missing`` are public and not in the index, ``stale`` there in an earlier state, ``ghosts`` there
    without any record, ``exposed`` there though their record is not public. What waits in the outbox is
    not wrong yet, and in none of the four.
    """

    checked: int
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    ghosts: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    waiting: int = 0
    late: bool = False
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def wrong(self) -> tuple[str, ...]:
        return self.missing + self.stale + self.ghosts + self.exposed


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
    recorded = _recorded([each for each in wrong if each not in expected])
    return Findings(
        checked=checked,
        missing=tuple(each for each in wrong if each not in known),
        ghosts=tuple(each for each in wrong if each not in expected and each not in recorded),
        exposed=tuple(each for each in wrong if each in recorded),
        stale=tuple(each for each in wrong if each in known and each in expected),
        waiting=len(waiting),
        late=what_waits().is_late,
        refused=tuple((each.identifier, each.reason) for each in refused_records()),
    )


def _recorded(identifiers: list[str]) -> set[str]:
    """Those of which there is a record, public or not."""
    found: set[str] = set()
    for model in indexed_models():
        label = f"{model._meta.label_lower}."
        for chunk in chunks([each.removeprefix(label) for each in identifiers if each.startswith(label)]):
            keys = model._base_manager.filter(pk__in=chunk).values_list("pk", flat=True)
            found |= {f"{label}{key}" for key in keys}
    return found


def _waiting() -> set[str]:
    return {f"{label}.{key}" for label, keys in pending_keys().items() for key in keys}


def _indexed() -> dict[str, str]:
    backend = engines["default"].get_backend()
    found = backend.documents(fields=("stamp", "title"))
    return {identifier: _seal(stored["stamp"], stored["title"]) for identifier, stored in found}


def _stamps(index: Any, records: list[Any]) -> dict[str, str]:
    stamps = {}
    for record in records:
        try:
            prepared = index.full_prepare(record)
        # What an index class stumbles over cannot be in the index as it should; the other records are compared.
        except Exception:
            identifier = f"{record._meta.label_lower}.{record.pk}"
            logger.exception("%s cannot be indexed", identifier)
            stamps[identifier] = _UNKNOWN
        else:
            stamps[prepared["id"]] = _seal(prepared["stamp"], prepared.get("title"))
    return stamps


def _seal(stamp: str | None, title: str | None) -> str:
    """What an entry is known by. The title, too: somebody may have changed an entry and not its stamp."""
    return f"{stamp or ''} {title or ''}"


def _differing(known: dict[str, str], expected: dict[str, str]) -> list[str]:
    return sorted(each for each in known.keys() | expected.keys() if known.get(each) != expected.get(each))


def repair(findings: Findings, told: Told) -> str:
    """Tell the index what is wrong with it, and once more what it refused; an error's text, or nothing."""
    with transaction.atomic():
        note_ids([*findings.wrong, *(identifier for identifier, _reason in findings.refused)])
    return drain(after_batch=lambda done: told(done.records)).error


def ghosts_of(model: type[models.Model]) -> list[str]:
    """The ids that the index has of a model, and should not."""
    label = model._meta.label_lower
    public = {f"{label}.{key}" for key in index_for(model).visible_to(None).values_list("pk", flat=True)}
    backend = engines["default"].get_backend()
    return [
        identifier for identifier, _stored in backend.documents(models=[model]) if identifier not in public
    ]


@dataclass(frozen=True)
class Condition:
    """Of the index. ``name`` is ``ok``, ``outdated`` (it answers, and is to be built anew) or ``down``.

    ``said`` is for everybody: what is the matter, in a sentence; empty if nothing is. ``status`` is what
    the engine tells of itself, for curators; empty where it does not.
    """

    name: str
    said: str = ""
    status: Mapping[str, Any] = field(default_factory=dict)


def condition() -> Condition:
    """How the index is; asks the engine itself, and waits a second at most."""
    try:
        backend = engines["default"].get_backend()
        # Whoever watches is told soon, and of now: not that it was down a moment ago.
        with backend.time_limit(CONDITION_SECONDS, in_all=CONDITION_SECONDS, even_if_down=True):
            status = backend.status()
    except EngineError as error:
        # The reason is for the log: its text may name hosts and paths.
        logger.warning("the search index does not answer: %s", error)
        return Condition("down", str(error.said))
    if not status["exists"]:
        return Condition("down", str(IndexMissingError.said), status)
    if status["outdated"]:
        return Condition(
            "outdated",
            _(
                "The search index was built for other fields, or by another version: run `manage.py rebuild_index`."
            ),
            status,
        )
    if is_another(status):
        return Condition(
            "outdated",
            _(
                "The index that was built last is another one, and this one may have missed changes: run "
                "`manage.py rebuild_index`, or start the site with the SEARCH_URL of that one."
            ),
            status,
        )
    return Condition("ok", status=status)
