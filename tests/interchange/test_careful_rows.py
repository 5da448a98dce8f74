"""Rows that would do harm unseen: foreign numbers, credits of nothing, characters that nobody sees."""

import pytest

from documents.models import Document, Text
from interchange.people import PeopleImporter
from people.models import Person
from tests.factories import make_document
from tests.interchange.importing import jsonl, run, said

pytestmark = pytest.mark.django_db


def test_a_number_of_another_archive_overwrites_nothing():
    known = make_document(title="Ours", reference_code="A1")
    report = run(f"record_id,reference_code,title\n{known.record_id},B7,Theirs\n")
    assert (report.updated, report.created, report.rejected) == (0, 0, 1)
    [(row, column, message)] = said(report)
    assert (row, column, report.problems[0].value) == (2, "reference_code", "B7")
    assert f"record {known.record_id}, which is “A1”" in message
    known.refresh_from_db()
    assert (known.title, known.reference_code) == ("Ours", "A1")


@pytest.mark.parametrize("columns", ["record_id,title\n{}", "record_id,reference_code,title\n{},"])
def test_a_number_alone_finds_the_record(columns):
    known = make_document(title="Ours", reference_code="A1")
    assert run(columns.format(known.record_id) + ",Corrected\n").updated == 1
    known.refresh_from_db()
    assert (known.title, known.reference_code) == ("Corrected", "A1")


def test_a_credit_without_a_text_is_told():
    known = make_document(reference_code="A1")
    report = run(
        "reference_code,title,translation.eng,translation.eng.credit\n"
        "A1,Ours,,Nobody\nA2,New,,Nobody\nA3,New,The text,Somebody\n"
    )
    assert report.rejected == 0
    [notice] = report.notices
    assert notice.startswith("2 credits are left out")
    assert "row 2, translation.eng.credit" in notice
    assert list(Text.objects.values_list("credit", flat=True)) == ["Somebody"]
    alone = "reference_code,translation.eng.credit\n"
    assert "row 2" in run(alone + f"{known.reference_code},Nobody\n").notices[0]
    assert run(alone + "A3,Somebody else\n").notices == []
    assert Text.objects.get().credit == "Somebody else"


def test_languages_may_be_tags():
    report = run(
        "reference_code,title,languages\nA1,One,zh-Hans|pt-BR|ru\nA2,Two,eng;rus\nA3,Three,zh-nonsense\n"
    )
    assert sorted(Document.objects.get(reference_code="A1").languages.values_list("code", flat=True)) == [
        "chi",
        "por",
        "rus",
    ]
    assert [row for row, _column, _message in said(report)] == [3, 4]
    assert said(report)[0][2] == "“eng;rus” is no language; several are separated by “|”: eng|rus"


@pytest.mark.parametrize("sign", ["\x01", "\x08", "\x1b", "\x00", "\x9b", "\u202e"])
def test_control_characters_are_refused_and_not_printed(sign):
    report = run(jsonl({"reference_code": "A1", "title": f"Tele{sign}gram"}))
    [problem] = report.problems
    assert problem.column == "title"
    assert f"U+{ord(sign):04X}, its character 5" in problem.message
    assert sign not in str(problem)
    assert "Tele\\" in problem.value


def test_texts_keep_tabs_and_line_ends():
    assert run(jsonl({"reference_code": "A1", "title": "One", "summary": "A\tB\nC\r\nD\fE"})).created == 1


def test_a_name_with_control_characters_is_not_printed():
    report = run(jsonl({"reference_code": "A1", "title": "One", "languages": ["\x1b[31m"]}))
    assert all("\x1b" not in str(problem) for problem in report.problems)
    assert report.rejected == 1


def test_a_list_is_shown_as_it_is_written():
    report = run(jsonl({"reference_code": "A1", "title": "One", "summary": ["a", "b"]}))
    assert report.problems[0].value == "a|b"


def test_what_is_one_line_stays_one_line():
    rows = (
        "reference_code,title,date,archival_reference,translation.eng,translation.eng.credit,summary\n"
        '"A\r\n1","multi\n  line title","May\n1946","f. 1\n","One\nTwo","Translated\nby","One\nTwo"\n'
    )
    report = run(rows)
    assert (report.created, report.rejected) == (1, 0)
    document = Document.objects.get(reference_code="A 1")
    assert document.title == "multi line title"
    assert (document.date_display, document.archival_reference) == ("May 1946", "f. 1")
    assert document.summary.splitlines() == ["One", "Two"]
    assert Text.objects.get().credit == "Translated by"
    assert run(rows).unchanged == 1


def test_names_and_their_variants_are_one_line():
    rows = 'name,variant_names\n"Zhou\nEnlai","Chou\nEn-lai [chi]|周恩来"\n'
    run(rows, PeopleImporter)
    zhou = Person.objects.get()
    assert zhou.name == "Zhou Enlai"
    assert [variant.name for variant in zhou.variant_names.all()] == ["Chou En-lai", "周恩来"]
    assert run(rows, PeopleImporter).unchanged == 1


def test_spaces_within_a_line_are_left_as_they_are():
    make_document(title="Two  spaces", reference_code="A1")
    assert run("reference_code,title\nA1,Two  spaces\n").unchanged == 1
