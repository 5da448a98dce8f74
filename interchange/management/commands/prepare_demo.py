"""Make ready what ``make run`` serves."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from haystack import connections

from documents.models import Document
from search.engines.errors import EngineError
from search.management.sentences import said_in_a_sentence

CURATOR = "curator"


class Command(BaseCommand):
    help = (
        "Prepares a demonstration: tables, the sample archive if there is no document, the images of its pages, the "
        "search index if there is none that serves, "
        "and, where nobody can log in yet, a curator whose password is printed once. Run again, it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-sample", action="store_true", help="Leave an empty archive empty.")
        parser.add_argument("--static", action="store_true", help="Collect the static files, too.")

    def handle(self, *args, **options) -> None:
        with said_in_a_sentence():
            self.prepare(options)

    def prepare(self, options: dict[str, Any]) -> None:
        self.run("migrate", interactive=False, verbosity=0)
        was_empty = not Document.objects.exists()
        if not options["without_sample"]:
            self.run("load_sample", if_empty=True)
        try:
            self.run("make_page_images")
        except CommandError as error:
            self.stderr.write(str(error))  # said, and no reason not to serve the rest
        # The index that an empty archive finds is of another one.
        if was_empty or not self.index_serves():
            self.run("rebuild_index", interactive=False)
        else:
            self.run("sync_index", verbosity=0)
            count = connections["default"].get_backend().status()["documents"]
            self.stdout.write(f"The search index is up to date: {count} records.")
        if options["static"]:
            self.run("collectstatic", interactive=False, verbosity=0)
        self.make_curator()

    def run(self, name: str, **options: Any) -> None:
        call_command(name, stdout=self.stdout, stderr=self.stderr, **options)

    def index_serves(self) -> bool:
        """Whether there is an index, of the fields that are declared now, and sound."""
        backend = connections["default"].get_backend()
        try:
            backend.verify()
            status = backend.status()
        except EngineError:
            return False  # the rebuild puts it right, or says what it cannot
        return bool(status["exists"] and not status["outdated"])

    def make_curator(self) -> None:
        """The demonstration's curator, if the archive has no user at all."""
        users = get_user_model()
        if users.objects.exists():
            return
        password = secrets.token_urlsafe(9)
        curator = users.objects.create_user(CURATOR, password=password, is_staff=True)
        curator.groups.add(Group.objects.get(name="Editor"))
        self.stdout.write(
            f"\nA curator was made for you: log in at /admin/ as {CURATOR} with the password {password}\n"
            "It is shown this once. `manage.py changepassword curator` sets another.\n"
        )
