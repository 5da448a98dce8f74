"""Tell the search index what changed."""

import logging
import signal
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections, connection

from records.progress import Progressing
from search.background import work_a_little
from search.management.sentences import said_in_a_sentence
from search.outbox import drain, pending, pending_keys

logger = logging.getLogger(__name__)

# For which a kind of work is let be that went wrong as nobody foresaw.
REST_SECONDS = 60
# An embargo that ends is noticed within this at the latest.
LONGEST_INTERVAL = 3600


class Command(BaseCommand):
    help = (
        "Tells the search index what changed since (works off the index outbox), then does what else waits, as page "
        "images of new scans. Several at once share the work. "
        "With --watch it goes on until it is stopped: run it as a service."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="Go on until stopped.")
        parser.add_argument(
            "--interval", type=float, default=0.5, help="With --watch: seconds between two looks (0.5)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["watch"]:
            if not 0 < options["interval"] <= LONGEST_INTERVAL:
                raise CommandError(
                    f"--interval is a number of seconds, more than 0 and at most {LONGEST_INTERVAL}"
                )
            self.watch(options["interval"])
            return
        with said_in_a_sentence():
            self.tell(options)

    def tell(self, options: dict[str, Any]) -> None:
        """Work off all that waits now."""
        total = sum(len(keys) for keys in pending_keys().values())
        with Progressing(
            self.stderr, "Indexing", total, silent=options["verbosity"] < 1 or not total
        ) as told:
            drained = drain(after_batch=lambda done: told(done.records))
        for identifier, reason in drained.failed:
            self.stderr.write(f"{identifier} could not be indexed, and will be tried again: {reason}")
        while work_a_little():
            pass  # which does not need the engine
        left = sum(len(keys) for keys in pending_keys().values())
        if drained.error:
            raise CommandError(f"{left} records wait; the search index cannot be told: {drained.error}")
        if options["verbosity"] >= 1:
            self.stdout.write(
                f"{drained.indexed} records indexed, {drained.removed} removed"
                + (f", {left} wait (in another worker's hands, or to be tried again later)." if left else ".")
            )
        if drained.failed:
            raise CommandError(f"{len(drained.failed)} records could not be indexed")

    def watch(self, interval: float) -> None:
        self.stopped, self.failed = False, False
        self.resting: dict[str, float] = {}
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write("Watching the outbox.")
        self.stdout.flush()
        while not self.stopped:
            if not self.carefully("changes", self.work) and not self.carefully("other work", self.work_aside):
                time.sleep(interval)
        self.stdout.write("Stopped.")

    def carefully(self, name: str, work: Callable[[], int]) -> int:
        """A round of work, and how much was done. What goes wrong is logged, and tried again, what nobody foresaw
        after a pause.
        """
        if time.monotonic() < self.resting.get(name, 0):
            return 0
        try:
            return work()
        except DatabaseError as error:
            logger.error("the database does not answer: %s", error)
            connection.close()
        # Nothing of one kind of work may end the worker, which others wait for.
        except Exception:
            logger.exception(
                "the worker stumbled over %s, and lets that be for %s seconds", name, REST_SECONDS
            )
            self.resting[name] = time.monotonic() + REST_SECONDS
        return 0

    def work(self) -> int:
        """The changes that wait, some at a time."""
        close_old_connections()
        if not pending().exists():
            return 0
        # An engine that was too slow for somebody's save need not be too slow for us.
        drained = drain(limit=1000, even_if_down=not self.failed)
        self.failed = bool(drained.error)
        return drained.records

    def work_aside(self) -> int:
        """A piece of what else there is to do, where the index wants nothing."""
        return sum(work_a_little().values())

    def stop(self, *signalled: Any) -> None:
        # The batch in hand is finished first.
        self.stopped = True
