"""Previous and next in the search that one came from."""

from urllib.parse import parse_qs, urlsplit

import pytest

from search.neighbours import neighbours
from search.query import build_query
from search.state import SearchState

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_every_place_knows_what_stands_before_and_after_it(records):
    query = "q=peace&language=rus"
    titles = [hit.title for hit in build_query(SearchState.parse_text(query))[0:100]]
    assert len(titles) > 5
    for place in range(1, len(titles) + 1):
        around = neighbours(query, place)
        assert around.position == place
        assert around.total == len(titles)
        assert (around.previous and around.previous.title) == (titles[place - 2] if place > 1 else None)
        assert (around.next and around.next.title) == (titles[place] if place < len(titles) else None)


def test_the_addresses_carry_the_search_on_and_lead_back_to_its_page(records):
    around = neighbours("q=the&sort=title&page=7", "12")
    assert parse_qs(urlsplit(around.next.url).query) == {"s": ["q=the&sort=title"], "n": ["13"]}
    assert parse_qs(urlsplit(around.previous.url).query)["n"] == ["11"]
    here = build_query(SearchState.parse_text("q=the&sort=title"))[11:12][0]
    assert around.url == f"/search/?q=the&sort=title&page=2#record-{here.entry['record_id']}"


@pytest.mark.parametrize("place", ["", "0", "-1", "x", "9" * 100, "41"])
def test_a_place_that_the_search_has_not_has_no_neighbours(records, place):
    assert neighbours("", place) is None


@pytest.mark.parametrize("text", ["&&&=%00", "q=(((", "x" * 20_000, "in=nowhere&page=-1"])
def test_any_text_is_read_as_some_search(records, text):
    neighbours(text, 1)


def test_a_neighbour_that_has_left_the_public_is_not_named(records):
    from documents.models import Document
    from search.models import OutboxEntry

    titles = [hit.title for hit in build_query(SearchState())[0:3]]
    Document.objects.filter(title=titles[1]).update(status="draft")
    OutboxEntry.objects.all().delete()
    assert neighbours("", 1).next is None


@pytest.mark.parametrize(
    "query",
    [
        "language=rus&language=-chi",
        "person=zhou-enlai&person=nikita-khrushchev&person-match=all",
        "place=-moscow&from=1955&to=1957&certain=1",
        "f=and:title:contains-not:japan&f=or:person:is:Zhou Enlai",
        "q=peace&view=table&per_page=25&sort=date-desc",
        "dated=roughly",
        "in=collection:sino-japanese-relations&q=treaty",
    ],
)
def test_whatever_narrows_a_search_is_carried_to_the_document_and_back(client, records, query):
    page = client.get(f"/search/?{query}", follow=True)
    hits = page.context["page"].hits
    assert len(hits) > 2
    asked = urlsplit(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]).query
    document = client.get(hits[1].entry.url)
    came_from = document.context["came_from"]
    assert (came_from.position, came_from.total) == (2, page.context["page"].total)
    assert [came_from.previous.url, came_from.next.url] == [hits[0].entry.url, hits[2].entry.url]
    back = urlsplit(came_from.url)
    assert SearchState.parse_text(back.query) == SearchState.parse_text(asked)
    html = client.get(came_from.url).content.decode()
    assert html.count(f'id="{back.fragment}"') == 1
    assert came_from.url.replace("&", "&amp;") in document.content.decode()


def test_a_record_that_moved_is_found_where_it_stands_now(records):
    first, second, third = build_query(SearchState())[0:3]
    assert neighbours("", 1, None, second.pk).position == 2
    assert neighbours("", 3, None, second.pk).next.title == third.title
    assert neighbours("", 3, None, second.pk).previous.title == first.title


def test_a_record_that_is_no_longer_in_the_search_has_no_place_but_a_way_back(client, records):
    gone = next(each for each in build_query(SearchState())[0:40] if "Peace" not in each.title)
    around = neighbours("q=peace", 3, None, gone.pk)
    assert (around.position, around.previous, around.next) == (0, None, None)
    assert around.url == "/search/?q=peace"
    html = client.get(f"{gone.entry['url']}?s=q%3Dpeace&n=3").content.decode()
    assert "Back to the" in html
    assert 'rel="next"' not in html


def test_from_the_timeline_one_comes_back_to_the_timeline(client, records):
    query = "q=peace&language=rus&from=1955"
    page = client.get(f"/timeline/?{query}")
    hits = page.context["page"].hits
    assert len(hits) > 2
    came_from = client.get(hits[1].entry.url).context["came_from"]
    assert came_from.position == 2
    back = urlsplit(came_from.url)
    assert (back.path, parse_qs(back.query)) == ("/timeline/", parse_qs(query))
    answer = client.get(came_from.url)  # its own address: no way round
    assert answer.status_code == 200
    assert answer.content.decode().count(f'id="{back.fragment}"') == 1
    assert client.get(f"/search/?{query}&view=timeline").url == f"/timeline/?{back.query}"
