"""Whether the index says what the database says: worked out here anew, not by what is being tested."""

from typing import Any

from haystack import connections

from archive_site.collections.models import Collection
from documents.models import Document
from people.models import Person
from search.dependences import index_for
from search.outbox import drain


def backend() -> Any:
    return connections["default"].get_backend()


def indexed() -> dict[str, str]:
    """What the index has: stamp by id."""
    return {identifier: stored["stamp"] for identifier, stored in backend().documents(fields=("stamp",))}


def expected() -> dict[str, str]:
    """What it should have: every public record, prepared one by one."""
    stamps = {}
    for model in (Collection, Document, Person):
        for record in model.objects.public():
            prepared = index_for(model).full_prepare(record)
            stamps[prepared["id"]] = prepared["stamp"]
    return stamps


def is_true() -> bool:
    return indexed() == expected()


def start_true() -> None:
    """An index that holds what the database holds now, and an empty outbox."""
    backend().clear()
    drained = drain()
    assert not drained.error, drained.error
    assert not drained.failed, drained.failed
    assert is_true()
