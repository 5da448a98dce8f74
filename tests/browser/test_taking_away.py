"""The cite box, exports and feeds in a real browser."""

import json

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import (
    DESKTOP,
    PHONE,
    axe_violations,
    console_errors,
    page_overflow,
    set_size,
)
from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def document(site: Site, chromium: WebDriver) -> str:
    """The address of a document of the sample."""
    chromium.get(f"{site.url}/search/?q=Zhou&in=documents")
    link = chromium.find_element(By.CSS_SELECTOR, ".hits a[href*='/documents/']")
    return (link.get_attribute("href") or "").partition("?")[0]


def citation(driver: WebDriver) -> str:
    return driver.find_element(By.ID, "citation").text


def choose(driver: WebDriver, style: str) -> None:
    link = driver.find_element(By.LINK_TEXT, style)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", link)
    link.click()


def chosen(driver: WebDriver) -> str:
    return driver.find_element(By.CSS_SELECTOR, ".cite-styles [aria-current]").text


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("style", ["chicago-note", "chicago", "mla", "apa"])
def test_the_page_is_accessible_in_every_style(
    chromium: WebDriver, document: str, size: tuple[int, int], style: str
) -> None:
    set_size(chromium, size)
    console_errors(chromium)
    chromium.get(f"{document}?cite={style}&version=2020-01-01")
    assert "You follow a citation" in chromium.find_element(By.TAG_NAME, "main").text
    assert axe_violations(chromium) == []
    assert page_overflow(chromium) == 0
    assert console_errors(chromium) == []  # nor did the content policy refuse the JSON-LD


def test_the_json_ld_is_read(chromium: WebDriver, document: str) -> None:
    chromium.get(document)
    written = chromium.execute_script(
        "return document.querySelector('script[type=\"application/ld+json\"]').textContent"
    )
    assert json.loads(written)["@type"] == "ArchiveComponent"


def test_another_style_comes_without_loading_the_page_again(chromium: WebDriver, document: str) -> None:
    set_size(chromium, DESKTOP)
    chromium.get(f"{document}?n=1")
    chromium.execute_script("window.isStillHere = true")
    note = citation(chromium)
    choose(chromium, "APA")
    # The box is replaced while it is looked at.
    waiting = WebDriverWait(chromium, 10, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda driver: chosen(driver) == "APA")
    assert citation(chromium) != note
    assert chromium.execute_script("return window.isStillHere") is True
    assert chromium.current_url == f"{document}?n=1&cite=apa#cite"
    # Who walks by keyboard is where they were.
    assert chromium.switch_to.active_element.text == "APA"
    assert console_errors(chromium) == []


def test_the_citation_goes_to_the_clipboard(chromium: WebDriver, document: str) -> None:
    set_size(chromium, DESKTOP)
    chromium.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    chromium.get(f"{document}?cite=apa")
    button = chromium.find_element(By.CSS_SELECTOR, "[data-copies]")
    chromium.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    WebDriverWait(chromium, 10).until(lambda _driver: button.text == "Copied")
    copied = chromium.execute_async_script(
        "const done = arguments[0]; navigator.clipboard.readText().then(done, error => done(String(error)))"
    )
    assert copied == citation(chromium)


def test_styles_without_scripts(chromium_without_javascript: WebDriver, document: str) -> None:
    driver = chromium_without_javascript
    driver.get(f"{document}?n=1")
    choose(driver, "MLA")
    assert driver.current_url == f"{document}?n=1&cite=mla#cite"
    assert chosen(driver) == "MLA"


@pytest.mark.parametrize("address", ["/search/?q=Japan", "/people/zhou-enlai/"])
def test_what_is_found_can_be_taken_away(site: Site, chromium: WebDriver, address: str) -> None:
    chromium.get(site.url + address)
    links = chromium.find_elements(By.CSS_SELECTOR, ".take-away a")
    assert [link.text for link in links] == ["CSV", "JSON", "RIS", "BibTeX", "CSL-JSON", "Atom", "JSON Feed"]
    statuses = chromium.execute_async_script(
        """
        const [addresses, done] = arguments;
        Promise.all(addresses.map(address => fetch(address).then(answer => answer.text().then(text =>
          [answer.status, text.length > 100])))).then(done);
        """,
        [link.get_attribute("href") for link in links],
    )
    assert statuses == [[200, True]] * 7
