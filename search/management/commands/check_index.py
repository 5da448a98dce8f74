"""Check the search index against the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.progress import Progressing
from search.leftovers import left_behind
from search.management.sentences import described, said_in_a_sentence
from search.upkeep import Findings, check, condition, records_to_index, repair
from search.waiting import LONGEST_WAIT_SECONDS

NAMED = 100


class Command(BaseCommand):
    help = (
        "Names every record that is missing from the search index, out of date there, there though it is not public, "
        "or there without being a record any more. "
        "The exit status is 1 if there is one, or one that cannot be indexed, or if changes wait longer than they should. With --repair the index is put right."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Put right what is wrong.")

    def handle(self, *args: Any, **options: Any) -> None:
        silent = options["verbosity"] < 1
        with said_in_a_sentence():
            if not silent:
                self.say_what_is_due()
            with Progressing(self.stderr, "Checking", records_to_index(), silent=silent) as told:
                findings = check(told)
            self.name(findings, everything=options["verbosity"] > 1)
            if self.is_amiss(findings) and options["repair"]:
                with Progressing(
                    self.stderr, "Repairing", max(len(findings.wrong), findings.waiting), silent=silent
                ) as told:
                    error = repair(findings, told)
                if error:
                    raise CommandError(f"The index cannot be repaired now: {error}")
                findings = check(lambda done: None)
                self.stdout.write(
                    "Not all of it could be repaired." if self.is_amiss(findings) else "Repaired."
                )
        if findings.wrong:
            raise CommandError(
                f"The index is wrong about {len(findings.wrong)} of {findings.checked} records"
                + ("." if options["repair"] else "; --repair puts it right.")
            )
        if findings.late:
            raise CommandError(
                f"{findings.waiting:,} records wait for the index, some for more than "
                f"{LONGEST_WAIT_SECONDS // 60} minutes; `manage.py sync_index` tells it of them. "
                "The index is right about the rest."
            )
        if findings.refused:
            raise CommandError(
                f"{len(findings.refused):,} records cannot be indexed, and are tried again by themselves. "
                "The index is right about the rest."
            )
        rest = (
            f"the rest of {findings.checked} records" if findings.waiting else f"{findings.checked} records"
        )
        self.stdout.write(f"The index is right about {rest}.")

    def is_amiss(self, findings: Findings) -> bool:
        return bool(findings.wrong or findings.late or findings.refused)

    def say_what_is_due(self) -> None:
        """What is not wrong, but wants a rebuild."""
        index = condition()
        if index.name == "outdated":
            self.stdout.write(f"{index.said} It is searched as it is until then.")
        left = left_behind()
        if left is not None:
            self.stdout.write(
                f"There is {described(left)}, not in use yet. If nobody is at it, `manage.py rebuild_index` goes on with it."
            )

    def name(self, findings: Findings, *, everything: bool) -> None:
        for what, identifiers in (
            ("missing", findings.missing),
            ("stale", findings.stale),
            ("not public", findings.exposed),
            ("ghost", findings.ghosts),
            ("refused", tuple(f"{identifier}: {reason}" for identifier, reason in findings.refused)),
        ):
            shown = identifiers if everything else identifiers[:NAMED]
            for identifier in shown:
                self.stdout.write(f"{what}: {identifier}")
            if len(shown) < len(identifiers):
                self.stdout.write(f"{what}: and {len(identifiers) - len(shown)} more (-v 2 names them all)")
        if findings.waiting:
            self.stdout.write(
                f"{findings.waiting:,} records wait in the outbox; `manage.py sync_index` tells the index of them."
            )
