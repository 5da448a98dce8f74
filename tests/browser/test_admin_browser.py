"""Curators at work in a real browser: scripts run, the content policy refuses nothing."""

from typing import Any

import pytest
from django.urls import reverse
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from documents.models import Document
from people.models import Person
from tests.browser.conftest import DESKTOP, PHONE, console_errors, page_overflow, set_size
from tests.factories import (
    make_collection,
    make_curator,
    make_draft,
    make_full_document,
    make_person,
    make_theme,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def desk(chromium: WebDriver, live_server: Any) -> WebDriver:
    """A browser in which a curator has logged in, in the ordinary way."""
    make_curator("ana")
    set_size(chromium, DESKTOP)
    chromium.delete_all_cookies()
    chromium.get(live_server.url + reverse("admin:login"))
    console_errors(chromium)
    chromium.find_element(By.NAME, "username").send_keys("ana")
    chromium.find_element(By.NAME, "password").send_keys("geheim", Keys.ENTER)
    wait(chromium, lambda: chromium.find_elements(By.ID, "logout-form"))
    return chromium


def wait(driver: WebDriver, condition: Any) -> Any:
    return WebDriverWait(driver, 10).until(lambda _driver: condition())


def choose(driver: WebDriver, field: Any, typed: str) -> None:
    """Open a choice, type, and take the first that is offered."""
    field.click()
    box = wait(
        driver,
        lambda: driver.find_elements(By.CSS_SELECTOR, ".select2-container--open .select2-search__field"),
    )[0]
    box.send_keys(typed)
    found = "li.select2-results__option--highlighted[role=option]"
    wait(driver, lambda: [one for one in driver.find_elements(By.CSS_SELECTOR, found) if typed in one.text])
    box.send_keys(Keys.ENTER)


def test_a_date_is_read_while_it_is_typed(desk: WebDriver, live_server: Any) -> None:
    document = make_draft(date="")
    desk.get(live_server.url + reverse("admin:documents_document_change", args=[document.pk]))
    field = desk.find_element(By.NAME, "date_display")
    line = desk.find_element(By.CSS_SELECTOR, ".date-reading")
    assert line.get_attribute("aria-live") == "polite"
    assert line.text == "Read as: undated"
    field.send_keys("circa May 1946")
    wait(desk, lambda: line.text == "Read as: circa May 1946, approximate (1946-04-01 to 1946-06-30)")
    field.clear()
    field.send_keys("05/06/1946")
    wait(desk, lambda: "Day or month first?" in line.text)
    assert "date-refused" in line.get_attribute("class")
    assert console_errors(desk) == []


def test_a_document_is_made_with_participants_found_by_typing(desk: WebDriver, live_server: Any) -> None:
    make_person("Zhou Enlai", [("周恩来", "chi", "original")])
    make_person("Mao Zedong")
    make_collection("Sino-Japanese Relations")
    desk.get(live_server.url + reverse("admin:documents_document_add"))
    desk.find_element(By.NAME, "title").send_keys("Telegram to Mao Zedong")
    desk.find_element(By.NAME, "date_display").send_keys("May 06, 1946")
    choose(desk, desk.find_element(By.CSS_SELECTOR, ".field-collections .select2-selection"), "Sino")
    for number, (typed, role) in enumerate((("Zhou", "creator"), ("Mao", "addressee"))):
        add = desk.find_element(By.CSS_SELECTOR, "#participations-group .add-row a")
        desk.execute_script("arguments[0].scrollIntoView({block: 'center'})", add)
        add.click()
        row = wait(desk, lambda number=number: desk.find_elements(By.ID, f"participations-{number}"))[0]
        choose(desk, row.find_element(By.CSS_SELECTOR, ".select2-selection"), typed)
        row.find_element(By.CSS_SELECTOR, f"select[name$=role] option[value={role}]").click()
    add = desk.find_element(By.CSS_SELECTOR, "#texts-group .add-row a")
    desk.execute_script("arguments[0].scrollIntoView({block: 'center'})", add)
    add.click()
    language = wait(desk, lambda: desk.find_elements(By.NAME, "texts-0-language"))[0]
    desk.execute_script("arguments[0].scrollIntoView({block: 'center'})", language)
    language.send_keys("Chinese")
    wait(desk, lambda: len(desk.find_elements(By.CSS_SELECTOR, "#archive-languages option")) > 400)
    language.clear()
    language.send_keys("de")
    first = desk.find_element(By.CSS_SELECTOR, "#archive-languages option")
    assert (first.get_attribute("value"), first.get_attribute("label")) == ("ger", "German (de)")
    language.clear()
    language.send_keys("Chinese")
    desk.find_element(By.NAME, "texts-0-content").send_keys("毛泽东同志")
    assert console_errors(desk) == []
    desk.find_element(By.NAME, "_continue").click()
    wait(desk, lambda: desk.find_elements(By.CSS_SELECTOR, ".messagelist .success"))
    document = Document.objects.get()
    assert [(part.role, part.person.name) for part in document.participations.all()] == [
        ("addressee", "Mao Zedong"),
        ("creator", "Zhou Enlai"),
    ]
    assert [str(collection) for collection in document.collections.all()] == ["Sino-Japanese Relations"]
    assert document.texts.get().language == "chi"
    assert "Read as: May 6, 1946 (1946-05-06)" in desk.find_element(By.CSS_SELECTOR, ".date-reading").text
    assert console_errors(desk) == []


def test_a_draft_is_published_from_the_list(desk: WebDriver, live_server: Any) -> None:
    document = make_draft("A note")
    desk.get(live_server.url + reverse("admin:documents_document_changelist"))
    desk.find_element(By.CSS_SELECTOR, "input.action-select").click()
    desk.find_element(By.CSS_SELECTOR, "select[name=action] option[value=publish]").click()
    desk.find_element(By.CSS_SELECTOR, ".actions button").click()
    message = wait(desk, lambda: desk.find_elements(By.CSS_SELECTOR, ".messagelist .success"))[0]
    assert message.text == "Published 1 document."
    document.refresh_from_db()
    assert document.is_public
    assert console_errors(desk) == []


def test_pages_fit_the_screen_and_the_content_policy_holds(desk: WebDriver, live_server: Any) -> None:
    """The site's own strict policy: Django's admin with its calendars and choices runs under it as it is."""
    document, person, theme = make_full_document(), Person.objects.first() or make_person(), make_theme()
    pages = [
        reverse("admin:index"),
        reverse("admin:documents_document_changelist"),
        reverse("admin:documents_document_change", args=[document.pk]),
        reverse("admin:people_person_change", args=[person.pk]),
        reverse("admin:themes_theme_change", args=[theme.pk]),
        reverse("admin:search_outboxentry_changelist"),
        reverse("admin:search_index_state") + "?compare=1",
        reverse("admin:auth_user_add"),
        reverse("admin:documents_document_history", args=[document.pk]),
    ]
    for size in (DESKTOP, PHONE):
        set_size(desk, size)
        for page in pages:
            desk.get(live_server.url + page)
            assert page_overflow(desk) == 0, (page, size)
            assert console_errors(desk) == [], page
    desk.get(live_server.url + pages[2])
    calendar = desk.find_element(By.CSS_SELECTOR, ".field-public_from .datetimeshortcuts a:last-of-type")
    desk.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", calendar)
    wait(
        desk,
        lambda: [box for box in desk.find_elements(By.CSS_SELECTOR, ".calendarbox") if box.is_displayed()],
    )
    assert console_errors(desk) == []


def test_fields_without_a_label_of_their_own_are_named(desk: WebDriver, live_server: Any) -> None:
    document = make_full_document()
    desk.get(live_server.url + reverse("admin:documents_document_change", args=[document.pk]))
    role = desk.find_element(By.NAME, "participations-0-role")
    wait(desk, lambda: role.get_attribute("aria-label") == "Role")
    attached = "[data-select2-id] + .select2 [role=combobox][aria-label='Attached to']"
    wait(desk, lambda: desk.find_elements(By.CSS_SELECTOR, attached))


def test_the_buttons_hide_no_field_from_the_keyboard(desk: WebDriver, live_server: Any) -> None:
    document = make_full_document()
    desk.get(live_server.url + reverse("admin:documents_document_change", args=[document.pk]))
    wait(desk, lambda: desk.find_elements(By.CSS_SELECTOR, ".select2"))
    hidden, seen = [], 0
    place = """
        const field = document.activeElement, bar = document.querySelector(".submit-row");
        if (bar.contains(field)) return null;
        const {top, bottom} = field.getBoundingClientRect();  // of a tall field its first lines
        return [field.name || field.className, Math.min(bottom, top + 60), bar.getBoundingClientRect().top];
    """
    desk.find_element(By.NAME, "title").click()
    while found := desk.execute_script(place):
        seen += 1
        if found[1] > found[2]:
            hidden.append(found)
        ActionChains(desk).send_keys(Keys.TAB).perform()
    assert seen > 40
    assert hidden == []


def would_ask(driver: WebDriver) -> bool:
    """Whether the page would have the browser ask before it is left; a driver itself answers such questions at once."""
    return driver.execute_script(
        "const leaving = new Event('beforeunload', {cancelable: true});"
        "window.dispatchEvent(leaving); return leaving.defaultPrevented;"
    )


def test_what_was_typed_is_not_left_without_being_asked(desk: WebDriver, live_server: Any) -> None:
    document = make_full_document()
    desk.get(live_server.url + reverse("admin:documents_document_change", args=[document.pk]))
    wait(desk, lambda: desk.find_elements(By.CSS_SELECTOR, ".select2"))
    assert not would_ask(desk)
    summary = desk.find_element(By.NAME, "summary")
    summary.send_keys("x")
    assert would_ask(desk)
    summary.send_keys(Keys.BACKSPACE)
    assert not would_ask(desk)
    add = desk.find_element(By.CSS_SELECTOR, "#participations-group .add-row a")
    desk.execute_script("arguments[0].scrollIntoView({block: 'center'})", add)
    add.click()
    assert would_ask(desk)

    # What was refused is still to be saved; sending it asks nothing.
    date = desk.find_element(By.NAME, "date_display")
    for written, found in (("05/06/1946", ".errornote"), ("6 May 1946", ".messagelist .success")):
        date.clear()
        date.send_keys(written)
        desk.execute_script(
            "window.addEventListener('beforeunload', (event) => sessionStorage.asked = event.defaultPrevented)"
        )
        desk.find_element(By.NAME, "_continue").click()
        wait(desk, lambda found=found: desk.find_elements(By.CSS_SELECTOR, found))
        assert desk.execute_script("return sessionStorage.asked") == "false"
        assert would_ask(desk) == (found == ".errornote")
        date = desk.find_element(By.NAME, "date_display")
    assert console_errors(desk) == []
