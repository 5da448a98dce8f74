"""Documents of this day in other years."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.anniversaries import SHOWN, _certainly_of, _days, on_this_day
from tests.factories import make_document, make_draft, make_withdrawn
from tests.search.pages import text_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def titles(day: date = DAY) -> list[str]:
    found = on_this_day(day)
    return [document.title for document in found.documents] if found else []


def test_documents_of_exactly_that_day_in_any_year():
    make_document("Later", date="November 22, 1963")
    make_document("Earlier", date="22 November 1957")
    for title, written in (
        ("The month", "November 1957"),
        ("Two days", "1957-11-22/1957-11-23"),
        ("Perhaps", "1957-11-22?"),
        ("The day after", "November 23, 1957"),
        ("Undated", ""),
    ):
        make_document(title, date=written)
    make_draft("Draft", date="November 22, 1957")
    make_withdrawn("Withdrawn", date="November 22, 1957")
    make_document(
        "Under embargo", date="November 22, 1957", public_from=timezone.localdate() + timedelta(days=9)
    )
    assert titles() == ["Earlier", "Later"]
    found = on_this_day(DAY)
    assert found is not None
    assert found.is_the_day
    assert found.total == 2


def test_the_days_around_stand_in_for_a_day_without_documents():
    make_document("Three before", date="November 19, 1957")
    make_document("Three after", date="November 25, 1950")
    make_document("Four after", date="November 26, 1950")
    found = on_this_day(DAY)
    assert found is not None
    assert titles() == ["Three after", "Three before"]
    assert not found.is_the_day
    assert (found.first, found.last) == (date(2026, 11, 19), date(2026, 11, 25))


def test_nothing_near_and_nothing_at_all():
    assert on_this_day(DAY) is None
    make_document("Spring", date="April 1, 1957")
    make_draft("Draft", date="November 22, 1957")
    assert on_this_day(DAY) is None


def test_the_turn_of_the_year_and_the_leap_day():
    make_document("New Year", date="January 1, 1950")
    make_document("Leap", date="February 29, 1956")
    assert titles(date(2025, 12, 31)) == ["New Year"]
    assert titles(date(2024, 2, 29)) == ["Leap"]
    assert titles(date(2025, 2, 28)) == []  # a year without that day says nothing of it


def test_many_are_counted_and_the_first_shown_in_the_same_queries():
    make_document("First", date="November 22, 1900")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            on_this_day(DAY)
        return len(queries)

    few = asked()
    for year in range(1950, 1960):
        make_document(f"Of {year}", date=f"November 22, {year}")
    found = on_this_day(DAY)
    assert found is not None
    assert len(found.documents) == SHOWN
    assert found.documents[0].title == "First"
    assert found.total == 11
    assert asked() == few


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plan as SQLite writes it")
def test_the_index_of_dates_finds_them():
    plan = _certainly_of(_days(DAY, DAY, range(1900, 2000))).explain()
    assert "date_sort" in plan
    assert "SCAN documents_document" not in plan


def test_home_shows_them(client, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_given: DAY)
    assert "On this day" not in text_of(client.get("/"))
    make_document("Record of Conversation in the Kremlin", date="November 22, 1957")
    text = text_of(client.get("/"))
    assert "On this day, November 22 November 22, 1957 Record of Conversation in the Kremlin" in text
    monkeypatch.setattr(timezone, "localdate", lambda *_given: date(2026, 11, 20))
    assert "In these days, November 17 to November 23" in text_of(client.get("/"))
