"""Every kind of page in a real browser: accessible, whole at every width, without errors, and with scripts off."""

import urllib.error
import urllib.request

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.conftest import (
    DESKTOP,
    NARROWEST,
    PHONE,
    axe_violations,
    console_errors,
    page_overflow,
    set_size,
)
from tests.browser.site import Site

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "search": "/search/?q=Japan",
    "search in documents, narrowed": "/search/?q=Japan&in=documents&collection=sino-japanese-relations&from=1950&to=1972",
    "search without words": "/search/",
    "search with filter rows": "/search/?f=title:Khrushchev&f=and:place:Japan",
    "search as a table": "/search/?q=Mao+Tse-tung&view=table&sort=date",
    "search by another name": "/search/?q=%D0%9C%D0%B0%D0%BE+%D0%A6%D0%B7%D1%8D%D0%B4%D1%83%D0%BD",
    "search without hits": "/search/?q=xylophone",
    "search that cannot be read": "/search/?q=%22Japan+AND+(((",
    "search with a wrong date": "/search/?from=Feb.+30,+1956",
    "search with values excluded": "/search/?language=-rus&place=japan&place=-_none&place-match=all",
    "search with a row that cannot be used": "/search/?f=and:date:before:soon&f=and:person:is:Zhou+Enlai",
    "search among the roughly dated": "/search/?dated=roughly",
    "all values of a facet": "/search/facet/person/",
    "all values of a tree": "/search/facet/place/?place=-japan",
    "timeline": "/timeline/",
    "timeline of a year": "/timeline/?from=1956&to=1956",
    "timeline of the undated": "/timeline/?undated=1",
    "collections": "/collections/",
    "collection": "/collections/sino-japanese-relations/",
    "documents": "/documents/",
    "people": "/people/",
    "person": "/people/zhou-enlai/",
    "places": "/places/",
    "places from A to Z": "/places/?by=name",
    "place": "/places/japan/",
    "subjects": "/subjects/",
    "archives": "/archives/",
    "languages": "/languages/",
    "document types": "/types/",
    "themes": "/themes/",
    "research list": "/list/",
    "research list that was sent": "/list/?d=1,2,3",
    "citations of a list": "/list/citations/?d=1,2,3&cite=mla",
    "sheet of a list": "/list/sheet/?d=1,2,3&texts=1",
    "help": "/help/",
    "about": "/about/",
    "not found": "/documents/999999999/nothing/",
}
LANDMARKS = ("header", "main", "footer")


def open_page(driver: WebDriver, url: str, size: tuple[int, int]) -> None:
    set_size(driver, size)
    console_errors(driver)
    driver.get(url)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(site: Site, chromium: WebDriver, name: str, size: tuple[int, int]) -> None:
    open_page(chromium, site.url + PAGES[name], size)
    assert axe_violations(chromium) == []
    expected = ["404"] if name == "not found" else []
    errors = [error for error in console_errors(chromium) if not any(word in error for word in expected)]
    assert errors == []


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_the_narrowest_phone(site: Site, chromium: WebDriver, name: str) -> None:
    open_page(chromium, site.url + PAGES[name], NARROWEST)
    assert page_overflow(chromium) == 0


@pytest.mark.parametrize("name", PAGES)
def test_page_has_its_landmarks_without_scripts(
    site: Site, chromium_without_javascript: WebDriver, name: str
) -> None:
    open_page(chromium_without_javascript, site.url + PAGES[name], DESKTOP)
    for landmark in LANDMARKS:
        assert chromium_without_javascript.find_elements(By.TAG_NAME, landmark), landmark
    assert len(chromium_without_javascript.find_elements(By.TAG_NAME, "h1")) == 1


def test_reader_is_accessible(site: Site, chromium: WebDriver) -> None:
    """Each specimen that can be read: scan, transcript and translation in four scripts."""
    open_page(chromium, f"{site.url}/search/?collection=specimens-of-the-reader&per_page=50", DESKTOP)
    links = chromium.find_elements(By.CSS_SELECTOR, "main a[href*='/documents/']")
    addresses = {link.get_attribute("href") for link in links}
    assert len(addresses) >= 4
    for address in sorted(addresses):
        for size in (DESKTOP, PHONE):
            open_page(chromium, address, size)
            assert axe_violations(chromium) == [], address
            assert page_overflow(chromium) == 0, address
            assert console_errors(chromium) == [], address


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_another_host(site: Site, chromium: WebDriver, name: str) -> None:
    open_page(chromium, site.url + PAGES[name], DESKTOP)
    loaded = chromium.execute_script(
        "return performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    assert [address for address in loaded if not address.startswith(site.url)] == []


@pytest.mark.parametrize("name", PAGES)
def test_content_policy_is_strict(site: Site, name: str) -> None:
    try:
        with urllib.request.urlopen(site.url + PAGES[name], timeout=10) as answer:  # noqa: S310
            policy = answer.headers["Content-Security-Policy"]
    except urllib.error.HTTPError as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
