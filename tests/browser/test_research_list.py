"""The research list in a real browser: with scripts, without them, and by the keyboard alone."""

from collections.abc import Iterator

import pytest
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

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
SEARCH = "/search/?q=Japan&in=documents"
PAGES = ("/list/", "/list/citations/?cite=apa", "/list/sheet/?texts=1")


@pytest.fixture
def driver(site: Site, chromium: WebDriver) -> Iterator[WebDriver]:
    yield from _without_a_list(site, chromium)


@pytest.fixture
def plain(site: Site, chromium_without_javascript: WebDriver) -> Iterator[WebDriver]:
    yield from _without_a_list(site, chromium_without_javascript)


def _without_a_list(site: Site, driver: WebDriver) -> Iterator[WebDriver]:
    set_size(driver, DESKTOP)
    driver.get(f"{site.url}/help/")
    driver.delete_all_cookies()
    console_errors(driver)
    yield driver
    driver.delete_all_cookies()


def press(driver: WebDriver, name: str) -> None:
    button = driver.find_element(By.ID, name)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()


def send(driver: WebDriver, selector: str) -> None:
    """Press what sends a form, or follow a link, and wait for the page that comes."""
    page = driver.find_element(By.TAG_NAME, "html")
    button = driver.find_element(By.CSS_SELECTOR, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    # In the moment of the change the browser has other words for it, too.
    WebDriverWait(driver, 10, ignored_exceptions=[WebDriverException]).until(staleness_of(page))


def header(driver: WebDriver) -> str:
    return " ".join(driver.find_element(By.ID, "my-list-link").text.split())


def status(driver: WebDriver) -> str:
    return driver.find_element(By.ID, "list-status").get_attribute("textContent") or ""


def focused(driver: WebDriver) -> str:
    return driver.switch_to.active_element.get_attribute("id") or ""


def order(driver: WebDriver) -> list[str]:
    lines = driver.find_elements(By.CSS_SELECTOR, ".kept-lines > li")
    # The line of what was just removed has no number.
    ids = [line.get_attribute("id") or "" for line in lines]
    return [each.removeprefix("record-") for each in ids if each]


def found(driver: WebDriver, site: Site, number: int) -> list[str]:
    """The record ids of the first hits of a search, which is left open."""
    driver.get(site.url + SEARCH)
    buttons = driver.find_elements(By.CSS_SELECTOR, ".hits button.keep")
    return [button.get_attribute("value") or "" for button in buttons][:number]


def wait(driver: WebDriver, until) -> None:
    # The list is replaced while it is looked at.
    waiting = WebDriverWait(driver, 10, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda _driver: until())


def fill(driver: WebDriver, site: Site, number: int) -> list[str]:
    """A list of the first hits; its page is open."""
    numbers = found(driver, site, number)
    for each in numbers:
        press(driver, f"keep-{each}")
    wait(driver, lambda: f"({number} " in header(driver))
    driver.get(f"{site.url}/list/")
    assert order(driver) == numbers
    return numbers


def test_documents_are_added_while_the_page_stays(site: Site, driver: WebDriver) -> None:
    first, second = found(driver, site, 2)
    driver.execute_script("window.isStillHere = true")
    # At once: the second must not make a list of its own.
    driver.execute_script(
        "for (const id of arguments) document.getElementById(id).click()", f"keep-{first}", f"keep-{second}"
    )
    wait(driver, lambda: header(driver) == "My list (2 documents )")
    assert status(driver) == "Added: my list has 2 documents."
    assert driver.find_element(By.ID, f"keep-{first}").text.startswith("In my list")
    press(driver, f"keep-{first}")
    wait(driver, lambda: header(driver) == "My list (1 document )")
    assert focused(driver) == f"keep-{first}"
    assert driver.execute_script("return window.isStillHere") is True
    assert console_errors(driver) == []


def test_the_list_is_worked_on_by_the_keyboard(site: Site, driver: WebDriver) -> None:
    first, second, third = fill(driver, site, 3)
    driver.find_element(By.ID, f"up-{third}").send_keys(Keys.ENTER)
    wait(driver, lambda: order(driver) == [first, third, second])
    assert focused(driver) == f"up-{third}"
    assert status(driver).startswith("Number 2 of 3 now:")
    driver.switch_to.active_element.send_keys(Keys.ENTER)
    wait(driver, lambda: order(driver) == [third, first, second])
    # It is the first: there is no way up, so the focus is on the way down.
    assert focused(driver) == f"down-{third}"
    driver.find_element(By.ID, f"remove-{first}").send_keys(Keys.ENTER)
    wait(driver, lambda: order(driver) == [third, second])
    assert focused(driver) == "list-undo"
    driver.switch_to.active_element.send_keys(Keys.SPACE)
    wait(driver, lambda: order(driver) == [third, first, second])
    assert focused(driver) == f"remove-{first}"
    assert driver.current_url == f"{site.url}/list/"
    assert console_errors(driver) == []


def test_a_note_is_kept_when_one_goes_on(site: Site, driver: WebDriver) -> None:
    first, second = fill(driver, site, 2)
    press(driver, f"note-summary-{first}")
    driver.find_element(By.ID, f"note-{first}").send_keys("<b>Compare</b> p. 3")
    driver.find_element(By.ID, f"note-{first}").send_keys(Keys.TAB)
    wait(driver, lambda: status(driver) == "The notes are kept.")
    driver.get(f"{site.url}/list/")
    assert driver.find_element(By.CSS_SELECTOR, ".kept-note").text == "<b>Compare</b> p. 3"
    # What is not yet kept is not lost by another button.
    press(driver, f"note-summary-{second}")
    driver.execute_script("document.getElementById(arguments[0]).value = 'in haste'", f"note-{second}")
    press(driver, f"up-{second}")
    wait(driver, lambda: order(driver) == [second, first])
    notes = [
        note.get_attribute("textContent") for note in driver.find_elements(By.CSS_SELECTOR, ".kept-note")
    ]
    assert notes == ["in haste", "<b>Compare</b> p. 3"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_are_accessible(site: Site, driver: WebDriver, size: tuple[int, int]) -> None:
    numbers = fill(driver, site, 3)
    press(driver, f"remove-{numbers[0]}")
    wait(driver, lambda: len(order(driver)) == 2)
    set_size(driver, size)
    shared = f"/list/?d={','.join(numbers)},999999"
    for page in (*PAGES, shared, SEARCH):
        driver.get(site.url + page)
        assert axe_violations(driver) == [], page
        assert page_overflow(driver) == 0, page
        assert console_errors(driver) == [], page
    driver.delete_all_cookies()
    for page in PAGES:
        driver.get(site.url + page)
        assert axe_violations(driver) == [], page


def test_the_pages_fit_the_narrowest_phone(site: Site, driver: WebDriver) -> None:
    fill(driver, site, 2)
    set_size(driver, NARROWEST)
    for page in PAGES:
        driver.get(site.url + page)
        for details in driver.find_elements(By.CSS_SELECTOR, "#my-list details"):
            driver.execute_script("arguments[0].open = true", details)
        assert page_overflow(driver) == 0, page


def test_citations_go_to_the_clipboard(site: Site, driver: WebDriver) -> None:
    fill(driver, site, 2)
    driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    driver.get(f"{site.url}/list/citations/?cite=mla")
    button = driver.find_element(By.CSS_SELECTOR, "[data-copies]")
    button.click()
    wait(driver, lambda: button.text == "Copied")
    copied = driver.execute_async_script(
        "const done = arguments[0]; navigator.clipboard.readText().then(done, error => done(String(error)))"
    )
    # A citation a paragraph, as they stand on the page.
    assert copied.split("\n\n") == [each.text for each in driver.find_elements(By.CSS_SELECTOR, ".citation")]


def test_paper_has_the_list_and_not_its_buttons(site: Site, driver: WebDriver) -> None:
    fill(driver, site, 2)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        for page in PAGES:
            driver.get(site.url + page)
            shown = [
                each
                for each in driver.find_elements(By.CSS_SELECTOR, "button, form select")
                if each.is_displayed()
            ]
            assert [each.get_attribute("outerHTML") for each in shown] == [], page
            assert driver.find_element(By.TAG_NAME, "h1").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_all_of_it_without_scripts(site: Site, plain: WebDriver) -> None:
    first, second = found(plain, site, 2)
    search = plain.current_url
    assert plain.get_cookies() == []
    send(plain, f"#keep-{first}")
    # Back on the same search, at the document.
    assert plain.current_url == f"{search}#record-{first}"
    send(plain, f"#keep-{second}")
    assert header(plain) == "My list (2 documents )"
    assert [cookie["name"] for cookie in plain.get_cookies()] == ["research_list"]
    send(plain, "#my-list-link")
    send(plain, f"#up-{second}")
    assert order(plain) == [second, first]
    press(plain, f"note-summary-{second}")
    plain.find_element(By.ID, f"note-{second}").send_keys("see p. 3")
    send(plain, f"#save-{second}")
    assert plain.find_element(By.CSS_SELECTOR, ".kept-note").text == "see p. 3"
    send(plain, f"#remove-{second}")
    send(plain, "#list-undo")
    assert order(plain) == [second, first]
    assert plain.find_element(By.CSS_SELECTOR, ".kept-note").text == "see p. 3"
    send(plain, ".list-ways a[href='/list/citations/']")
    assert len(plain.find_elements(By.CSS_SELECTOR, ".citation")) == 2
    plain.get(f"{site.url}/list/")
    plain.find_element(By.CSS_SELECTOR, "#list-clear > summary").click()
    send(plain, "#list-clear button")
    assert "My list is cleared" in plain.find_element(By.TAG_NAME, "main").text
    assert plain.get_cookies() == []


def test_a_list_is_sent_and_taken_without_scripts(site: Site, plain: WebDriver) -> None:
    numbers = found(plain, site, 3)
    plain.get(f"{site.url}/list/?d={','.join(numbers)}")
    assert plain.find_element(By.TAG_NAME, "h1").text == "A list of 3 documents"
    send(plain, ".list-take button")
    assert order(plain) == numbers


def test_a_page_one_goes_back_to_tells_the_truth(site: Site, driver: WebDriver) -> None:
    (first,) = found(driver, site, 1)
    press(driver, f"keep-{first}")
    wait(driver, lambda: "(1 " in header(driver))
    send(driver, "#my-list-link")
    press(driver, f"remove-{first}")
    wait(driver, lambda: order(driver) == [])
    driver.back()
    wait(driver, lambda: driver.find_element(By.ID, f"keep-{first}").text.startswith("Add to my list"))
    assert header(driver) == "My list"
