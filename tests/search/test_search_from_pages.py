"""Searching in the documents of a collection, a person, a place, a subject or an archive from its own page."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from search.state import SearchState
from tests import factories
from tests.search.holdings import reindex

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive():
    factories.make_full_document("Coal and Timber", date="1956")
    factories.make_full_document("Salmon and Coal", date="1957")
    factories.make_document("Coal Elsewhere", summary="")
    reindex()


PAGES = {
    "/collections/sino-japanese-relations/": {"in": ["collection:sino-japanese-relations"]},
    "/people/zhou-enlai/": {"person": ["zhou-enlai"]},
    "/places/china/": {"place": ["china"]},
    "/subjects/border-treaties/": {"subject": ["border-treaties"]},
    "/archives/archive-of-foreign-policy-of-the-russian-federation/": {
        "archive": ["archive-of-foreign-policy-of-the-russian-federation"]
    },
}


@pytest.mark.parametrize(("page", "narrowed"), PAGES.items())
def test_the_box_of_a_page_searches_in_its_documents(client, archive, page, narrowed):
    html = client.get(page).content.decode()
    (scope,) = re.findall(r'<option value="([^"]*)" selected', html.partition('id="search-rows"')[0])
    sent = client.get(f"/search/?{urlencode({'in': scope, 'q': 'coal'})}", follow=True)
    assert parse_qs(sent.request["QUERY_STRING"]) == {"q": ["coal"], **narrowed}
    titles = {hit.entry.title for hit in sent.context["page"].hits}
    assert titles == {"Coal and Timber", "Salmon and Coal"}
    # A filter chosen there, and the words changed, leave the place as it is.
    further = sent.context["state"].changed(words="salmon").within("1957", "1957")
    answer = client.get(f"/search/?{further.query_string}")
    assert [hit.entry.title for hit in answer.context["page"].hits] == ["Salmon and Coal"]
    assert "Coal Elsewhere" in client.get("/search/?q=coal").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_the_whole_archive_can_still_be_chosen(client, archive, page):
    band = client.get(page).content.decode().partition('id="search-rows"')[0]
    assert '<option value="everything">' in band
    assert band.count(" selected") == 1


def test_a_page_leads_to_its_documents_in_the_search_too(client, archive):
    for page, narrowed in PAGES.items():
        html = client.get(page).content.decode()
        links = [urlsplit(link) for link in re.findall(r'href="(/search/\?[^"]*)"', html)]
        wanted = narrowed.get("in", [""])[0].replace("collection:", "") or next(iter(narrowed.values()))[0]
        assert any(
            parse_qs(link.query) in ({name: [wanted]} for name in ("collection", *narrowed)) for link in links
        )


@pytest.mark.parametrize("scope", ["person:", "person:  ", "nonsense:x", "year:1956", "person", ":"])
def test_a_scope_that_names_nothing_is_that_of_all_documents(scope):
    state = SearchState.parse_text(urlencode({"in": scope, "q": "coal"}))
    assert state == SearchState(words="coal")
