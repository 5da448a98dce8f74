"""A result of the search as a file: the same documents in the same order, and nothing that is not public."""

import csv
import io
import json
import random
from datetime import timedelta
from types import GeneratorType

import bibtexparser
import pytest
import rispy
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.models import Document
from interchange import exports, views
from interchange.cells import read_list
from search.engines.errors import EngineError
from tests.factories import (
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_full_document,
    make_withdrawn,
)
from tests.search.holdings import reindex
from tests.search.pages import links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
NAMES = ("csv", "json", "ris", "bib", "csl.json")


def fetched(client, name: str, query: str = "") -> str:
    response = client.get(f"/search/export.{name}?{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def rows_of(client, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fetched(client, "csv", query).removeprefix("\ufeff"))))


def titles_in(client, name: str, query: str = "") -> list[str]:
    text = fetched(client, name, query)
    match name:
        case "csv":
            return [row["title"] for row in rows_of(client, query)]
        case "json":
            return [each["title"] for each in json.loads(text)["documents"]]
        case "ris":
            return [each["title"] for each in rispy.loads(text)]
        case "bib":
            parser = bibtexparser.bparser.BibTexParser(common_strings=True)
            return [each["title"].strip("{}") for each in bibtexparser.loads(text, parser).entries]
    return [each["title"] for each in json.loads(text)]


@pytest.fixture
def holdings():
    years = list(range(1950, 1962))
    random.Random(7).shuffle(years)
    for year in years:
        make_document(
            f"Talks of {year}", date=str(year), people={"creator": ["Zhou Enlai"]} if year % 2 else {}
        )
    reindex()


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_the_search_in_its_order(client, holdings, name):
    expected = [f"Talks of {year}" for year in range(1957, 1954, -1)]
    assert titles_in(client, name, "q=talks&from=1955&to=1957&sort=date-desc") == expected


@pytest.mark.parametrize("name", NAMES)
def test_page_and_size_of_the_page_are_nothing_to_a_file(client, holdings, name):
    assert len(titles_in(client, name, "page=2&per_page=10")) == 12


def test_facets_narrow_it(client, holdings):
    assert titles_in(client, "csv", "person=zhou-enlai") == [
        f"Talks of {year}" for year in range(1951, 1962, 2)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_found_is_a_file_without_documents(client, holdings, name):
    assert titles_in(client, name, "q=xylophone") == []


def test_csv_has_a_column_for_everything_known_but_the_texts(client):
    collection = make_collection("Still Secret", is_published=False)
    document = make_full_document(
        "Talks",
        collections=["A | B", "Sino-Japanese Relations", collection],
        summary='They "argue",\nat length.',
    )
    reindex()
    (row,) = rows_of(client)
    assert list(row) == list(exports.COLUMNS)
    assert row["record_id"] == str(document.record_id)
    assert row["url"] == f"http://testserver/document/{document.record_id}"
    assert row["summary"] == 'They "argue",\nat length.'
    assert (row["date"], row["date_edtf"]) == ("May 06, 1946", "1946-05-06")
    assert row["creators"] == "Zhou Enlai"
    assert row["addressees"] == "Mao Zedong"
    assert read_list(row["collections"]) == ["A | B", "Sino-Japanese Relations"]
    assert (row["transcripts"], row["translations"], row["scans"]) == ("chi", "eng", "1")
    assert "毛泽东会见苏联大使" not in str(row)


@pytest.mark.parametrize("title", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_no_cell_is_run_by_a_spreadsheet(client, title):
    make_document(title, people={"creator": [title, "Zhou Enlai"]})
    reindex()
    row = rows_of(client)[0]
    assert row["title"] == f"'{title}"
    assert row["creators"] == f"'{title}|Zhou Enlai"


def test_json_says_what_was_asked(client, holdings):
    whole = json.loads(fetched(client, "json", "person=zhou-enlai&page=3"))
    assert whole["search"] == "http://testserver/search/?person=zhou-enlai"
    assert (whole["total"], whole["is_cut"], whole["limit"]) == (6, False, 5000)
    assert whole["exported"] == timezone.localdate().isoformat()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("curator", [False, True], ids=["reader", "curator"])
def test_what_is_not_public_is_in_no_file(client, name, curator):
    shown = make_document("Shown to all")
    later = make_document("Hidden since")
    reindex()
    make_draft("A draft")
    make_withdrawn("Withdrawn now")
    make_document("Under embargo", public_from=timezone.localdate() + timedelta(days=1))
    # The index has not heard of it yet.
    Document._base_manager.filter(pk=later.pk).update(status="draft")
    if curator:
        client.force_login(make_curator())
    assert titles_in(client, name) == [shown.title]


def test_a_file_is_cut_at_the_limit_and_says_so(client, holdings, monkeypatch):
    monkeypatch.setattr(views, "LIMIT", 5)
    response = client.get("/search/export.csv?q=talks&sort=date")
    assert (response["X-Total-Count"], response["X-Exported-Count"]) == ("12", "5")
    assert "documents-talks-first-5-of-12-" in response["Content-Disposition"]
    assert [row["title"] for row in rows_of(client, "sort=date")] == [
        f"Talks of {y}" for y in range(1950, 1955)
    ]
    assert json.loads(fetched(client, "json"))["is_cut"] is True


def test_it_is_streamed(client, holdings):
    response = client.get("/search/export.csv")
    assert response.streaming
    pieces = response.streaming_content
    assert b"record_id" in next(pieces)
    assert b"Talks of 1950" in next(pieces)
    assert isinstance(exports.Export.csv_lines(None), GeneratorType)


@pytest.mark.parametrize("name", NAMES)
def test_queries_do_not_grow_with_the_documents(client, name):
    def asked() -> int:
        reindex()
        with CaptureQueriesContext(connection) as queries:
            fetched(client, name)
        return len(queries)

    make_full_document("One")
    few = asked()
    for number in range(8):
        make_full_document(f"More {number}")
    assert asked() == few <= 16


def test_a_batch_more_asks_what_a_batch_asks(client, holdings, monkeypatch):
    def asked(at_once: int) -> int:
        monkeypatch.setattr("interchange.results.AT_ONCE", at_once)
        with CaptureQueriesContext(connection) as queries:
            assert len(rows_of(client)) == 12
        return len(queries)

    one, three = asked(12), asked(4)
    assert three - one <= 2 * 12


@pytest.mark.parametrize(
    "query",
    [
        "q=%00&page=999999999999",
        "q=" + "a" * 3000,
        "from=nonsense&to=Feb.+30",
        "per_page=-1&sort=;drop",
        "person=" + "&person=x" * 200,
        "f=%3A%3A%3A&f-field=x",
        "q=%22Japan+AND+(((",
        "in=collection:../../x",
    ],
)
@pytest.mark.parametrize("name", ["csv", "bib"])
def test_nothing_that_an_address_says_breaks_it(client, holdings, query, name):
    response = client.get(f"/search/export.{name}?{query}")
    assert response.status_code == 200
    assert "\n" not in response["Content-Disposition"]
    b"".join(response.streaming_content)


@pytest.mark.parametrize(
    "address", ["export.xml", "export.csv?in=people", "export.ris?in=collections", "export."]
)
def test_what_is_no_export_is_not_found(client, holdings, address):
    assert client.get(f"/search/{address}").status_code == 404


def test_everything_means_its_documents(client, holdings):
    assert len(titles_in(client, "csv", "in=everything")) == 12


@pytest.mark.parametrize("address", ["/search/export.csv", "/search/feed.atom"])
def test_without_the_engine_it_says_so(client, holdings, monkeypatch, address):
    def fail(*_args, **_rest):
        raise EngineError("down")

    monkeypatch.setattr(views, "find" if "export" in address else "feed_of", fail)
    response = client.get(address)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"


# Where the links stand


@pytest.mark.parametrize("name", NAMES)
def test_the_search_page_leads_to_its_files(client, holdings, name):
    response = client.get("/search/?q=talks&sort=date-desc&page=2")
    assert f"/search/export.{name}?q=talks&sort=date-desc" in links_of(response)
    assert "the first 5,000" not in text_of(response)


def test_the_page_says_where_a_file_would_be_cut(client, holdings, monkeypatch):
    monkeypatch.setattr("interchange.templatetags.interchange_tags.LIMIT", 11)
    assert "Export the documents (the first 11):" in text_of(client.get("/search/"))


def test_people_are_not_exported(client, holdings):
    assert not [link for link in links_of(client.get("/search/?in=people")) if "export" in link]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("/people/zhou-enlai/", "person=zhou-enlai"),
        ("/collections/sino-japanese-relations/", "collection=sino-japanese-relations"),
    ],
)
def test_pages_of_people_and_collections_lead_to_theirs(client, page, query):
    make_full_document("Talks")
    reindex()
    links = links_of(client.get(page))
    assert f"/search/export.ris?{query}" in links
    assert links.count(f"/search/feed.atom?{query}") == 2  # in the page, and in its head
    assert titles_in(client, "ris", query) == ["Talks"]
