"""Checked rows become records: compared with what there is, then written many at once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from dates import Certainty, PartialDate
from interchange.columns import Column, Kind
from interchange.resolve import Authority, Reference
from interchange.sides import Side, quietly
from records.changes import tell_of_change
from records.derived import with_derived
from records.html import to_html

if TYPE_CHECKING:
    from interchange.base import Importer


class Stale(Exception):  # noqa: N818 (no error: it asks for another look)
    """A record was changed by somebody else since it was compared."""


@dataclass
class Planned:
    """What one row does to one record."""

    seq: int
    row: int
    record: Any
    is_new: bool
    fields: set[str] = field(default_factory=set)
    terms: dict[str, tuple[Authority, Reference]] = field(default_factory=dict)
    sides: list[tuple[Side, Any]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.is_new:
            return "created"
        return "updated" if self.fields or self.sides else "unchanged"


def partial_date(stored: list[Any]) -> PartialDate:
    """The date that ``checking.stored_form`` made JSON of."""
    written, edtf, earliest, latest, certainty, supplied = stored
    bounds = [date.fromisoformat(bound) if bound else None for bound in (earliest, latest)]
    return PartialDate(written, edtf, bounds[0], bounds[1], Certainty(certainty), supplied)


class Writer:
    """Plans and applies the rows of a batch for one importer."""

    def __init__(self, importer: "Importer", sides: list[Side]) -> None:
        self._importer, self._sides = importer, sides
        self._model: Any = importer.model

    def plan(self, batch: list[tuple[int, int, dict[str, Any]]]) -> list[Planned]:
        """What each row of a batch changes, as things stand now. Reads, writes nothing."""
        payloads = [payload for _seq, _row, payload in batch]
        self._look_again(payloads)
        keys = [pk if isinstance(pk, int) else None for pk in self._importer.identify(payloads)]
        existing = self._model._base_manager.in_bulk([pk for pk in keys if pk is not None])
        columns = set().union(*payloads) if payloads else set()
        for side in self._sides:
            side.load(list(existing), columns)
        planned = []
        for (seq, row, payload), pk in zip(batch, keys, strict=True):
            record = existing.get(pk) if pk is not None else None
            plan = Planned(seq, row, record or self._importer.new_record(payload), record is None)
            self._assign(plan, payload)
            for side in self._sides:
                change = side.compare(plan.record.pk, payload) if side.columns & payload.keys() else None
                if change is not None:
                    plan.sides.append((side, change))
            planned.append(plan)
        return planned

    def _look_again(self, payloads: list[dict[str, Any]]) -> None:
        """Find names that were new when the file was checked, and that somebody else added since."""
        named: dict[Authority, list[Reference]] = {}
        for column, authority in self._importer.authorities.items():
            for payload in payloads:
                value = payload.get(column) or []
                named.setdefault(authority, []).extend(value if isinstance(value, list) else [value])
        for authority, references in named.items():
            authority.look_again(references)

    def _assign(self, plan: Planned, payload: dict[str, Any]) -> None:
        record = plan.record
        before = {} if plan.is_new else dict(record.__dict__)
        if not plan.is_new:
            self._importer.assign_keys(record, payload)
        for name, value in payload.items():
            column = self._importer.layout.columns.get(name)
            if column is None:
                continue
            match column.kind:
                case Kind.FIELD | Kind.FLAG | Kind.DAY | Kind.MOMENT:
                    self._assign_value(record, column, value)
                case Kind.DATE if isinstance(value, dict):
                    record.keep_date_unread(value["unread"])
                case Kind.DATE:
                    record.set_date(partial_date(value))
                case Kind.TERM:
                    self._assign_term(plan, column, value)
        self._importer.complete(record)
        if not plan.is_new:
            concrete = self._model._meta.concrete_fields
            plan.fields |= {f.name for f in concrete if before[f.attname] != getattr(record, f.attname)}

    def _assign_value(self, record: Any, column: Column, value: Any) -> None:
        name = column.attribute
        now = getattr(record, name)
        if column.kind in (Kind.DAY, Kind.MOMENT):
            value = self._model._meta.get_field(name).to_python(value)
        if isinstance(now, str) and now.strip() == value:
            return  # as it was exported
        setattr(record, name, to_html(value) if name in self._importer.html_fields else value)

    def _assign_term(self, plan: Planned, column: Column, reference: Reference | None) -> None:
        name = f"{column.attribute}_id"
        authority = self._importer.authorities[column.name]
        key = authority.key(reference) if reference is not None else None
        if reference is not None and key is None:
            plan.terms[name] = (authority, reference)
            plan.fields.add(column.attribute)
        else:
            setattr(plan.record, name, key)

    def lock(self, planned: list[Planned]) -> None:
        """Lock the records that will be updated. Raises Stale where one was saved since it was read."""
        read = {plan.record.pk: plan.record.changed for plan in planned if plan.outcome == "updated"}
        if not read:
            return
        rows = self._model._base_manager.select_for_update().filter(pk__in=list(read)).order_by("pk")
        if dict(rows.values_list("pk", "changed")) != read:
            raise Stale

    def apply(self, planned: list[Planned]) -> None:
        """Write a plan. Call in a transaction."""
        self._make_terms(planned)
        new = [plan.record for plan in planned if plan.is_new]
        if new:
            self._importer.before_insert(new)
            self._model._default_manager.bulk_create(new)
        altered = [plan for plan in planned if plan.outcome == "updated"]
        names = set().union(*(plan.fields for plan in altered)) if altered else set()
        sides = (
            set().union(*(side.columns for plan in altered for side, _change in plan.sides))
            if altered
            else set()
        )
        with announced(self._model, [plan.record for plan in altered], names | sides):
            save_fields(self._model, [plan.record for plan in altered], names)
            for side in self._sides:
                changes = [
                    (plan.record, change) for plan in planned for at, change in plan.sides if at is side
                ]
                if changes:
                    side.write(changes)

    @staticmethod
    def _make_terms(planned: list[Planned]) -> None:
        needed: dict[Authority, list[Reference]] = {}
        for plan in planned:
            wanted = [
                *plan.terms.values(),
                *(pair for side, change in plan.sides for pair in side.references(change)),
            ]
            for authority, reference in wanted:
                needed.setdefault(authority, []).append(reference)
        for authority, references in needed.items():
            authority.make(references)
        for plan in planned:
            for name, (authority, reference) in plan.terms.items():
                setattr(plan.record, name, authority.key(reference))


@contextmanager
def announced(model: Any, records: list[Any], fields: Iterable[str]) -> Iterator[None]:
    """Tells whoever keeps an index that these records change in these fields, before and after."""
    rows = model._default_manager.filter(pk__in=[record.pk for record in records])
    after = tell_of_change(rows, frozenset(fields) | {"changed"}) if records else []
    yield
    for each in after:
        each()


def save_fields(model: type[models.Model], records: list[Any], names: Iterable[str]) -> None:
    """Update these fields of records that exist, and the time of their last change, in few statements."""
    if not records:
        return
    now = timezone.now()
    for record in records:
        record.changed = now
    # An upsert that always meets the key: many times faster than the CASE expressions of bulk_update.
    quietly(model).bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=sorted({*with_derived(model, names), "changed"}),
    )
