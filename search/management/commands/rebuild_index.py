"""Build the search index anew, beside the one in use, and switch."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.management.sentences import said_in_a_sentence
from search.progress import Progressing
from search.upkeep import rebuild, records_to_index


class Command(BaseCommand):
    help = (
        "Builds the search index anew from the database, beside the one in use, and switches to it when it is complete. "
        "Searches go on meanwhile, and so do changes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-b", "--batch-size", type=int, default=200, help="Records at a time (200).")
        # Of Haystack's command, which empties the index first and asks before it does.
        parser.add_argument(
            "--noinput", action="store_false", dest="interactive", help="Accepted; nothing is asked anyway."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        silent = options["verbosity"] < 1
        with (
            said_in_a_sentence(),
            Progressing(self.stderr, "Indexing", records_to_index(), silent=silent) as told,
        ):
            report = rebuild(told, options["batch_size"])
        for identifier, reason in report.failed:
            self.stderr.write(f"{identifier} could not be indexed: {reason}")
        if not silent:
            self.stdout.write(f"The new index is in use: {report.indexed} records.")
        if report.failed:
            raise CommandError(
                f"{len(report.failed)} records could not be indexed; `manage.py sync_index` tries again"
            )
