"""The table of hits, the way back to a hit, and similar documents, in a real browser with and without scripts."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import DESKTOP, PHONE, axe_violations, console_errors, page_overflow, set_size
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def dates(driver: WebDriver) -> list[str]:
    return [each.text for each in driver.find_elements(By.CSS_SELECTOR, ".hits-table .cell-date")]


def in_sight(driver: WebDriver, selector: str) -> bool:
    return driver.execute_script(
        "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return box.top >= 0 && box.bottom <= innerHeight",
        selector,
    )


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_list_to_the_table_to_a_document_and_back_to_its_row(
    site: Site, request: pytest.FixtureRequest, scripts: bool
) -> None:
    driver = request.getfixturevalue("chromium" if scripts else "chromium_without_javascript")
    set_size(driver, DESKTOP)
    driver.get(f"{site.url}/search/?q=Japan&per_page=25")
    driver.find_element(By.LINK_TEXT, "Table").click()
    assert "view=table" in driver.current_url
    driver.find_element(By.CSS_SELECTOR, ".hits-table thead a").click()  # Date
    assert "sort=date" in driver.current_url
    earliest = dates(driver)
    driver.find_element(By.CSS_SELECTOR, ".hits-table thead a").click()  # the other way round
    assert dates(driver) != earliest
    assert dates(driver)[0] != earliest[0]
    driver.find_elements(By.CSS_SELECTOR, ".cell-title a")[-1].click()
    driver.find_element(By.CSS_SELECTOR, ".neighbours span a").click()
    assert "view=table" in driver.current_url
    name = driver.current_url.partition("#")[2]
    assert in_sight(driver, f"tr#{name}")


def test_the_views_are_chosen_by_keyboard(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    chromium.get(f"{site.url}/search/?q=Japan")
    chromium.execute_script("document.getElementById('search-size').focus()")
    for _stop in range(4):
        chromium.switch_to.active_element.send_keys(Keys.TAB)
        if chromium.switch_to.active_element.text == "Table":
            break
    chromium.switch_to.active_element.send_keys(Keys.ENTER)
    WebDriverWait(chromium, 10).until(lambda driver: "view=table" in driver.current_url)


def test_a_filter_that_applies_at_once_leaves_the_table_a_table(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    chromium.get(f"{site.url}/search/?q=Japan&view=table")
    chromium.find_element(By.ID, "language-rus").click()
    WebDriverWait(chromium, 10).until(lambda driver: "language=rus" in driver.current_url)
    WebDriverWait(chromium, 10).until(
        lambda driver: not driver.find_elements(By.CSS_SELECTOR, '[aria-busy="true"]')
    )
    assert "view=table" in chromium.current_url
    assert dates(chromium)


def test_on_a_phone_each_row_is_a_line_that_fits(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, PHONE)
    chromium.get(f"{site.url}/search/?q=Mao+Tse-tung&view=table")
    rows = chromium.find_elements(By.CSS_SELECTOR, ".hits-table tbody tr")
    assert rows
    for row in rows:
        date, title = (row.find_element(By.CSS_SELECTOR, name) for name in (".cell-date", ".cell-title"))
        assert date.rect["y"] + date.rect["height"] <= title.rect["y"] + 1
        assert title.rect["x"] + title.rect["width"] <= PHONE[0]
    assert page_overflow(chromium) <= 0
    assert axe_violations(chromium) == []


@pytest.mark.parametrize("width", [790, 959, 1024, 1153, 1280])
@pytest.mark.parametrize("query", ["in=documents", "q=collection:Specimens"])
def test_the_table_fits_screens_between_a_phones_and_a_desks(
    site: Site, chromium: WebDriver, width: int, query: str
) -> None:
    set_size(chromium, (width, 900))
    chromium.get(f"{site.url}/search/?{query}&view=table&per_page=50")
    assert chromium.find_elements(By.CSS_SELECTOR, ".hits-table tbody tr")
    assert page_overflow(chromium) <= 0


def a_document(driver: WebDriver, site: Site) -> None:
    driver.get(f"{site.url}/search/?q=Kono")
    driver.find_element(By.CSS_SELECTOR, ".hits .entry-title a").click()


def test_similar_documents_come_when_the_reader_is_near(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    a_document(chromium, site)
    console_errors(chromium)
    place = chromium.find_element(By.CSS_SELECTOR, "[data-similar]")
    chromium.execute_script("arguments[0].scrollIntoView()", place)
    WebDriverWait(chromium, 10).until(lambda _driver: place.find_elements(By.CSS_SELECTOR, "li a"))
    assert 1 <= len(place.find_elements(By.CSS_SELECTOR, "li a")) <= 5
    assert console_errors(chromium) == []
    assert axe_violations(chromium) == []


# Answers are held back until the reader is where the test wants them.
_HELD_BACK = """
const ask = window.fetch, held = new Promise(resolve => { window.letGo = resolve; });
window.fetch = async (...asked) => { await held; return ask(...asked); };
"""
_ROOM = """
const place = document.querySelector("[data-similar]"), last = place.lastElementChild;
return [Math.round(place.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom),
        Math.round(document.querySelector(".site-footer").getBoundingClientRect().top),
        place.querySelectorAll("li").length];
"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_similar_documents_take_the_room_that_they_need_and_move_nothing(
    site: Site, chromium: WebDriver, size: tuple[int, int]
) -> None:
    set_size(chromium, size)
    held = chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _HELD_BACK})
    try:
        chromium.get(f"{site.url}/document/4")  # two are like it
    finally:
        chromium.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", held)
    chromium.execute_script("scrollTo(0, document.documentElement.scrollHeight)")
    _room, foot, lines = chromium.execute_script(_ROOM)
    assert lines == 0
    chromium.execute_async_script("window.letGo(); setTimeout(arguments[0], 1000)")
    room, still, lines = chromium.execute_script(_ROOM)
    assert lines == 2
    assert room > 0
    assert still == foot, "it moved while it was seen"
    chromium.execute_script("scrollTo(0, 0)")
    WebDriverWait(chromium, 10).until(lambda driver: driver.execute_script(_ROOM)[0] == 0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_room_is_left_where_few_documents_are_similar(
    site: Site, chromium: WebDriver, size: tuple[int, int]
) -> None:
    set_size(chromium, size)
    chromium.get(f"{site.url}/document/4")
    place = chromium.find_element(By.CSS_SELECTOR, "[data-similar]")
    top = place.rect["y"]
    chromium.execute_script("scrollTo(0, arguments[0])", top - size[1] - 300)  # near, and not in sight
    WebDriverWait(chromium, 10).until(lambda _driver: place.find_elements(By.CSS_SELECTOR, "li a"))
    WebDriverWait(chromium, 10).until(lambda driver: driver.execute_script(_ROOM)[0] == 0)


def test_similar_documents_without_scripts(site: Site, chromium_without_javascript: WebDriver) -> None:
    driver = chromium_without_javascript
    set_size(driver, DESKTOP)
    a_document(driver, site)
    driver.find_element(By.CSS_SELECTOR, "[data-similar] a").click()
    assert driver.find_element(By.TAG_NAME, "h1").text == "Similar documents"
    assert driver.find_elements(By.CSS_SELECTOR, ".entries .entry")
