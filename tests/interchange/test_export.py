"""What is exported comes back unchanged, and is exported again as the same bytes."""

import csv
import datetime
import gzip
import io
import json
import os
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archive_site.collections.models import Collection
from documents.choices import Status
from documents.models import Document, Place, Text
from interchange.collection_rows import CollectionImporter
from interchange.documents import DocumentImporter
from interchange.exporter import CollectionExporter, DocumentExporter, PeopleExporter
from interchange.people import PeopleImporter
from people.models import Person
from tests.factories import (
    make_collection,
    make_document,
    make_draft,
    make_full_document,
    make_person,
    make_text,
    make_withdrawn,
)
from tests.interchange.importing import run, said

pytestmark = pytest.mark.django_db


def documents_csv(**options) -> str:
    return "".join(DocumentExporter(Document.objects.all(), **options).csv_lines())


def people_csv() -> str:
    return "".join(PeopleExporter(Person.objects.all()).csv_lines())


def collections_csv() -> str:
    return "".join(CollectionExporter(Collection.objects.all()).csv_lines())


def empty_the_archive() -> None:
    Document.objects.update(attached_to=None)
    Document.objects.all().delete()
    Person.objects.update(merged_into=None)
    Person.objects.all().delete()
    Collection.objects.update(parent=None)
    Collection.objects.all().delete()


def make_an_archive() -> None:
    """Records with everything that is hard to write into a CSV."""
    host = make_full_document("A “quoted”, title; with | every \\ sign\tand, commas")
    other = make_full_document(
        "Ein Brief aus Österreich", reference_code=None, attached_to=host, date="circa 1955"
    )
    host.related.add(other, make_draft("A draft", public_from=datetime.date(2030, 1, 2)))
    host.places.add(Place.objects.create(name="A | B \\"), Place.objects.create(name="C\\"))
    make_withdrawn(date="[1956?]", summary='Two lines\r\nof "summary"')
    make_text(other, "translation", "eng", "One translation", credit="A, B|C")
    make_text(other, "translation", "eng", "<blockquote>Another</blockquote>\n<p>one</p>", order=1)
    make_text(other, "transcript", "chi", script="Hant")
    Text.objects.filter(pk=make_text(other, "transcript", "rus").pk).update(
        content="bare words, sanitised once"
    )
    unread = make_document(date="")
    unread.keep_date_unread("sometime last spring")
    unread.save()
    make_person(
        "Zhou Enlai the Younger [sic]",
        ["A | B", "X [y]", ("周", "chi", "original")],
        sort_name="Zhou, Younger",
    )
    make_collection(
        "Beneath", parent=make_collection("Above"), featured=True, description="A <em>word</em>\nor two"
    )


def test_exported_records_are_unchanged():
    make_an_archive()
    for text, importer in (
        (people_csv(), PeopleImporter),
        (collections_csv(), CollectionImporter),
        (documents_csv(), DocumentImporter),
    ):
        report = run(text, importer)
        assert report.unchanged == report.rows > 0, (said(report), report.lines())


def test_the_same_bytes_into_the_same_archive():
    make_an_archive()
    before = documents_csv(), people_csv(), collections_csv()
    run(before[0])
    run(before[1], PeopleImporter)
    run(before[2], CollectionImporter)
    assert (documents_csv(), people_csv(), collections_csv()) == before


def test_the_same_bytes_into_an_empty_archive():
    make_an_archive()
    before = collections_csv(), people_csv(), documents_csv()
    empty_the_archive()
    for text, importer in zip(before, (CollectionImporter, PeopleImporter, DocumentImporter), strict=True):
        report = run(text, importer, keep_unread_dates=True)
        assert report.created == report.rows, said(report)
    assert collections_csv() == before[0]
    assert people_csv() == before[1]
    again = documents_csv()
    # The words that a curator's save would have made a paragraph are one now.
    assert again == before[2].replace("bare words, sanitised once", "<p>bare words, sanitised once</p>")


def test_json_lines_come_back_too():
    make_an_archive()
    lines = "".join(DocumentExporter(Document.objects.all()).json_lines())
    assert run(lines).unchanged == Document.objects.count()
    first = json.loads(lines.splitlines()[0])
    assert first["places"] == sorted(first["places"])
    assert isinstance(first["title"], str)


def test_people_and_collections_stand_in_the_order_of_their_bytes_whatever_the_database_sorts_by(monkeypatch):
    monkeypatch.setattr("interchange.exporter.RECORDS_AT_ONCE", 1)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("people_person", "collections_collection"):
                cursor.execute(f'ALTER TABLE {table} ALTER COLUMN slug TYPE varchar(130) COLLATE "en-x-icu"')
    slugs = ["Zhou", "a-c", "a_b", "ab"]
    for number, slug in enumerate(reversed(slugs)):
        make_person(f"Person {number}", slug=slug)
        make_collection(f"Collection {number}", slug=slug)
    for exported in (people_csv(), collections_csv()):
        assert [row["slug"] for row in csv.DictReader(io.StringIO(exported))] == slugs


def test_rows_and_columns_are_always_in_the_same_order():
    make_document(transcripts=["rus", "chi"], translations=["eng"])
    make_document(transcripts=["ara"])
    rows = list(csv.reader(io.StringIO(documents_csv())))
    assert rows[0][:4] == ["record_id", "reference_code", "title", "date"]
    assert rows[0][-4:] == ["transcript.ara", "transcript.chi", "transcript.rus", "translation.eng"]
    ids = [int(row[0]) for row in rows[1:]]
    assert ids == sorted(ids)


def test_export_of_a_selection():
    above = make_collection("Above")
    inside = make_document(collections=[make_collection("Beneath", parent=above), above])
    make_document(collections=["Elsewhere"])
    draft = make_draft(collections=[above])
    assert exported("--collection", "above") == {inside.reference_code, draft.reference_code}
    assert exported("--collection", "above", "--public") == {inside.reference_code}
    assert exported("--status", "draft") == {draft.reference_code}
    assert len(exported()) == 3
    with pytest.raises(CommandError, match="no collection with the slug “nowhere”"):
        exported("--collection", "nowhere")


def exported(*arguments: str) -> set[str]:
    out = io.StringIO()
    call_command("export_documents", *arguments, stdout=out)
    return {row["reference_code"] for row in csv.DictReader(io.StringIO(out.getvalue()))}


def test_a_public_export_names_nothing_hidden():
    hidden = make_draft("Hidden", reference_code="SECRET-1")
    collection = make_collection("Secret plans", is_published=False)
    shown = make_document("Shown", collections=[collection, "Open"], attached_to=hidden)
    shown.related.add(hidden)
    make_document("Embargoed", public_from=datetime.date(2999, 1, 1))
    text = documents_csv(public=True)
    assert [row["title"] for row in csv.DictReader(io.StringIO(text))] == ["Shown"]
    assert "SECRET-1" not in text
    assert "Secret plans" not in text
    assert "SECRET-1" in documents_csv()


def test_files_plain_gzipped_and_for_excel(tmp_path):
    make_full_document("Ein Brief aus Österreich")
    plain, packed, excel = tmp_path / "a.csv", tmp_path / "a.csv.gz", tmp_path / "b.csv"
    for path, more in ((plain, ()), (packed, ()), (excel, ("--excel",))):
        call_command("export_documents", str(path), *more, stderr=io.StringIO())
    assert plain.read_text(encoding="utf-8") == documents_csv()
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert excel.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.csv.gz", "b.csv"]
    call_command(
        "import_documents", str(excel), verbosity=0, stdout=(out := io.StringIO()), stderr=io.StringIO()
    )
    assert "1 unchanged" in out.getvalue()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_documents", str(tmp_path / "nowhere" / "a.csv"))


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    for _each in range(30):
        make_document(collections=["Papers"], places=["Beijing"], transcripts=["chi"])
    with django_assert_max_num_queries(20):
        documents_csv()


def test_people_that_were_merged_are_left_out():
    zhou = make_person("Zhou Enlai", [])
    make_person("Chou En-lai", [], merged_into=zhou)
    assert [row["name"] for row in csv.DictReader(io.StringIO(people_csv()))] == ["Zhou Enlai"]


def test_statuses_come_back():
    make_document(status=Status.PUBLISHED)
    make_draft()
    make_withdrawn()
    text = documents_csv()
    Document.objects.all().delete()
    run(text)
    assert documents_csv() == text


def test_who_reads_may_stop_reading(monkeypatch):
    make_document()
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        call_command("export_documents", stdout=out)
