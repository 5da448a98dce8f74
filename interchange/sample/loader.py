"""Brings the sample archive in, by the importers that every other file goes through."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from documents.models import Document
from interchange.base import Importer
from interchange.collection_rows import CollectionImporter
from interchange.documents import DocumentImporter
from interchange.people import PeopleImporter
from interchange.problems import ImportRefusedError
from interchange.readers import open_reader
from interchange.sample.extras import FOLDER, load_authorities, load_scans, load_themes

# In this order: what a record names is there before the record.
FILES: tuple[tuple[str, type[Importer]], ...] = (
    ("people.csv", PeopleImporter),
    ("collections.csv", CollectionImporter),
    ("documents.csv", DocumentImporter),
    ("specimens.jsonl", DocumentImporter),
)


@dataclass
class SampleReport:
    """What a load did: whether it did anything at all, and one line for each kind of record."""

    kept: bool = False
    lines: list[str] = field(default_factory=list)


def load_sample(*, if_empty: bool = False) -> SampleReport:
    """Load the sample archive; loaded twice, it changes nothing.

    ``if_empty``: leave an archive that has any document as it is.
    Raises ImportRefusedError, naming file and row, where a row cannot come in.
    """
    if if_empty and Document.objects.exists():
        return SampleReport(kept=True)
    report = SampleReport(lines=[_line(tally.kind, tally.counts()) for tally in load_authorities()])
    for name, importer in FILES:
        report.lines.append(_import(name, importer))
    for tally in (load_scans(), load_themes()):
        report.lines.append(_line(tally.kind, tally.counts()))
    return report


def _line(name: str, counts: str) -> str:
    return _("%(name)s: %(counts)s") % {"name": name, "counts": counts}


def _import(name: str, importer: type[Importer]) -> str:
    """One file, wholly or not at all."""
    report = importer(open_reader(FOLDER / name), on_error="abort").run()
    if not report.ok:
        raise ImportRefusedError(f"{name}: " + "; ".join(str(problem) for problem in report.problems))
    return _line(name, report.counts())
