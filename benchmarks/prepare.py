"""How fast documents become index entries: from the database to what an engine is given, no engine involved.

    python benchmarks/prepare.py [DOCUMENTS] [CHARACTERS]

Works on a database of its own, made for the run. Prints documents a second and queries for a batch.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from documents.choices import Role  # noqa: E402
from documents.models import Document, Participation  # noqa: E402
from search.dependences import index_for  # noqa: E402
from search.outbox import paused  # noqa: E402
from tests import factories  # noqa: E402


def fill(documents: int, characters: int) -> None:
    """Documents as an archive has them: eight links to other records each, and a text."""
    collections = [factories.make_collection(parent=None) for _ in range(10)]
    people = [factories.make_person() for _ in range(40)]
    china = factories.make_place("China")
    places = [factories.make_place(parent=china) for _ in range(40)]
    subjects = [factories.make_subject() for _ in range(30)]
    telegram = factories.the_type("Telegram")
    chinese = factories.the_language("chi")
    repository = factories.make_repository()
    made = factories.make_many_documents(documents, characters=characters, repository=repository)
    participations = []
    for number, document in enumerate(made):
        participations += [
            Participation(
                document=document,
                person=people[(number + step) % len(people)],
                role=[Role.CREATOR, Role.ADDRESSEE, Role.MENTIONED][step],
            )
            for step in range(3)
        ]
    Participation.objects.bulk_create(participations, batch_size=500)
    for field, terms in (
        ("collections", collections),
        ("places", places),
        ("subjects", subjects),
        ("types", [telegram]),
        ("languages", [chinese]),
    ):
        through = getattr(Document, field).through
        target = through._meta.get_field(Document._meta.get_field(field).m2m_reverse_field_name()).attname
        through.objects.bulk_create(
            [
                through(**{"document_id": document.pk, target: terms[number % len(terms)].pk})
                for number, document in enumerate(made)
            ],
            batch_size=500,
        )


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    characters = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    connection.creation.create_test_db(verbosity=0)
    try:
        with paused():
            fill(documents, characters)
        index = index_for(Document)
        for size in (100, 200, 400):
            with CaptureQueriesContext(connection) as queries:
                next(index.batches(size))
            print(f"queries for a batch of {size}: {len(queries)}")
        for _run in range(2):
            started, worked, prepared = time.perf_counter(), time.process_time(), 0
            for batch in index.batches():
                for document in batch:
                    index.full_prepare(document)
                prepared += len(batch)
            took, worked = time.perf_counter() - started, time.process_time() - worked
            print(
                f"{prepared} documents of {characters} characters: {prepared / took:,.0f} a second, "
                f"{prepared / worked:,.0f} a second of processor time"
            )
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
