"""The reader in a real browser: panes, paragraphs that correspond, links to one of them, and no scripts."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.conftest import DESKTOP, NARROWEST, PHONE, console_errors, set_size
from tests.browser.site import Site

pytestmark = pytest.mark.browser
PANES = ("scan", "transcript-rus", "translation-eng")


def address_of(driver: WebDriver, site: Site, words: str) -> str:
    driver.get(f"{site.url}/collections/specimens-of-the-reader/")
    return driver.find_element(By.PARTIAL_LINK_TEXT, words).get_attribute("href")


def shown(driver: WebDriver) -> list[str]:
    return [name for name in PANES if driver.find_element(By.ID, name).is_displayed()]


def top_of(driver: WebDriver, name: str) -> float:
    return driver.execute_script(
        "return document.getElementById(arguments[0]).getBoundingClientRect().top", name
    )


def test_buttons_show_and_hide_panes(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    console_errors(chromium)  # what an earlier page said is not of this one
    chromium.get(address_of(chromium, site, "Station Clock"))
    assert shown(chromium) == ["transcript-rus", "translation-eng"]
    buttons = chromium.find_elements(By.CSS_SELECTOR, ".reader-bar [aria-pressed]")
    assert [button.get_attribute("aria-pressed") for button in buttons] == ["false", "true", "true"]
    buttons[0].send_keys(Keys.ENTER)
    assert shown(chromium) == list(PANES)
    buttons[1].click()
    assert shown(chromium) == ["scan", "translation-eng"]
    assert [button.get_attribute("aria-pressed") for button in buttons] == ["true", "false", "true"]
    assert console_errors(chromium) == []


@pytest.mark.parametrize("words", ["Station Clock", "Logbook"])
def test_paragraphs_that_correspond_stand_on_one_line(site: Site, chromium: WebDriver, words: str) -> None:
    set_size(chromium, DESKTOP)
    chromium.get(address_of(chromium, site, words))
    names = [pane.get_attribute("id") for pane in chromium.find_elements(By.CSS_SELECTOR, ".pane-text")]
    for number in (1, 5, 9):
        first, second = (top_of(chromium, f"{name}-p{number}") for name in names)
        assert first == second


def test_a_link_to_a_paragraph_opens_and_marks_it(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, DESKTOP)
    address = address_of(chromium, site, "Station Clock")
    chromium.get(address)
    chromium.find_elements(By.CSS_SELECTOR, ".reader-bar [aria-pressed]")[2].click()
    assert shown(chromium) == ["transcript-rus"]
    chromium.execute_script("location.hash = 'translation-eng-p9'")
    assert shown(chromium) == ["transcript-rus", "translation-eng"]
    bar = chromium.find_element(By.CSS_SELECTOR, ".reader-bar").rect["height"]
    assert bar <= top_of(chromium, "translation-eng-p9") <= 1000
    mark = chromium.execute_script(
        "return getComputedStyle(document.getElementById('translation-eng-p9'), '::before').content"
    )
    assert mark == '""'
    chromium.get("about:blank")
    chromium.get(f"{address}#p9")
    assert bar <= top_of(chromium, "transcript-rus-p9") <= 1000


def test_on_a_phone_panes_stand_one_after_another(site: Site, chromium: WebDriver) -> None:
    set_size(chromium, PHONE)
    chromium.get(address_of(chromium, site, "Station Clock"))
    assert top_of(chromium, "translation-eng") > top_of(chromium, "transcript-rus-p11")


@pytest.mark.parametrize("size", [PHONE, NARROWEST])
def test_on_a_phone_one_goes_from_a_paragraph_to_the_one_that_corresponds(
    site: Site, chromium: WebDriver, size: tuple[int, int]
) -> None:
    set_size(chromium, size)
    chromium.get(address_of(chromium, site, "Station Clock"))
    chromium.execute_script("document.getElementById('transcript-rus-p7').scrollIntoView()")
    there = chromium.find_element(By.CSS_SELECTOR, "[data-jumps='translation-eng']")
    in_sight = "return arguments[0].getBoundingClientRect().top"
    assert 0 <= chromium.execute_script(in_sight, there) < 60
    there.click()
    back = chromium.find_element(By.CSS_SELECTOR, "[data-jumps='transcript-rus']")
    assert chromium.execute_script(in_sight, back) < top_of(chromium, "translation-eng-p7") < 200
    focused = chromium.switch_to.active_element
    assert focused.get_attribute("href").endswith("#translation-eng-p7")
    marked = chromium.find_elements(By.CSS_SELECTOR, ".line.is-marked")
    assert [line.get_attribute("id") for line in marked] == ["transcript-rus-p7", "translation-eng-p7"]
    # A text that was put away is shown again.
    chromium.execute_script("document.querySelector('.reader-bar [aria-pressed]:nth-of-type(2)').click()")
    assert shown(chromium) == ["translation-eng"]
    back.click()
    assert shown(chromium) == ["transcript-rus", "translation-eng"]
    assert 0 < top_of(chromium, "transcript-rus-p7") < 200


@pytest.mark.parametrize("size", [PHONE, NARROWEST])
def test_on_a_phone_every_button_of_the_bar_is_in_sight(
    site: Site, chromium: WebDriver, size: tuple[int, int]
) -> None:
    set_size(chromium, size)
    chromium.get(address_of(chromium, site, "Station Clock"))
    chromium.find_element(By.CSS_SELECTOR, "[data-opens-find]").click()
    tools = chromium.find_elements(By.CSS_SELECTOR, ".reader-bar :is(a, button, select, input)")
    assert len(tools) >= len(PANES) + 7
    for tool in tools:
        assert tool.is_displayed()
        box = tool.rect
        assert box["width"] > 0
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0], tool.accessible_name
    # The search stays at the top of the screen; what it finds stands below it.
    chromium.execute_script("window.scrollTo(0, arguments[0])", top_of(chromium, "translation-eng-p9"))
    find = chromium.find_element(By.ID, "find")
    assert top_of(chromium, "find") == 0
    assert find.rect["height"] <= 9 * 16  # what a passage keeps from the upper edge


def test_without_scripts_everything_stands_in_the_page(
    site: Site, chromium_without_javascript: WebDriver
) -> None:
    driver = chromium_without_javascript
    set_size(driver, DESKTOP)
    driver.get(address_of(driver, site, "Station Clock"))
    assert shown(driver) == list(PANES)
    links = driver.find_elements(By.CSS_SELECTOR, ".reader-bar a")
    assert [link.get_attribute("href").split("#")[1] for link in links] == [*PANES, "cite-title"]
    assert not [
        button for button in driver.find_elements(By.CSS_SELECTOR, ".needs-script") if button.is_displayed()
    ]
    assert driver.find_element(By.PARTIAL_LINK_TEXT, "Download").is_displayed()


@pytest.mark.parametrize("words", ["Station Clock", "Logbook"])
def test_without_scripts_a_translation_stands_beside_its_original(
    site: Site, chromium_without_javascript: WebDriver, words: str
) -> None:
    driver = chromium_without_javascript
    set_size(driver, DESKTOP)
    driver.get(address_of(driver, site, words))
    panes = driver.find_elements(By.CSS_SELECTOR, ".pane-text")
    original, translation = (pane.rect for pane in panes)
    assert original["x"] + original["width"] <= translation["x"]
    for number in (1, 5, 9):
        lines = [
            driver.find_element(By.ID, f"{pane.get_attribute('id')}-p{number}").rect["y"] for pane in panes
        ]
        assert lines[0] == lines[1]
    # The pages of the scan are on one line, too, and leave the texts near the top.
    assert driver.find_element(By.CSS_SELECTOR, ".scan-pages").rect["height"] < 700
    # All panes are there, so none is pressed.
    fills = {
        link.value_of_css_property("background-color")
        for link in driver.find_elements(By.CSS_SELECTOR, ".reader-bar a")
    }
    assert len(fills) == 1
