"""What the import commands share: their arguments, and how they print."""

import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from interchange.base import Importer, OnProgress, Step
from interchange.mapping import Mapping
from interchange.problems import ImportRefusedError, visible
from interchange.progress import shown_on
from interchange.readers import open_reader
from interchange.report import ProblemFile, Report, figure
from search.management.sentences import said_in_a_sentence
from search.outbox import Drained, drain, pending_keys

PROBLEMS_PRINTED = 20


class ImportCommand(BaseCommand):
    """Imports a CSV or JSON Lines file of records. See docs/importing.md."""

    importer: ClassVar[type[Importer]]
    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="CSV or JSON Lines, also gzipped")
        parser.add_argument("--mapping", help="a TOML file that says which column fills which")
        parser.add_argument("--encoding", default="", help="instead of the one that is found or guessed")
        parser.add_argument("--dry-run", action="store_true", help="do everything and keep nothing")
        parser.add_argument(
            "--on-error",
            choices=("skip", "abort"),
            default="skip",
            help="leave out rows that fail, or import nothing",
        )
        parser.add_argument("--report", metavar="CSV", help="where to write why rows failed")
        parser.add_argument(
            "--unknown-terms",
            choices=("create", "error"),
            default="create",
            help="add names that the authority lists lack, or reject their rows",
        )
        parser.add_argument(
            "--keep-unread-dates",
            action="store_true",
            help="keep dates that cannot be read as they are written",
        )

    def execute(self, *args: Any, **options: Any) -> str | None:
        with said_in_a_sentence():
            return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with ExitStack() as stack:
                progress: OnProgress | None = None
                if options["verbosity"]:
                    progress = stack.enter_context(shown_on(options.get("stderr") or sys.stderr))
                report = self._run(stack, options, progress)
                if not report.dry_run:
                    self._tell_the_index(progress)
        except ImportRefusedError as error:
            raise CommandError(visible(str(error))) from error
        self._print(report, options)
        if not report.ok:
            raise SystemExit(1)

    def _run(self, stack: ExitStack, options: dict[str, Any], progress: OnProgress | None) -> Report:
        _keep_what_is_read(options)
        mapping = Mapping.read(options["mapping"], self.importer.layout) if options["mapping"] else None
        reader = open_reader(options["file"], encoding=options["encoding"])
        self._told = tuple(reader.notices)
        for notice in self._told:  # a guess is told at once: one may want to stop there
            self.stderr.write(visible(notice), self.style.WARNING)
        on_problem = stack.enter_context(ProblemFile(options["report"])) if options["report"] else None
        return self.importer(
            reader,
            mapping=mapping,
            dry_run=options["dry_run"],
            on_error=options["on_error"],
            unknown_terms=options["unknown_terms"],
            keep_unread_dates=options["keep_unread_dates"],
            status=options.get("status", "draft"),
            on_progress=progress,
            on_problem=on_problem,
        ).run()

    def _tell_the_index(self, progress: OnProgress | None) -> None:
        """Work off what the import wrote to the outbox; an engine that is down is told later."""
        waiting = sum(len(keys) for keys in pending_keys().values())

        def after_batch(done: Drained) -> None:
            if progress is not None:
                progress(Step("indexing", min(done.records, waiting), waiting, done.records))

        if waiting:
            done = drain(after_batch=after_batch)
            if done.error:
                self.stderr.write(
                    _("The search index hears of the changes later: %(reason)s") % {"reason": done.error}
                )

    def _print(self, report: Report, options: dict[str, Any]) -> None:
        # Links are looked at last; a reader goes through the file from its beginning.
        for problem in sorted(report.problems, key=lambda problem: problem.row)[:PROBLEMS_PRINTED]:
            self.stderr.write(str(problem))
        more = report.problem_count - min(len(report.problems), PROBLEMS_PRINTED)
        if more:
            where = options["report"] or _("a file with --report errors.csv")
            self.stderr.write(
                _("… and %(count)s more: see %(where)s") % {"count": figure(more), "where": where}
            )
        for notice in report.notices:
            if notice not in self._told:
                self.stdout.write(visible(notice))
        for line in report.lines():
            self.stdout.write(line)


def _keep_what_is_read(options: dict[str, Any]) -> None:
    """Raises CommandError where the report would be written over what the import reads."""
    report = options["report"]
    for path in (options["file"], options["mapping"]):
        if report and path and Path(report).exists() and Path(path).exists() and Path(report).samefile(path):
            raise CommandError(
                _("--report would write over %(path)s, which the import reads; name another file")
                % {"path": path}
            )
