"""The commands: what they print, how they end, and that the index hears of it."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from documents.models import Document
from interchange.base import Step
from interchange.documents import DocumentImporter
from interchange.people import PeopleImporter
from interchange.progress import shown_on
from people.models import Person
from search.models import OutboxEntry
from search.outbox import pending_keys
from tests.factories import make_document
from tests.interchange.importing import jsonl, run

pytestmark = pytest.mark.django_db
MAPPING = '[columns]\nreference_code = "code"\ntitle = "head"\n'


def command(name: str, *arguments: str) -> tuple[str, str]:
    """What a command prints and what it says beside."""
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "records.csv"
    path.write_text("code;head;shelf\nA1;Telegram;x\nA2;Letter;y\n", encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["records.csv", "map.toml"])
def test_a_report_is_not_written_over_what_is_read(rows, name):
    mapping = rows.with_name("map.toml")
    before = rows.read_bytes(), mapping.read_bytes()
    with pytest.raises(CommandError, match=f"--report would write over .*{name}, which the import reads"):
        command(
            "import_documents", str(rows), "--mapping", str(mapping), "--report", f"{rows.parent}/./{name}"
        )
    assert (rows.read_bytes(), mapping.read_bytes()) == before


def test_a_foreign_file(rows):
    out, err = command(
        "import_documents", str(rows), "--mapping", str(rows.with_name("map.toml")), "--status", "published"
    )
    assert out == "Columns of the file that are not imported: shelf.\ndocuments: 2 created.\n"
    assert "Checking: 2 records, 100 %" in err
    assert "Writing: 2 records, 100 %" in err
    assert "a second" in err
    assert Document.objects.filter(status="published").count() == 2


@pytest.mark.parametrize(
    "name",
    [f"{act}_{kind}" for act in ("import", "export") for kind in ("documents", "people", "collections")],
)
def test_a_database_that_is_gone_is_said_in_a_sentence(name, tmp_path):
    def gone(*_statement):
        raise OperationalError("no server there.\n\tIs it running?")

    path = tmp_path / "records.csv"
    path.write_text("slug\nsome-record\n", encoding="utf-8")
    said = r"The database cannot be used: no server there\. See that DATABASE_URL"
    with connection.execute_wrapper(gone), pytest.raises(CommandError, match=said):
        command(name, str(path))


def test_silence_when_asked(rows):
    _out, err = command(
        "import_documents",
        str(rows),
        "--mapping",
        str(rows.with_name("map.toml")),
        "--verbosity",
        "0",
        "--dry-run",
    )
    assert err == ""
    assert not Document.objects.exists()


def test_an_unknown_column_without_a_mapping(rows):
    with pytest.raises(CommandError, match="the archive has no column “code” for documents"):
        command("import_documents", str(rows))


def test_a_guess_is_printed_once(tmp_path):
    path = tmp_path / "records.csv"
    path.write_bytes(
        "reference_code,title\nA1,Запись беседы Молотова с послом Китая в Париже\n".encode("cp1251")
    )
    out, err = command("import_documents", str(path))
    assert err.count("Guessed encoding: cp1251") == 1
    assert "Guessed" not in out
    command("import_documents", str(path), "--encoding", "windows-1251")


def test_problems_are_printed_and_the_end_is_bad(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text(
        "reference_code,title,date\n" + "".join(f"A{n},T,1962-13\n" for n in range(30)), encoding="utf-8"
    )
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_documents", str(path), stdout=out, stderr=err)
    assert ended.value.code == 1
    assert err.getvalue().count("1962 has no month 13") == 20
    assert "… and 10 more: see a file with --report errors.csv" in err.getvalue()
    with pytest.raises(SystemExit):
        call_command("import_documents", str(path), "--on-error", "abort", stdout=out, stderr=err)
    assert "Nothing was imported: 30 of 30 rows cannot be, and --on-error is abort." in out.getvalue()


def test_a_report_that_cannot_be_written(rows):
    with pytest.raises(CommandError, match="cannot be written"):
        command(
            "import_documents",
            str(rows),
            "--mapping",
            str(rows.with_name("map.toml")),
            "--report",
            "/nowhere/errors.csv",
        )


def test_people_and_collections(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("name,variant_names\nZhou Enlai,周恩来 [chi]\n", encoding="utf-8")
    assert command("import_people", str(people))[0] == "people and organisations: 1 created.\n"
    collections = tmp_path / "collections.csv"
    collections.write_text("title,is_published\nEast Asia,yes\n", encoding="utf-8")
    assert command("import_collections", str(collections))[0] == "collections: 1 created.\n"
    assert "Zhou Enlai" in command("export_people")[0]
    assert "East Asia" in command("export_collections")[0]
    assert Person.objects.count() == 1


# The outbox


def labels() -> dict[str, int]:
    return {label: len(keys) for label, keys in pending_keys().items()}


def test_each_published_record_is_told_of_once():
    whole = {
        "title": "T",
        "creators": ["A", "B"],
        "places": ["P"],
        "subjects": ["S"],
        "transcript.eng": "text",
    }
    records = [{"reference_code": f"A{n}", **whole} for n in range(20)]
    run(jsonl(*records), DocumentImporter, status="published")
    documents = OutboxEntry.objects.filter(model_label="documents.document")
    assert documents.count() == 20
    OutboxEntry.objects.all().delete()
    run(jsonl(*records), DocumentImporter)
    assert not OutboxEntry.objects.exists()
    run(jsonl({**records[0], "places": ["Q"]}, {**records[1], "status": "draft"}, *records[2:]))
    changed = Document.objects.filter(reference_code__in=["A0", "A1"]).values_list("pk", flat=True)
    assert pending_keys()["documents.document"] == {str(pk) for pk in changed}


def test_drafts_are_told_to_nobody():
    run("reference_code,title,transcript.eng\nA1,T,text\n")
    assert "documents.document" not in labels()


def test_a_person_renamed_makes_their_documents_stale():
    document = make_document(people={"creator": ["Zhou Enlai"]})
    OutboxEntry.objects.all().delete()
    run("slug,variant_names\nzhou-enlai,Chou\n", PeopleImporter)
    assert str(document.pk) in pending_keys()["documents.document"]


# Progress


def test_lines_say_rate_and_remaining_time(monkeypatch):
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("records.progress.time.monotonic", lambda: next(clock))
    out = io.StringIO()
    with shown_on(out) as show:
        show(Step("checking", 100, 400, 1000))
        show(Step("checking", 400, 400, 4000))
    first, last = out.getvalue().splitlines()
    assert first.startswith("Checking: 1,000 records, 25 %, ")
    assert first.endswith(" s left")
    assert int(first.split(", ")[-1].removesuffix(" s left")) > 0
    assert last.startswith("Checking: 4,000 records, 100 %, ")
    assert last.endswith(", 0 s left")


def test_a_terminal_gets_a_bar():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    with shown_on(out) as show:
        show(Step("writing", 5, 10, 5))
        show(Step("indexing", 10, 10, 10))
    assert "\x1b[" in out.getvalue(), "no bar is drawn"
    assert "Writing" in out.getvalue()
    assert "Telling the search index" in out.getvalue()


def test_what_a_file_says_cannot_steer_the_terminal(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text("reference_code,title,\x1b[31mtitel\nA1,One,x\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        command("import_documents", str(path))
    assert "\x1b" not in str(refused.value)
    assert r"\x1b[31mtitel" in str(refused.value)


def test_problems_are_printed_in_the_order_of_the_file_and_one_is_not_many(tmp_path):
    path = tmp_path / "records.jsonl"
    rows = [{"reference_code": "A1", "title": "One", "related": ["nowhere"]}, {"reference_code": "A2"}]
    path.write_text(jsonl(*rows), encoding="utf-8")
    err = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_documents", str(path), stdout=io.StringIO(), stderr=err)
    places = [line.split(",")[0] for line in err.getvalue().splitlines() if line.startswith("row")]
    assert places == ["row 1", "row 2"]
    path.write_text(jsonl({"reference_code": "A1", "title": "One"}), encoding="utf-8")
    _out, said = command("import_documents", str(path))
    assert "Checking: 1 record, 100 %" in said
