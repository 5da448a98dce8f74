from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive_site.collections.models import Collection
from documents.choices import Status
from documents.models import Document
from interchange.export_command import ExportCommand
from interchange.exporter import DocumentExporter
from records.trees import descendant_ids


class Command(ExportCommand):
    help = "Writes documents of every status as the CSV that import_documents reads; see docs/importing.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--collection", action="append", default=[], metavar="SLUG", help="with what is below it"
        )
        parser.add_argument("--status", action="append", default=[], choices=Status.values)
        parser.add_argument("--public", action="store_true", help="only what everybody may see")

    def exporter(self, options: dict[str, Any]) -> DocumentExporter:
        documents = Document.objects.all()
        if options["status"]:
            documents = documents.filter(status__in=options["status"])
        if options["collection"]:
            found = dict(Collection.objects.filter(slug__in=options["collection"]).values_list("slug", "pk"))
            for slug in options["collection"]:
                if slug not in found:
                    raise CommandError(_("There is no collection with the slug “%(slug)s”.") % {"slug": slug})
            documents = documents.filter(collections__in=descendant_ids(Collection, found.values()))
        return DocumentExporter(documents, public=options["public"])
