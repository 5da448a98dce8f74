"""The citation of a document."""

from datetime import date

import pytest

from documents.citation import cite
from tests.factories import make_document, make_repository

pytestmark = pytest.mark.django_db
ADDRESS = "https://archive.example/document/7"
DAY = date(2026, 11, 22)


def cited(**fields) -> str:
    return str(cite(make_document(**{"date": "October 18, 1956", "record_id": 7, **fields}), ADDRESS, DAY))


def test_title_date_archive_reference_site_record_address_and_day():
    archive = make_repository("Archive of Foreign Policy", short_name="AVPRF")
    assert (
        cited(title="Talks on the Islands", repository=archive, archival_reference="f. 052, op. 8, d. 12")
        == "“Talks on the Islands,” October 18, 1956, AVPRF, f. 052, op. 8, d. 12. Digital Archive, record 7. "
        "https://archive.example/document/7 (seen November 22, 2026)."
    )


def test_what_is_not_known_is_left_out():
    assert cited(title="Talks").startswith("“Talks,” October 18, 1956. Digital Archive, record 7.")


def test_a_document_without_a_date_says_so():
    assert "“Talks,” undated. " in cited(title="Talks", date="")


def test_a_date_stands_as_it_is_written():
    assert "[1956?]" in cited(date="[1956?]")


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("What Next?", "“What Next?” October"),
        ("Talks.", "“Talks,” October"),
        ("毛泽东致胡乔木", "“毛泽东致胡乔木,” October"),
    ],
)
def test_titles_end_with_one_mark(title, printed):
    assert cited(title=title).startswith(printed)


def test_an_archive_that_its_shelfmark_begins_with_is_named_once():
    archive = make_repository("National Archives", short_name="NARA")
    assert ", NARA RG 59, box 3." in cited(repository=archive, archival_reference="NARA RG 59, box 3")


def test_the_translator_is_named():
    assert "Translated by Stephen Mercado. Digital Archive" in cited(
        translator_credit="Translated by Stephen Mercado."
    )
