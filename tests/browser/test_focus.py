"""The keyboard alone: whoever goes through a page with the tab key sees at each stop where they are."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import DESKTOP, PHONE, set_size
from tests.browser.site import Site

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "search": "/search/?q=Japan&in=documents",
    "search with a range": "/search/?from=1955&to=1957&f=title:Specimen",
    "search as a table": "/search/?q=Japan&in=documents&view=table",
    "timeline": "/timeline/",
    "collection": "/collections/specimens-of-the-reader/",
    "person": "/people/zhou-enlai/",
    "places": "/places/",
    "document": "/documents/33/",
}
STOPS_AT_MOST = 400
# What has the focus, whether that is drawn, and whether it is in sight: some stops are drawn by what they stand in.
STOP = """
const at = document.activeElement;
if (at === document.body) return null;
const drawn = (element) => {
  if (!element) return false;
  const style = getComputedStyle(element);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"
    || (element instanceof SVGElement && style.stroke !== "none");
};
const standIn = [at, at.closest(".band-box"), at.closest(".choice-not"), at.querySelector(".slot, .map-reach")];
const box = (at.querySelector(".slot") ?? at).getBoundingClientRect();
const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
const top = document.elementFromPoint(x, y);
const inSight = Boolean(top) && (at.contains(top) || top.contains(at) || top.closest("label, a, figure")?.contains(at));
return {
  what: at.outerHTML.slice(0, 120), drawn: standIn.some(drawn), // A place on the map may lie under another one; its ring is wider.
  inSight: inSight || Boolean(at.closest(".map")),
};
"""


def stops(driver: WebDriver, *, backward: bool = False) -> list[dict]:
    """Every stop of the tab key from the top of the page to its end, or back to the top."""
    found: list[dict] = []
    for _each in range(STOPS_AT_MOST):
        keys = ActionChains(driver)
        if backward:
            keys = keys.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT)
        else:
            keys = keys.send_keys(Keys.TAB)
        keys.perform()
        stop = driver.execute_script(STOP)
        if stop is None:
            return found
        found.append(stop)
    raise AssertionError(f"more than {STOPS_AT_MOST} stops")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_focus_is_seen_at_every_stop(
    site: Site, chromium: WebDriver, name: str, size: tuple[int, int]
) -> None:
    set_size(chromium, size)
    chromium.get(site.url + PAGES[name])
    chromium.execute_script("for (const each of document.querySelectorAll('.strip-table')) each.open = true")
    found = stops(chromium)
    assert len(found) > 10
    assert [stop["what"] for stop in found if not stop["drawn"]] == []
    assert [stop["what"] for stop in found if not stop["inSight"]] == []


@pytest.mark.parametrize("page", ["home", "person", "collection", "search", "timeline"])
def test_years_are_one_stop_on_every_page(site: Site, chromium: WebDriver, page: str) -> None:
    set_size(chromium, DESKTOP)
    chromium.get(site.url + PAGES[page])
    bars = chromium.find_elements(By.CSS_SELECTOR, ".strip-drawing a")
    assert len(bars) > 1
    assert [bar.get_attribute("tabindex") for bar in bars] == ["0"] + ["-1"] * (len(bars) - 1)
    chromium.execute_script("arguments[0].focus()", bars[0])
    chromium.switch_to.active_element.send_keys(Keys.END)
    assert chromium.switch_to.active_element == bars[-1]


@pytest.mark.parametrize("page", ["search", "search as a table", "timeline"])
@pytest.mark.parametrize(
    "way", [".skip-link[href='#hits']", ".skip-here"], ids=["from the top", "past the filters"]
)
def test_the_filters_can_be_passed_by(site: Site, chromium: WebDriver, page: str, way: str) -> None:
    """They are two hundred steps, and more in a large archive."""
    set_size(chromium, DESKTOP)
    chromium.get(site.url + PAGES[page])
    ActionChains(chromium).send_keys(Keys.TAB).perform()  # into the page, which the test before may have left
    skip = chromium.find_element(By.CSS_SELECTOR, way)
    chromium.execute_script("arguments[0].focus()", skip)
    assert chromium.execute_script(STOP)["inSight"]
    skip.send_keys(Keys.ENTER)
    assert chromium.switch_to.active_element.get_attribute("id") == "hits"
    for _step in range(12):
        ActionChains(chromium).send_keys(Keys.TAB).perform()
        if "/documents/" in (chromium.switch_to.active_element.get_attribute("href") or ""):
            break
    assert chromium.switch_to.active_element.find_elements(By.XPATH, "ancestor::*[@id='results']")
    assert "/documents/" in chromium.switch_to.active_element.get_attribute("href")


@pytest.mark.parametrize("page", ["home", "person"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_filter_row_that_is_asked_for_has_the_focus(
    site: Site, request: pytest.FixtureRequest, page: str, *, scripts: bool
) -> None:
    """From a page that cannot add one itself it comes on the search page."""
    driver = request.getfixturevalue("chromium" if scripts else "chromium_without_javascript")
    set_size(driver, DESKTOP)
    driver.get(site.url + PAGES[page])
    driver.find_element(By.ID, "add-row").send_keys(Keys.ENTER)
    WebDriverWait(driver, 10).until(lambda driver: "/search/" in driver.current_url)
    assert driver.switch_to.active_element.get_attribute("class") == "row-value"
    driver.switch_to.active_element.send_keys("Mao", Keys.ENTER)
    WebDriverWait(driver, 10).until(lambda driver: "and:any:Mao" in driver.current_url)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("finds", [False, True], ids=["reading", "finding"])
def test_the_bar_of_the_reader_covers_nothing_that_has_the_focus(
    site: Site, chromium: WebDriver, size: tuple[int, int], *, finds: bool
) -> None:
    """On the way back up, where the browser brings each stop to the upper edge."""
    set_size(chromium, size)
    chromium.get(site.url + PAGES["document"])
    if finds:
        chromium.execute_script("document.querySelector('[data-opens-find]').click()")
    chromium.execute_script("[...document.querySelectorAll('a')].at(-1).focus()")
    found = stops(chromium, backward=True)
    assert len(found) > 40
    assert [stop["what"] for stop in found if not stop["inSight"]] == []
