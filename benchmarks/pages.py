"""What each kind of page takes: bytes over the wire, requests, queries, the server's time, and whether it moves.

    python -m benchmarks.pages [RECORDS.jsonl.gz MAPPING.toml]

On the sample archive, and on more records if a file of them is given. Bytes are those of HTML, style sheets and
scripts, compressed, in a browser that has kept nothing; requests are all; times are medians, without the browser's.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from selenium.webdriver.common.by import By  # noqa: E402

from tests.browser.conftest import DESKTOP, PHONE, start_chromium  # noqa: E402
from tests.browser.site import Site, running_site  # noqa: E402
from tests.browser.weight import weigh  # noqa: E402

TIMES = 9
PAGES = {
    "home": "/",
    "search, all there is": "/search/",
    "search": "/search/?q=Japan",
    "search, narrowed": "/search/?q=treaty&language=eng&from=1950&to=1960",
    "search, 100 a page": "/search/?q=China&per_page=100",
    "values of a facet": "/search/facet/person/",
    "timeline": "/timeline/",
    "document": "",
    "documents": "/documents/",
    "collections": "/collections/",
    "collection": "/collections/sino-japanese-relations/",
    "people": "/people/",
    "person": "/people/zhou-enlai/",
    "places": "/places/",
    "place": "/places/japan/",
    "subjects": "/subjects/",
    "archives": "/archives/",
    "themes": "/themes/",
    "list": "/list/",
    "help": "/help/",
}
# Runs in the site's own process and settings.
_COUNT = """
import json, sys
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client, counts = Client(SERVER_NAME="localhost"), {}
for address in json.loads(sys.stdin.read()):
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    counts[address] = len(queries)
print("\\n" + json.dumps(counts))
"""


def server_time(url: str) -> float:
    """The median time to the whole answer, in milliseconds."""
    taken = []
    for _time in range(TIMES + 1):
        started = time.perf_counter()
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
            answer.read()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[1:])


def queries_of(site: Site, addresses: list[str]) -> dict[str, int]:
    told = site.manage("shell", "--no-imports", "-c", _COUNT, given=json.dumps(addresses))
    return json.loads(told.strip().splitlines()[-1])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        if len(sys.argv) > 2:
            with contextlib.suppress(subprocess.CalledProcessError):  # rows that were rejected, as some are
                site.manage(
                    "import_documents", sys.argv[1], "--mapping", sys.argv[2], "--status", "published"
                )
            site.manage("sync_index")
        driver = start_chromium()
        try:
            driver.get(f"{site.url}/search/?q=Station+Clock")
            link = driver.find_element(By.CSS_SELECTOR, ".entry-title a").get_attribute("href")
            pages = {name: address or link.removeprefix(site.url) for name, address in PAGES.items()}
            queries = queries_of(site, list(pages.values()))
            print(
                "| page | KB | requests | queries | ms | shift at 1280 | at 390 |\n|---|---|---|---|---|---|---|"
            )
            for name, address in pages.items():
                wide, narrow = (weigh(driver, site.url + address, size) for size in (DESKTOP, PHONE))
                print(
                    f"| {name} | {wide.bytes / 1024:.1f} | {wide.requests} | {queries[address]} "
                    f"| {server_time(site.url + address):.0f} | {wide.shift:.3f} | {narrow.shift:.3f} |",
                    flush=True,
                )
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
