"""Records that name other records of their kind, in the file or in the archive: checked before, written at the end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from interchange.problems import Problem
from interchange.sides import quietly
from interchange.writing import announced, save_fields
from records.trees import upward

if TYPE_CHECKING:
    from interchange.base import Importer

LINKS_AT_ONCE = 500


class LinkWriter:
    """The links of one import: to the parent, of which there is one, and to related records."""

    def __init__(self, importer: "Importer") -> None:
        self._importer, self._spool = importer, importer.spool
        self._model: Any = importer.model
        self._parent, self._related = importer.parent_field, importer.related_field

    # Before anything is written

    def check(self) -> None:
        """Reject rows that name a record which is neither in the file nor in the archive, or that form a circle."""
        if not self._spool.has_links():
            return
        self._spool.aim_within_file(self._importer.target_prefixes)
        self._aim_outside()
        self._refuse_astray()
        if self._related:
            self._refuse_self()
        if self._parent:
            self._refuse_circles()
        self._refuse_astray()

    def _refuse_astray(self) -> None:
        """Reject rows with links that point nowhere, and then those that point to these."""
        message = _("neither the archive nor this file has such a record; correct it, or add the record")
        while astray := self._spool.astray():
            by_row: dict[int, list[Problem]] = {}
            for link in astray:
                by_row.setdefault(link.seq, []).append(Problem(link.row, link.name, link.target, message))
            for seq, problems in by_row.items():
                self._reject(seq, problems)
            self._aim_outside()

    def _aim_outside(self) -> None:
        for targets in self._spool.targets_outside(LINKS_AT_ONCE):
            self._spool.aim_outside(self._importer.find_targets(targets))

    def _reject(self, seq: int, problems: list[Problem]) -> None:
        self._spool.reject(seq)
        self._importer.reject(problems)

    def _refuse_self(self) -> None:
        for link in {link.seq: link for link in self._spool.links_to_self(self._related)}.values():
            message = _("a record cannot be related to itself; delete it from the cell")
            self._reject(link.seq, [Problem(link.row, link.name, link.target, message)])

    def _refuse_circles(self) -> None:
        """Reject rows whose parent stands below them. Rows to come are negative keys here."""
        field = f"{self._parent}_id"
        stored = self._model._base_manager.exclude(**{self._parent: None})
        parents: dict[int, int | None] = dict(stored.values_list("pk", field))
        wanted = {}
        for link in self._spool.links_named(self._parent):
            own = self._spool.key_of(link.seq)
            goal = link.to_pk if link.to_seq is None else self._spool.key_of(link.to_seq)
            parents[own] = goal
            if goal is not None:
                wanted[own] = link
        message = _("a record cannot stand under itself or its own parts; name another, or leave it empty")
        circular = [link for own, link in wanted.items() if own in upward(parents[own] or 0, parents)]
        for link in circular:
            self._reject(link.seq, [Problem(link.row, link.name, link.target, message)])

    # After everything else is written

    def write(self) -> None:
        """Write the links of all rows that have any; rows that this changes count as updated."""
        if not self._spool.has_links():
            return
        self._spool.aim_at_keys()
        done = 0
        for batch in self._spool.linked_batches(LINKS_AT_ONCE):
            with transaction.atomic():
                changed = self._write_batch(batch)
                if self._importer.dry_run:
                    transaction.set_rollback(True)
            self._spool.settle(
                (seq, pk, "updated")
                for seq, pk, outcome in batch
                if seq in changed and outcome == "unchanged"
            )
            done += len(batch)

    def _write_batch(self, batch: Sequence[tuple[int, int | None, str]]) -> set[int]:
        """Write a batch; the sequence numbers of the rows that this changed."""
        keys = {seq: pk for seq, pk, _outcome in batch if pk is not None}
        wanted_parent: dict[int, int | None] = {}
        wanted_related: dict[int, set[int]] = {}
        changed: set[int] = set()
        for link in self._spool.links_of([seq for seq, _pk, _outcome in batch]):
            if link.to_seq is not None and link.to_pk is None:
                changed.add(link.seq)  # only in a dry run: the other record would have been made
            if link.seq not in keys:
                continue
            if link.name == self._parent:
                wanted_parent[link.seq] = link.to_pk
            else:
                wanted_related.setdefault(link.seq, set()).update({link.to_pk} if link.to_pk else set())
        if wanted_parent:
            changed |= self._write_parents(keys, wanted_parent)
        if wanted_related:
            changed |= self._write_related(keys, wanted_related)
        return changed

    def _write_parents(self, keys: dict[int, int], wanted: dict[int, int | None]) -> set[int]:
        field = f"{self._parent}_id"
        by_key = {keys[seq]: seq for seq in wanted}
        now = dict(self._model._base_manager.filter(pk__in=by_key).values_list("pk", field))
        differing = [pk for pk, parent in now.items() if parent != wanted[by_key[pk]]]
        records = list(self._model._base_manager.select_for_update().filter(pk__in=differing).order_by("pk"))
        for record in records:
            setattr(record, field, wanted[by_key[record.pk]])
        with announced(self._model, records, {self._parent}):
            save_fields(self._model, records, {self._parent})
        return {by_key[record.pk] for record in records}

    def _write_related(self, keys: dict[int, int], wanted: dict[int, set[int]]) -> set[int]:
        relation: Any = self._model._meta.get_field(self._related)
        through = relation.remote_field.through
        own, other = relation.m2m_field_name() + "_id", relation.m2m_reverse_field_name() + "_id"
        by_key = {keys[seq]: seq for seq in wanted}
        goals = {pk: set(wanted[seq]) for pk, seq in by_key.items()}
        # What another row says of this record holds too, although its own cell is silent.
        for source, goal in self._spool.links_to(list(by_key), self._related):
            goals[goal].add(source)
        now: dict[int, set[int]] = {pk: set() for pk in by_key}
        for source, goal in quietly(through).filter(**{f"{own}__in": list(by_key)}).values_list(own, other):
            now[source].add(goal)
        added = {pair for pk in by_key for goal in goals[pk] - now[pk] for pair in ((pk, goal), (goal, pk))}
        gone = {pair for pk in by_key for goal in now[pk] - goals[pk] for pair in ((pk, goal), (goal, pk))}
        touched = [pk for pk in by_key if goals[pk] != now[pk]]
        records = list(self._model._base_manager.select_for_update().filter(pk__in=touched).order_by("pk"))
        with announced(self._model, records, {self._related}):
            for source, goal in gone:
                quietly(through).filter(**{own: source, other: goal}).delete()
            quietly(through).bulk_create(
                [through(**{own: source, other: goal}) for source, goal in sorted(added)],
                ignore_conflicts=True,
            )
            save_fields(self._model, records, ())
        return {by_key[pk] for pk in touched}
