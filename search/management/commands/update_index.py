"""Index public records again, into the index in use."""

from argparse import ArgumentTypeError
from datetime import datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from records.progress import Progressing
from search.dependences import indexed_models
from search.management.haystack import add_idle_options, add_using, heed
from search.management.sentences import said_in_a_sentence
from search.outbox import drain, note_all, note_ids
from search.upkeep import ghosts_of


class Command(BaseCommand):
    help = (
        "Indexes all public records again, or those of some apps, into the index in use, through the outbox."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "app_label", nargs="*", help="Only records of these apps, or models (people.Person)."
        )
        when = parser.add_mutually_exclusive_group()
        when.add_argument("-a", "--age", type=int, help="Only records saved in the last so many hours.")
        when.add_argument("-m", "--minutes", type=int, help="Only records saved in the last so many minutes.")
        when.add_argument(
            "-s", "--start", type=_moment, help="Only records saved since (2026-11-22, 2026-11-22T14:30)."
        )
        parser.add_argument("-e", "--end", type=_moment, help="Only records saved before.")
        parser.add_argument(
            "-r",
            "--remove",
            action="store_true",
            help="Also remove what is in the index without being public.",
        )
        parser.add_argument("-b", "--batch-size", type=int, default=200, help="Records at a time (200).")
        add_using(parser)
        add_idle_options(parser, "workers", "max_retries", "commit")

    def handle(self, *args: Any, **options: Any) -> None:
        heed(self, options)
        if options["batch_size"] < 1:
            raise CommandError("--batch-size is a number of records, at least 1")
        since = options["start"]
        for unit, given in (("hours", options["age"]), ("minutes", options["minutes"])):
            if given is not None:
                since = _so_long_ago(unit, given)
        models = self.models(options["app_label"])
        with said_in_a_sentence(), transaction.atomic():
            noted = sum(note_all(model, since, options["end"]) for model in models)
            if options["remove"]:
                noted += note_ids(identifier for model in models for identifier in ghosts_of(model))
        with Progressing(self.stderr, "Indexing", noted, silent=options["verbosity"] < 1) as told:
            drained = drain(batch=options["batch_size"], after_batch=lambda done: told(done.records))
        if drained.error:
            raise CommandError(f"The search index cannot be told, the records wait: {drained.error}")
        if options["verbosity"] >= 1:
            self.stdout.write(f"{drained.indexed} records indexed, {drained.removed} removed.")
        for identifier, reason in drained.failed:
            self.stderr.write(f"{identifier} could not be indexed: {reason}")
        if drained.failed:
            raise CommandError(f"{len(drained.failed)} records could not be indexed")

    def models(self, labels: list[str]) -> list[Any]:
        """The indexed models that are meant. Raises CommandError for a label that means none."""
        wanted: list[Any] = []
        for label in labels:
            try:
                found = (
                    [apps.get_model(label)] if "." in label else list(apps.get_app_config(label).get_models())
                )
            except LookupError as error:
                raise CommandError(f"{label} is no app or model here") from error
            indexed = [model for model in found if model in indexed_models()]
            if not indexed:
                raise CommandError(f"nothing of {label} is in the search index")
            wanted += indexed
        return wanted or indexed_models()


def _so_long_ago(unit: str, number: int) -> datetime:
    try:
        return timezone.now() - timedelta(**{unit: number})
    except OverflowError as error:
        raise CommandError(f"{number} {unit} ago is before any date that can be written") from error


def _moment(written: str) -> datetime:
    """A day, or a day and a time, in the site's time zone. Raises ArgumentTypeError."""
    try:
        moment = parse_datetime(written)
        if moment is None or len(written) <= len("2026-11-22"):
            day = parse_date(written)
            moment = datetime.combine(day, time.min) if day else None
    except ValueError:
        moment = None
    if moment is None:
        raise ArgumentTypeError(f"{written!r} is no moment; write 2026-11-22 or 2026-11-22T14:30")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
