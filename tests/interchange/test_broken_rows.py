"""Every kind of broken row is rejected by name, with the cure; the good rows come in."""

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

from documents.models import Document
from interchange.documents import DocumentImporter
from interchange.problems import ImportRefusedError
from interchange.readers import open_reader
from interchange.report import ProblemFile

FILES = Path(__file__).parent / "files"
pytestmark = pytest.mark.django_db

# Row, column, a part of the message: the whole of files/broken.csv but its two good rows.
BROKEN = [
    (3, "title", "is empty; every record needs one"),
    (4, "date", "which year?"),
    (5, "date", "1962 has no month 13"),
    (6, "date", "day or month first"),
    (7, "languages", "write an ISO 639-2/B code such as eng"),
    (8, "status", "write one of draft, published, withdrawn"),
    (9, "public_from", "write it as 2026-03-31"),
    (10, "record_id", "write a whole number"),
    (11, "reference_code", "write one, by which the next import finds the record again"),
    (12, "reference_code", "row 2 is the same record"),
    (13, "title", "at most 600 characters"),
    (14, "creators", "write one with letters or figures"),
    (15, "attached_to", "neither the archive nor this file has such a record"),
    (16, "related", "neither the archive nor this file has such a record"),
    (17, "attached_to", "neither the archive nor this file has such a record"),
    (18, "attached_to", "cannot stand under itself"),
    (19, "attached_to", "cannot stand under itself"),
    (20, "", "double it where it is meant"),
    (21, "", "has 13 cells, the header 12"),
    (22, "", "has 4 cells, the header 12"),
    (23, "title", "control character (U+0000"),
    (24, "title", "is empty"),
    (24, "date", "28 days"),
    (24, "languages", "ISO 639-2/B"),
]


def importer(name: str, **options) -> DocumentImporter:
    return DocumentImporter(open_reader(FILES / name), **options)


def test_every_kind_of_broken_row():
    report = importer("broken.csv").run()
    found = {(problem.row, problem.column): problem.message for problem in report.problems}
    for row, column, message in BROKEN:
        assert message in found.pop((row, column), "nothing"), (row, column)
    assert not found
    assert report.rejected == len({row for row, _column, _message in BROKEN})
    assert (report.created, report.rows) == (2, 24)
    assert list(Document.objects.order_by("record_id").values_list("reference_code", flat=True)) == [
        "GOOD-1",
        "GOOD-2",
    ]
    assert not report.ok


def test_problems_name_the_value():
    report = importer("broken.csv").run()
    by_row = {problem.row: problem for problem in report.problems}
    assert str(by_row[5]).startswith("row 5, date: “1962-13”: ")
    assert by_row[7].value == "Elvish"
    assert by_row[15].value == "NOWHERE-9"
    assert by_row[20].value.startswith(',BAD-QUOTE,"A "quote"')


def test_nothing_comes_in_with_abort():
    report = importer("broken.csv", on_error="abort").run()
    assert report.aborted
    assert not report.ok
    assert (report.created, report.rejected, report.rows) == (0, 22, 24)
    assert not Document.objects.exists()
    assert "Nothing was imported" in report.lines()[0]


def test_good_files_come_in_with_abort():
    assert importer("windows-1251.csv", on_error="abort").run().created == 2


def test_the_report_file(tmp_path):
    path = tmp_path / "errors.csv"
    with ProblemFile(path) as on_problem:
        report = importer("broken.csv", on_problem=on_problem).run()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == report.problem_count
    assert {row["row"] for row in rows} == {str(problem.row) for problem in report.problems}
    assert rows[0] == {
        "row": "3", "column": "title", "value": "", "problem": "is empty; every record needs one",
    }  # fmt: skip


def test_broken_json_lines():
    report = importer("broken.jsonl").run()
    assert (report.created, report.rejected) == (2, 5)
    messages = {problem.row: problem.message for problem in report.problems}
    assert "write one whole object a line" in messages[2]
    assert "is not an object" in messages[3]
    assert "got an object; name the part" in messages[4]
    assert "got a list of 2" in messages[5]
    assert "save the file as UTF-8" in messages[6]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "unknown-column.csv",
            "header: the archive has no column “titel” for documents; did you mean “title”?",
        ),
        ("two-columns-alike.csv", "two columns of the file mean “title”"),
        ("unknown-language-column.csv", "column “transcript.elvish”: .*write an ISO 639-2/B code"),
        ("empty.csv", "is empty; give a file with a row of column names"),
        ("workbook.csv", "save the sheet as CSV"),
        ("a-list.json", "write one object a line"),
        ("cut-off.csv.gz", "is cut off or damaged"),
    ],
)
def test_files_that_cannot_be_imported_at_all(name, message):
    with pytest.raises(ImportRefusedError, match=message):
        importer(name).run()
    assert not Document.objects.exists()


def test_a_file_without_rows():
    report = importer("only-a-header.csv").run()
    assert report.ok
    assert report.lines() == ["documents: no rows."]


def test_a_guessed_encoding_is_in_the_report():
    report = importer("windows-1251.csv").run()
    assert "cp1251" in report.notices[0]
    first = Document.objects.get(reference_code="A1")
    assert first.title == "Запись беседы Молотова с послом Китая в Париже"
    assert first.date_edtf == "1946-05-06"


def test_the_command_fails_where_a_row_failed(capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        call_command("import_documents", FILES / "broken.csv", report=str(tmp_path / "errors.csv"))
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert "documents: 2 created, 22 rejected." in printed.out
    assert "row 5, date: “1962-13”" in printed.err
    assert f"more: see {tmp_path / 'errors.csv'}" in printed.err
