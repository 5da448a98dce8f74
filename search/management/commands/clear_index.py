"""Empty the search index."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from haystack import connections

from search.management.haystack import add_idle_options, add_using, heed
from search.management.sentences import said_in_a_sentence
from search.rebuilding import note_built


class Command(BaseCommand):
    help = (
        "Empties the search index; the one kept for going back goes, too. Searches find nothing until `rebuild_index` "
        "or `update_index` fills it again. To build it anew nothing has to be emptied: use `rebuild_index`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help="Do not ask."
        )
        add_using(parser)
        add_idle_options(parser, "commit")

    def handle(self, *args: Any, **options: Any) -> None:
        heed(self, options)
        if options["interactive"]:
            self.stdout.write(
                "Searches will find nothing until the index is filled again. "
                "(`rebuild_index` builds it anew and keeps the old one in use meanwhile.)"
            )
            try:
                agreed = input("Empty the index? [y/N] ").lower().startswith("y")
            except EOFError as error:
                raise CommandError("nobody is there to be asked; --noinput empties it without") from error
            if not agreed:
                self.stdout.write("Nothing was done.")
                return
        with said_in_a_sentence():
            connections["default"].get_backend().clear()
            note_built()  # whatever it is filled with from now on, it misses nothing
        if options["verbosity"] > 0:
            self.stdout.write("The index is empty; `manage.py rebuild_index` fills it.")
