"""Lists with many records: found, filtered, sorted, in few queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archive_site.collections.models import Collection
from documents.choices import Role
from documents.models import Document, Language, Place, Repository, Right, Subject
from people.models import Person
from records.dating import DateCertainty
from search.models import OutboxEntry
from tests.admin.pages import add_row, address, open_form
from tests.factories import (
    make_collection,
    make_document,
    make_draft,
    make_full_document,
    make_many_documents,
    make_person,
    make_place,
    make_scan,
    make_subject,
    make_text,
    make_theme,
    make_timeline_entry,
    make_withdrawn,
    take_part,
)
from themes.models import Theme

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30


def listed(client: Client, model: type, **query: str) -> list[str]:
    """The lines of a list page."""
    response = client.get(address(model, "changelist"), query)
    assert response.status_code == 200
    return [str(record) for record in response.context["cl"].result_list]


@pytest.mark.parametrize(
    "words",
    [
        "Vyshinsky",
        "roshchin VYSHINSKY",
        "coal",
        "CWIHP-7",
        "0100",
        "周恩来",
        "Chou En-lai",
        "Zhou telegram",
        "#{record_id}",
    ],
)
def test_a_document_is_found_by_title_summary_code_or_name(editor: Client, words: str) -> None:
    wanted = make_document(
        "Telegram from Roshchin to Vyshinsky",
        summary="On the supply of coal.",
        reference_code="CWIHP-7",
        archival_reference="f. 0100, op. 46",
        people={Role.CREATOR: ["Zhou Enlai"], Role.MENTIONED: ["Zhou Enlai"]},
    )
    make_document("Minutes of a meeting", summary="Nothing.", people={Role.CREATOR: ["Kim Il Sung"]})
    assert listed(editor, Document, q=words.format(record_id=wanted.record_id)) == [wanted.title]


def test_a_number_alone_finds_the_record_too(editor: Client) -> None:
    wanted = make_document("Telegram from Roshchin")
    assert wanted.title in listed(editor, Document, q=str(wanted.record_id))


def test_all_words_must_be_found(editor: Client) -> None:
    make_document("Telegram from Roshchin", summary="")
    assert listed(editor, Document, q="telegram brezhnev") == []


def test_documents_are_filtered(editor: Client) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    public = make_document(
        "Public", date="1956", types=["Telegram"], languages=["chi"], collections=["Border"]
    )
    make_draft("Draft", date="1961")
    make_document("Embargoed", public_from=tomorrow, date="1972")
    make_withdrawn("Withdrawn", date="1989")
    make_scan(public)
    make_text(public, "transcript", "chi")
    unread = make_draft("Unread", date="")
    Document.objects.filter(pk=unread.pk).update(date_display="some day", date_certainty=DateCertainty.UNREAD)
    everything = {"Public", "Draft", "Embargoed", "Withdrawn", "Unread"}
    expected = {
        "status=draft": {"Draft", "Unread"},
        "status=public": {"Public"},
        "status=embargoed": {"Embargoed"},
        "status=withdrawn": {"Withdrawn"},
        "date_certainty__exact=unread": {"Unread"},
        "decade=1950": {"Public"},
        "has=scan": {"Public"},
        "has=transcript": {"Public"},
        "has=translation": set(),
        "has=no-scan": everything - {"Public"},
        "has=no-text": everything - {"Public"},
        "collection=border": {"Public"},
        "collection=none": everything - {"Public"},
        "language=chi": {"Public"},
        "type=telegram": {"Public"},
        "type=none": everything - {"Public"},
        "": everything,
    }
    for query, titles in expected.items():
        pairs = dict([query.split("=")]) if query else {}
        assert set(listed(editor, Document, **pairs)) == titles, query


def test_documents_sort_by_date_with_the_undated_last_both_ways(editor: Client) -> None:
    for date in ("1972", "", "May 06, 1946", "circa 1960"):
        make_document(date or "undated", date=date)
    column = "1"  # after the box to tick
    assert listed(editor, Document, o=column) == ["May 06, 1946", "circa 1960", "1972", "undated"]
    assert listed(editor, Document, o=f"-{column}") == ["1972", "circa 1960", "May 06, 1946", "undated"]


def test_only_what_is_filed_under_is_offered(editor: Client) -> None:
    make_document(languages=["chi"])
    page = editor.get(address(Document, "changelist")).content.decode()
    assert "language=chi" in page
    assert "language=ger" not in page


def _many() -> None:
    """Two hundred documents, and enough of everything else to betray a query a row."""
    collections = [make_collection(f"Collection {n}", parent="Top") for n in range(12)]
    people = [make_person(f"Person {n}", [f"Variant {n}", f"Other {n}"]) for n in range(60)]
    documents = make_many_documents(200, collection=collections[0])
    for number, document in enumerate(documents[:60]):
        take_part(document, people[number], Role.CREATOR)
        make_text(document)
    for number in range(60):
        make_place(f"Place {number}", parent="China")
        make_subject(f"Subject {number}")
    for number in range(20):
        theme = make_theme(f"Theme {number}", collections=["Top"])
        make_timeline_entry(theme)
        OutboxEntry.objects.create(model_label="documents.document", object_pk=str(number))


def test_no_list_asks_more_than_thirty_queries(editor: Client) -> None:
    _many()
    counted = {}
    for model in (
        Document,
        Collection,
        Person,
        Theme,
        Place,
        Subject,
        Repository,
        Right,
        Language,
        OutboxEntry,
    ):
        for query in ({}, {"q": "person 1"}, {"_facets": "True"}):
            with CaptureQueriesContext(connection) as queries:
                response = editor.get(address(model, "changelist"), query)
            assert response.status_code == 200, (model, query)
            counted[model.__name__, str(query)] = len(queries)
    assert max(counted.values()) <= MOST_QUERIES, counted


def test_the_workplace_asks_few_queries_and_says_what_waits(editor: Client) -> None:
    unread = make_draft("Unread", date="")
    Document.objects.filter(pk=unread.pk).update(date_display="some day", date_certainty=DateCertainty.UNREAD)
    make_draft()
    make_document(public_from=timezone.localdate() + timedelta(days=1))
    with CaptureQueriesContext(connection) as queries:
        page = editor.get(reverse("admin:index")).content.decode()
    assert len(queries) <= MOST_QUERIES
    for sentence in ("1 date to settle", "2 drafts", "1 document under embargo"):
        assert sentence in page
    assert page.index("documents/document/") < page.index("people/person/")


def _large_document() -> Document:
    document = make_full_document()
    for number in range(30):
        take_part(document, f"Witness {number}", Role.PRESENT, order=number)
    document.related.add(*make_many_documents(10))
    document.places.add(*(make_place(f"Town {number}") for number in range(10)))
    document.attached_to = make_document("The covering letter")
    document.save()
    return document


def test_the_page_of_a_document_with_thirty_participants_asks_few_queries(editor: Client) -> None:
    document = _large_document()
    with CaptureQueriesContext(connection) as queries:
        response = editor.get(address(document))
    assert len(queries) <= MOST_QUERIES, [query["sql"][:90] for query in queries]
    page = response.content.decode()
    assert "Witness 29" in page
    assert "The covering letter" in page


def test_a_refused_form_with_thirty_new_participants_asks_few_queries(editor: Client) -> None:
    document = _large_document()
    fields = open_form(editor, document)
    for number in range(30):
        person = make_person(f"Newcomer {number}")
        add_row(fields, "participations", person=str(person.pk), role=Role.MENTIONED, order=str(number))
    fields["date_display"] = "1962-13"
    with CaptureQueriesContext(connection) as queries:
        response = editor.post(address(document), fields)
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES, [query["sql"] for query in queries]
    page = response.content.decode()
    assert "Newcomer 29" in page
    assert "1962-13" in page


def test_pages_of_other_records_ask_few_queries(editor: Client) -> None:
    person = make_person("Somebody", [f"Name {number}" for number in range(30)])
    theme = make_theme(collections=[f"Collection {number}" for number in range(10)])
    for number, document in enumerate(make_many_documents(30)):
        make_timeline_entry(theme, f"Moment {number}", document=document)
    for record in (person, theme, make_collection(parent="Top"), make_place(parent="China")):
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(address(record)).status_code == 200
        assert len(queries) <= MOST_QUERIES, (record, [query["sql"][:90] for query in queries])


def choices(client: Client, model: str, field: str, term: str, app: str = "documents") -> list[str]:
    query = {"app_label": app, "model_name": model, "field_name": field, "term": term}
    response = client.get(reverse("admin:autocomplete"), query)
    assert response.status_code == 200
    return [choice["text"] for choice in response.json()["results"]]


def test_choices_are_found_by_any_name_and_told_apart(editor: Client) -> None:
    make_person("Zhou Enlai", [("周恩来", "chi", "original")], date="1898-1976")
    double = make_person("Chou Enlai")
    double.merged_into = Person.objects.get(name="Zhou Enlai")
    double.save()
    assert choices(editor, "participation", "person", "周恩") == ["Zhou Enlai (1898-1976)"]
    assert choices(editor, "participation", "person", "enlai") == ["Zhou Enlai (1898-1976)"]

    document = make_document("Telegram", date="May 06, 1946")
    assert choices(editor, "document", "related", "telegr") == [
        f"Telegram (May 06, 1946, no. {document.record_id})"
    ]
    assert "Chinese" in choices(editor, "document", "languages", "chinese")


@pytest.mark.parametrize(
    ("typed", "first"),
    [("zh", "Chinese"), ("chi", "Chinese"), ("zho", "Chinese"), ("ZH", "Chinese"), ("de", "German")],
)
def test_a_language_is_chosen_by_its_code_or_tag(editor: Client, typed: str, first: str) -> None:
    assert choices(editor, "document", "languages", typed)[0] == first


def test_a_language_is_chosen_by_a_part_of_its_name(editor: Client) -> None:
    assert "Zhuang" in " ".join(choices(editor, "document", "languages", "zh"))
    assert choices(editor, "document", "languages", "zhuan") == ["Zhuang"]


def test_an_autocomplete_asks_few_queries(editor: Client) -> None:
    _many()
    with CaptureQueriesContext(connection) as queries:
        assert len(choices(editor, "participation", "person", "person")) == 20
    assert len(queries) <= 10
