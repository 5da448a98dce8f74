"""What gunicorn lets in and what the site makes of it."""

import urllib.error
import urllib.request
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.browser


def answer(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the test's own server
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_longest_search_that_the_box_takes_is_answered_in_chinese(site):
    status, page = answer(f"{site.url}/search/?q={quote('会' * 500)}")
    assert status == 200
    assert "会会会" in page


def test_more_is_refused_with_a_page_of_the_sites_own(site):
    status, page = answer(f"{site.url}/search/?q={quote('会' * 850)}")
    assert status == 414
    assert "more than one search can carry" in page


def test_a_probe_asks_for_an_address_not_for_a_name(site):
    assert answer(f"{site.url}/readyz", Host="10.9.8.7:8000")[0] == 200
    assert answer(f"{site.url}/help/", Host="10.9.8.7:8000")[0] == 400
