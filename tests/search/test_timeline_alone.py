"""The timeline of an archive that is made for the test."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_document, make_draft
from tests.search.holdings import reindex
from tests.search.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
ADDRESS = "/timeline/"


def test_what_was_hidden_is_not_shown_and_queries_do_not_grow(client):
    def asked(query: str = "") -> tuple[int, str]:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{ADDRESS}?{query}")
        return len(queries), text_of(response)

    def fill(numbers: range) -> None:
        for number in numbers:
            make_document(
                f"Note {number}",
                date=f"19{number + 30}",
                languages=["rus"],
                people={"present": ["Mao Zedong"]},
            )
        reindex()

    fill(range(3))
    few, _text = asked("from=1930&to=1990")
    fill(range(3, 60))
    make_draft("A draft", date="1955")
    many, text = asked("from=1930&to=1990")
    assert "A draft" not in text
    assert "1 - 50 of 60" in text
    assert many == few
    second, text = asked("from=1930&to=1990&page=2")
    assert "51 - 60 of 60" in text
    assert second <= few + 1  # what the page before ended with
