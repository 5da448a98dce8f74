from interchange.collection_rows import CollectionImporter
from interchange.command import ImportCommand


class Command(ImportCommand):
    help = "Imports collections from a CSV or JSON Lines file; see docs/importing.md."
    importer = CollectionImporter
