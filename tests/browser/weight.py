"""What a page weighs when it is opened for the first time, and whether it moves while it is drawn."""

from dataclasses import dataclass
from typing import Any

from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.conftest import set_size

# Before anything of the page runs: what moved, but for what the reader's own hand moved.
_WATCH = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.shifts.push([entry.value, entry.sources.map(each => each.node?.outerHTML?.slice(0, 90) ?? "")]);
  }
}).observe({type: "layout-shift", buffered: true});
"""
_LOADED = """
const done = arguments[arguments.length - 1];
const rest = ms => new Promise(resolve => setTimeout(resolve, ms));
(async () => {
  await rest(400);
  const steps = Math.ceil(document.documentElement.scrollHeight / innerHeight);
  for (let step = 0; step <= Math.min(steps, 12); step += 1) { scrollTo(0, step * innerHeight); await rest(60); }
  await rest(300);
  const [page] = performance.getEntriesByType("navigation");
  const all = [page, ...performance.getEntriesByType("resource")];
  done({
    shifts: window.shifts,
    loaded: all.map(each => ({name: each.name, kind: each.initiatorType, bytes: each.transferSize, whole: each.decodedBodySize})),
  });
})();
"""
_WEIGHED = (".css", ".js")


@dataclass(frozen=True)
class Weight:
    """``bytes`` are those of HTML, style sheets and scripts as they go over the wire, with their headers.

    ``requests`` are all that the page makes, images too; ``shift`` is the cumulative layout shift.
    """

    bytes: int
    requests: int
    shift: float
    moved: tuple[str, ...]
    addresses: tuple[str, ...]


def weigh(driver: WebDriver, url: str, size: tuple[int, int]) -> Weight:
    """Open a page with nothing kept from before, scroll through it, and tell what it took."""
    set_size(driver, size)
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    watch = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _WATCH})
    try:
        driver.get("about:blank")
        driver.get(url)
        told: dict[str, Any] = driver.execute_async_script(_LOADED)
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watch)
        driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": False})
    page, *rest = told["loaded"]
    weighed = [page, *(each for each in rest if each["name"].partition("?")[0].endswith(_WEIGHED))]
    return Weight(
        bytes=sum(each["bytes"] for each in weighed),
        requests=len(told["loaded"]),
        shift=round(sum(value for value, _nodes in told["shifts"]), 4),
        moved=tuple(node for _value, nodes in told["shifts"] for node in nodes),
        addresses=tuple(each["name"] for each in told["loaded"]),
    )
