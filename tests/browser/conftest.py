"""A real Chromium for the tests, and what they ask of a page."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.site import Site, running_site
from tests.conftest import CHROMEDRIVER, CHROMIUM

AXE = (Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
DESKTOP, PHONE, NARROWEST = (1280, 1000), (390, 844), (320, 640)
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # Chromium refuses its sandbox to root, as whom CI runs
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def start_chromium(*, javascript: bool = True) -> WebDriver:
    """A headless Chromium of its own; ``quit()`` it."""
    options = Options()
    options.binary_location = CHROMIUM
    for flag in _FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not javascript:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with the sample archive, in a process of its own, one for the run."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[WebDriver]:
    """Chromium with JavaScript, one for the run."""
    driver = start_chromium()
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def chromium_without_javascript() -> Iterator[WebDriver]:
    """Chromium with JavaScript off, one for the run."""
    driver = start_chromium(javascript=False)
    yield driver
    driver.quit()


def set_size(driver: WebDriver, size: tuple[int, int]) -> None:
    """Emulate a screen: a window cannot be made narrower than 500 pixels, a device can."""
    width, height = size
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 768},
    )


def axe_violations(driver: WebDriver) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA on the open page, a line each."""
    driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE})
    result = driver.execute_async_script(
        """
        const done = arguments[arguments.length - 1];
        axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
          .then(found => done(JSON.stringify(found.violations)), error => done(JSON.stringify([{id: String(error)}])));
        """
    )
    return [
        f"{rule['id']}: {rule.get('help', '')} at {[node['html'][:160] for node in rule.get('nodes', [])][:3]}"
        for rule in json.loads(result)
    ]


def console_errors(driver: WebDriver) -> list[str]:
    """Errors in the console since the last call: scripts that failed, what the content policy refused."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


def page_overflow(driver: WebDriver) -> int:
    """By how many pixels the page is wider than the screen; 0 is right."""
    script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return max(0, driver.execute_script(script))
