"""What all imports share: check every row first, then write in short transactions."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

from django.db import DatabaseError, DataError, IntegrityError, OperationalError, models, transaction
from django.utils.translation import gettext as _

from interchange.checking import Checker, Draft
from interchange.columns import Layout
from interchange.links import LinkWriter
from interchange.mapping import Mapping
from interchange.problems import ImportRefusedError, Problem
from interchange.readers import Reader
from interchange.report import PROBLEMS_KEPT, OnProblem, Report
from interchange.resolve import Authority
from interchange.sides import Side
from interchange.spool import Spool
from interchange.writing import Planned, Stale, Writer
from search.outbox import paused

ROWS_AT_ONCE = 250
CHARACTERS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Step:
    """How far an import is: ``stage`` is checking, writing or indexing; ``done`` of ``total`` in bytes or rows."""

    stage: str
    done: int
    total: int
    rows: int


OnProgress = Callable[[Step], None]


class Importer:
    """Imports the rows of a reader. It prints nothing: ``run()`` returns a report, the callbacks tell meanwhile.

    ``on_error``: "skip" leaves out the rows that fail, "abort" writes nothing if any does.
    ``unknown_terms``: "create" adds names that the authority lists lack, "error" rejects their rows.
    ``status``: the status of new documents, where the file gives none.
    Raises ImportRefusedError where the import cannot be done at all.
    """

    layout: ClassVar[Layout]
    model: ClassVar[type[models.Model]]
    required: ClassVar[str]
    parent_field: ClassVar[str] = ""
    related_field: ClassVar[str] = ""
    html_fields: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        reader: Reader,
        *,
        mapping: Mapping | None = None,
        dry_run: bool = False,
        on_error: str = "skip",
        unknown_terms: str = "create",
        keep_unread_dates: bool = False,
        status: str = "draft",
        on_progress: OnProgress | None = None,
        on_problem: OnProblem | None = None,
    ) -> None:
        self.reader = reader
        self.mapping = mapping or Mapping(self.layout)
        self.dry_run, self.on_error, self.status = dry_run, on_error, status
        self.create_terms = unknown_terms == "create"
        self.keep_unread_dates = keep_unread_dates
        self._on_progress = on_progress or (lambda step: None)
        self._on_problem = on_problem or (lambda problem: None)
        self.report = Report(str(self.model._meta.verbose_name_plural), dry_run=dry_run)

    # What a kind of record says of itself

    def make_authorities(self) -> dict[str, Authority]:
        """The authority list of every column that names records of another kind."""
        return {}

    def make_sides(self) -> list[Side]:
        """What hangs on the record in tables of its own."""
        return []

    def read_keys(self, draft: Draft) -> None:
        """Put the keys by which the record is known into ``draft.keys`` and its payload."""
        raise NotImplementedError

    def identify(self, payloads: list[dict[str, Any]]) -> list[int | None]:
        """The primary key of the record that each payload is already. A string instead: why it can be none."""
        raise NotImplementedError

    def link_target(self, text: str) -> str:
        """A link's target as ``target_prefixes`` and ``find_targets`` know it."""
        return text

    target_prefixes: ClassVar[tuple[str, ...]] = ()

    def find_targets(self, targets: list[str]) -> dict[str, int]:
        """The records in the database that links mean, by target."""
        return {}

    def new_record(self, payload: dict[str, Any]) -> Any:
        """An unsaved record with its keys."""
        raise NotImplementedError

    def assign_keys(self, record: Any, payload: dict[str, Any]) -> None:
        """Give a record that exists the keys of its payload."""

    def complete(self, record: Any) -> None:
        """What ``save()`` would do to the record's own fields."""

    def before_insert(self, records: list[Any]) -> None:
        """What new records need from the database, in the transaction that inserts them."""

    def check(self, draft: Draft) -> None:
        """Refuse what only makes sense, or not, beside other cells or the record as it stands."""

    def admitted(self, draft: Draft) -> None:
        """A row was found good."""

    def written(self, planned: list[Planned]) -> None:
        """Rows were written."""

    # The run

    def run(self) -> Report:
        """Check everything, then write it. The index is not told meanwhile: ``search.outbox.drain()`` does it after."""
        with paused():
            return self._run()

    def _run(self) -> Report:
        started = time.perf_counter()
        self.spool = Spool()
        try:
            self.authorities = self.make_authorities()
            self._lists = list(dict.fromkeys(self.authorities.values()))
            self._check()
            if self.report.rejected and self.on_error == "abort":
                self.report.aborted = True
            else:
                self._write()
                self._count()
        finally:
            self.spool.close()
            self.report.seconds = time.perf_counter() - started
        return self.report

    def reject(self, problems: Iterable[Problem]) -> None:
        """Count a row as rejected, for these reasons."""
        self.report.rejected += 1
        for problem in problems:
            self.report.problem_count += 1
            if len(self.report.problems) < PROBLEMS_KEPT:
                self.report.problems.append(problem)
            self._on_problem(problem)

    def _progress(self, stage: str, done: int, total: int, rows: int) -> None:
        self._on_progress(Step(stage, done, total, rows))

    # First everything is checked

    def _check(self) -> None:
        checker = Checker(
            self.layout,
            self.model,
            self.mapping,
            self.authorities,
            create_terms=self.create_terms,
            keep_unread_dates=self.keep_unread_dates,
        )
        self.report.notices += self.reader.notices
        if self.reader.columns is not None:
            self.mapping.refuse_missing(self.reader.columns)
            checker.rules(tuple(name for name in self.reader.columns if name), _("header"))
        for batch in _batches(self.reader.rows(), ROWS_AT_ONCE):
            self._check_batch(checker, batch)
            self.report.rows += len(batch)
            self._progress("checking", self.reader.position, self.reader.size, self.report.rows)
        if self.reader.columns is None and self.report.rows:
            self.mapping.refuse_missing(checker.seen)
        self.columns_seen = checker.columns
        if checker.unused:
            self.report.notices.append(
                _("Columns of the file that are not imported: %(names)s.")
                % {"names": ", ".join(checker.unused)}
            )
        LinkWriter(self).check()

    def _check_batch(self, checker: Checker, batch: list[Any]) -> None:
        drafts = []
        for row in batch:
            draft = checker.take(row)
            if not row.problem:
                self.read_keys(draft)
                self._claim(draft)
            drafts.append(draft)
        known = [draft for draft in drafts if draft.keys]
        for draft, pk in zip(known, self.identify([draft.payload for draft in known]), strict=True):
            if isinstance(pk, str):
                draft.refuse(*self.blame(draft, pk))
            elif pk is not None:
                draft.pk = pk
                self._claim(draft, f"pk:{pk}")
        for draft in drafts:
            checker.read(draft)
            if draft.keys and draft.pk is None and self.required not in draft.given:
                draft.refuse(self.required, _("is missing; a new record needs one"))
            self.check(draft)
            self._admit(draft)

    def blame(self, draft: Draft, message: str) -> tuple[str, str]:
        """The column that a conflict of keys is reported under, and the message."""
        return next((column.name for column in self.layout if column.name in draft.given), ""), message

    def _claim(self, draft: Draft, *more: str) -> None:
        """Refuse a row whose record another row of the file is."""
        for key in more or draft.keys:
            earlier = self.spool.claim(key, draft.row)
            if earlier is not None and earlier != draft.row:
                column, message = self.blame(
                    draft, _("row %(row)s is the same record; delete one of the two") % {"row": earlier}
                )
                draft.refuse(column, message)
                return
        draft.keys += more

    def _admit(self, draft: Draft) -> None:
        if draft.problems:
            self.reject(draft.problems)
            return
        for authority, name in draft.names:
            authority.expect(name)
        links = {
            name: [self.link_target(target) for target in targets] for name, targets in draft.links.items()
        }
        self.spool.add(draft.row, draft.payload, draft.pk, draft.keys, links)
        self.admitted(draft)
        if isinstance(draft.payload.get("date"), dict):
            self.report.unread_dates += 1

    # Then it is written

    def _write(self) -> None:
        writer = Writer(self, self.make_sides())
        total, done = len(self.spool), 0
        for batch in self.spool.batches(ROWS_AT_ONCE, CHARACTERS_AT_ONCE):
            try:
                self._write_batch(writer, batch)
            except OperationalError as error:
                raise ImportRefusedError(
                    _(
                        "The database stopped answering at row %(row)s (%(reason)s). The %(done)s rows before it are in; "
                        "run the same command again to complete the import."
                    )
                    % {"row": batch[0][1], "reason": error, "done": done}
                ) from error
            done += len(batch)
            self._progress("writing", done, total, done)
        LinkWriter(self).write()

    def _write_batch(self, writer: Writer, batch: list[tuple[int, int, dict[str, Any]]]) -> None:
        planned = writer.plan(batch)
        try:
            outcomes = self._commit(writer, batch, planned)
        except (IntegrityError, DataError) as error:
            self._undo()
            for authority in self._lists:
                authority.load()
            if len(batch) > 1:
                middle = len(batch) // 2
                self._write_batch(writer, batch[:middle])
                self._write_batch(writer, batch[middle:])
                return
            seq, row, _payload = batch[0]
            self._reject_written(seq, row, error)
            return
        self.spool.settle(outcomes)

    def _commit(
        self, writer: Writer, batch: list[tuple[int, int, dict[str, Any]]], planned: list[Planned]
    ) -> list[tuple[int, int | None, str]]:
        if not any(plan.outcome != "unchanged" for plan in planned):
            return [(plan.seq, plan.record.pk, plan.outcome) for plan in planned]
        with transaction.atomic():
            try:
                writer.lock(planned)
            except Stale:  # a curator saved one of them since it was compared
                planned = writer.plan(batch)
            writer.apply(planned)
            if self.dry_run:
                transaction.set_rollback(True)
        self.written(planned)
        for authority in self._lists:
            if self.dry_run:
                authority.forget(count=True)
            else:
                authority.keep()
        made = [] if self.dry_run else planned
        keys = {plan.seq: plan.record.pk for plan in made}
        return [(plan.seq, keys.get(plan.seq), plan.outcome) for plan in planned]

    def _undo(self) -> None:
        for authority in self._lists:
            authority.forget()

    def _reject_written(self, seq: int, row: int, error: DatabaseError) -> None:
        self.spool.reject(seq)
        message = _(
            "the database refused the record: %(reason)s; correct the row, or run the import again"
        ) % {"reason": " ".join(str(error).split())}
        self.reject([Problem(row, "", "", message)])

    def _count(self) -> None:
        outcomes = self.spool.outcomes()
        self.report.created = outcomes.get("created", 0)
        self.report.updated = outcomes.get("updated", 0)
        self.report.unchanged = outcomes.get("unchanged", 0)
        for authority in self._lists:
            if authority.count_made:
                label = str(authority.model._meta.verbose_name_plural)
                self.report.new_terms[label] = authority.count_made


def _batches(rows: Iterator[Any], count: int) -> Iterator[list[Any]]:
    while batch := list(islice(rows, count)):
        yield batch
