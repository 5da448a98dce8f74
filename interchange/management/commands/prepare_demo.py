"""Make ready what ``make run`` serves."""

import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from haystack import connections

CURATOR = "curator"


class Command(BaseCommand):
    help = (
        "Prepares a demonstration: tables, the sample archive if there is no document, the images of its pages, the "
        "search index if there is none, "
        "and, where nobody can log in yet, a curator whose password is printed once. Run again, it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-sample", action="store_true", help="Leave an empty archive empty.")

    def handle(self, *args, **options) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not options["without_sample"]:
            call_command("load_sample", if_empty=True)
        try:
            call_command("make_page_images")
        except CommandError as error:
            self.stderr.write(str(error))  # said, and no reason not to serve the rest
        status = connections["default"].get_backend().status()
        if status["exists"] and not status["outdated"]:
            call_command("sync_index")
        else:
            call_command("rebuild_index", interactive=False)
        self.make_curator()

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
