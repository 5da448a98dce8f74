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
    assert around.url == "/search/?q=the&sort=title&page=2"


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
