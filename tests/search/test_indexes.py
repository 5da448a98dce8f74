"""What an entry of the index is made of, and who gets one."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from haystack.exceptions import SkipDocument

from archive_site.collections.models import Collection
from documents.choices import Role, Status
from documents.models import Document, Donor, Participation, Place, Publisher
from people.models import Person
from records.entries import Entry
from search.dependences import index_for
from search.labels import labels_of
from search.outbox import drain
from search.state import SearchState
from tests import factories
from tests.search import truth

pytestmark = pytest.mark.django_db


def prepared(record) -> dict:
    return index_for(type(record)).full_prepare(record)


@pytest.fixture
def full() -> Document:
    asia = factories.make_collection("Asia in the Cold War")
    hidden = factories.make_collection("Not yet", is_published=False)
    relations = factories.make_collection("Sino-Japanese Relations", asia)
    china = factories.make_place("China")
    document = factories.make_full_document(
        "«Zhou Enlai» receives Kato",
        date="circa May 1946",
        collections=[relations, hidden],
        places=[factories.make_place("Beijing", china)],
        people={Role.CREATOR: ["Zhou Enlai"], Role.ADDRESSEE: ["Mao Zedong"], Role.PRESENT: ["Zhou Enlai"]},
        translator_credit="Translated by Jin Song",
        reference_code="DA-1",
    )
    document.publishers.add(Publisher.objects.create(name="Sage"))
    document.donors.add(Donor.objects.create(name="Friends of the Archive"))
    factories.make_text(document, "translation", "srp", "Текст", script="Cyrl", credit="By hand")
    return document


@pytest.mark.parametrize(
    ("model", "field"), [(Place, "places"), (Collection, "collections"), (Person, "people")]
)
def test_what_is_deleted_while_an_entry_is_made_is_left_out(full: Document, model, field: str) -> None:
    gone = False

    def delete_meanwhile(execute, sql, params, many, context):
        nonlocal gone
        # What hangs on the document has been read by now, the rows themselves have not.
        if not gone and sql.startswith(("SELECT", "WITH")) and f'FROM "{model._meta.db_table}"' in sql:
            gone = True
            Participation.objects.all().delete()
            named = model.objects.filter(documents=full) if model is not Person else model.objects.all()
            named.delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(delete_meanwhile):
        (record,) = index_for(Document).records([full.pk])
    entry = prepared(record)
    assert gone
    assert field not in entry
    assert entry["title"] == full.title


def test_an_entry_has_all_that_is_declared(full: Document) -> None:
    entry = prepared(full)
    assert entry["id"] == f"documents.document.{full.pk}"
    assert entry["kind"] == "document"
    assert entry["title_sort"] == "zhou enlai receives kato"
    assert entry["collections"] == ["sino-japanese-relations", "asia-in-the-cold-war"]
    assert entry["places"] == ["beijing", "china"]
    assert entry["place"] == ["Beijing", "China"]
    assert entry["people"] == ["mao-zedong", "zhou-enlai"]
    assert entry["participants"] == ["addressee:mao-zedong", "creator:zhou-enlai", "present:zhou-enlai"]
    assert set(entry["person"]) >= {"Zhou Enlai", "周恩来", "Chou En-lai", "毛泽东", "Мао Цзэдун"}
    assert entry["languages"] == ["chi"]
    assert entry["types"] == ["telegram"]
    assert entry["classifications"] == ["secret"]
    assert entry["archives"] == ["archive-of-foreign-policy-of-the-russian-federation"]
    assert entry["has"] == ["scan", "transcript", "translation"]
    assert entry["transcript"] == [factories.CHINESE_TEXT]
    assert entry["transcript_languages"] == ["chi"]
    assert entry["translation"] == [factories.ENGLISH_TEXT, "Текст"]
    assert entry["translation_languages"] == ["eng", "srp-Cyrl"]
    assert entry["reference"] == [
        "DA-1",
        "f. 0100, op. 46, p. 362, d. 12, l. 24",
        "f. 0100 op. 46 p. 362 d. 12",
        "fond 0100 opis 46 papka 362 delo 12",
    ]
    assert (entry["date_earliest"], entry["date_latest"]) == (full.date_earliest, full.date_latest)
    assert entry["dated"] is True and entry["date_uncertain"] is False
    assert entry["record_id"] == full.record_id
    assert entry["collection"] == ["Sino-Japanese Relations", "Asia in the Cold War"]
    assert (entry["type"], entry["classification"]) == (["Telegram"], "Secret")
    assert (entry["language"], entry["record"]) == (["Chinese chi"], str(full.record_id))
    for part in ("Chinese", "Sage"):
        assert part in entry["text"]
    for part in ("Friends of the Archive", "Translated by Jin Song", "By hand"):
        assert part in entry["text"]
    assert "Not yet" not in str(entry)


def test_the_stored_line_is_the_one_of_a_list(full: Document) -> None:
    from documents.entries import entry_of

    stored = Entry.from_stored(prepared(full)["entry"])
    listed = entry_of(Document.objects.for_list().get(pk=full.pk))
    assert stored == listed
    assert stored.collections == (("Sino-Japanese Relations", "/collections/sino-japanese-relations/"),)


def test_an_undated_record_has_no_bounds() -> None:
    entry = prepared(factories.make_document(date=""))
    assert "date_earliest" not in entry and "date_latest" not in entry and "date_sort" not in entry
    assert entry["dated"] is False


def test_an_uncertain_date_is_uncertain() -> None:
    assert prepared(factories.make_document(date="1956?"))["date_uncertain"] is True


def test_people_and_collections() -> None:
    asia = factories.make_collection("Asia")
    inner = factories.make_collection("Japan", asia, description="Talks.\nTreaties.")
    entry = prepared(inner)
    assert (entry["kind"], entry["title"], entry["text"]) == ("collection", "Japan", "Asia")
    assert entry["description"] == "Talks.\nTreaties."
    person = factories.make_person("Zhou Enlai", date="1898-1976", biography="Premier.")
    factories.take_part(factories.make_document(), person)
    entry = prepared(person)
    assert entry["kind"] == "person"
    assert entry["person"] == ["Zhou Enlai", "周恩来", "Chou En-lai"]
    assert entry["biography"] == "Premier."
    assert entry["entry"]["note"] == "周恩来"
    assert "date_earliest" not in entry, "dates of life are not those of records"


def test_a_batch_and_a_single_record_give_the_same(full: Document) -> None:
    others = [factories.make_full_document() for _each in range(3)]
    index = index_for(Document)
    together = {d.pk: index.full_prepare(d) for batch in index.batches() for d in batch}
    for document in [full, *others]:
        assert together[document.pk] == prepared(Document.objects.get(pk=document.pk))


def test_only_what_everybody_may_see_is_indexed() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    shown = factories.make_document("Shown")
    factories.make_draft()
    factories.make_withdrawn()
    factories.make_document(public_from=tomorrow)
    factories.make_collection(is_published=False)
    known, unknown = factories.make_person("Known"), factories.make_person("Unknown")
    factories.take_part(shown, known)
    factories.take_part(factories.make_draft(), unknown)
    truth.backend().clear()
    drain()
    assert set(truth.indexed()) == {f"documents.document.{shown.pk}", f"people.person.{known.pk}"}


@pytest.mark.parametrize("model", [Document, Person, Collection])
def test_queries_for_a_batch_do_not_grow_with_it(model) -> None:
    index = index_for(model)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for batch in index.batches(500):
                for record in batch:
                    index.full_prepare(record)
        return len(captured)

    def fill(number: int) -> None:
        for _each in range(number):
            factories.make_full_document(people={Role.CREATOR: [factories.make_person()]})

    fill(2)
    few = queries()
    fill(10)
    assert queries() == few


def test_what_is_gone_comes_as_a_ghost_that_removes() -> None:
    shown, draft = factories.make_document(), factories.make_draft()
    index = index_for(Document)
    records = index.records([shown.pk, str(draft.pk), 987654])
    assert [(record.pk, index.is_gone(record)) for record in records] == [
        (shown.pk, False),
        (draft.pk, True),
        (987654, True),
    ]
    with pytest.raises(SkipDocument):
        index.full_prepare(records[1])


def test_the_stamp_is_of_all_that_is_indexed(full: Document) -> None:
    before = prepared(full)["stamp"]
    assert before == prepared(Document.objects.get(pk=full.pk))["stamp"]
    full.texts.filter(language="srp").update(content="<p>Други</p>")
    assert before != prepared(Document.objects.get(pk=full.pk))["stamp"]


def test_somebodys_own_instance_is_neither_trusted_nor_changed(full: Document) -> None:
    full.title = "Not saved"
    assert prepared(full)["title"] == "«Zhou Enlai» receives Kato"
    assert full.texts.filter(language="srp").exists()
    with pytest.raises(SkipDocument):
        prepared(factories.make_draft())


# Labels of facets


def test_facet_labels_take_one_query(full: Document) -> None:
    expected = {
        "collection": {"sino-japanese-relations": "Sino-Japanese Relations"},
        "person": {"zhou-enlai": "Zhou Enlai", "mao-zedong": "Mao Zedong"},
        "place": {"beijing": "Beijing", "china": "China"},
        "subject": {"border-treaties": "Border treaties"},
        "type": {"telegram": "Telegram"},
        "classification": {"secret": "Secret"},
        "language": {"chi": "Chinese"},
    }
    # "not-yet" is a hidden collection, and no language is called "xxx".
    wanted = {name: [*labels, "nowhere", "not-yet", "xxx"] for name, labels in expected.items()}
    with CaptureQueriesContext(connection) as queries:
        assert labels_of(wanted) == expected
    assert len(queries) == 1
    assert index_for(Person).facet_records("place") is None


# Without the engine


@pytest.fixture
def holdings() -> None:
    asia = factories.make_collection("Asia")
    factories.make_document(
        "Treaty with Japan", date="May 1956", summary="On coal.", collections=[asia], languages=["chi"],
        people={Role.CREATOR: ["Zhou Enlai"]},
    )  # fmt: skip
    factories.make_document("Coal for Japan", date="1950-1960", summary="Of trade.", languages=["rus"])
    factories.make_document(
        "Letter to Brandt", date="1956?", summary="Of peace.", people={Role.CREATOR: ["Willy Brandt"]}
    )
    factories.make_document("Undated note", date="", summary="Of nothing.")
    factories.make_draft("Draft on Japan")


def fallback(address: str, model: type = Document) -> list[str]:
    state = SearchState.parse(QueryDict(address))
    return [str(record) for record in index_for(model).fallback_queryset(state)]


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        ("", ["Coal for Japan", "Letter to Brandt", "Treaty with Japan", "Undated note"]),
        ("q=japan", ["Coal for Japan", "Treaty with Japan"]),
        ("q=japan coal", ["Coal for Japan", "Treaty with Japan"]),
        ('q="coal for"', ["Coal for Japan"]),
        ("q=japan -trade", ["Treaty with Japan"]),
        ("q=brandt OR trade", ["Coal for Japan", "Letter to Brandt"]),
        ("q=zhou", ["Treaty with Japan"]),
        ("q=周恩来", ["Treaty with Japan"]),
        ("q=title:coal", ["Coal for Japan"]),
        ("q=japan&f=not:summary:trade", ["Treaty with Japan"]),
        ("q=japan&f=or:person:brandt", ["Coal for Japan", "Letter to Brandt", "Treaty with Japan"]),
        ("q=(((", ["Coal for Japan", "Letter to Brandt", "Treaty with Japan", "Undated note"]),
        ("q=100%25", []),
        ("from=1956&to=1956", ["Coal for Japan", "Letter to Brandt", "Treaty with Japan"]),
        ("from=1956&to=1956&certain=1", ["Treaty with Japan"]),
        ("from=1957", ["Coal for Japan"]),
        ("to=1949", []),
        ("undated=1", ["Undated note"]),
        ("sort=title", ["Coal for Japan", "Letter to Brandt", "Treaty with Japan", "Undated note"]),
        ("sort=date-desc&q=japan", ["Treaty with Japan", "Coal for Japan"]),
        ("collection=asia", ["Treaty with Japan"]),
        ("in=collection:asia", ["Treaty with Japan"]),
        ("language=chi&language=rus", ["Coal for Japan", "Treaty with Japan"]),
    ],
)
def test_the_database_answers_while_the_engine_is_down(
    holdings: None, address: str, titles: list[str]
) -> None:
    assert fallback(address) == titles


def test_people_and_collections_without_the_engine(holdings: None) -> None:
    assert fallback("q=zhou&in=people", Person) == ["Zhou Enlai"]
    assert fallback("q=周恩来&in=people", Person) == ["Zhou Enlai"]
    assert fallback("q=asia&in=collections", Collection) == ["Asia"]
    assert fallback("from=1956&in=collections", Collection) == [], "a collection has no date"


def test_lines_of_the_fallback_take_few_queries(holdings: None) -> None:
    index = index_for(Document)
    with CaptureQueriesContext(connection) as queries:
        lines = [index.entry_of(each) for each in index.fallback_queryset(SearchState())]
    assert len(lines) == 4
    assert len(queries) <= 4
    assert lines[0].date_earliest == date(1950, 1, 1)
    assert Place.objects.count() == 0
    assert Document.objects.filter(status=Status.DRAFT).count() == 1
