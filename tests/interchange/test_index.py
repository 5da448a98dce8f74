"""What an import tells the index: all that becomes public by it, and all that is public no more."""

from typing import Any

import pytest

from interchange.base import Importer
from interchange.documents import DocumentImporter
from interchange.people import PeopleImporter
from people.models import Person
from search.outbox import drain, hidden_ids
from tests.interchange.importing import jsonl, run
from tests.search import truth

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_index() -> None:
    truth.start_true()


def imported(importer: type[Importer], *records: dict[str, Any]) -> None:
    """Import as the command does, and tell the index afterwards."""
    assert run(jsonl(*records), importer, status="published").ok
    assert not drain().error


def test_people_whom_an_import_makes_public_are_found() -> None:
    imported(
        DocumentImporter,
        {"reference_code": "1", "title": "Conversation", "creators": ["Zhou Enlai"]},
        {"reference_code": "2", "title": "Letter", "addressees": ["Mao Zedong"]},
    )

    assert Person.objects.public().count() == 2
    assert truth.found(kind="person") == ["Mao Zedong", "Zhou Enlai"]
    assert truth.is_true()


def test_people_whom_an_import_takes_the_last_document_from_are_hidden_at_once() -> None:
    named = {"reference_code": "1", "title": "Conversation", "creators": ["Zhou Enlai", "Mao Zedong"]}
    imported(DocumentImporter, named)

    assert run(jsonl(named | {"creators": ["Mao Zedong"]})).ok

    zhou = Person.objects.get(name="Zhou Enlai")
    assert f"people.person.{zhou.pk}" in hidden_ids()
    assert truth.found(kind="person") == ["Mao Zedong"]
    assert not drain().error
    assert truth.is_true()


def test_a_known_person_becomes_public_with_an_import() -> None:
    imported(PeopleImporter, {"name": "Deng Xiaoping"})
    assert truth.found(kind="person") == []

    imported(DocumentImporter, {"reference_code": "1", "title": "Memo", "mentioned": ["Deng Xiaoping"]})

    assert truth.found(kind="person") == ["Deng Xiaoping"]


def test_the_index_is_told_of_no_one_twice_where_an_import_changes_nothing() -> None:
    records = [
        {"reference_code": str(number), "title": f"Memo {number}", "creators": ["Zhou Enlai"]}
        for number in range(3)
    ]
    imported(DocumentImporter, *records)

    assert run(jsonl(*records)).ok

    assert drain().records == 0
