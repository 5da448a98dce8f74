"""Every kind of change, each in every way the ORM has for it: the index tells the truth afterwards."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive_site.collections.models import Collection
from documents.choices import Role, Status
from documents.models import (
    Classification,
    Document,
    DocumentType,
    Donor,
    Language,
    Participation,
    Place,
    Publisher,
    Repository,
    Scan,
    Subject,
    Text,
)
from people.models import Person, VariantName
from search.outbox import drain, note_changes, pending
from tests import factories
from tests.search import truth

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive() -> SimpleNamespace:
    """Two documents that share nothing, with everything that an entry is made of; the index knows them."""
    china = factories.make_place("China")
    beijing = factories.make_place("Beijing", china)
    asia = factories.make_collection("Asia in the Cold War")
    relations = factories.make_collection("Sino-Japanese Relations", asia)
    document = factories.make_full_document(
        "Zhou Enlai receives Kato",
        collections=[relations],
        places=[beijing],
        people={Role.CREATOR: ["Zhou Enlai"], Role.ADDRESSEE: ["Mao Zedong"]},
    )
    publisher, donor = Publisher.objects.create(name="Sage"), Donor.objects.create(name="Friends")
    document.publishers.add(publisher)
    document.donors.add(donor)
    other = factories.make_full_document(
        "Brandt writes to Kissinger",
        collections=["The German Question"],
        places=["Bonn"],
        subjects=["Détente"],
        people={Role.CREATOR: ["Willy Brandt"], Role.ADDRESSEE: ["Henry Kissinger"]},
        types=["Letter"],
        languages=["ger"],
        repository="Federal Archives",
        classification="Confidential",
        transcripts=["ger"],
        translations=["eng"],
    )
    truth.start_true()
    return SimpleNamespace(
        document=document,
        other=other,
        zhou=Person.objects.get(name="Zhou Enlai"),
        mao=Person.objects.get(name="Mao Zedong"),
        china=china,
        beijing=beijing,
        asia=asia,
        relations=relations,
        text=document.texts.get(kind="transcript"),
        publisher=publisher,
        donor=donor,
    )


def _saved(record: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def _bulk_updated(model: Any, record: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    model.objects.bulk_update([record], list(values))


def _date(document: Document) -> None:
    document.date_display = "circa 1950"
    document.save()


def _tomorrow() -> Any:
    return timezone.localdate() + timedelta(days=1)


Change = Callable[[SimpleNamespace], Any]
CHANGES: dict[str, Change] = {
    # The document itself
    "document saved": lambda a: _saved(a.document, title="Zhou Enlai receives Ambassador Kato"),
    "document saved, one field": lambda a: (
        setattr(a.document, "summary", "Of coal."),
        a.document.save(update_fields=["summary"]),
    ),
    "document re-dated": lambda a: _date(a.document),
    "documents updated": lambda a: Document.objects.filter(title__startswith="Zhou").update(title="Talks"),
    "documents updated by what they are found by": lambda a: Document.objects.filter(
        summary=a.document.summary
    ).update(summary="Nothing is found by the old words any more."),
    "documents bulk-updated": lambda a: _bulk_updated(Document, a.document, title="Talks with Kato"),
    "documents bulk-created": lambda a: Document.objects.bulk_create(
        [Document(title="New", record_id=900, status=Status.PUBLISHED)]
    ),
    "documents upserted": lambda a: Document.objects.bulk_create(
        [Document(record_id=a.document.record_id, title="Upserted", status=Status.PUBLISHED)],
        update_conflicts=True,
        unique_fields=["record_id"],
        update_fields=["title"],
    ),
    "document created": lambda a: factories.make_document(),
    "document created with update_or_create": lambda a: Document.objects.update_or_create(
        record_id=a.document.record_id, defaults={"title": "Retitled"}
    ),
    "document withdrawn": lambda a: _saved(a.document, status=Status.WITHDRAWN),
    "documents drafted again": lambda a: Document.objects.filter(pk=a.document.pk).update(
        status=Status.DRAFT
    ),
    "document put under embargo": lambda a: _saved(a.document, public_from=_tomorrow()),
    "document deleted": lambda a: a.document.delete(),
    "documents deleted": lambda a: Document.objects.filter(pk__in=[a.document.pk]).delete(),
    "everything deleted": lambda a: Document.objects.all().delete(),
    "document published": lambda a: _saved(factories.make_draft(), status=Status.PUBLISHED),
    # Texts and scans
    "text saved": lambda a: _saved(a.text, content="全新的文本"),
    "text added": lambda a: factories.make_text(a.document, "translation", "rus"),
    "texts updated": lambda a: Text.objects.filter(language="chi").update(content="<p>x</p>"),
    "texts updated through the document": lambda a: a.document.texts.update(credit="By hand"),
    "texts bulk-created": lambda a: Text.objects.bulk_create(
        [Text(document=a.document, kind="translation", language="rus", content="<p>Текст</p>")]
    ),
    "text deleted": lambda a: a.text.delete(),
    "texts deleted": lambda a: a.document.texts.all().delete(),
    "text moved": lambda a: _saved(a.text, document=a.other),
    "texts moved by update": lambda a: Text.objects.filter(pk=a.text.pk).update(document=a.other),
    "texts moved by id": lambda a: Text.objects.filter(pk=a.text.pk).update(document_id=a.other.pk),
    "texts moved by add": lambda a: a.other.texts.add(a.text),
    "scan added": lambda a: factories.make_scan(a.document, caption="Page 2"),
    "scan deleted": lambda a: a.document.scans.get().delete(),
    "scans deleted": lambda a: Scan.objects.filter(document=a.document).delete(),
    # Participants
    "participation added": lambda a: factories.take_part(a.document, "Gamal Abdel Nasser"),
    "participation saved": lambda a: _saved(a.document.participations.get(person=a.zhou), role=Role.PRESENT),
    "participation handed over": lambda a: _saved(
        a.document.participations.get(person=a.zhou), person=factories.make_person("Chen Yi")
    ),
    "participations handed over by update": lambda a: Participation.objects.filter(person=a.zhou).update(
        person=factories.make_person("Chen Yi")
    ),
    "participations bulk-created": lambda a: Participation.objects.bulk_create(
        [Participation(document=a.other, person=a.zhou, role=Role.MENTIONED)]
    ),
    "participations bulk-created, conflicts ignored": lambda a: Participation.objects.bulk_create(
        [
            Participation(document=a.document, person=a.zhou, role=Role.CREATOR),
            Participation(document=a.other, person=a.zhou, role=Role.MENTIONED),
        ],
        ignore_conflicts=True,
    ),
    "participation deleted": lambda a: a.document.participations.get(person=a.zhou).delete(),
    "people set": lambda a: a.document.people.set([a.mao]),
    "person added": lambda a: a.document.people.add(
        factories.make_person("Chen Yi"), through_defaults={"role": Role.PRESENT}
    ),
    # People and their names
    "person renamed": lambda a: _saved(a.zhou, name="Zhou Enlai (Premier)"),
    "people updated": lambda a: Person.objects.filter(pk=a.zhou.pk).update(name="Chou"),
    "people bulk-updated": lambda a: _bulk_updated(Person, a.zhou, name="Chou"),
    "person's slug changed": lambda a: _saved(a.zhou, slug="premier-zhou"),
    "person merged": lambda a: _saved(a.zhou, merged_into=a.mao),
    "variant added": lambda a: VariantName.objects.create(person=a.zhou, name="Чжоу Эньлай"),
    "variant saved": lambda a: _saved(a.zhou.variant_names.first(), name="周總理"),
    "variants updated": lambda a: (
        VariantName.objects.filter(person=a.zhou).update(language="jpn")
        and VariantName.objects.filter(name="周恩来").update(name="周恩來")
    ),
    "variants bulk-created": lambda a: VariantName.objects.bulk_create(
        [VariantName(person=a.zhou, name="Tschou En-lai")]
    ),
    "variant deleted": lambda a: a.zhou.variant_names.first().delete(),
    "variants deleted": lambda a: VariantName.objects.filter(person=a.zhou).delete(),
    "variant moved": lambda a: _saved(a.zhou.variant_names.first(), person=a.mao),
    "variants moved by update": lambda a: VariantName.objects.filter(person=a.zhou).update(person=a.mao),
    # Who only hidden documents name is hidden
    "last document of a person drafted": lambda a: Document.objects.update(status=Status.DRAFT),
    "first document of a person": lambda a: (
        factories.make_person("Chen Yi"),
        drain(),
        factories.take_part(a.other, "Chen Yi"),
    ),
    "only document of a person published": lambda a: (
        factories.take_part(draft := factories.make_draft(), "Chen Yi"),
        drain(),
        _saved(draft, status=Status.PUBLISHED),
    ),
    "collections bulk-created, conflicts ignored": lambda a: Collection.objects.bulk_create(
        [
            Collection(title="New", slug="new", is_published=True),
            Collection(title="Again", slug=a.asia.slug, is_published=True),
        ],
        ignore_conflicts=True,
    ),
    # Collections
    "collection retitled": lambda a: _saved(a.relations, title="China and Japan"),
    "parent collection retitled": lambda a: _saved(a.asia, title="Asia"),
    "collections updated": lambda a: Collection.objects.filter(pk=a.asia.pk).update(title="Asia"),
    "collection moved": lambda a: _saved(a.relations, parent=None),
    "collections moved by update": lambda a: Collection.objects.filter(parent=a.asia).update(parent=None),
    "collections moved by add": lambda a: factories.make_collection("Elsewhere").children.add(a.relations),
    "collection unpublished": lambda a: _saved(a.relations, is_published=False),
    "parent collection unpublished": lambda a: _saved(a.asia, is_published=False),
    "collection deleted": lambda a: a.relations.delete(),
    "collections deleted": lambda a: Collection.objects.filter(pk=a.relations.pk).delete(),
    "collection added to a document": lambda a: a.document.collections.add(factories.make_collection()),
    "document added to a collection": lambda a: a.relations.documents.add(a.other),
    "document removed from a collection": lambda a: a.relations.documents.remove(a.document),
    "collection emptied": lambda a: a.relations.documents.clear(),
    "collections set": lambda a: a.document.collections.set([factories.make_collection()]),
    "collection links bulk-created": lambda a: Document.collections.through.objects.bulk_create(
        [Document.collections.through(document_id=a.other.pk, collection_id=a.asia.pk)]
    ),
    "collection links deleted": lambda a: Document.collections.through.objects.filter(
        document=a.document
    ).delete(),
    # Places, subjects and the other lists
    "place renamed": lambda a: _saved(a.beijing, name="Peking"),
    "wider place renamed": lambda a: _saved(a.china, name="People's Republic of China"),
    "place re-parented": lambda a: _saved(a.beijing, parent=factories.make_place("Hebei")),
    "places updated": lambda a: Place.objects.filter(pk=a.china.pk).update(name="PRC"),
    "place added": lambda a: a.document.places.add(factories.make_place("Tokyo")),
    "place removed": lambda a: a.document.places.remove(a.beijing),
    "place deleted": lambda a: a.beijing.delete(),
    "places deleted": lambda a: Place.objects.filter(pk=a.beijing.pk).delete(),
    "subject renamed": lambda a: _saved(Subject.objects.get(name="Border treaties"), name="Borders"),
    "subjects updated": lambda a: (
        Subject.objects.update(slug="all-the-same-" + str(a.document.pk))
        if Subject.objects.count() == 1
        else Subject.objects.filter(name="Border treaties").update(name="Borders")
    ),
    "subject deleted": lambda a: Subject.objects.get(name="Border treaties").delete(),
    "subjects cleared": lambda a: a.document.subjects.clear(),
    "repository renamed": lambda a: _saved(a.document.repository, short_name="AVPRF"),
    "repositories updated": lambda a: Repository.objects.update(city="Moscow"),
    "repository changed": lambda a: _saved(a.document, repository=a.other.repository),
    "document added to a repository": lambda a: a.other.repository.documents.add(a.document),
    "classification renamed": lambda a: _saved(a.document.classification, name="Top Secret"),
    "classifications updated": lambda a: Classification.objects.filter(name="Secret").update(name="S"),
    "type renamed": lambda a: _saved(DocumentType.objects.get(name="Telegram"), name="Cable"),
    "type added": lambda a: a.document.types.add(factories.the_type("Memorandum")),
    "language named": lambda a: Language.objects.filter(code="chi").update(name="Mandarin"),
    "language added": lambda a: a.document.languages.add(factories.the_language("rus")),
    "publisher renamed": lambda a: _saved(a.publisher, name="Sage & Sons"),
    "publisher removed": lambda a: a.document.publishers.clear(),
    "donor renamed": lambda a: _saved(a.donor, name="Friends of the Archive"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_index_is_true_after(archive: SimpleNamespace, change: Change) -> None:
    change(archive)
    assert not truth.is_true(), "this change does not touch the index: it tests nothing"
    drained = drain()
    assert not drained.error and not drained.failed
    assert truth.is_true()
    assert not pending().exists()


def test_raw_sql_can_be_noted(archive: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE documents_place SET name = 'Peking' WHERE id = %s", [archive.beijing.pk])
    note_changes(Place, [archive.beijing.pk])
    drain()
    assert truth.is_true()
    assert {"Peking", "China"} == _words_of_place(archive.document)


def _words_of_place(document: Document) -> set[str]:
    from search.queryset import ArchiveQuerySet

    found = [name for name in ("Peking", "Beijing", "China") if ArchiveQuerySet().filter(place=name).count()]
    assert ArchiveQuerySet().filter(places="beijing").values_list("pk", flat=True)[0] == str(document.pk)
    return set(found)


BULK: dict[str, Callable[[int], Any]] = {
    "update": lambda n: Document.objects.update(summary="One summary for all."),
    "publish": lambda n: Document.objects.update(status=Status.PUBLISHED),
    "embargo": lambda n: Document.objects.update(public_from=_tomorrow()),
    "delete": lambda n: Document.objects.all().delete(),
    "rename a person": lambda n: Person.objects.update(name="Somebody else"),
    "retitle a collection": lambda n: Collection.objects.update(title="Another title"),
    "retitle a collection by saving it": lambda n: _saved(Collection.objects.get(), title="Another title"),
    "hand over texts": lambda n: Text.objects.update(document=Document.objects.earliest("pk")),
    "empty a collection": lambda n: Collection.objects.get().documents.clear(),
}


@pytest.mark.parametrize("name", BULK)
def test_bulk_changes_take_as_many_queries_for_ten_as_for_three_hundred(name: str) -> None:
    queries = []
    for number in (10, 300):
        Document.objects.all().delete()
        Collection.objects.all().delete()
        Person.objects.all().delete()
        zhou = factories.make_person("Zhou Enlai")
        documents = factories.make_many_documents(number, characters=200, collection="Coal")
        Participation.objects.bulk_create(Participation(document=each, person=zhou) for each in documents)
        pending().delete()
        with CaptureQueriesContext(connection) as captured:
            BULK[name](number)
        queries.append([q["sql"] for q in captured if "search_outboxentry" in q["sql"]])
        assert pending().values("object_pk").distinct().count() >= number
    few, many = queries
    assert len(few) == len(many) <= 6, many


def test_many_new_records_are_written_in_few_queries() -> None:
    with CaptureQueriesContext(connection) as captured:
        factories.make_many_documents(1200)
    writes = [q["sql"] for q in captured if "search_outboxentry" in q["sql"]]
    assert pending().count() == 1200
    assert len(writes) <= 5


def test_drafts_that_were_never_public_write_nothing() -> None:
    factories.make_many_documents(20, status=Status.DRAFT)
    factories.make_draft()
    factories.make_person("Chen Yi")
    Person.objects.bulk_create([Person(name="Deng Xiaoping", slug="deng")], ignore_conflicts=True)
    assert not pending().exists()


def test_what_rolls_back_writes_nothing(archive: SimpleNamespace) -> None:
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _saved(archive.zhou, name="Nobody")
        raise ZeroDivisionError
    assert not pending().exists()
