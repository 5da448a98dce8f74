"""The site in a language that runs from right to left: every page mirrored, nothing wider than the screen.

The language is one of brackets (``tests.pseudo``), so that words which only scripts put on a page are seen too.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from documents.choices import Role
from tests.browser.conftest import (
    DESKTOP,
    NARROWEST,
    PHONE,
    axe_violations,
    console_errors,
    page_overflow,
    set_size,
)
from tests.factories import make_collection, make_document, make_person, make_place, make_scan
from tests.pseudo import pseudo_language, untranslated
from tests.search.holdings import reindex

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
DATA = "//*[@id='citation'] | //td[.//*[contains(@class, 'query')]]"


@pytest.fixture
def mirrored(
    chromium: WebDriver, live_server: Any, settings: Any
) -> Iterator[tuple[WebDriver, dict[str, str]]]:
    """A browser, and the addresses of the pages of a small archive in Arabic and Chinese letters."""
    settings.SITE_NAME, settings.SITE_STRAPLINE = "الأرشيف", "وثائق"
    collection = make_collection("محادثات", featured=True, short_description="وثائق المحادثات")
    zhou = make_person("تشو", [("周恩来", "chi", "original")], date="1898-1976")
    place = make_place("بكين", make_place("الصين"), latitude=39.9, longitude=116.4)
    fields = {
        "collections": [collection], "people": {Role.CREATOR: [zhou]}, "places": [place], "types": ["برقية"],
        "languages": ["chi"], "repository": "أرشيف موسكو", "archival_reference": "ф. 5, оп. 30, д. 116",
        "classification": "سري", "summary": "عن الحدود",
    }  # fmt: skip
    document = make_document(
        "الحدود والسلام",
        date="1956-05-06",
        reference_code="١",
        transcripts={"chi": "周恩来\n毛泽东"},
        translations={"ara": "قال السفير\nثم سأل"},
        **fields,
    )
    make_scan(document)
    for number, date in enumerate(("1955", "[1956?]", "1955-1957", "", "1957")):
        make_document(f"السلام {number}", date=date, reference_code=f"١{number}", **fields)
    reindex()
    pages = {
        "home": "/", "search": "/search/?q=السلام", "all": "/search/", "timeline": "/timeline/", "documents": "/documents/",
        "collection": collection.get_absolute_url(), "person": zhou.get_absolute_url(), "people": "/people/", "places": "/places/",
        "place": place.get_absolute_url(), "facet": "/search/facet/person/", "help": "/help/", "about": "/about/", "list": "/list/",
        "document": document.get_absolute_url(), "empty": "/search/?q=ضضض", "rows": "/search/?f=title:السلام&f=or:date:1955",
    }  # fmt: skip
    console_errors(chromium)
    with pseudo_language("ar"):
        yield chromium, {name: live_server.url + address for name, address in pages.items()}


def box(driver: WebDriver, selector: str) -> dict[str, float]:
    found = driver.find_elements(By.CSS_SELECTOR, selector)
    assert found, selector
    return found[0].rect


def ends(driver: WebDriver, selector: str) -> float:
    rect = box(driver, selector)
    return rect["x"] + rect["width"]


def picture(driver: WebDriver, name: str) -> None:
    """For those who want to look: MIRRORED=/a/folder pytest tests/browser/test_mirrored.py."""
    if folder := os.environ.get("MIRRORED"):
        driver.save_screenshot(f"{folder}/{name}.png")


def test_pages_mirror_and_fit(mirrored: tuple[WebDriver, dict[str, str]]) -> None:
    driver, pages = mirrored
    missed = []
    for size in (DESKTOP, PHONE, NARROWEST):
        set_size(driver, size)
        for name, url in pages.items():
            driver.get(url)
            assert driver.find_element(By.TAG_NAME, "html").get_attribute("dir") == "rtl", name
            assert page_overflow(driver) == 0, (name, size)
            # Nothing hangs out on the other side either, where no scroll bar would tell.
            left = driver.execute_script(
                "return [...document.querySelectorAll('main *')].filter(each => each.checkVisibility() && !each.closest"
                "('svg, .visually-hidden, .table-scroll, .block-table, .viewer-strip, .reader-row')"
                " && each.getBoundingClientRect().width > 1 && each.getBoundingClientRect().left < -1)"
                ".map(each => each.outerHTML.slice(0, 100))"
            )
            assert left == [], (name, size)
            picture(driver, f"{name}-{size[0]}")
            if size == DESKTOP:
                missed += [f"{name}: {each}" for each in untranslated(driver.page_source, data=DATA)]
    assert missed == []
    assert console_errors(driver) == []


def test_what_stands_left_stands_right(mirrored: tuple[WebDriver, dict[str, str]]) -> None:
    driver, pages = mirrored
    set_size(driver, DESKTOP)
    driver.get(pages["search"])
    assert box(driver, ".entry-date")["x"] > ends(driver, ".entry-body") - 1, "the gutter of dates"
    assert box(driver, "#filters")["x"] > ends(driver, "#results") - 1, "the facets"
    assert box(driver, ".site-mark")["x"] > ends(driver, ".site-nav-wide") - 1, "the name of the site"
    driver.get(pages["document"])
    assert box(driver, "#about")["x"] > ends(driver, ".document-aside") - 1, "what stands beside"
    assert box(driver, ".facts dt")["x"] > ends(driver, ".facts dd") - 1, "names of facts"
    # Each text runs its own way: a Chinese one with its numbers left, an Arabic one with them right.
    driver.execute_script(
        "document.querySelectorAll('.pane').forEach(each => each.classList.remove('pane-off'))"
    )
    chinese, arabic = (
        driver.find_element(By.CSS_SELECTOR, f".pane-body[lang={lang}]") for lang in ("zh", "ar")
    )
    for text, is_left in ((chinese, True), (arabic, False)):
        number = text.find_element(By.CSS_SELECTOR, ".line-number").rect
        words = text.find_element(By.CSS_SELECTOR, ".line > :nth-child(2)").rect
        assert (number["x"] < words["x"]) is is_left


def test_mirrored_pages_are_accessible(mirrored: tuple[WebDriver, dict[str, str]]) -> None:
    driver, pages = mirrored
    set_size(driver, DESKTOP)
    for name in ("home", "search", "document", "timeline"):
        driver.get(pages[name])
        assert axe_violations(driver) == [], name
