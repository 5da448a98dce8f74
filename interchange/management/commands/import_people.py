from interchange.command import ImportCommand
from interchange.people import PeopleImporter


class Command(ImportCommand):
    help = "Imports people and organisations from a CSV or JSON Lines file; see docs/importing.md."
    importer = PeopleImporter
