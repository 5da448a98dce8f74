"""The viewer of scans in a real browser: asked for when it is looked at, by mouse and keyboard, and without scripts."""

from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

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
from tests.browser.test_reader import address_of

pytestmark = pytest.mark.browser
# Whether the viewer has drawn a page: its canvas has another colour somewhere than at its edge.
DRAWN = """
const canvas = document.querySelector(".viewer-stage canvas");
if (!canvas || !canvas.width) return 0;
const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
let dark = 0;
for (let place = 0; place < data.length; place += 4) if (data[place + 3] && data[place] < 100) dark += 1;
return dark;
"""


def open_scan(driver: WebDriver, site: Site, words: str = "Station Clock", at: str = "") -> None:
    console_errors(driver)
    address = address_of(driver, site, words)
    driver.get("about:blank")
    driver.get(address + at)
    pane = driver.find_element(By.ID, "scan")
    if not pane.is_displayed():
        driver.find_element(By.CSS_SELECTOR, ".reader-bar [aria-pressed]").click()


def wait_for(driver: WebDriver, script: str) -> Any:
    return WebDriverWait(driver, 15).until(lambda d: d.execute_script(script))


def part(driver: WebDriver, name: str) -> Any:
    return driver.find_element(By.CSS_SELECTOR, f".viewer [data-does={name}]")


def place(driver: WebDriver) -> str:
    return driver.find_element(By.CSS_SELECTOR, ".viewer-said").get_attribute("textContent")


def loaded(driver: WebDriver, ending: str) -> list[str]:
    script = "return performance.getEntriesByType('resource').map(entry => entry.name)"
    return [name for name in driver.execute_script(script) if name.endswith(ending)]


def test_it_is_asked_for_when_it_is_looked_at(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    chromium.get("about:blank")
    chromium.get(address_of(chromium, site, "Station Clock"))
    assert not [name for name in loaded(chromium, ".js") if "openseadragon" in name]
    assert not loaded(chromium, "/large")
    assert not loaded(chromium, "/small")
    open_scan(chromium, site)
    assert wait_for(chromium, DRAWN) > 500
    assert loaded(chromium, "/pages/1/large")
    assert not loaded(chromium, "/pages/2/large")


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROWEST], ids=["desktop", "phone", "narrowest"])
def test_it_is_accessible_and_breaks_no_rule(site: Site, chromium: WebDriver, size: tuple[int, int]) -> None:
    set_size(chromium, size)
    open_scan(chromium, site)
    assert wait_for(chromium, DRAWN)
    assert axe_violations(chromium) == []
    assert console_errors(chromium) == []  # above all none of the content policy
    assert page_overflow(chromium) == 0


def test_fingers_are_told_of_where_the_screen_takes_them(site: Site, chromium: WebDriver) -> None:
    def told() -> str:
        open_scan(chromium, site)
        return chromium.find_element(By.CSS_SELECTOR, ".viewer-hint").text

    set_size(chromium, DESKTOP)
    assert told().startswith("Drag")
    chromium.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})
    try:
        assert told().startswith("Two fingers")
    finally:
        chromium.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_buttons_lead_through_the_pages(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    open_scan(chromium, site)
    wait_for(chromium, DRAWN)
    assert place(chromium) == "Page 1 of 2"
    assert not part(chromium, "previous").is_enabled()
    part(chromium, "next").click()
    assert place(chromium) == "Page 2 of 2"
    assert not part(chromium, "next").is_enabled()
    assert chromium.find_element(By.CSS_SELECTOR, ".viewer-number").get_attribute("value") == "2"
    thumbs = chromium.find_elements(By.CSS_SELECTOR, ".viewer-thumb")
    assert [thumb.get_attribute("aria-current") for thumb in thumbs] == [None, "true"]
    thumbs[0].click()
    assert place(chromium) == "Page 1 of 2"
    field = chromium.find_element(By.CSS_SELECTOR, ".viewer-number")
    field.send_keys(Keys.BACKSPACE, "7", Keys.ENTER)
    assert (place(chromium), field.get_attribute("value")) == ("Page 1 of 2", "1")
    field.send_keys(Keys.BACKSPACE, "2", Keys.ENTER)
    assert place(chromium) == "Page 2 of 2"


def test_the_page_is_enlarged_and_turned(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    open_scan(chromium, site)
    whole = wait_for(chromium, DRAWN)
    for _time in range(4):
        part(chromium, "closer").click()
    closer = WebDriverWait(chromium, 10).until(
        lambda d: (now := d.execute_script(DRAWN)) and abs(now - whole) > whole / 10 and now
    )
    part(chromium, "whole").click()
    WebDriverWait(chromium, 10).until(
        lambda d: abs(d.execute_script(DRAWN) - whole) < abs(closer - whole) / 4
    )
    # The stamp on this page is in its upper right quarter: turned, in the lower right.
    lower = """
    const canvas = document.querySelector(".viewer-stage canvas");
    const half = canvas.height / 2;
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let first = -1;
    for (let place = 0; place < data.length; place += 4) {
      if (data[place + 3]) { first = Math.floor(place / 4 / canvas.width); break; }
    }
    return first;
    """
    upright = chromium.execute_script(lower)
    part(chromium, "turn").click()
    WebDriverWait(chromium, 10).until(lambda d: d.execute_script(lower) > upright + 20)


def test_with_the_keyboard_alone(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    open_scan(chromium, site)
    wait_for(chromium, DRAWN)
    canvas = chromium.find_element(By.CSS_SELECTOR, ".openseadragon-canvas")
    assert "Page 1 of 2" in canvas.get_attribute("aria-label")
    canvas.send_keys(Keys.PAGE_DOWN)
    assert place(chromium) == "Page 2 of 2"
    canvas.send_keys(Keys.PAGE_UP)
    assert place(chromium) == "Page 1 of 2"
    before = wait_for(chromium, DRAWN)
    canvas.send_keys("+++")
    WebDriverWait(chromium, 10).until(lambda d: abs(d.execute_script(DRAWN) - before) > before / 10)
    thumb = chromium.find_element(By.CSS_SELECTOR, ".viewer-thumb[aria-current]")
    thumb.send_keys(Keys.ARROW_RIGHT)
    assert place(chromium) == "Page 2 of 2"
    focused = chromium.switch_to.active_element
    assert focused.get_attribute("aria-label") == "Page 2"
    # One stop of the tabulator for all pages, however many they are.
    stops = chromium.find_elements(By.CSS_SELECTOR, ".viewer-thumb:not([tabindex='-1'])")
    assert len(stops) == 1


def test_an_address_leads_to_a_page(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    open_scan(chromium, site, at="#scan-p2")
    wait_for(chromium, DRAWN)
    assert place(chromium) == "Page 2 of 2"


def test_pages_of_several_files_follow_one_another(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    open_scan(chromium, site, "Logbook")
    wait_for(chromium, DRAWN)
    assert place(chromium) == "Page 1 of 3"
    assert len(chromium.find_elements(By.PARTIAL_LINK_TEXT, "Download")) == 2


def test_where_the_library_cannot_be_had_the_pages_stand_in_the_page(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    chromium.execute_cdp_cmd("Network.enable", {})
    chromium.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*openseadragon*"]})
    try:
        open_scan(chromium, site)
        wait_for(chromium, "return document.querySelector('.viewer.has-failed') !== null")
        pages = chromium.find_elements(By.CSS_SELECTOR, ".scan-page img")
        assert [page.is_displayed() for page in pages] == [True, True]
    finally:
        chromium.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
        console_errors(chromium)


def test_without_scripts_pages_are_images(site: Site, chromium_without_javascript: WebDriver) -> None:
    driver = chromium_without_javascript
    set_size(driver, DESKTOP)
    driver.get(address_of(driver, site, "Station Clock"))
    assert not driver.find_element(By.CSS_SELECTOR, ".viewer").is_displayed()
    pages = driver.find_elements(By.CSS_SELECTOR, ".scan-page img")
    assert [page.get_attribute("alt") for page in pages] == ["Page 1 of the scan", "Page 2 of the scan"]
    assert all(page.get_attribute("loading") == "lazy" and page.is_displayed() for page in pages)
    assert all(page.rect["height"] > page.rect["width"] > 100 for page in pages)  # no shift when they come
    driver.get(pages[0].get_attribute("src"))
    assert driver.find_element(By.TAG_NAME, "img").is_displayed()
