"""An import leaves room for curators, and may be killed at any moment."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from documents.models import Document, Participation, Place, Text
from interchange import base
from interchange.documents import DocumentImporter
from interchange.problems import ImportRefusedError
from interchange.readers import open_reader
from interchange.report import Report
from people.models import Person
from tests.factories import make_document, make_person, make_place
from tests.interchange.importing import run, said

ROOT = Path(__file__).parents[2]


def write_rows(path: Path, count: int) -> Path:
    """So many telegrams, with people, places and a text."""
    with path.open("w", encoding="utf-8") as file:
        file.write("reference_code,title,date,creators,places,collections,transcript.eng,attached_to\n")
        for n in range(count):
            host = f"K{n - 1}" if n % 10 == 9 else ""
            text = f"The ambassador reports for the {n}th time. " * 20
            file.write(
                f'K{n},Telegram {n},{1950 + n % 40},Sender {n % 50}|Someone {n % 7},Place {n % 30},Papers,"{text}",{host}\n'
            )
    return path


def complaints() -> list[str]:
    """What would be half a document: parts missing, or hosts."""
    found = []
    for document in Document.objects.prefetch_related("participations", "texts", "places", "collections"):
        n = int(document.reference_code[1:])
        parts = (
            document.participations.count(),
            document.texts.count(),
            document.places.count(),
            document.collections.count(),
        )
        if parts != (2, 1, 1, 1):
            found.append(f"{document.reference_code}: {parts}")
        if n % 10 != 9 and document.attached_to_id:
            found.append(f"{document.reference_code} is attached")
    return found


COMMAND = """
    import os, sys, time
    import django
    from django.conf import settings
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from tests import settings as tests_settings
    tests_settings.DATABASES["default"]["NAME"] = sys.argv[2]
    django.setup()
    from interchange import base
    from interchange.documents import DocumentImporter
    from interchange.readers import open_reader
    base.ROWS_AT_ONCE = 20
    def progress(step):
        if step.stage == "writing":
            print(step.done, flush=True)
            # However slowly the signal comes, it comes in the middle.
            time.sleep(60 if step.done >= 120 else 0)
    DocumentImporter(open_reader(sys.argv[1]), on_progress=progress).run()
"""


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_and_run_again(tmp_path):
    path = write_rows(tmp_path / "records.csv", 400)
    name = str(connection.settings_dict["NAME"])
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(COMMAND), str(path), name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},  # it cannot clear up
    )
    assert process.stdout is not None
    done = 0
    for line in process.stdout:
        done = int(line)
        if done >= 120:
            process.send_signal(signal.SIGKILL)
            break
    process.wait(timeout=30)
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    written = Document.objects.count()
    assert done <= written < 400
    assert complaints() == []

    report = DocumentImporter(open_reader(path)).run()
    assert (report.created, report.rejected) == (400 - written, 0)
    assert report.unchanged + report.updated == written  # those are updated whose hosts came only now
    assert complaints() == []
    assert Document.objects.exclude(attached_to=None).count() == 40
    assert DocumentImporter(open_reader(path)).run().unchanged == 400


@pytest.mark.django_db(transaction=True)
def test_a_curator_saves_meanwhile(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "ROWS_AT_ONCE", 25)
    path = write_rows(tmp_path / "records.csv", 600)
    document = make_document("Before", reference_code="CURATED")
    writing, waits, errors = threading.Event(), [], []
    ended = threading.Event()

    def curate() -> None:
        try:
            writing.wait(30)
            while not ended.is_set() and len(waits) < 5:
                started = time.monotonic()
                document.title = f"Saved {len(waits)}"
                document.save()
                waits.append(time.monotonic() - started)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    curator = threading.Thread(target=curate)
    curator.start()
    report = DocumentImporter(
        open_reader(path), on_progress=lambda step: writing.set() if step.stage == "writing" else None
    ).run()
    ended.set()
    curator.join()
    assert errors == []
    assert report.created == 600
    assert waits
    assert max(waits) < 10
    document.refresh_from_db()
    assert document.title == f"Saved {len(waits) - 1}"


@pytest.mark.django_db(transaction=True)
def test_what_a_curator_saved_since_the_check_is_not_lost(monkeypatch):
    document = make_document("Old title", reference_code="A1", summary="Old summary", date="1955")
    seen = []
    original = base.Writer.lock

    def lock(self, planned):
        if not seen:
            seen.append(True)
            with_summary = Document.objects.get(pk=document.pk)
            with_summary.summary = "Written by the curator"
            with_summary.save()
        original(self, planned)

    monkeypatch.setattr(base.Writer, "lock", lock)
    assert run("reference_code,title\nA1,New title\n").updated == 1
    document.refresh_from_db()
    assert (document.title, document.summary) == ("New title", "Written by the curator")


@pytest.mark.django_db(transaction=True)
def test_a_code_that_a_curator_takes_meanwhile(monkeypatch):
    rows = "reference_code,title,creators\n" + "".join(f"A{n},T,Somebody {n}\n" for n in range(9))
    original = base.Writer.plan
    seen = []

    def plan(self, batch):
        planned = original(self, batch)
        if not seen:
            seen.append(True)
            make_document("Of the curator", reference_code="A4")
            make_person("Somebody 2", [])
        return planned

    monkeypatch.setattr(base.Writer, "plan", plan)
    report = run(rows)
    # Found again as soon as the batch is looked at anew.
    assert (report.created, report.updated, report.rejected) == (8, 1, 0), said(report)
    assert Document.objects.filter(reference_code="A4").count() == 1
    assert Person.objects.filter(name="Somebody 2").count() == 1
    assert Participation.objects.count() == 9


@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_database_refuses_is_named(monkeypatch):
    original = base.Writer.apply

    def apply(self, planned):
        if any(plan.record.reference_code == "A3" for plan in planned):
            raise IntegrityError("CHECK constraint failed")
        original(self, planned)

    monkeypatch.setattr(base.Writer, "apply", apply)
    report = run("reference_code,title\n" + "".join(f"A{n},T\n" for n in range(7)))
    assert (report.created, report.rejected) == (6, 1)
    assert said(report) == [
        (5, "", "the database refused the record: CHECK constraint failed; correct the row, or run the import again")
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_locked(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("a server does not lock a whole database")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
    connection.close()
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            make_document(reference_code="HELD")
            held.set()
            free.wait(30)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    try:
        with pytest.raises(ImportRefusedError, match="run the same command again to complete the import"):
            run("reference_code,title\nA1,T\n")
    finally:
        free.set()
        holder.join()
        connection.close()
    assert run("reference_code,title\nA1,T\n").created == 1
    assert Text.objects.count() == 0


def _while_checked(content: str, meanwhile: Callable[[], Any], **options: Any) -> Report:
    """The report on an import during which something happens, after the check and before the first row is written."""
    happened: list[Any] = []

    def progress(step: base.Step) -> None:
        if not happened:
            happened.append(meanwhile())

    return run(content, on_progress=progress, **options)


ROWS = (
    "reference_code,title,creators,places,repository,collections\n"
    "A1,One,Zhou Enlai|Katō,Beijing,Foreign Archive,Papers\n"
    "A2,Two,Zhou Enlai,Tokyo,Foreign Archive,Papers\n"
)


@pytest.mark.django_db
def test_of_two_imports_of_a_file_at_once_the_second_finds_nothing_to_change():
    report = _while_checked(ROWS, lambda: run(ROWS))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert report.new_terms == {}
    assert Person.objects.count() == 2


@pytest.mark.django_db
def test_a_name_that_somebody_adds_meanwhile_is_found_in_any_spelling():
    def curate() -> None:
        make_person("ZHOU  ENLAI", ())
        make_place("beijing")

    report = _while_checked(ROWS, curate)
    assert (report.created, report.rejected) == (2, 0)
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Katō", "ZHOU  ENLAI"]
    assert sorted(Place.objects.values_list("name", flat=True)) == ["Tokyo", "beijing"]
    assert run(ROWS).unchanged == 2
