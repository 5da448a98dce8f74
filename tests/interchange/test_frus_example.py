"""The example mapping, on lines made up in the layout of the real file."""

from pathlib import Path

import pytest

from documents.models import Document
from interchange.columns import DOCUMENTS
from interchange.documents import DocumentImporter
from interchange.mapping import Mapping
from people.choices import PersonKind
from tests.interchange.importing import jsonl, run, said

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "frus.toml"
LINE = {
    "id": "frus0000v01/d1",
    "volume": "frus0000v01",
    "volume_title": "Foreign Relations, an Invented Volume",
    "subseries": "1951",
    "published": "1983",
    "n": "1",
    "subtype": None,
    "title": "No. 7 Memorandum of a Telephone Conversation Between the Chargé ( Miller ) and the Secretary",
    "head": "1. Memorandum",
    "chapters": ["China; Korea; Japan", "Tea and treaties"],
    "dateline": "Washington , February 3, 1951, 4 p.m.",
    "date": "February 3, 1951, 4 p.m.",
    "date_attrs": {"when": "1951-02-03"},
    "all_dates": [{"text": "February 3, 1951", "when": "1951-02-03"}],
    "places": ["Washington", "Newport,"],
    "people": ["Miller", "Acheson, Dean", "Zhou Enlai"],
    "terms": ["NSC"],
    "sender": ["the Embassy in Japan"],
    "recipient": ["Acheson, Dean"],
    "source_note": "Source: Department of State, Central Files , 793.00/1-151. Secret.",
    "repository": "Department of States, Central Files, China, Vol",
    "classification": "Top Secret",
    "summary": "",
    "text": "Washington\nThe first paragraph .\nThe second.",
    "language": "English",
}
pytestmark = pytest.mark.django_db


def imported(*lines: dict):
    mapping = Mapping.read(EXAMPLE, DOCUMENTS)
    return run(jsonl(*lines), DocumentImporter, mapping=EXAMPLE.read_text(encoding="utf-8")), mapping


def test_a_line():
    report, mapping = imported(LINE)
    assert report.created == 1, said(report)
    assert report.notices == []  # every column is mapped or left out on purpose
    assert mapping.name == "frus.toml"
    document = Document.objects.get(reference_code="frus0000v01/d1")
    assert (
        document.title
        == "Memorandum of a Telephone Conversation Between the Chargé (Miller) and the Secretary"
    )
    assert [kind.name for kind in document.types.all()] == ["Memorandum of Telephone Conversation"]
    assert (document.date_display, document.date_edtf) == ("February 3, 1951, 4 p.m.", "1951-02-03")
    assert [collection.title for collection in document.collections.all()] == [
        "Foreign Relations, an Invented Volume"
    ]
    assert [subject.name for subject in document.subjects.all()] == ["China", "Japan", "Korea"]
    assert [place.name for place in document.places.all()] == ["Newport", "Washington"]
    people = [(p.role, p.person.name, p.person.kind) for p in document.participations.all()]
    assert people == [
        ("addressee", "Acheson, Dean", PersonKind.PERSON),
        ("creator", "Embassy in Japan", PersonKind.ORGANISATION),
        ("mentioned", "Miller", PersonKind.PERSON),
        ("mentioned", "Zhou Enlai", PersonKind.PERSON),
    ]
    assert document.repository.name == "Department of State"
    assert document.archival_reference == "Central Files, China"
    assert document.source_note == "Source: Department of State, Central Files, 793.00/1-151. Secret."
    assert document.classification.name == "Top Secret"
    text = document.texts.get()
    assert (text.kind, text.language) == ("transcript", "eng")
    assert len(text.paragraphs()) == 3


def test_dates_that_fall_back():
    lines = [
        {**LINE, "id": "u/1", "date": "", "dateline": "London, undated."},
        {**LINE, "id": "u/2", "date": "", "dateline": ""},
        {**LINE, "id": "u/3", "date": "January 6", "dateline": "January 6 and 7, 1951."},
    ]
    report, _mapping = imported(*lines)
    assert said(report)[0][:2] == (3, "date")
    dates = dict(Document.objects.values_list("reference_code", "date_display"))
    assert dates == {"u/1": "undated", "u/2": ""}


def test_a_language_that_the_table_lacks_is_refused():
    report, _mapping = imported({**LINE, "language": "Martian"})
    assert "has no “Martian”; add it there, or correct the file" in said(report)[0][2]
