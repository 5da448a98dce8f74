from argparse import ArgumentParser

from interchange.command import ImportCommand
from interchange.documents import DocumentImporter


class Command(ImportCommand):
    help = "Imports documents from a CSV or JSON Lines file; see docs/importing.md."
    importer = DocumentImporter

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--status",
            choices=("draft", "published"),
            default="draft",
            help="of new documents whose row gives none",
        )
