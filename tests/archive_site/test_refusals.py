"""What is refused before any page, with a page that says what to do; and what answers everybody."""

import pytest
from django.conf import settings
from django.test import Client

from tests.documents.markup import elements
from tests.factories import make_curator, make_full_document
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db
SEARCHED = "/search/?q="


@pytest.fixture
def strict() -> Client:
    """As a browser is treated, forged forms and all."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "archive.example", "no host at all"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_answered_whatever_the_host(client, settings, host, path):
    settings.ALLOWED_HOSTS = ["archive.example"]
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(path, headers={"host": host})
    assert response.status_code in (200, 503)
    assert "status" in response.json()


def test_other_pages_still_ask_for_the_host(client, settings):
    settings.ALLOWED_HOSTS = ["archive.example"]
    response = client.get("/help/", headers={"host": "10.1.2.3"})
    assert response.status_code == 400
    assert "This request cannot be answered" in text_of(response)
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "address",
    [
        "documents/document/?collection=%00",
        "documents/document/?date_certainty__exact=a%00b",
        "people/person/?q=%00",
        "autocomplete/?app_label=documents&model_name=participation&field_name=person&term=%00",
        "documents/document/?%00=1",
    ],
)
def test_a_nul_in_an_address_of_the_admin_is_refused(client, address):
    client.force_login(make_curator())
    response = client.get(f"/admin/{address}")
    assert response.status_code == 400
    assert "This request cannot be answered" in text_of(response)
    assert client.get(f"/admin/{address.replace('%00', '%2500')}").status_code in (200, 302)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/", "/search/", "/documents/", "/people/", "/timeline/"])
def test_pages_that_only_show_take_nothing(strict, path, method):
    response = getattr(strict, method)(path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "This page is only for reading" in text_of(response)
    assert path in links_of(response)
    assert "default-src" in response["Content-Security-Policy"]


def test_a_record_and_its_files_take_nothing(strict):
    document = make_full_document()
    page = document.get_absolute_url()
    files = {link for link in links_of(strict.get(page)) if "/scans/" in link or "/texts/" in link}
    for address in (page, *files):
        assert strict.post(address).status_code == 405


def test_a_form_without_its_token_is_told_what_to_do(strict):
    response = strict.post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "The form was not accepted" in text_of(response)
    assert "/admin/login/" in links_of(response)
    assert "CSRF" not in response.content.decode()


def test_an_address_that_is_too_long_is_answered_with_a_sentence(client):
    room = settings.ADDRESS_BYTES - len(SEARCHED)
    assert client.get(SEARCHED + "x" * room).status_code != 414
    response = client.get(SEARCHED + "x" * (room + 1))
    assert response.status_code == 414
    assert "take out some words" in text_of(response)
    assert [tag for tag, _attributes in elements(response)].count("h1") == 1


def test_gunicorn_lets_in_what_the_site_answers():
    written = (settings.BASE_DIR / "gunicorn.conf.py").read_text(encoding="utf-8")
    read: dict[str, int] = {}
    exec(written, {}, read)  # noqa: S102 - as gunicorn does
    # A value that a link adds to the longest address, and what stands around an address in its line.
    assert read["limit_request_line"] - settings.ADDRESS_BYTES > 1000


def test_the_page_for_developers_shows_no_password(client, settings):
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["archive.example"]
    # The development server hands on its environment with every request.
    addresses = {
        name: f"postgres://archive:very-hidden@{name.lower()}.example/archive"
        for name in ("DATABASE_URL", "SEARCH_URL", "TEST_DATABASE_URL", "TEST_ELASTICSEARCH_URL")
    }
    response = client.get("/", headers={"host": "not.allowed.example"}, **addresses)
    shown = response.content.decode()
    assert response.status_code == 400
    assert all(name in shown for name in addresses)
    assert "very-hidden" not in shown
