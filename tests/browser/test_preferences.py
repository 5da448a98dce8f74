"""Readers who asked their machine for less motion, larger letters, or colours of their own."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.conftest import DESKTOP, page_overflow, set_size
from tests.browser.site import Site
from tests.browser.test_every_page import PAGES

pytestmark = pytest.mark.browser
_MOVING = """
return [...document.querySelectorAll("*")].filter(each => {
  const style = getComputedStyle(each);
  return style.transitionDuration.split(",").some(time => parseFloat(time) > 0)
    || style.animationName !== "none" || style.scrollBehavior === "smooth";
}).map(each => each.outerHTML.slice(0, 90));
"""
# The contrast of two colours as WCAG 2 has it: what the box would take, and what was typed, on the box.
_CONTRASTS = """
const box = document.getElementById("search-from");
const light = (colour) => {
  const [red, green, blue] = colour.match(/[\\d.]+/g).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ground = light(getComputedStyle(box).backgroundColor);
return [getComputedStyle(box, "::placeholder"), getComputedStyle(box)].map(style => {
  const ink = light(style.color);
  return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
});
"""
_EDGES = """
const [pressed, other] = ["true", "false"].map(state => document.querySelector(`.reader-bar [aria-pressed=${state}]`));
return [pressed, other].map(each => {
  const style = getComputedStyle(each);
  return [style.borderTopWidth, style.borderTopStyle, style.borderTopColor, style.outlineStyle, style.backgroundColor].join(" ");
});
"""


@pytest.fixture
def preferring(chromium: WebDriver) -> Iterator:
    """A function that sets what the reader prefers."""

    def prefer(name: str, value: str) -> None:
        features = [{"name": name, "value": value}]
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    yield prefer
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.fixture(scope="module")
def document(site: Site, chromium: WebDriver) -> str:
    chromium.get(f"{site.url}/search/?q=Station+Clock")
    return (
        chromium.find_element(By.CSS_SELECTOR, ".entry-title a").get_attribute("href").removeprefix(site.url)
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_box_would_take_does_not_look_typed(site, chromium, preferring, scheme) -> None:
    preferring("prefers-color-scheme", scheme)
    chromium.get(f"{site.url}/search/?q=Japan")
    hint, typed = chromium.execute_script(_CONTRASTS)
    assert 4.5 <= hint < typed / 2


def test_nothing_moves_for_those_who_ask_for_less_motion(site, chromium, document, preferring) -> None:
    set_size(chromium, DESKTOP)
    pages = ("/", "/search/?q=Japan", "/timeline/", "/places/", "/list/", document)
    chromium.get(site.url)
    assert (
        chromium.execute_script(_MOVING) != []
    )  # the measure itself: else a button changes its colour slowly
    preferring("prefers-reduced-motion", "reduce")
    for page in pages:
        chromium.get(site.url + page)
        assert chromium.execute_script(_MOVING) == [], page


def test_pages_enlarged_twice_are_read_without_scrolling_sideways(site, chromium, document) -> None:
    for name, address in {**PAGES, "document": document, "list": "/list/"}.items():
        # A window of 1,280 pixels at 200 %, and of 1,280 at 400 %, has room for so many.
        for width, height, scale in ((640, 500, 2), (320, 256, 4)):
            metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
            chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            chromium.get(site.url + address)
            assert page_overflow(chromium) == 0, (name, width)


def test_what_is_pressed_is_seen_in_colours_of_ones_own(site, chromium, document, preferring) -> None:
    set_size(chromium, DESKTOP)
    preferring("forced-colors", "active")
    chromium.get(site.url + document)
    pressed, other = chromium.execute_script(_EDGES)
    assert pressed != other
    # Bars of years are drawn in colours that the system knows, and are not lost on its ground.
    chromium.get(f"{site.url}/timeline/")
    fill = "return getComputedStyle(document.querySelector('.strip-drawing a .bar, .strip-drawing a rect:not(.slot)')).fill"
    ground = "return getComputedStyle(document.body).backgroundColor"
    assert chromium.execute_script(fill) != chromium.execute_script(ground)


def test_a_document_is_printed_with_its_citation_and_without_the_site(site, chromium, document) -> None:
    set_size(chromium, DESKTOP)
    chromium.get(site.url + document)
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        seen = {
            name: any(each.is_displayed() for each in chromium.find_elements(By.CSS_SELECTOR, name))
            for name in (".site-nav", ".band-slot", ".reader-bar", ".viewer", "#citation", "h1", ".pane-text .pane-body", ".facts")
        }  # fmt: skip
    finally:
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert {name for name, is_seen in seen.items() if is_seen} == {
        "#citation",
        "h1",
        ".pane-text .pane-body",
        ".facts",
    }


def test_badges_are_printed_without_the_gap_of_a_dot(site, chromium) -> None:
    set_size(chromium, DESKTOP)
    chromium.get(f"{site.url}/search/?collection=specimens-of-the-reader")
    dot = "return getComputedStyle(document.querySelector('.badge'), '::before').content"
    assert chromium.execute_script(dot) != "none"
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert chromium.execute_script(dot) == "none"
    finally:
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
