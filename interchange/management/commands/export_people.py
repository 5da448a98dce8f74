from typing import Any

from interchange.export_command import ExportCommand
from interchange.exporter import PeopleExporter
from people.models import Person


class Command(ExportCommand):
    help = "Writes people and organisations as the CSV that import_people reads; see docs/importing.md."

    def exporter(self, options: dict[str, Any]) -> PeopleExporter:
        return PeopleExporter(Person.objects.all())
