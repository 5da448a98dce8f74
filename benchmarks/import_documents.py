"""How fast documents are imported, beside the ORM row by row and the database alone.

    python -m benchmarks.import_documents [ROWS] [FILE MAPPING]

Works on a database of its own: SQLite, or the server that TEST_DATABASE_URL names. The
ORM does what a plain command would (find or make each name, check the document, save it,
save what hangs on it) on a part of the rows, all in one transaction, which favours it. The
database alone takes the finished rows of the same tables in one transaction.
"""

import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from archive_site.collections.models import Collection  # noqa: E402
from documents.models import (  # noqa: E402
    Document,
    DocumentType,
    Language,
    Participation,
    Place,
    Repository,
    Subject,
    Text,
)
from interchange.cells import read_list  # noqa: E402
from interchange.columns import DOCUMENTS, Kind  # noqa: E402
from interchange.documents import DocumentImporter  # noqa: E402
from interchange.mapping import Mapping  # noqa: E402
from interchange.readers import open_reader  # noqa: E402
from people.models import Person  # noqa: E402
from search.models import OutboxEntry  # noqa: E402
from search.outbox import paused  # noqa: E402

ROWS, ROWS_BY_ORM, CHARACTERS = 5_000, 400, 5_300
WORDS = [
    "the",
    "ambassador",
    "said",
    "that",
    "a",
    "treaty",
    "on",
    "trade",
    "and",
    "coal",
    "would",
    "be",
    "signed",
]
TERMS = {"types": DocumentType, "collections": Collection, "places": Place, "subjects": Subject}


def write_rows(path: Path, count: int) -> Path:
    """Documents as an archive has them: ten links to other records each, and a text of 5,300 characters."""
    chance = random.Random(count)
    words = " ".join(chance.choice(WORDS) for _ in range(3 * CHARACTERS))
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["reference_code", "title", "date", "summary", "types", "languages", "collections", "creators",
             "addressees", "mentioned", "places", "subjects", "repository", "archival_reference", "source_note",
             "transcript.eng"]
        )  # fmt: skip
        for number in range(count):
            some = lambda kind, size, of: "|".join(f"{kind} {n}" for n in chance.sample(range(of), size))  # noqa: E731
            start = chance.randrange(CHARACTERS)
            text = "\n".join(words[start + at : start + at + 265] for at in range(0, CHARACTERS, 265))
            rows.writerow(
                [f"B-{number}", f"Telegram {number} from the Embassy to the Ministry", f"May {1 + number % 31}, 1955",
                 words[start : start + 200], some("Type", 1, 15), "eng", some("Collection", 1, 20), some("Person", 1, 800),
                 some("Person", 1, 800), some("Person", 3, 800), some("Place", 2, 60), some("Subject", 2, 200),
                 some("Archive", 1, 12), f"f. {number % 90}, op. {number % 40}, d. {number}", "Obtained in 2004.", text]
            )  # fmt: skip
    return path


def empty() -> None:
    for model in (OutboxEntry, Participation, Text):
        model._base_manager.all()._raw_delete("default")
    for name in ("types", "languages", "collections", "places", "subjects", "rights", "publishers", "donors"):
        Document._meta.get_field(name).remote_field.through._base_manager.all()._raw_delete("default")
    for model in (Document, Person, *TERMS.values(), Repository):
        model._base_manager.all()._raw_delete("default")


def by_importer(path: Path, mapping: Path | None) -> tuple[int, float]:
    bound = Mapping.read(mapping, DOCUMENTS) if mapping else None
    report = DocumentImporter(open_reader(path), mapping=bound, status="published").run()
    assert report.rows == report.created + report.unchanged + report.rejected, report
    return report.rows, report.seconds


def by_orm(path: Path, limit: int) -> tuple[int, float]:
    """Row by row, as a plain management command would."""
    roles = {column.name: column.field for column in DOCUMENTS if column.kind is Kind.ROLE}
    count, started = 0, time.perf_counter()
    with paused(), transaction.atomic():
        for row in open_reader(path).rows():
            cells = row.cells
            repository = Repository.objects.get_or_create(name=cells["repository"])[0]
            document = Document(
                **{
                    n: cells[n]
                    for n in ("reference_code", "title", "summary", "archival_reference", "source_note")
                },
                date_display=cells["date"],
                repository=repository,
                status="published",
            )
            document.full_clean()
            document.save()
            for name, model in TERMS.items():
                key = "title" if model is Collection else "name"
                terms = [model.objects.get_or_create(**{key: text})[0] for text in read_list(cells[name])]
                getattr(document, name).set(terms)
            document.languages.set(Language.objects.filter(code__in=read_list(cells["languages"])))
            for name, role in roles.items():
                for order, text in enumerate(read_list(cells.get(name, ""))):
                    person = Person.objects.get_or_create(name=text)[0]
                    Participation.objects.create(document=document, person=person, role=role, order=order)
            Text.objects.create(document=document, language="eng", content=cells["transcript.eng"])
            count += 1
            if count == limit:
                break
    return count, time.perf_counter() - started


def by_database() -> tuple[int, float]:
    """The rows that an import made, inserted again as they are."""
    relations = [Document._meta.get_field(name).remote_field.through for name in [*TERMS, "languages"]]
    tables = [
        (model._meta.db_table, *_content(model)) for model in (Document, Text, Participation, *relations)
    ]
    with connection.cursor() as cursor:
        for table, _columns, _rows in reversed(tables):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, rows in tables:
            _insert(cursor, table, columns, rows)
    return len(tables[0][2]), time.perf_counter() - started


def _content(model: Any) -> tuple[list[str], list[tuple]]:
    columns = [field.column for field in model._meta.concrete_fields]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {model._meta.db_table}")  # noqa: S608
        return columns, cursor.fetchall()


def _insert(cursor: Any, table: str, columns: list[str], rows: list[tuple]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    if connection.vendor == "postgresql":
        from psycopg2.extras import execute_values

        execute_values(cursor.cursor, f"INSERT INTO {table} ({names}) VALUES %s", rows, page_size=500)  # noqa: S608
    else:
        marks = ", ".join("?" * len(columns))
        cursor.cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


def rates(runs: list[tuple[str, Callable[[], tuple[int, float]]]]) -> dict[str, float]:
    found = {}
    for name, run in runs:
        rows, seconds = run()
        found[name] = rows / seconds
        print(f"{name:44}{rows:>8,}{seconds:>10.2f}{rows / seconds:>12,.0f}", flush=True)
    return found


def measure(title: str, path: Path, mapping: Path | None, *, with_orm: bool) -> None:
    print(f"\n{title}: {path.stat().st_size / 1e6:.1f} MB, {connection.vendor}")
    print(f"{'':44}{'rows':>8}{'seconds':>10}{'a second':>12}")
    runs = [("import, new records", lambda: by_importer(path, mapping)), ("import again, unchanged", lambda: by_importer(path, mapping)), ("database alone", by_database)]  # fmt: skip
    empty()
    found = rates(runs)
    if with_orm:
        empty()
        found |= rates([("ORM row by row", lambda: by_orm(path, ROWS_BY_ORM))])
        print(
            f"import is {found['import, new records'] / found['ORM row by row']:.1f} times the ORM row by row"
        )
    print(f"import is {found['import, new records'] / found['database alone']:.3f} times the database alone")


def main() -> None:
    arguments = sys.argv[1:]
    count = int(arguments.pop(0)) if arguments and arguments[0].isdecimal() else ROWS
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure("Synthetic records", write_rows(Path(folder) / "records.csv", count), None, with_orm=True)
        if len(arguments) == 2:
            measure("Real records", Path(arguments[0]), Path(arguments[1]), with_orm=False)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
