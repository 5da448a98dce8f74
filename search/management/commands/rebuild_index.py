"""Build the search index anew, beside the one in use, and switch; or go back to the one before."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.progress import Progressing
from search.management.haystack import add_idle_options, add_using, heed
from search.management.sentences import described, said_in_a_sentence
from search.rebuilding import Halfway, rebuild, records_to_index, roll_back


class Command(BaseCommand):
    help = (
        "Builds the search index anew from the database, beside the one in use, and switches to it when it is complete. "
        "Searches go on meanwhile, and so do changes. One that was killed is gone on with."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--from-scratch",
            action="store_true",
            help="Do not go on with a rebuild that was broken off, but begin anew.",
        )
        what.add_argument(
            "--rollback",
            action="store_true",
            help="Search the index before the last rebuild again, after telling it what changed since.",
        )
        parser.add_argument("-b", "--batch-size", type=int, default=200, help="Records at a time (200).")
        # Of Haystack's command, which empties the index first and asks before it does.
        parser.add_argument(
            "--noinput", action="store_false", dest="interactive", help="Accepted; nothing is asked anyway."
        )
        add_using(parser)
        add_idle_options(parser, "workers", "max_retries", "commit")

    def handle(self, *args: Any, **options: Any) -> None:
        heed(self, options)
        if options["batch_size"] < 1:
            raise CommandError("--batch-size is a number of records, at least 1")
        silent = options["verbosity"] < 1
        with said_in_a_sentence():
            self.go_back(silent) if options["rollback"] else self.build(options, silent)

    def build(self, options: dict[str, Any], silent: bool) -> None:
        with Progressing(self.stderr, "Indexing", records_to_index(), silent=silent) as told:

            def on_continuing(left: Halfway) -> None:
                told.begin_at(left.done)
                if not silent:
                    self.stdout.write(f"Continuing {described(left)}.")

            rebuilt = rebuild(
                told,
                options["batch_size"],
                from_scratch=options["from_scratch"],
                on_continuing=on_continuing,
            )
        for identifier, reason in rebuilt.failed:
            self.stderr.write(f"{identifier} could not be indexed: {reason}")
        if not silent:
            self.stdout.write(f"The new index is in use: {rebuilt.indexed} records.")
        if rebuilt.failed:
            raise CommandError(
                f"{len(rebuilt.failed)} records could not be indexed; `manage.py sync_index` tries again"
            )

    def go_back(self, silent: bool) -> None:
        with Progressing(self.stderr, "Bringing it up to date", 0, silent=silent) as told:
            back = roll_back(told, on_beginning=told.expect)
        for identifier, reason in back.failed:
            self.stderr.write(f"{identifier} could not be indexed: {reason}")
        if not silent:
            self.stdout.write(
                f"The index before is in use again; {back.told:,} records that changed since were told to it first. "
                "`rebuild_index --rollback` once more goes back to the other."
            )
