"""Home, help, about, the pages that tell of errors, and what every page has."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.views.defaults import permission_denied

from archive_site import urls as site_urls
from documents.choices import Role
from search.engines.errors import EngineError
from tests.documents.markup import elements
from tests.factories import (
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_full_document,
    make_theme,
    make_withdrawn,
)
from tests.search.holdings import reindex
from tests.search.pages import links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
SECTIONS = (
    "/search/",
    "/collections/",
    "/documents/",
    "/timeline/",
    "/people/",
    "/places/",
    "/subjects/",
    "/archives/",
    "/themes/",
)
PAGES = ("/", "/help/", "/about/", *SECTIONS[1:])


def fail(request):
    raise RuntimeError("an error of ours")


def refuse(request):
    raise PermissionDenied


urlpatterns = [*site_urls.urlpatterns, path("fail/", fail), path("refuse/", refuse)]
handler500 = site_urls.handler500


def test_home_tells_what_there_is(client):
    collection = make_collection(
        "Sino-Japanese Relations", featured=True, short_description="Talks and notes."
    )
    make_collection("Not featured")
    make_document("First", date="1946", languages=["rus", "chi"], collections=[collection])
    make_document("Second", date="1972", languages=["rus"], collections=[collection])
    make_draft("Draft", date="1900", languages=["ger"], collections=[collection])
    make_withdrawn("Withdrawn")
    response = client.get("/")
    text = text_of(response)
    assert "2 declassified documents in 2 languages" in text
    assert "Talks and notes. 1946 – 1972 · 2 documents" in text
    assert "All 2 collections" in text
    assert text.index("Second") < text.index("First")  # newest first
    assert "Draft" not in text
    assert "Withdrawn" not in text


def test_home_of_an_empty_archive(client):
    text = text_of(client.get("/"))
    assert "0 declassified documents" in text
    assert "No document has been published yet." in text


def test_a_draft_is_not_newly_published_even_for_curators(client):
    make_draft("Draft", collections=["Talks"])
    client.force_login(make_curator())
    assert "Draft" not in [document.title for document in client.get("/").context["newest"]]


def test_queries_of_home_do_not_grow(client):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    make_full_document(collections=[make_collection(featured=True)])
    few = asked()
    for _each in range(8):
        make_full_document(collections=[make_collection(featured=True)])
    assert asked() == few
    assert few <= 17


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_what_every_page_needs(client, address):
    make_full_document(people={Role.CREATOR: ["Zhou Enlai"]})
    make_theme()
    response = client.get(address)
    assert response.status_code == 200
    html = response.content.decode()
    found = elements(response)
    tags = [tag for tag, _attributes in found]
    assert tags.count("h1") == tags.count("main") == 1
    assert html.partition("</head>")[0].count("<title>") == 1
    assert '<html lang="en" dir="ltr">' in html
    assert 'href="#main"' in html
    assert '<form id="search-form"' in html
    assert f'<link rel="canonical" href="http://testserver{address}">' in html
    assert set(SECTIONS) <= set(links_of(response))
    ids = [attributes["id"] for _tag, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href"):
            if tag in ("script", "img", "link", "iframe") and attributes.get("rel") != "canonical":
                assert not attributes.get(name, "/").startswith("http"), attributes


def test_the_current_section_is_marked(client):
    document = make_document()
    for address, value in (("/documents/", "page"), (document.get_absolute_url(), "true")):
        assert f'<a href="/documents/" aria-current="{value}">' in client.get(address).content.decode()
    assert "aria-current" not in client.get("/about/").content.decode()


def test_pages_answer_only_reading(client):
    for address in PAGES:
        assert client.head(address).status_code == 200
        assert client.post(address).status_code == 405


def test_pages_stand_without_the_search_engine(client, engine_fails):
    """Every page but the search does without its strip of years, and without the result one came from."""
    engine_fails(EngineError("down"))
    document = make_full_document(collections=["Talks"])
    for address in (
        "/",
        "/collections/talks/",
        "/places/beijing/",
        "/people/zhou-enlai/",
        "/subjects/border-treaties/",
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert response.context["strip"] is None
    assert client.get(f"{document.get_absolute_url()}?s=q%3DJapan&n=1").status_code == 200


def test_the_holdings_by_year(client):
    for date in ("1946", "1972", "1972", "1971-1973", ""):
        make_document(date=date, collections=["Talks"])
    make_draft(date="1900", collections=["Talks"])
    reindex()
    for address in ("/", "/collections/talks/"):
        response = client.get(address)
        strip = response.context["strip"]
        assert (strip.first, strip.last, strip.total, strip.roughly, strip.undated) == (
            "1946",
            "1973",
            5,
            1,
            1,
        )
        assert "5 documents, 1946 to 1973" in text_of(response)


def test_a_document_leads_on_in_the_result_one_came_from(client):
    for title in ("Talks in Tokyo", "Talks in Kyoto", "Talks in Osaka"):
        make_document(title, date="1955", collections=["Talks"])
    reindex()
    hits = client.get("/search/?q=talks&sort=title").context["page"].hits
    middle = client.get(hits[1].entry.url)
    text = text_of(middle)
    assert "2 of 3 results" in text
    assert "in this collection" not in text
    links = links_of(middle)
    assert {hits[0].entry.url, hits[2].entry.url} <= set(links)


def test_help_leads_to_searches_that_work(client):
    links = [link for link in links_of(client.get("/help/")) if link.startswith("/search/?")]
    assert len(links) >= 12
    for link in links:
        assert client.get(link).status_code == 200


def test_about_names_the_contact(client, settings):
    settings.SITE_CONTACT = "archive@example.org"
    assert "mailto:archive@example.org" in links_of(client.get("/about/"))


def test_the_site_has_the_name_it_was_given(client, settings):
    settings.SITE_NAME, settings.SITE_STRAPLINE = "Papers & Files", "From <everywhere>"
    html = client.get("/about/").content.decode()
    assert "Papers &amp; Files" in html
    assert "From &lt;everywhere&gt;" in html


def test_a_page_that_is_not_there_helps(client):
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert {"/", "/documents/", "/collections/", "/help/"} <= set(links_of(response))
    assert "canonical" not in response.content.decode()


def test_a_page_that_is_not_allowed_helps(client):
    response = permission_denied(RequestFactory().get("/x/"), PermissionDenied())
    assert response.status_code == 403
    assert "This page is not open to you" in response.content.decode()


@pytest.mark.urls(__name__)
def test_what_goes_wrong_here_is_said_without_asking_anything(client, django_assert_num_queries):
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        response = client.get("/fail/")
    assert response.status_code == 500
    html = response.content.decode()
    assert "Something went wrong on our side" in html
    assert "an error of ours" not in html
    assert not re.search(r'(src|href)="(http|/static)', html)
    assert response["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.urls(__name__)
def test_refusal_by_a_view(client):
    assert client.get("/refuse/").status_code == 403


def test_robots_are_kept_out_of_the_search(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Disallow: /search/" in response.content.decode()


def test_curators_find_their_workplace(client):
    assert "/admin/" not in links_of(client.get("/about/"))
    client.force_login(make_curator())
    assert "/admin/" in links_of(client.get("/about/"))


def test_readers_get_no_cookie(client):
    for address in PAGES:
        assert not client.get(address).cookies
