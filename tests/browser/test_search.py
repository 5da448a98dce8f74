"""The search page by hand: with scripts, without them, with the keyboard alone."""

from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser.conftest import DESKTOP, PHONE, console_errors, page_overflow, set_size
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def open_search(driver: WebDriver, site: Site, query: str, size: tuple[int, int] = DESKTOP) -> None:
    set_size(driver, size)
    console_errors(driver)
    driver.get(f"{site.url}/search/?{query}")


def asked(driver: WebDriver) -> dict[str, list[str]]:
    return parse_qs(urlsplit(driver.current_url).query)


def one(driver: WebDriver, selector: str):
    return driver.find_element(By.CSS_SELECTOR, selector)


def wait_for(driver: WebDriver, condition) -> None:
    # While the page is swapped, what was found may be gone the next moment.
    waiting = WebDriverWait(driver, 10, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda _driver: condition())


def sentence(driver: WebDriver) -> str:
    return one(driver, "h1.sentence").text


def test_a_facet_applies_at_once_and_keeps_the_focus(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "q=Japan&in=documents")
    box = one(chromium, "#facet-place input")
    name, value, identity = box.get_attribute("name"), box.get_attribute("value"), box.get_attribute("id")
    chromium.execute_script("window.notReloaded = true")
    box.send_keys(Keys.SPACE)
    wait_for(chromium, lambda: asked(chromium).get(name) == [value])
    wait_for(
        chromium,
        lambda: (
            one(chromium, "#search-status").text
            or one(chromium, "#search-status").get_attribute("textContent")
        ),
    )
    assert chromium.execute_script("return window.notReloaded")
    assert chromium.switch_to.active_element.get_attribute("id") == identity
    assert one(chromium, f'[id="{identity}"]').is_selected()
    assert asked(chromium)["q"] == ["Japan"]
    # The number is announced as the sentence has it, without its crosses.
    told = one(chromium, "#search-status").get_attribute("textContent")
    assert "document" in told
    assert "×" not in told
    chromium.back()
    wait_for(chromium, lambda: name not in asked(chromium))
    wait_for(chromium, lambda: not one(chromium, f'[id="{identity}"]').is_selected())
    assert console_errors(chromium) == []


def stay(driver: WebDriver) -> None:
    """From here on a page that is loaded anew is noticed by ``has_stayed``."""
    driver.execute_script("window.notReloaded = true")


def has_stayed(driver: WebDriver) -> bool:
    return driver.execute_script("return window.notReloaded === true")


def in_focus(driver: WebDriver) -> str:
    """The id of what is in focus, or its name."""
    focused = driver.switch_to.active_element
    return focused.get_attribute("id") or focused.get_attribute("name")


def told(driver: WebDriver) -> str:
    """What the live region says."""
    return one(driver, "#search-status").get_attribute("textContent")


@pytest.mark.parametrize("page", ["search", "timeline"])
def test_dates_are_set_by_the_keyboard_and_keep_the_focus(site: Site, chromium: WebDriver, page: str) -> None:
    set_size(chromium, DESKTOP)
    console_errors(chromium)
    chromium.get(f"{site.url}/{page}/?q=Japan")
    stay(chromium)
    one(chromium, "#search-from").send_keys("1956", Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium) == {"q": ["Japan"], "from": ["1956"]})
    wait_for(chromium, lambda: "1956 or later" in sentence(chromium))
    assert in_focus(chromium) == "search-from"
    assert "1956 or later" in told(chromium)
    # What is typed next stands behind what was typed.
    chromium.switch_to.active_element.send_keys("-02", Keys.TAB)
    assert in_focus(chromium) == "search-to"
    chromium.switch_to.active_element.send_keys("1962", Keys.TAB, Keys.ARROW_RIGHT)
    wait_for(chromium, lambda: asked(chromium).get("certain") == ["1"])
    wait_for(chromium, lambda: "February 1956 to" in sentence(chromium))
    assert in_focus(chromium) == "search-certainly"
    one(chromium, "#search-to").clear()
    one(chromium, "#search-set-dates").send_keys(Keys.SPACE)
    wait_for(chromium, lambda: "to" not in asked(chromium))
    wait_for(chromium, lambda: "February 1956 or later" in sentence(chromium))
    assert in_focus(chromium) == "search-set-dates"
    chromium.back()
    wait_for(chromium, lambda: asked(chromium).get("to") == ["1962"])
    wait_for(chromium, lambda: one(chromium, "#search-to").get_attribute("value") == "1962")
    chromium.back()
    wait_for(chromium, lambda: asked(chromium) == {"q": ["Japan"], "from": ["1956"]})
    wait_for(chromium, lambda: one(chromium, "#search-from").get_attribute("value") == "1956")
    chromium.back()
    wait_for(chromium, lambda: asked(chromium) == {"q": ["Japan"]})
    assert has_stayed(chromium)
    assert console_errors(chromium) == []


def test_a_date_that_cannot_be_read_is_told_of_where_it_stands(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "q=Japan")
    stay(chromium)
    one(chromium, "#search-from").send_keys("05/06/1946", Keys.ENTER)
    wait_for(chromium, lambda: one(chromium, "#problem-from").is_displayed())
    focused = chromium.switch_to.active_element
    assert focused.get_attribute("aria-describedby") == "problem-from"
    assert has_stayed(chromium)


def test_a_new_search_keeps_the_focus_and_the_way_back(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "q=Japan")
    stay(chromium)
    words = one(chromium, "#search-words")
    words.clear()
    words.send_keys("Khrushchev", Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium) == {"q": ["Khrushchev"]})
    wait_for(chromium, lambda: "Khrushchev" in told(chromium))
    assert in_focus(chromium) == "search-words"
    entries = chromium.execute_script("return history.length")
    words.send_keys(Keys.ENTER)
    wait_for(chromium, lambda: one(chromium, "#search-page").get_attribute("aria-busy") is None)
    assert chromium.execute_script("return history.length") == entries, "the same search again is no step"
    chromium.back()
    wait_for(chromium, lambda: words.get_attribute("value") == "Japan")
    wait_for(chromium, lambda: "Japan" in sentence(chromium))
    assert has_stayed(chromium)
    assert console_errors(chromium) == []


def test_a_suggestion_that_is_chosen_keeps_the_focus(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "from=1950")
    stay(chromium)
    words = one(chromium, "#search-words")
    words.send_keys("mao")
    wait_for(chromium, lambda: one(chromium, "#suggestions").is_displayed())
    words.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    wait_for(chromium, lambda: "person" in asked(chromium))
    wait_for(chromium, lambda: words.get_attribute("value") == "")
    assert asked(chromium)["from"] == ["1950"]
    assert in_focus(chromium) == "search-words"
    assert "Mao" in told(chromium)
    assert has_stayed(chromium)
    assert console_errors(chromium) == []


def test_a_filter_row_that_is_sent_keeps_the_focus(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "f=and:any:Japan")
    stay(chromium)
    one(chromium, "#add-row").click()
    Select(chromium.find_elements(By.CSS_SELECTOR, ".row-field")[-1]).select_by_value("person")
    value = chromium.find_elements(By.CSS_SELECTOR, ".row-value")[-1]
    value.send_keys("zhou")
    wait_for(chromium, lambda: one(chromium, "#suggestions").is_displayed())
    value.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    name = value.get_attribute("value")
    value.send_keys(Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium).get("f") == ["and:any:Japan", f"and:person:is:{name}"])
    wait_for(chromium, lambda: name in told(chromium))
    rows = chromium.find_elements(By.CSS_SELECTOR, ".row-value")
    assert chromium.switch_to.active_element == rows[1]
    assert one(chromium, "#suggestions"), "the list of suggestions is not lost with a row"
    # A row that was emptied is no row any more.
    rows[1].clear()
    rows[1].send_keys(Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium) == {"f": ["and:any:Japan"]})
    wait_for(chromium, lambda: in_focus(chromium) == "add-row")
    assert has_stayed(chromium)
    assert console_errors(chromium) == []


def test_what_is_typed_while_the_answer_comes_is_kept(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "q=Japan")
    stay(chromium)
    chromium.execute_script(
        "const plain = fetch; window.fetch = (...asked) =>"
        " new Promise((done) => { window.answer = () => done(plain(...asked)); });"
    )
    one(chromium, "#search-from").send_keys("1956", Keys.ENTER, Keys.TAB)
    chromium.switch_to.active_element.send_keys("1962")
    chromium.execute_script("window.answer()")
    wait_for(chromium, lambda: "1956 or later" in sentence(chromium))
    assert in_focus(chromium) == "search-to"
    assert one(chromium, "#search-to").get_attribute("value") == "1962"
    assert has_stayed(chromium)


def test_the_timeline_gives_way_to_a_search_for_people(site: Site, chromium: WebDriver) -> None:
    chromium.get(f"{site.url}/timeline/")
    Select(one(chromium, "#search-in")).select_by_value("people")
    one(chromium, "#search-words").send_keys("Mao", Keys.ENTER)
    wait_for(chromium, lambda: urlsplit(chromium.current_url).path == "/search/")
    assert asked(chromium) == {"q": ["Mao"], "in": ["people"]}
    wait_for(chromium, lambda: "person" in sentence(chromium) or "people" in sentence(chromium))


def test_a_value_is_excluded_and_taken_back(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "in=documents")
    box = one(chromium, "#facet-language .choice-not input")
    value, identity = box.get_attribute("value"), box.get_attribute("id")
    assert value.startswith("-")
    box.send_keys(Keys.SPACE)
    wait_for(chromium, lambda: asked(chromium).get("language") == [value])
    wait_for(chromium, lambda: "not in" in sentence(chromium))
    assert chromium.switch_to.active_element.get_attribute("id") == identity
    # To choose it after all is no longer to exclude it.
    one(chromium, f'[id="{identity.removeprefix("not-")}"]').click()
    wait_for(chromium, lambda: asked(chromium).get("language") == [value.removeprefix("-")])
    wait_for(chromium, lambda: one(chromium, "#language-all"))
    one(chromium, "#language-all").click()
    wait_for(chromium, lambda: asked(chromium).get("language-match") == ["all"])
    one(chromium, ".part-remove").click()
    wait_for(chromium, lambda: not asked(chromium))
    assert console_errors(chromium) == []


def test_on_the_page_of_all_values_none_is_chosen_and_excluded_at_once(
    site: Site, chromium: WebDriver
) -> None:
    chromium.get(f"{site.url}/search/facet/place/?place=-japan")
    refused = one(chromium, '.values-list input[value="-japan"]')
    assert refused.is_selected()
    chosen = one(chromium, '.values-list input[value="japan"]')
    assert chosen.is_displayed(), "the way to what is excluded is open"
    chosen.click()
    assert not refused.is_selected()
    one(chromium, ".values-end button").click()
    wait_for(chromium, lambda: asked(chromium) == {"place": ["japan"]})
    assert console_errors(chromium) == []


def test_a_facet_that_was_closed_stays_closed(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "in=documents")
    one(chromium, "#facet-person > summary").click()
    one(chromium, "#facet-subject > summary").click()
    wait_for(
        chromium,
        lambda: "facet-subject" in str(chromium.execute_script("return localStorage['archive-facets']")),
    )
    open_search(chromium, site, "q=Japan")
    wait_for(chromium, lambda: one(chromium, "#facet-person").get_attribute("open") is None)
    assert one(chromium, "#facet-subject").get_attribute("open") is not None
    assert one(chromium, "#facet-place").get_attribute("open") is not None
    chromium.execute_script("localStorage.clear()")


def test_a_branch_of_places_opens_by_the_keyboard(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "in=documents")
    branch = one(chromium, "#facet-place .branch")
    assert branch.get_attribute("open") is not None
    summary = one(chromium, "#facet-place .branch > summary")
    assert summary.get_attribute("textContent").startswith("Within ")
    summary.send_keys(Keys.ENTER)
    wait_for(chromium, lambda: branch.get_attribute("open") is None)


def test_a_row_offers_the_conditions_that_fit_its_field(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "in=documents")
    one(chromium, "#add-row").click()

    def offered() -> list[str]:
        options = chromium.find_elements(By.CSS_SELECTOR, ".row-op option")
        return [option.get_attribute("value") for option in options if option.is_enabled()]

    assert "before" not in offered()
    Select(one(chromium, ".row-field")).select_by_value("date")
    assert {"before", "after", "between"} <= set(offered())
    Select(one(chromium, ".row-op")).select_by_value("before")
    one(chromium, ".row-value").send_keys("1955", Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium).get("f") == ["and:date:before:1955"])
    assert "a date that could be 1954 or earlier" in sentence(chromium)
    Select(one(chromium, ".row-field")).select_by_value("person")
    assert Select(one(chromium, ".row-op")).first_selected_option.get_attribute("value") == "contains"


def test_a_filter_row_comes_and_goes_in_place(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "in=documents")
    one(chromium, "#add-row").click()
    value = chromium.switch_to.active_element
    assert value.get_attribute("name") == "f-value"
    value.send_keys("Japan", Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium).get("f") == ["and:any:Japan"])
    assert "Japan" in sentence(chromium)
    one(chromium, ".row-cancel").click()
    wait_for(chromium, lambda: "f" not in asked(chromium))
    assert not chromium.find_elements(By.CSS_SELECTOR, ".band-row")


def test_the_years_are_one_stop_of_the_tab_key_and_the_arrows_go_between_them(
    site: Site, chromium: WebDriver
) -> None:
    open_search(chromium, site, "")
    bars = chromium.find_elements(By.CSS_SELECTOR, ".strip-drawing a")
    assert len(bars) > 3
    assert [bar.get_attribute("tabindex") for bar in bars] == ["0"] + ["-1"] * (len(bars) - 1)
    chromium.execute_script("arguments[0].focus()", bars[0])
    chromium.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    name = chromium.switch_to.active_element.get_attribute("aria-label")
    assert name == bars[1].get_attribute("aria-label")
    said = [
        each.text for each in chromium.find_elements(By.CSS_SELECTOR, ".strip-said") if each.is_displayed()
    ]
    assert said == [name], "the bar in focus says what it counts, and no other does"
    ActionChains(chromium).move_to_element(bars[0]).perform()
    said = [
        each.text for each in chromium.find_elements(By.CSS_SELECTOR, ".strip-said") if each.is_displayed()
    ]
    assert said == [bars[0].get_attribute("aria-label")]
    chromium.switch_to.active_element.send_keys(Keys.ENTER)
    wait_for(chromium, lambda: asked(chromium).get("from") == [name[:4]])


def test_the_filters_of_a_phone_are_a_drawer(site: Site, chromium: WebDriver) -> None:
    open_search(chromium, site, "q=Japan&in=documents", PHONE)
    assert not one(chromium, "#filters").is_displayed()
    one(chromium, ".filters-open").click()
    wait_for(chromium, lambda: one(chromium, "#filters").is_displayed())
    # The driver takes what stands under the foot of the drawer for in sight.
    place = one(chromium, "#facet-place .choice")
    chromium.execute_script("arguments[0].scrollIntoView({block: 'center'})", place)
    place.click()
    wait_for(chromium, lambda: "place" in asked(chromium))
    wait_for(chromium, lambda: "(1)" in one(chromium, ".filters-open").text)
    assert one(chromium, "#filters").is_displayed()
    # The way to the results is in sight at every height of the drawer.
    for side in ("start", "center"):
        chromium.execute_script(f"document.getElementById('filters').scrollIntoView({{block: '{side}'}})")
        foot = chromium.execute_script(
            "return document.querySelector('.filters-close').getBoundingClientRect().bottom"
        )
        assert 0 < foot <= chromium.execute_script("return innerHeight")
    one(chromium, ".filters-close").click()
    wait_for(chromium, lambda: not one(chromium, "#filters").is_displayed())


def test_everything_works_without_scripts(site: Site, chromium_without_javascript: WebDriver) -> None:
    driver = chromium_without_javascript
    open_search(driver, site, "q=Japan&in=documents")
    box = one(driver, "#facet-place input")
    value = box.get_attribute("value")
    box.click()
    one(driver, ".panels-end button").click()
    wait_for(driver, lambda: asked(driver).get("place") == [value])
    assert asked(driver)["q"] == ["Japan"]
    one(driver, "#add-row").click()
    wait_for(driver, lambda: "f" in asked(driver))
    one(driver, ".row-value").send_keys("Khrushchev")
    one(driver, ".band-button").click()
    wait_for(driver, lambda: asked(driver).get("f") == ["and:any:Khrushchev"])
    assert asked(driver)["place"] == [value]
    one(driver, ".row-cancel").click()
    wait_for(driver, lambda: "f" not in asked(driver))
    one(driver, "#search-from").send_keys("1956")
    one(driver, ".strip-button").click()
    wait_for(driver, lambda: asked(driver).get("from") == ["1956"])
    one(driver, ".part-remove").click()
    wait_for(driver, lambda: "q" not in asked(driver))


def test_all_values_of_a_facet_without_scripts(site: Site, chromium_without_javascript: WebDriver) -> None:
    driver = chromium_without_javascript
    open_search(driver, site, "in=documents")
    one(driver, "#facet-person .facet-all").click()
    wait_for(driver, lambda: "/search/facet/person/" in driver.current_url)
    first, second = (
        box.get_attribute("value")
        for box in driver.find_elements(By.CSS_SELECTOR, ".values-list .choice input")[:2]
    )
    one(driver, f'.values-list input[value="{first}"]').click()
    one(driver, f'.values-list input[value="-{second}"]').click()
    one(driver, "#person-all").click()
    one(driver, ".values-end button").click()
    wait_for(driver, lambda: "/search/?" in driver.current_url)
    assert asked(driver) == {"person": [first, f"-{second}"], "person-match": ["all"]}
    Select(one(driver, "#search-in")).select_by_value("documents")
    one(driver, "#add-row").click()
    wait_for(driver, lambda: "f" in asked(driver))
    Select(one(driver, ".row-field")).select_by_value("date")
    Select(one(driver, ".row-op")).select_by_value("between")
    one(driver, ".row-value").send_keys("1955")
    one(driver, ".band-button").click()
    wait_for(driver, lambda: asked(driver).get("f") == ["and:date:between:1955"])
    assert "is not two dates" in one(driver, ".band-row .field-error").text
    one(driver, ".row-value").send_keys(" and 1990")
    one(driver, ".band-button").click()
    wait_for(driver, lambda: asked(driver).get("f") == ["and:date:between:1955 and 1990"])
    assert "could be 1955 to 1990" in sentence(driver)
    assert asked(driver)["person"] == [first, f"-{second}"]


def test_a_search_page_is_light(site: Site, chromium: WebDriver) -> None:
    """100 KB in all, compressed, in 8 requests: a promise to readers on slow lines."""
    open_search(chromium, site, "q=Japan&per_page=10")
    resources = chromium.execute_script(
        "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
        ".map(each => [each.name, each.encodedBodySize])"
    )
    assert len(resources) <= 8, resources
    assert sum(size for _name, size in resources) < 100_000, resources
    assert all(urlsplit(name).netloc == urlsplit(site.url).netloc for name, _size in resources)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "query",
    [
        "q=date:spring+1955&certain=1",
        "file=specimen-archive-invented~f-5~op-1~d-24",
        'q="the clock on the tower and found it in good order"',
    ],
)
def test_no_part_of_the_sentence_is_cut(
    site: Site, chromium: WebDriver, query: str, size: tuple[int, int]
) -> None:
    open_search(chromium, site, query, size)
    cut = """return [...document.querySelectorAll(".sentence .part > [dir]")]
      .filter(part => part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1)
      .map(part => part.textContent)"""
    assert chromium.find_elements(By.CSS_SELECTOR, ".sentence .part > [dir]")
    assert chromium.execute_script(cut) == []
    assert page_overflow(chromium) <= 0
