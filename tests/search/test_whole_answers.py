"""What a reader sees of a search is whole, or is said not to be: parts of answers, several shards, far pages, moments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from haystack import connections

from search.engines.errors import SearchTimeoutError
from tests.factories import make_document
from tests.search.engines_of_site import site_on
from tests.search.holdings import make_holdings, reindex
from tests.search.pages import search, text_of
from tests.search.unwilling import Door, door

pytestmark = pytest.mark.django_db
PAGES = ("/search/?q=peace", "/timeline/", "/search/facet/person/", "/search/export.csv", "/search/feed.atom")


@pytest.fixture
def spoiled(db: None) -> Iterator[Door]:
    """The site on a server whose answers can be spoiled on the way."""
    with door() as opened, site_on("elasticsearch", URL=[opened.url], PAUSE=0):
        make_holdings(8)
        reindex()
        yield opened


def late(answer: dict[str, Any]) -> None:
    answer["timed_out"] = True


def in_part(answer: dict[str, Any]) -> None:
    answer["_shards"] |= {"total": 2, "failed": 1}


@pytest.mark.elasticsearch
@pytest.mark.parametrize("spoils", [late, in_part])
def test_a_part_of_an_answer_is_nowhere_passed_off_as_the_whole(client, spoiled, spoils):
    for address in PAGES:
        assert b"cannot be reached" not in client.get(address).getvalue()
    spoiled.spoils = spoils
    for address in PAGES:
        cache.clear()
        response = client.get(address)
        assert response.status_code == (503 if "export" in address or "feed" in address else 200)
        text = text_of(response)
        assert "cannot be reached" in text or "took too long" in text, address
    for address in ("/", "/collections/sino-japanese-relations/"):
        response = client.get(address)
        assert response.status_code == 200
        assert not response.context["strip"]


@pytest.mark.elasticsearch
def test_counts_that_several_shards_leave_unsure_are_said_to_be_so(client, db, monkeypatch):
    with site_on("elasticsearch", SHARDS=3):
        for number in range(30):
            people = [f"Person {each}" for each in range(number, number + 4)]
            make_document(f"Note {number}", people={"present": people})
        reindex()
        assert "too small" not in text_of(search(client))
        monkeypatch.setattr("search.engines.elasticsearch.facets.COUNTED", 6)
        assert "People: each of these numbers may be up to" in text_of(search(client))
        assert "too small" not in text_of(client.get("/search/facet/person/"))


@pytest.mark.both_engines
def test_pages_too_far_down_say_so(client, records, monkeypatch):
    monkeypatch.setattr(connections["default"].get_backend(), "window", 20)
    total = search(client).context["page"].total
    assert total > 20
    last = search(client, "page=2")
    assert len(last.context["page"].hits) == 10
    assert f"Of the {total} found, the first 20 can be paged through." in text_of(last)
    assert "page=3" not in last.content.decode()
    assert "can be paged through" not in text_of(search(client))
    for number in ("3", "4", "999999999999999999999999"):
        response = client.get("/search/", {"page": number}, follow=True)
        assert response.status_code == 200
        assert "the first 20 can be paged through" in text_of(response)
        assert response.context["page"].total == total
        assert response.context["page"].panels
        assert not response.context["page"].hits
    assert client.get("/timeline/?page=3").status_code == 200
    assert client.get("/search/facet/person/?page=3&values_page=999999999").status_code == 200
    assert client.get("/search/export.csv").status_code == 200
    assert client.get("/search/feed.atom?page=77").status_code == 200
    document = records[0].document.get_absolute_url()
    for place in (19, 20, 21, 22, total, 10**30):
        assert client.get(f"{document}?s=in%3Ddocuments&n={place}").status_code == 200


@pytest.mark.both_engines
@pytest.mark.parametrize("page", ["-1", "٣", "1000001", "9" * 5000, "1;drop", "%00"])
def test_hostile_numbers_of_pages_are_no_errors(client, records, page):
    for address in ("/search/", "/timeline/", "/search/facet/person/", "/search/export.json"):
        for name in ("page", "values_page", "per_page", "n"):
            assert client.get(f"{address}?{name}={page}").status_code in (200, 302, 414), (address, name)


@pytest.mark.both_engines
def test_a_search_of_very_many_words_is_answered(client, records):
    words = "+".join(f"word{number}" for number in range(60))
    rows = "&".join(f"f=or:any:{words[:280]}" for _ in range(20))
    for address in ("/search/", "/timeline/", "/search/facet/person/"):
        assert client.get(f"{address}?q={words}&{rows}").status_code == 200
    assert client.get(f"/search/export.csv?q={words}&{rows}").status_code in (200, 503)


@pytest.mark.elasticsearch
def test_a_moment_is_let_go_whatever_happens(db, monkeypatch):
    with site_on("elasticsearch"):
        make_holdings(8)
        reindex()
        backend: Any = connections["default"].get_backend()
        monkeypatch.setattr("search.engines.elasticsearch.moment.AT_ONCE", 3)
        opened: list[str] = []
        usual = backend._asked

        def asked(body: dict[str, Any], **options: Any) -> Any:
            if "pit" in body:
                opened.append(body["pit"]["id"])
            return usual(body, **options)

        def is_open(moment: str) -> bool:
            found = backend.server.client.options(ignore_status=404).search(body={"pit": {"id": moment}})
            return "error" not in found

        monkeypatch.setattr(backend, "_asked", asked)
        assert len(list(backend.documents())) > 8
        assert len(opened) > 2
        assert not is_open(opened[-1])
        half = backend.documents()
        next(half)
        assert is_open(opened[-1])
        half.close()
        assert not is_open(opened[-1])

        def fails(body: dict[str, Any], **options: Any) -> Any:
            if "search_after" in body:
                raise SearchTimeoutError("no more")
            return asked(body, **options)

        monkeypatch.setattr(backend, "_asked", fails)
        with pytest.raises(SearchTimeoutError):
            list(backend.documents())
        assert not is_open(opened[-1])


@pytest.mark.elasticsearch
def test_a_search_page_is_one_round_trip_to_the_engine(client, db, monkeypatch):
    """Hits, total, facets and the histogram of its documents; a few years closer by are a second one."""
    with site_on("elasticsearch"):
        make_holdings(8)
        reindex()
        server: Any = connections["default"].get_backend().server
        usual, asked = server.ask, []

        def ask(question: Any, **options: Any) -> Any:
            asked.append(question)
            return usual(question, **options)

        monkeypatch.setattr(server, "ask", ask)
        for query in (
            "",
            "q=peace",
            "q=zhou&in=everything",
            "q=peace&person=zhou-enlai&from=1946&to=1972",
            "page=2",
            "sort=title",
        ):
            search(client, query)  # what the process asks once is asked
            asked.clear()
            assert search(client, query).status_code == 200
            assert len(asked) == 1, query
