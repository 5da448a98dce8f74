"""A research list as a file: its documents in its order, with the reader's notes, and nothing that is not public."""

import csv
import io
import json

import bibtexparser
import pytest
import rispy
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.choices import Status
from documents.models import Document
from tests.factories import make_curator, make_document, make_draft, make_full_document

pytestmark = pytest.mark.django_db
NAMES = ("csv", "json", "ris", "bib", "csl.json")
NOTE = 'see "p. 3" {and} 50 %\nbelow'


@pytest.fixture
def reader() -> Client:
    return Client(headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
def documents(reader) -> list[Document]:
    documents = [make_document(f"Talks of {year}", date=str(year)) for year in (1972, 1950, 1961)]
    for document in documents:
        reader.post("/list/", {"add": document.record_id})
    reader.post("/list/", {"save": "1", f"note-{documents[1].record_id}": NOTE})
    return documents


def fetched(client, name: str, query: str = "") -> str:
    response = client.get(f"/list/export.{name}{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def rows_of(client, name: str, query: str = "") -> list[tuple[str, str]]:
    """(title, note) of each document in the file."""
    text = fetched(client, name, query)
    match name:
        case "csv":
            rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
            return [(row["title"], row.get("my_note", "")) for row in rows]
        case "json":
            return [(each["title"], each.get("my_note", "")) for each in json.loads(text)["documents"]]
        case "ris":
            return [(each["title"], "\n".join(each["notes"][1:])) for each in rispy.loads(text)]
        case "bib":
            parser = bibtexparser.bparser.BibTexParser(common_strings=True)
            entries = bibtexparser.loads(text, parser).entries
            return [(each["title"].strip("{}"), each.get("annote", "")) for each in entries]
    return [(each["title"], each.get("annote", "")) for each in json.loads(text)]


WRITTEN = {
    "csv": NOTE,
    "json": NOTE,
    "csl.json": NOTE,
    "ris": 'see "p. 3" {and} 50 % below',
    "bib": r'see "p. 3" \{and\} 50 \% below',
}


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_the_list_in_its_order_with_the_notes(reader, documents, name):
    assert rows_of(reader, name) == [
        ("Talks of 1972", ""),
        ("Talks of 1950", WRITTEN[name]),
        ("Talks of 1961", ""),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_list_that_an_address_carries_needs_no_list_of_ones_own(documents, name):
    query = f"?d={documents[2].record_id},{documents[0].record_id}"
    assert rows_of(Client(), name, query) == [("Talks of 1961", ""), ("Talks of 1972", "")]
    assert "my_note" not in fetched(Client(), name, query)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_public_is_left_out_and_the_file_says_so(reader, documents, name):
    Document.objects.filter(pk=documents[1].pk).update(status=Status.WITHDRAWN)
    draft = make_draft("Secret Talks")
    reader.force_login(make_curator())
    reader.post("/list/", {"add": draft.record_id})
    assert [title for title, _note in rows_of(reader, name)] == ["Talks of 1972", "Talks of 1961"]
    response = reader.get(f"/list/export.{name}")
    assert (response["X-Total-Count"], response["X-Exported-Count"]) == ("4", "2")
    assert "list-2-of-4-" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    if name == "json":
        assert json.loads(fetched(reader, name))["not_public"] == [documents[1].record_id, draft.record_id]


def test_json_names_the_address_of_the_list(reader, documents):
    numbers = ",".join(str(each.record_id) for each in documents)
    whole = json.loads(fetched(reader, "json"))
    assert whole["list"] == f"http://testserver/list/?d={numbers}"
    assert whole["total"] == 3


@pytest.mark.parametrize("note", ["=1+1", "@SUM(A1)", "-2"])
def test_no_note_is_run_by_a_spreadsheet(reader, documents, note):
    reader.post("/list/", {"save": "1", f"note-{documents[0].record_id}": note})
    assert rows_of(reader, "csv")[0] == ("Talks of 1972", f"'{note}")


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_list_is_a_file_without_documents(name):
    assert rows_of(Client(), name) == []


def test_the_number_of_queries_does_not_grow(reader, documents):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            fetched(reader, "csv")
        return len(captured)

    reader.post("/list/", {"add": make_full_document("A full one").record_id})
    before = queries()
    for number in range(8):
        reader.post("/list/", {"add": make_full_document(f"More {number}").record_id})
    assert queries() == before
