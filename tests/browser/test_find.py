"""Finding in the text of a document, in a real browser: what is typed, and what a search brought along."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.conftest import DESKTOP, PHONE, axe_violations, console_errors, page_overflow, set_size
from tests.browser.site import Site
from tests.browser.test_reader import address_of, top_of

pytestmark = pytest.mark.browser


@pytest.fixture
def reading(site: Site, chromium: WebDriver) -> Iterator[WebDriver]:
    """Chromium at the specimen in Russian and English, with nothing kept from before."""
    set_size(chromium, DESKTOP)
    console_errors(chromium)
    chromium.get(address_of(chromium, site, "Station Clock"))
    yield chromium
    chromium.execute_script("localStorage.clear()")


def find(driver: WebDriver, words: str) -> None:
    field = driver.find_element(By.ID, "find-words")
    if not field.is_displayed():
        driver.find_element(By.CSS_SELECTOR, "[data-opens-find]").click()
        WebDriverWait(driver, 10).until(lambda d: field.is_displayed())
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(words)


def count(driver: WebDriver) -> str:
    return driver.find_element(By.CSS_SELECTOR, ".find-count").text


def wait_for_count(driver: WebDriver, wanted: str) -> None:
    WebDriverWait(driver, 10).until(lambda d: count(d) == wanted, f"{wanted} is not {count(driver)}")


def marked(driver: WebDriver) -> list[str]:
    return [mark.text for mark in driver.find_elements(By.CSS_SELECTOR, ".pane-body mark")]


def test_what_is_typed_is_marked_and_counted(reading: WebDriver) -> None:
    text = reading.find_element(By.CSS_SELECTOR, ".panes-texts").get_attribute("textContent")
    find(reading, "CLÓCK")
    wait_for_count(reading, "8 places")
    assert {each.lower() for each in marked(reading)} == {"clock"}
    find(reading, "мое")
    wait_for_count(reading, "Not in the text shown")
    find(reading, "ее")  # ё is found by е
    WebDriverWait(reading, 10).until(lambda d: marked(d))
    assert "её" in marked(reading)
    reading.find_element(By.ID, "find-words").send_keys(Keys.ESCAPE)
    assert not marked(reading)
    # Nothing of the text is lost, or cut in two, by marking it.
    after = reading.find_element(By.CSS_SELECTOR, ".panes-texts")
    assert after.get_attribute("textContent") == text
    assert console_errors(reading) == []


def test_steps_by_keyboard_go_round(reading: WebDriver) -> None:
    find(reading, "clock")
    wait_for_count(reading, "8 places")
    field = reading.find_element(By.ID, "find-words")
    field.send_keys(Keys.ENTER)
    assert count(reading) == "1 of 8"
    field.send_keys(Keys.ENTER)
    assert count(reading) == "2 of 8"
    field.send_keys(Keys.SHIFT, Keys.ENTER)
    field.send_keys(Keys.SHIFT, Keys.ENTER)
    assert count(reading) == "8 of 8"
    current = reading.find_element(By.CSS_SELECTOR, "mark.is-current")
    bar = reading.find_element(By.CSS_SELECTOR, ".reader-bar").rect["height"]
    top = reading.execute_script("return arguments[0].getBoundingClientRect().top", current)
    assert bar < top < 1000
    field.send_keys(Keys.ESCAPE)
    assert not field.is_displayed()
    assert reading.switch_to.active_element.get_attribute("data-opens-find") is not None


def test_only_what_is_shown_is_looked_through(reading: WebDriver) -> None:
    find(reading, "ста")
    WebDriverWait(reading, 10).until(lambda d: marked(d))
    assert all(each.lower() == "ста" for each in marked(reading))
    transcript = reading.find_elements(By.CSS_SELECTOR, ".reader-bar [aria-pressed]")[1]
    transcript.click()
    wait_for_count(reading, "Not in the text shown")
    transcript.click()
    WebDriverWait(reading, 10).until(lambda d: "places" in count(d))


def test_the_words_of_a_search_are_marked_and_led_through(site: Site, reading: WebDriver) -> None:
    console_errors(reading)
    reading.get(f"{site.url}/search/?q=clocks+pendulum")
    reading.find_element(By.PARTIAL_LINK_TEXT, "Station Clock").click()
    WebDriverWait(reading, 10).until(lambda d: d.find_element(By.ID, "find-words").is_displayed())
    assert {each.lower() for each in marked(reading)} == {"clock", "pendulum"}
    assert reading.find_element(By.ID, "find-words").get_attribute("value") == "clocks pendulum"
    total = len(marked(reading))
    wait_for_count(reading, f"{total} places")
    reading.find_element(By.CSS_SELECTOR, "[data-step='1']").click()
    assert count(reading) == f"1 of {total}"
    for size in (DESKTOP, PHONE):
        set_size(reading, size)
        assert axe_violations(reading) == []
        assert page_overflow(reading) == 0
    assert console_errors(reading) == []


def test_the_size_of_the_text_is_kept(site: Site, reading: WebDriver) -> None:
    def size() -> float:
        script = "return parseFloat(getComputedStyle(document.querySelector('.pane-body')).fontSize)"
        return reading.execute_script(script)

    normal = size()
    control = reading.find_element(By.CSS_SELECTOR, "[data-sets-size]")
    control.send_keys("Largest")
    WebDriverWait(reading, 10).until(lambda d: size() > 1.4 * normal)
    reading.refresh()
    WebDriverWait(reading, 10).until(lambda d: size() > 1.4 * normal)
    chosen = reading.find_element(By.CSS_SELECTOR, "[data-sets-size]").get_property("value")
    assert chosen == "largest"
    assert page_overflow(reading) == 0


def test_the_paragraph_beside_a_linked_one_is_marked_with_it(reading: WebDriver) -> None:
    reading.execute_script("location.hash = 'translation-eng-p5'")
    WebDriverWait(reading, 10).until(lambda d: d.find_elements(By.CSS_SELECTOR, ".line.is-marked"))
    lines = [line.get_attribute("id") for line in reading.find_elements(By.CSS_SELECTOR, ".line.is-marked")]
    assert lines == ["transcript-rus-p5", "translation-eng-p5"]
    assert top_of(reading, lines[0]) == top_of(reading, lines[1])
    reading.execute_script("location.hash = 'p2'")
    WebDriverWait(reading, 10).until(
        lambda d: d.find_element(By.ID, "translation-eng-p2").get_attribute("class").endswith("is-marked")
    )
    assert len(reading.find_elements(By.CSS_SELECTOR, ".line.is-marked")) == 2


def test_without_scripts_the_words_of_a_search_are_marked(
    site: Site, chromium_without_javascript: WebDriver
) -> None:
    driver = chromium_without_javascript
    set_size(driver, DESKTOP)
    driver.get(f"{site.url}/search/?q=clocks")
    driver.find_element(By.PARTIAL_LINK_TEXT, "Station Clock").click()
    assert {each.lower() for each in marked(driver)} == {"clock"}
    assert not driver.find_element(By.ID, "find").is_displayed()
