from typing import Any

from archive_site.collections.models import Collection
from interchange.export_command import ExportCommand
from interchange.exporter import CollectionExporter


class Command(ExportCommand):
    help = "Writes collections as the CSV that import_collections reads; see docs/importing.md."

    def exporter(self, options: dict[str, Any]) -> CollectionExporter:
        return CollectionExporter(Collection.objects.all())
