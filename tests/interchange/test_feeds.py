"""Feeds: the newest documents of a search, in formats that feed readers know."""

import json
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from documents.choices import Status
from documents.models import Document
from interchange import feeds
from tests.factories import make_curator, make_document, make_draft, make_full_document, make_withdrawn
from tests.search.holdings import reindex
from tests.search.pages import links_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def publish(title: str, day: int, **fields) -> Document:
    """A document that was published on this day of January 2026."""
    moment = datetime(2026, 1, day, 12, tzinfo=UTC)
    return make_document(title, first_published=moment, **fields)


def atom(client, query: str = ""):
    response = client.get(f"/search/feed.atom?{query}")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314 (our own)


def json_feed(client, query: str = "") -> dict:
    response = client.get(f"/search/feed.json?{query}")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    return json.loads(response.content)


def titles(client, name: str, query: str = "") -> list[str]:
    if name == "atom":
        return [each.text for each in atom(client, query).findall("a:entry/a:title", ATOM)]
    return [each["title"] for each in json_feed(client, query)["items"]]


@pytest.fixture
def three():
    publish("Second", 12, people={"creator": ["Zhou Enlai"]})
    publish("Third", 20, date="1950")
    publish("First", 3, people={"creator": ["Zhou Enlai"]})
    reindex()


@pytest.mark.parametrize("name", ["atom", "json"])
def test_the_newest_stand_first_whatever_the_sort(client, three, name):
    assert titles(client, name) == ["Third", "Second", "First"]
    assert titles(client, name, "sort=title&page=4") == ["Third", "Second", "First"]
    assert titles(client, name, "person=zhou-enlai") == ["Second", "First"]
    assert titles(client, name, "q=third") == ["Third"]


@pytest.mark.parametrize("name", ["atom", "json"])
def test_a_document_is_new_when_its_embargo_ends(client, three, name):
    publish("Late", 1, public_from=date(2026, 1, 15))
    reindex()
    assert titles(client, name) == ["Third", "Late", "Second", "First"]


def test_atom_says_of_each_what_a_follower_needs(client):
    document = publish(
        "Talks & <more>", 12, date="circa 1955", summary="They argue.", people={"creator": ["Zhou Enlai"]},
        subjects=["Border treaties"],
    )  # fmt: skip
    reindex()
    feed = atom(client, "subject=border-treaties")
    entry = feed.find("a:entry", ATOM)
    said = {tag: feed.findtext(f"a:{tag}", namespaces=ATOM) for tag in ("title", "id", "updated")}
    assert said["title"] == "Digital Archive: documents on the subject Border treaties"
    assert said["id"] == "http://testserver/search/feed.atom?subject=border-treaties"
    links = {each.get("rel"): each.get("href") for each in feed.findall("a:link", ATOM)}
    assert links == {
        "self": "http://testserver/search/feed.atom?subject=border-treaties",
        "alternate": "http://testserver/search/?subject=border-treaties",
    }
    assert entry.findtext("a:title", namespaces=ATOM) == "Talks & <more>"
    assert entry.findtext("a:id", namespaces=ATOM) == f"http://testserver/document/{document.record_id}"
    assert entry.find("a:link", ATOM).get("href") == f"http://testserver{document.get_absolute_url()}"
    assert entry.findtext("a:published", namespaces=ATOM) == "2026-01-12T12:00:00+00:00"
    assert datetime.fromisoformat(entry.findtext("a:updated", namespaces=ATOM)) == document.changed
    assert entry.findtext("a:summary", namespaces=ATOM) == "Dated circa 1955. They argue."
    assert entry.findtext("a:author/a:name", namespaces=ATOM) == "Zhou Enlai"
    assert entry.find("a:category", ATOM).get("term") == "Border treaties"
    assert datetime.fromisoformat(said["updated"]) == document.changed


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("undated", "Undated. They argue."),
        ("n.d.", "Undated. They argue."),
        ("", "Undated. They argue."),
        ("February 24, 1972, 3 p.m.", "Dated February 24, 1972, 3 p.m. They argue."),
    ],
)
def test_the_date_is_part_of_a_sentence(client, date, said):
    publish("Talks", 12, date=date, summary="They argue.")
    reindex()
    (item,) = json_feed(client)["items"]
    assert item["content_text"] == said


def test_json_feed_says_the_same(client):
    document = publish("Talks", 12, date="[1956?]", summary="They argue.", subjects=["Border treaties"])
    reindex()
    feed = json_feed(client)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "http://testserver/search/"
    assert feed["feed_url"] == "http://testserver/search/feed.json"
    (item,) = feed["items"]
    assert item["id"] == f"http://testserver/document/{document.record_id}"
    assert item["date_published"] == "2026-01-12T12:00:00+00:00"
    assert item["content_text"] == "Dated [1956?]. They argue."
    assert item["tags"] == ["Border treaties"]
    assert item["_archive"] == {"date": "[1956?]", "edtf": "1956?"}


@pytest.mark.parametrize("name", ["atom", "json"])
@pytest.mark.parametrize("curator", [False, True], ids=["reader", "curator"])
def test_what_is_not_public_is_in_no_feed(client, three, name, curator):
    make_draft("A draft")
    make_withdrawn("Withdrawn")
    make_document("Under embargo", public_from=timezone.localdate() + timedelta(days=1))
    Document._base_manager.filter(title="Third").update(status="draft")  # unheard of by the index
    if curator:
        client.force_login(make_curator())
    assert titles(client, name) == ["Second", "First"]


@pytest.mark.parametrize("name", ["atom", "json"])
def test_a_feed_is_no_longer_than_is_useful(client, three, name, monkeypatch):
    monkeypatch.setattr(feeds, "ENTRIES", 2)
    assert titles(client, name) == ["Third", "Second"]


def test_what_xml_cannot_say_is_left_out(client):
    document = make_document("Talks")
    Document.objects.filter(pk=document.pk).update(title="A\x01B\x1b\ufffe", summary="]]> <b>\x08</b>")
    reindex()
    (entry,) = atom(client).findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "AB"
    assert "]]> <b></b>" in entry.findtext("a:summary", namespaces=ATOM)


@pytest.mark.parametrize("query", ["q=%00%1b", "q=%ef%bf%be", "person=%08x", "q=%3Cb%3E%26"])
def test_no_address_makes_bad_xml(client, three, query):
    assert atom(client, query).tag == "{http://www.w3.org/2005/Atom}feed"


@pytest.mark.parametrize("name", ["atom", "json"])
def test_who_has_it_already_is_told_so(client, three, name):
    first = client.get(f"/search/feed.{name}")
    assert first["ETag"]
    again = client.get(f"/search/feed.{name}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    publish("Fourth", 25)
    reindex()
    changed = client.get(f"/search/feed.{name}", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("name", ["atom", "json"])
def test_who_knows_the_time_alone_does_not_keep_what_was_withdrawn(client, three, name):
    first = client.get(f"/search/feed.{name}")
    known = {"If-Modified-Since": first.get("Last-Modified", http_date(timezone.now().timestamp()))}
    Document.objects.filter(title="First").update(status=Status.WITHDRAWN)
    reindex()
    after = client.get(f"/search/feed.{name}", headers=known)
    assert after.status_code == 200
    assert b"First" not in after.content


@pytest.mark.parametrize("name", ["atom", "json"])
def test_an_empty_feed_stays_the_same(client, name):
    reindex()
    first, second = (client.get(f"/search/feed.{name}?q=xylophone") for _time in range(2))
    assert first.status_code == 200
    assert first.content == second.content


def test_queries_do_not_grow(client):
    def asked() -> int:
        reindex()
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/feed.atom?person=zhou-enlai")
        return len(queries)

    make_full_document("One")
    few = asked()
    for number in range(8):
        make_full_document(f"More {number}")
    assert asked() == few <= 10


def test_the_search_page_names_its_feeds_in_the_head(client, three):
    html = client.get("/search/?person=zhou-enlai&sort=title").content.decode()
    for media_type, name in (("application/atom+xml", "atom"), ("application/feed+json", "json")):
        start = (
            f'<link rel="alternate" type="{media_type}" title="Digital Archive: documents naming Zhou Enlai'
        )
        line = next(line for line in html.splitlines() if start in line)
        assert f'href="/search/feed.{name}?person=zhou-enlai"' in line


@pytest.mark.parametrize("address", ["feed.rss", "feed.atom?in=people", "feed.json?in=collections"])
def test_what_is_no_feed_is_not_found(client, three, address):
    assert client.get(f"/search/{address}").status_code == 404


def test_robots_may_read_feeds(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines.index("Allow: /search/feed.") < lines.index("Disallow: /search/")


def test_people_have_no_feed_of_documents(client, three):
    assert not [link for link in links_of(client.get("/search/?in=people")) if "feed" in link]
