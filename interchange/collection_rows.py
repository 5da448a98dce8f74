"""Imports collections."""

from archive_site.collections.models import Collection
from interchange.columns import COLLECTIONS
from interchange.named import NamedImporter
from interchange.problems import CellError
from records.spelling import fold


class CollectionImporter(NamedImporter):
    """Collections, known by slug or title. A parent may stand anywhere in the file, or be there already."""

    layout = COLLECTIONS
    model = Collection
    name_field = required = "title"
    html_fields = frozenset({"description"})
    parent_field = "parent"
    target_prefixes = ("title:", "slug:")

    def link_target(self, text: str) -> str:
        return fold(text)

    def find_targets(self, targets: list[str]) -> dict[str, int]:
        found = {}
        for target in targets:
            try:
                pk = self.own.find(target)
            except CellError:
                continue  # reported as a record that cannot be found
            if pk:
                found[target] = pk
        return found
