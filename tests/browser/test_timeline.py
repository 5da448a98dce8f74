"""Timeline and map by hand: with scripts, without them, with the keyboard alone."""

from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import DESKTOP, PHONE, console_errors, set_size
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def open_page(driver: WebDriver, address: str, size: tuple[int, int] = DESKTOP) -> None:
    set_size(driver, size)
    console_errors(driver)
    driver.get(address)


def asked(driver: WebDriver) -> dict[str, list[str]]:
    return parse_qs(urlsplit(driver.current_url).query)


def all_of(driver: WebDriver, selector: str) -> list[WebElement]:
    return driver.find_elements(By.CSS_SELECTOR, selector)


def test_a_facet_narrows_the_timeline_in_place(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, f"{site.url}/timeline/")
    chromium.execute_script("window.notReloaded = true")
    box = all_of(chromium, "#facet-place input")[0]
    value = box.get_attribute("value")
    box.send_keys(Keys.SPACE)
    WebDriverWait(chromium, 10).until(lambda _driver: asked(chromium).get("place") == [value])
    assert urlsplit(chromium.current_url).path == "/timeline/"
    assert chromium.execute_script("return window.notReloaded")
    WebDriverWait(chromium, 10).until(lambda _driver: all_of(chromium, ".timeline-year"))


def test_years_then_months_by_the_keyboard_alone(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, f"{site.url}/timeline/?from=1972&to=1972")
    years, months = (each.find_elements(By.TAG_NAME, "a") for each in all_of(chromium, ".strip-drawing"))
    # Each drawing is one stop of the tab key.
    for bars in (years, months):
        assert [bar.get_attribute("tabindex") for bar in bars] == ["0"] + ["-1"] * (len(bars) - 1)
    chromium.execute_script("arguments[0].focus()", months[0])
    months[0].send_keys(Keys.ARROW_RIGHT)
    name = chromium.switch_to.active_element.get_attribute("aria-label")
    assert name == months[1].get_attribute("aria-label")
    assert "1972" in name
    chromium.switch_to.active_element.send_keys(Keys.ENTER)
    WebDriverWait(chromium, 10).until(lambda _driver: asked(chromium)["from"][0].startswith("1972-"))
    headings = [each.text for each in all_of(chromium, ".timeline-part h3")]
    assert name.partition(":")[0] in headings
    assert console_errors(chromium) == []


def test_from_the_search_to_the_timeline_and_back(site: Site, chromium_without_javascript: WebDriver) -> None:
    driver = chromium_without_javascript
    open_page(driver, f"{site.url}/search/?q=Japan&in=everything", PHONE)
    driver.find_element(By.LINK_TEXT, "The same as a timeline").click()
    assert urlsplit(driver.current_url).path == "/timeline/"
    assert asked(driver)["q"] == ["Japan"]
    assert all_of(driver, ".timeline-year h2")
    driver.find_element(By.LINK_TEXT, "The same as a list").click()
    assert urlsplit(driver.current_url).path == "/search/"
    assert asked(driver)["q"] == ["Japan"]


def test_a_point_of_the_map_by_the_keyboard(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, f"{site.url}/places/")
    points = all_of(chromium, "svg.map a")
    assert len(points) > 3
    chromium.execute_script("arguments[0].focus()", points[0])
    name = points[0].get_attribute("aria-label").partition(":")[0]
    points[0].send_keys(Keys.ENTER)
    WebDriverWait(chromium, 10).until(lambda _driver: urlsplit(chromium.current_url).path != "/places/")
    assert chromium.find_element(By.TAG_NAME, "h1").text == name


def test_the_map_can_be_passed_by(site: Site, chromium: WebDriver) -> None:
    open_page(chromium, f"{site.url}/places/", PHONE)
    skip = all_of(chromium, ".map-skip")[0]
    chromium.execute_script("arguments[0].focus()", skip)
    frame = all_of(chromium, ".map-frame")[0]
    assert skip.location["y"] >= frame.location["y"]  # in sight while it has the focus
    skip.send_keys(Keys.ENTER)
    assert chromium.switch_to.active_element.get_attribute("id") == "all-places"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_points_lie_on_the_map_and_the_land_fills_it(
    site: Site, chromium: WebDriver, size: tuple[int, int]
) -> None:
    open_page(chromium, f"{site.url}/places/", size)
    box = all_of(chromium, "svg.map")[0].rect
    assert abs(box["width"] - 2 * box["height"]) < 2
    # The piece of the world that is drawn, in pixels: as wide and as high as the map, so that points lie where they should.
    land = all_of(chromium, "svg.map-land")[0]
    drawn = chromium.execute_script(
        "const [land] = arguments, scale = land.getScreenCTM(), piece = land.viewBox.baseVal;"
        "return [scale.a * piece.width, scale.d * piece.height]",
        land,
    )
    assert drawn == pytest.approx([box["width"], box["height"]], abs=1)
    for circle in all_of(chromium, ".map-point"):
        place = circle.rect
        assert box["x"] <= place["x"] + place["width"] / 2 <= box["x"] + box["width"]
        assert box["y"] <= place["y"] + place["height"] / 2 <= box["y"] + box["height"]
