"""Suggestions under the box and under the values of filter rows: by keyboard, by mouse, by touch, and not without scripts."""

from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select, WebDriverWait

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

OF_THE_BOX = "#search-words"


def wait_for(driver: WebDriver, condition) -> None:
    waiting = WebDriverWait(driver, 10, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda _driver: condition())


def one(driver: WebDriver, selector: str):
    return driver.find_element(By.CSS_SELECTOR, selector)


def asked(driver: WebDriver) -> dict[str, list[str]]:
    return parse_qs(urlsplit(driver.current_url).query)


def is_open(driver: WebDriver) -> bool:
    return one(driver, "#suggestions").is_displayed()


def texts(driver: WebDriver) -> list[str]:
    return [each.text for each in driver.find_elements(By.CSS_SELECTOR, "#suggestions .suggestion-text")]


def type_into(driver: WebDriver, text: str, selector: str = OF_THE_BOX):
    box = driver.find_elements(By.CSS_SELECTOR, selector)[-1]
    box.click()
    box.send_keys(text)
    wait_for(driver, lambda: is_open(driver))
    return box


def active(driver: WebDriver, box) -> str:
    """The text of the option that the keyboard stands on; empty while it is in the box alone."""
    identity = box.get_attribute("aria-activedescendant")
    if not identity:
        return ""
    option = driver.find_element(By.ID, identity)
    assert option.get_attribute("aria-selected") == "true"
    return option.find_element(By.CSS_SELECTOR, ".suggestion-text").text


def open_page(driver: WebDriver, site: Site, path: str, size: tuple[int, int] = DESKTOP) -> None:
    set_size(driver, size)
    console_errors(driver)
    driver.get(f"{site.url}{path}")


def test_a_person_is_chosen_with_the_keyboard(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, site, "/")
    box = one(chromium, OF_THE_BOX)
    assert box.get_attribute("aria-expanded") == "false"
    box = type_into(chromium, "mao")
    assert (box.get_attribute("role"), box.get_attribute("aria-expanded")) == ("combobox", "true")
    assert box.get_attribute("aria-controls") == "suggestions"
    told = one(chromium, "#search-form [role=status]").get_attribute("textContent")
    found = texts(chromium)
    assert told == (f"{len(found)} suggestions" if len(found) > 1 else "1 suggestion")
    assert found[0] == "Mao Zedong"
    assert active(chromium, box) == ""  # Enter would search for what is typed
    box.send_keys(Keys.ARROW_DOWN)
    assert active(chromium, box) == "Mao Zedong"
    box.send_keys(Keys.ARROW_UP)
    assert active(chromium, box) == found[-1]
    box.send_keys(Keys.ARROW_DOWN)
    assert active(chromium, box) == "Mao Zedong"
    # Home and End move in what is typed, not in the list.
    box.send_keys(Keys.HOME)
    assert chromium.execute_script("return arguments[0].selectionStart", box) == 0
    assert active(chromium, box) == "Mao Zedong"
    count = int(one(chromium, ".suggestion-detail").text.split()[0])
    box.send_keys(Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium).get("person") == ["mao-zedong"])
    assert "q" not in asked(chromium)
    assert one(chromium, "h1.sentence").text.startswith(f"{count} document")
    assert console_errors(chromium) == []


def test_enter_without_a_choice_searches_and_escape_only_closes(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, site, "/search/")
    box = type_into(chromium, "mao")
    box.send_keys(Keys.ARROW_DOWN, Keys.ESCAPE)
    assert not is_open(chromium)
    assert box.get_attribute("value") == "mao"
    assert box.get_attribute("aria-expanded") == "false"
    assert not box.get_attribute("aria-activedescendant")
    box.send_keys(Keys.ARROW_DOWN)
    wait_for(chromium, lambda: is_open(chromium))
    box.send_keys(Keys.TAB)
    wait_for(chromium, lambda: not is_open(chromium))
    box = type_into(chromium, " z")
    box.send_keys(Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium).get("q") == ["mao z"])


def test_what_matches_nothing_closes_the_list(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, site, "/people/")
    box = type_into(chromium, "mao")
    box.send_keys("qqq")
    wait_for(chromium, lambda: not is_open(chromium))
    assert one(chromium, "#search-form [role=status]").get_attribute("textContent") == ""
    box.send_keys(Keys.BACKSPACE * 3)
    wait_for(chromium, lambda: is_open(chromium))


def test_any_script_says_who_is_meant(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, site, "/help/")
    for typed, text in (("毛", "毛泽东 is Mao Zedong"), ("Хрущ", "Хрущёв is Nikita Khrushchev")):
        box = one(chromium, OF_THE_BOX)
        box.clear()
        type_into(chromium, typed)
        wait_for(chromium, lambda text=text: texts(chromium) and text.split(" is ")[1] in texts(chromium)[0])
        assert " is " in texts(chromium)[0]


def test_a_line_is_chosen_with_the_mouse_and_a_title_opens_its_document(
    site: Site, chromium: WebDriver
) -> None:
    open_page(chromium, site, "/documents/")
    title = one(chromium, ".entry-title").text
    type_into(chromium, title[:40])
    wait_for(chromium, lambda: title in texts(chromium))
    lines = chromium.find_elements(By.CSS_SELECTOR, ".suggestion")
    next(line for line in lines if line.text.startswith(title)).click()
    wait_for(chromium, lambda: urlsplit(chromium.current_url).path.startswith("/documents/"))
    wait_for(chromium, lambda: one(chromium, "h1").text == title)
    # Back again nothing is left over of the choice.
    chromium.back()
    wait_for(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, ".entry-title"))
    assert not is_open(chromium)


def test_the_people_of_the_scope_open_their_pages(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, site, "/search/?in=people")
    box = type_into(chromium, "mao")
    box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    wait_for(chromium, lambda: urlsplit(chromium.current_url).path == "/people/mao-zedong/")


def add_row(chromium: WebDriver) -> None:
    """A row for a person; from a page without rows it comes with a new page."""
    one(chromium, "#add-row").click()
    wait_for(chromium, lambda: bool(chromium.find_elements(By.CSS_SELECTOR, ".row-field")))
    Select(chromium.find_elements(By.CSS_SELECTOR, ".row-field")[-1]).select_by_value("person")


def test_a_row_added_by_script_takes_the_authorised_name(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, site, "/search/?in=documents")
    add_row(chromium)
    box = type_into(chromium, "毛泽", ".row-value")
    assert box.get_attribute("role") == "combobox"
    assert texts(chromium) == ["毛泽东 is Mao Zedong"]
    # The list stands under its input, as wide as that.
    rectangles = chromium.execute_script(
        "return [arguments[0], document.getElementById('suggestions')].map(each => each.getBoundingClientRect().toJSON())",
        box,
    )
    assert abs(rectangles[0]["bottom"] - rectangles[1]["top"]) <= 2
    assert abs(rectangles[0]["left"] - rectangles[1]["left"]) <= 2
    box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert box.get_attribute("value") == "Mao Zedong"
    assert not is_open(chromium)
    assert chromium.switch_to.active_element == box
    box.send_keys(Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium).get("f") == ["and:person:is:Mao Zedong"])
    assert not one(chromium, "h1.sentence").text.startswith("No document")
    # A field without names to complete asks nothing.
    Select(chromium.find_elements(By.CSS_SELECTOR, ".row-field")[-1]).select_by_value("transcript")
    box = chromium.find_elements(By.CSS_SELECTOR, ".row-value")[-1]
    chromium.execute_script("performance.clearResourceTimings()")
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(Keys.NULL, "mao")
    chromium.execute_async_script("setTimeout(arguments[0], 500)")
    assert not is_open(chromium)
    assert chromium.execute_script("return performance.getEntriesByType('resource').length") == 0


def test_the_list_of_a_row_stands_under_it_in_a_page_from_right_to_left(
    site: Site, chromium: WebDriver
) -> None:
    open_page(chromium, site, "/")
    add_row(chromium)
    chromium.execute_script("document.documentElement.dir = 'rtl'")
    box = type_into(chromium, "mao", ".row-value")
    sides = chromium.execute_script(
        "return [arguments[0], document.getElementById('suggestions')]"
        ".map(each => each.getBoundingClientRect()).map(each => [each.left, each.right])",
        box,
    )
    assert all(abs(mine - its) <= 2 for mine, its in zip(*sides, strict=True)), sides


def test_a_row_that_is_taken_away_takes_no_list_along(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, site, "/")
    add_row(chromium)
    type_into(chromium, "mao", ".row-value")
    one(chromium, ".row-cancel").click()
    wait_for(chromium, lambda: not chromium.find_elements(By.CSS_SELECTOR, ".band-row"))
    type_into(chromium, "mao")
    assert texts(chromium)[0] == "Mao Zedong"
    assert console_errors(chromium) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROWEST])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_list_is_clean_and_moves_nothing(
    site: Site, chromium: WebDriver, size: tuple[int, int], scheme: str
) -> None:
    chromium.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    try:
        open_page(chromium, site, "/people/", size)
        height = "return [document.documentElement.scrollHeight, document.querySelector('main').getBoundingClientRect().top]"
        before = chromium.execute_script(height)
        box = type_into(chromium, "mao")
        assert chromium.execute_script(height) == before
        box.send_keys(Keys.ARROW_DOWN)
        assert axe_violations(chromium) == []
        assert page_overflow(chromium) == 0
    finally:
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_tap_chooses(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, site, "/", PHONE)
    chromium.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        type_into(chromium, "mao")
        place = chromium.execute_script(
            "const at = document.querySelector('.suggestion').getBoundingClientRect();"
            "return [at.x + at.width / 2, at.y + at.height / 2, at.height]"
        )
        assert place[2] >= 24
        point = [{"x": place[0], "y": place[1]}]
        chromium.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": point})
        chromium.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        wait_for(chromium, lambda: asked(chromium).get("person") == ["mao-zedong"])
    finally:
        chromium.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_without_scripts_the_box_is_a_box(site: Site, chromium_without_javascript: WebDriver) -> None:
    driver = chromium_without_javascript
    open_page(driver, site, "/")
    box = one(driver, OF_THE_BOX)
    assert box.get_attribute("role") is None
    assert not driver.find_elements(By.ID, "suggestions")
    box.send_keys("mao", Keys.ENTER)
    wait_for(driver, lambda: asked(driver).get("q") == ["mao"])
    assert driver.find_elements(By.CSS_SELECTOR, ".hits .entry-title")
