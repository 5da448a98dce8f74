"""One list, changed from several tabs at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from documents.research_list_store import COOKIE
from tests.factories import make_many_documents

pytestmark = pytest.mark.django_db(transaction=True)
OURS = {"sec-fetch-site": "same-origin"}


def test_nothing_that_was_added_at_the_same_moment_is_lost():
    first, *others = make_many_documents(12)
    reader = Client(headers=OURS)
    reader.post("/list/", {"add": first.record_id})
    key = reader.cookies[COOKIE].value

    def add(record_id: int) -> int:
        tab = Client(headers=OURS)
        tab.cookies[COOKIE] = key
        try:
            return tab.post("/list/", {"add": record_id}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as tabs:
        answers = list(tabs.map(add, [document.record_id for document in others]))
    assert answers == [302] * len(others)
    kept = reader.get("/list/").context["kept"]
    assert sorted(kept.record_ids) == sorted(document.record_id for document in (first, *others))
    assert kept.version == 12
