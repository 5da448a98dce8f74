"""The hits as a list, as a table whose columns can be sorted by, and as a timeline: one search, three views."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.neighbours import neighbours
from search.state import SearchState
from search.timeline import TimelineState
from tests import factories
from tests.search.holdings import reindex
from tests.search.pages import links_of, search, text_of

pytestmark = pytest.mark.django_db


def rows(response) -> list[list[str]]:
    """The cells of each row of the table, as they are read; the head first."""
    html = response.content.decode()
    table = html[html.index('<table class="hits-table"') : html.index("</table>", html.index('"hits-table"'))]
    lines = re.findall(r"<tr\b.*?</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[hd]\b.*?</t[hd]>", line, re.DOTALL) for line in lines]
    return [[" ".join(unescape(re.sub("<[^>]+>", " ", cell)).split()) for cell in line] for line in cells]


def views(response) -> dict[str, str]:
    html = response.content.decode()
    nav = html[html.index('<nav class="views"') :].partition("</nav>")[0]
    return {name: unescape(link) for link, name in re.findall(r'href="([^"]*)">([^<]*)<', nav)}


def test_a_row_holds_what_is_known_of_a_document(client, records):
    factories.make_document(
        "Telegram on Timber",
        date="May 06, 1946",
        types=["Telegram"],
        languages=["rus"],
        people={"mentioned": ["Kim Il Sung"], "creator": ["Zhou Enlai"], "addressee": ["Mao Zedong"]},
        repository=factories.make_repository("Archive of Foreign Policy", short_name="AVPRF"),
        archival_reference="f. 0100, op. 46",
        classification="Secret",
        transcripts=["rus"],
        scans=1,
    )
    reindex()
    head, row = rows(search(client, "q=timber&view=table"))
    assert head == ["Date", "Title", "Type", "Language", "People", "Archive", "To read"]
    assert row == [
        "May 06, 1946",
        "Telegram on Timber Original classification: Secret",
        "Telegram",
        "Russian",
        "Zhou Enlai ; Mao Zedong and 1 more",
        "AVPRF f. 0100, op. 46",
        "Scan Transcript, Russian Add to my list : Telegram on Timber",
    ]


def test_columns_are_sorted_by_links(client, records):
    first = search(client, "q=peace&view=table&per_page=25&page=1").content.decode()
    assert "aria-sort" not in first  # it is sorted by relevance
    by_date = search(client, "q=peace&view=table&sort=date")
    links = [link for link in links_of(by_date) if "view=table" in link and "sort=" in link]
    assert "?q=peace&sort=date-desc&view=table" in links
    assert "?q=peace&sort=title&view=table" in links
    assert by_date.content.decode().count('aria-sort="ascending"') == 1
    assert (
        search(client, "q=peace&view=table&sort=date-desc").content.decode().count('aria-sort="descending"')
        == 1
    )
    by_title = search(client, "q=peace&view=table&sort=title&per_page=100")
    titles = [row[1] for row in rows(by_title)[1:]]
    assert titles == sorted(titles, key=str.lower) and len(titles) > 10


def test_the_hits_are_the_same_in_the_same_order(client, records):
    as_list, as_table = (search(client, f"q=peace&page=2{view}") for view in ("", "&view=table"))
    expected = [hit.entry.title for hit in as_list.context["page"].hits]
    assert [row[1] for row in rows(as_table)[1:]] == expected
    assert '<article class="entry"' not in as_table.content.decode()


def test_each_view_leads_to_the_others_and_keeps_the_search(client, records):
    query = "q=peace&language=rus&from=1955&sort=title&per_page=25"
    as_list = views(search(client, query))
    assert as_list.keys() == {"Table", "Timeline"}
    table = search(client, urlsplit(as_list["Table"]).query)
    assert parse_qs(urlsplit(as_list["Table"]).query) == {**parse_qs(query), "view": ["table"]}
    assert views(table).keys() == {"List", "Timeline"}
    assert parse_qs(urlsplit(views(table)["List"]).query) == parse_qs(query)
    timeline = client.get(views(table)["Timeline"], follow=True)
    assert "view=" not in timeline.request["QUERY_STRING"]
    assert views(timeline).keys() == {"List", "Table"}
    back = search(client, urlsplit(views(timeline)["Table"]).query)
    assert back.context["state"].is_table
    assert back.context["page"].total == table.context["page"].total


def test_the_view_is_kept_by_pages_filters_and_documents(client, records):
    response = search(client, "q=peace&view=table")
    html = response.content.decode()
    assert '<input type="hidden" name="view" value="table">' in html
    assert "?q=peace&view=table&page=2" in links_of(response)
    assert SearchState.parse_text("q=peace&view=table").cleared().view == "table"
    document = next(
        link
        for link in links_of(response)
        if link.startswith("/documents/") and "n=11" not in link and "s=" in link
    )
    carried = parse_qs(urlsplit(document).query)
    around = neighbours(carried["s"][0], carried["n"][0])
    assert parse_qs(urlsplit(around.url).query) == {"q": ["peace"], "view": ["table"]}


@pytest.mark.parametrize("scope", ["people", "collections", "everything"])
def test_what_are_no_documents_has_no_table(client, records, scope):
    response = search(client, f"in={scope}&view=table")
    assert response.status_code == 200
    assert 'class="hits-table"' not in response.content.decode()
    assert '<nav class="views"' not in response.content.decode()


def test_any_other_view_is_the_list(client, records):
    assert client.get("/search/?view=gallery").url == "/search/"
    assert TimelineState.parse_text("view=table").view == ""


def test_files_and_feeds_have_one_address_whatever_the_view(client, records):
    links = [
        link for link in links_of(search(client, "q=peace&view=table")) if "/feed" in link or "export" in link
    ]
    assert links
    assert not [link for link in links if "view=" in link]


def test_the_number_of_queries_does_not_grow_with_the_rows(client, records):
    def count(query: str) -> int:
        search(client, query)
        with CaptureQueriesContext(connection) as asked:
            search(client, query)
        return len(asked)

    assert count("view=table") == count("per_page=100&view=table") == count("") > 0


def test_with_the_engine_down_there_is_a_plain_list(client, records, monkeypatch):
    from search.engines.errors import IndexMissingError

    def fail(*_args, **_kwargs):
        raise IndexMissingError("gone")

    monkeypatch.setattr("search.results._asked", fail)
    response = search(client, "q=peace&view=table")
    assert "cannot be reached" in text_of(response)
    assert '<article class="entry"' in response.content.decode()


@pytest.mark.parametrize("view", ["", "table", "timeline"])
@pytest.mark.parametrize(
    ("written", "hour"), [("May 06, 1946, 5 p.m.", "5\xa0p.m."), ("May 6, 1946—11 a. m.", "11\xa0a.\xa0m.")]
)
def test_no_line_ends_within_an_hour(client, view, written, hour):
    factories.make_document("Telegram on Timber", date=written)
    reindex()
    response = client.get(f"/search/?q=timber&view={view}", follow=True)
    assert f"{hour}</span>" in response.content.decode()
