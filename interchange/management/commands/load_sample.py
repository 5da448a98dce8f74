"""Load the sample archive."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from interchange.problems import ImportRefusedError
from interchange.sample.loader import load_sample


class Command(BaseCommand):
    help = "Loads the sample archive: thirty records of real documents and eight labelled specimens. Loading twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing where the archive has a document already."
        )

    def handle(self, *args, **options) -> None:
        try:
            report = load_sample(if_empty=options["if_empty"])
        except ImportRefusedError as error:
            raise CommandError(
                _("The sample archive was not loaded. %(error)s") % {"error": error}
            ) from error
        if report.kept:
            self.stdout.write(_("The archive has documents already; the sample was not loaded."))
            return
        for line in report.lines:
            self.stdout.write(line)
