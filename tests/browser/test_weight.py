"""What pages weigh, how much they ask for, and that nothing on them moves while they come."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.conftest import DESKTOP, PHONE, console_errors
from tests.browser.site import Site
from tests.browser.weight import weigh

pytestmark = pytest.mark.browser
KILOBYTE = 1024
SEARCHES = {
    "search without words": "/search/",
    "search": "/search/?q=Japan&per_page=100",
    "search, narrowed": "/search/?q=Japan&in=documents&collection=sino-japanese-relations&from=1950&to=1972",
    "search with filter rows": "/search/?f=title:Khrushchev&f=and:place:Japan",
    "timeline": "/timeline/",
}
OTHERS = {
    "home": "/",
    "document": "",
    "collection": "/collections/sino-japanese-relations/",
    "person": "/people/zhou-enlai/",
    "places": "/places/",
    "list": "/list/",
}
# A tenth of what counts as good: on a machine that is busy the foot may be drawn before the rest has come.
STILL = 0.01


@pytest.fixture(scope="module")
def document(site: Site, chromium: WebDriver) -> str:
    """The address of a document with scan, transcript and translation, as one comes to it from a search."""
    chromium.get(f"{site.url}/search/?q=Station+Clock")
    return (
        chromium.find_element(By.CSS_SELECTOR, ".entry-title a").get_attribute("href").removeprefix(site.url)
    )


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_page_is_light(site: Site, chromium: WebDriver, name: str) -> None:
    weight = weigh(chromium, site.url + SEARCHES[name], DESKTOP)
    assert weight.bytes <= 100 * KILOBYTE
    assert weight.requests <= 8, weight.addresses
    assert [each for each in weight.addresses if not each.startswith(site.url)] == []


@pytest.mark.parametrize("name", OTHERS)
def test_other_pages_are_light_too(site: Site, chromium: WebDriver, document: str, name: str) -> None:
    weight = weigh(chromium, site.url + (OTHERS[name] or document), DESKTOP)
    assert weight.bytes <= 100 * KILOBYTE
    assert weight.requests <= 14, weight.addresses
    assert [each for each in weight.addresses if not each.startswith(site.url)] == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", [*SEARCHES, *OTHERS])
def test_nothing_moves(
    site: Site, chromium: WebDriver, document: str, name: str, size: tuple[int, int]
) -> None:
    weight = weigh(chromium, site.url + ({**SEARCHES, **OTHERS}[name] or document), size)
    assert weight.shift <= STILL, weight.moved


PICTURES = {
    "person": ("people.models", "Person", "portrait", "/people/%s/", ".portrait"),
    "collection": (
        "archive_site.collections.models",
        "Collection",
        "image",
        "/collections/%s/",
        ".collection-image",
    ),
    "theme": ("themes.models", "Theme", "image", "/themes/%s/", ".theme-image"),
}


@pytest.fixture(scope="module", params=PICTURES)
def illustrated(request: pytest.FixtureRequest, site: Site) -> Iterator[tuple[str, str]]:
    """The address of a page whose record has a picture while the tests of it run, and where the picture is."""
    module, model, field, address, image = PICTURES[request.param]
    found = (
        f"from {module} import {model} as Kind\nfound = Kind.objects.visible_to(None).order_by('pk').first()"
    )
    picture = (
        "from django.core.files.base import ContentFile\nfrom tests.factories import image_bytes\n"
        f"{found}\nfound.{field}.save('p.jpg', ContentFile(image_bytes('JPEG', (900, 700))))\nprint(found.slug)"
    )
    slug = site.manage("shell", "--no-imports", "-c", picture).split()[-1]
    yield address % slug, image
    site.manage("shell", "--no-imports", "-c", f"{found}\nfound.{field}.delete()")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_for_a_picture(
    site: Site, chromium: WebDriver, illustrated: tuple[str, str], size: tuple[int, int]
) -> None:
    """Room is kept for it, it is not drawn out of shape, and what follows keeps off."""
    address, image = illustrated
    assert weigh(chromium, site.url + address, size).shift <= STILL
    found = chromium.find_element(By.CSS_SELECTOR, image)
    natural, fit, gap = chromium.execute_script(
        "const [image] = arguments, box = image.getBoundingClientRect();"
        "const below = [...document.querySelectorAll('.strip, .section-tight, .prose > p, .result-bar')]"
        "  .map(each => each.getBoundingClientRect()).filter(each => each.top >= box.bottom && each.left < box.right);"
        "return [image.naturalWidth, getComputedStyle(image).objectFit, Math.min(...below.map(each => each.top - box.bottom))];",
        found,
    )
    assert (natural, fit) == (900, "cover")
    assert gap >= 12


def test_what_moves_is_noticed(site: Site, chromium: WebDriver) -> None:
    """The measure itself: a piece that is put above the text after the page was drawn."""
    console_errors(chromium)
    push = """
    addEventListener("load", () => setTimeout(() => {
      const late = document.createElement("p");
      late.className = "notice";
      late.textContent = "late ".repeat(400);
      document.getElementById("main").prepend(late);
    }, 50));
    """
    watch = chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": push})
    try:
        assert weigh(chromium, f"{site.url}/help/", DESKTOP).shift > STILL
    finally:
        chromium.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watch)


def test_what_a_page_is_made_of_is_kept_and_compressed(site: Site, chromium: WebDriver) -> None:
    """Scripts that other scripts fetch, too, have the hash of what is in them in their names."""
    weight = weigh(chromium, f"{site.url}/search/?q=Japan", DESKTOP)
    parts = [each for each in weight.addresses if "/static/" in each]
    assert len(parts) >= 3
    for address in parts:
        asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
            assert "immutable" in answer.headers["Cache-Control"], address
            assert answer.headers["Content-Encoding"] == "gzip", address


def test_a_page_is_sent_once(site: Site) -> None:
    with urllib.request.urlopen(f"{site.url}/search/?q=Japan", timeout=10) as answer:  # noqa: S310
        etag = answer.headers["ETag"]
    again = urllib.request.Request(f"{site.url}/search/?q=Japan", headers={"If-None-Match": etag})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(again, timeout=10)  # noqa: S310
    assert told.value.code == 304
