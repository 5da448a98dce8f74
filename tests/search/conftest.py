"""One small archive for all tests of a module that only read it."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.search.holdings import Record, make_holdings, reindex


@pytest.fixture(scope="module")
def shared_records(site_engine: str, django_db_setup, django_db_blocker) -> Iterator[list[Record]]:
    """Made once, gone after the module; what a test changes in the database is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_holdings()
        reindex()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def records(shared_records: list[Record], db: None) -> list[Record]:
    return shared_records
