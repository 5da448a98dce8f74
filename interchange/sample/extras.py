"""What the importers have no columns for: details of authority records, scans, themes."""

import csv
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import models, transaction
from django.utils.translation import gettext as _

from archive_site.collections.models import Collection
from documents.models import Classification, Document, Place, Repository, Right, Scan
from records.html import to_html
from records.uploads import examine
from themes.models import Theme, TimelineEntry

FOLDER = Path(__file__).resolve().parent


@dataclass
class Tally:
    """What became of the records of one kind."""

    kind: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def counts(self) -> str:
        """As "21 created" or "2 updated, 19 unchanged"."""
        parts = [
            (self.created, _("created")),
            (self.updated, _("updated")),
            (self.unchanged, _("unchanged")),
        ]
        return ", ".join(f"{count} {word}" for count, word in parts if count)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _settle(record: models.Model, values: dict[str, Any], tally: Tally) -> None:
    """Give the record these values, and save it if it is new or had others."""
    different = [name for name, value in values.items() if getattr(record, name) != value]
    for name in different:
        setattr(record, name, values[name])
    if record._state.adding:
        tally.created += 1
    elif different:
        tally.updated += 1
    else:
        tally.unchanged += 1
        return
    record.save()


def _named(model: type[models.Model], name: str) -> Any:
    return model._default_manager.filter(name=name).first() or model(name=name)


def load_authorities() -> list[Tally]:
    """Places with their tree and coordinates, and the details of archives, rights and classifications."""
    tallies = [Tally(_("places")), Tally(_("archives")), Tally(_("rights")), Tally(_("classifications"))]
    places, archives, rights, classifications = tallies
    with transaction.atomic():
        for row in _rows("places.csv"):
            values: dict[str, Any] = {
                "parent": Place.objects.get(name=row["parent"]) if row["parent"] else None,
                "latitude": Decimal(row["latitude"]) if row["latitude"] else None,
                "longitude": Decimal(row["longitude"]) if row["longitude"] else None,
            }
            _settle(_named(Place, row["name"]), values, places)
        for row in _rows("archives.csv"):
            values = {name: row[name] for name in ("short_name", "city", "country")}
            values["description"] = to_html(row["description"])
            _settle(_named(Repository, row["name"]), values, archives)
        for row in _rows("rights.csv"):
            _settle(_named(Right, row["name"]), {"statement": row["statement"], "url": row["url"]}, rights)
        for row in _rows("classifications.csv"):
            _settle(_named(Classification, row["name"]), {"order": int(row["order"])}, classifications)
    return tallies


def load_scans() -> Tally:
    """The files of the specimens, known by their names; one whose content has changed is replaced."""
    tally = Tally(_("scans"))
    for order, row in enumerate(_rows("scans.csv")):
        document = Document.objects.get(reference_code=row["document"])
        path = FOLDER / "files" / row["file"]
        with path.open("rb") as opened, transaction.atomic():
            scan = document.scans.filter(original_name=path.name).first() or Scan(document=document)
            facts = examine(opened)
            values: dict[str, Any] = {"caption": row["caption"], "order": order}
            if scan.sha256 != facts.sha256:
                scan.file.save(path.name, File(opened), save=False)
                values |= {"media_type": facts.media_type, "size": facts.size, "pages": facts.pages}
                values |= {"sha256": facts.sha256, "original_name": path.name}
            _settle(scan, values, tally)
    return tally


def load_themes() -> Tally:
    """The essays and their timelines."""
    tally = Tally(_("themes"))
    for record in json.loads((FOLDER / "themes.json").read_text(encoding="utf-8")):
        with transaction.atomic():
            theme = Theme.objects.filter(slug=record["slug"]).first() or Theme(slug=record["slug"])
            values = {name: record[name] for name in ("title", "short_description", "is_published", "order")}
            _settle(theme, values | {"essay": to_html(record["essay"])}, tally)
            theme.collections.set(Collection.objects.filter(title__in=record["collections"]))
            _load_timeline(theme, record["entries"])
    return tally


def _load_timeline(theme: Theme, wanted: list[dict[str, str]]) -> None:
    """The entries as they are wanted; made anew only where they are others."""
    documents = dict(Document.objects.exclude(reference_code=None).values_list("reference_code", "pk"))
    entries = [
        (entry["date"], entry["title"], entry.get("text", ""), documents.get(entry.get("document", "")))
        for entry in wanted
    ]
    there = theme.entries.values_list("date_display", "title", "text", "document")
    if sorted(map(str, there)) == sorted(map(str, entries)):
        return
    theme.entries.all().delete()
    for date, title, text, document in entries:
        TimelineEntry.objects.create(
            theme=theme, date_display=date, title=title, text=text, document_id=document
        )
