"""What robots are told: one address for each page, no way into the endless ones, everything public in the sitemaps."""

import re
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pytest

from tests.factories import make_full_document
from tests.search.holdings import make_holdings, reindex

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    make_holdings()
    document = make_full_document()
    reindex()
    return document


def canonical(response):
    found = re.findall(r'<link rel="canonical" href="([^"]*)"', response.content.decode())
    return found[0].removeprefix("http://testserver") if len(found) == 1 else found


def robots(response):
    return " ".join(re.findall(r'<meta name="robots" content="([^"]*)"', response.content.decode()))


def refused(client, address):
    """Whether robots.txt keeps crawlers out; the longest rule decides, as in RFC 9309."""
    best = (0, True)
    for line in client.get("/robots.txt").content.decode().splitlines():
        name, _colon, pattern = (part.strip() for part in line.partition(":"))
        if name not in ("Allow", "Disallow") or not pattern:
            continue
        if re.match(re.escape(pattern).replace(r"\*", ".*"), address):
            best = max(best, (len(pattern), name == "Allow"))
    return not best[1]


def test_every_page_has_one_address(client, document):
    at = document.get_absolute_url()
    for address, own in (
        ("/", "/"),
        ("/search/?q=japan&language=rus&page=2", "/search/"),
        ("/people/?page=2", "/people/?page=2"),
        ("/people/?letter=Z&page=2", "/people/"),
        ("/people/zhou-enlai/?role=creator&page=2", "/people/zhou-enlai/"),
        ("/places/?by=name&page=2", "/places/"),
        ("/documents/?page=2", "/documents/?page=2"),
        ("/documents/?page=1", "/documents/"),
        ("/documents/?page=x&has=scan", "/documents/"),
        ("/documents/?page=02", "/documents/?page=2"),
        ("/collections/sino-japanese-relations/?sort=title", "/collections/sino-japanese-relations/"),
        (at, at),
        (f"{at}?s=q%3Djapan&n=3&style=mla", at),
        (f"{at}?version=2020-01-01", at),
    ):
        assert canonical(client.get(address)) == own, address


def test_combinations_of_facets_are_left_out(client, document):
    for query in (
        "language=rus",
        "language=rus&person=zhou-enlai",
        "q=japan",
        "from=1950",
        "file=x~f-5",
        "page=2",
    ):
        assert "noindex" in robots(client.get(f"/search/?{query}")), query
        assert refused(client, f"/search/?{query}"), query
    assert "noindex" in robots(client.get("/timeline/?from=1955&to=1956"))
    assert "noindex" in robots(client.get("/search/facet/person/"))
    assert "index" in robots(client.get("/search/"))
    assert "noindex" not in robots(client.get("/search/"))


def test_robots_are_let_in_where_the_records_are(client, document):
    at = document.get_absolute_url()
    for address in ("/", at, "/collections/sino-japanese-relations/", "/people/", "/timeline/", "/sitemap.xml", "/search/feed.atom?person=x", f"{at}?version=2020-01-01"):  # fmt: skip
        assert not refused(client, address), address
    for address in ("/search/", "/timeline/?page=2", f"{at}?s=q%3Djapan&n=3", f"{at}?n=3", f"{at}similar/", "/list/", "/admin/", "/search/export.csv"):  # fmt: skip
        assert refused(client, address), address
    # The plain rules are read alike by a parser that knows no wildcards.
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").content.decode().splitlines())
    assert parser.can_fetch("*", at)
    assert not parser.can_fetch("*", "/search/?q=x")


def test_links_between_searches_are_not_followed(client, document):
    """Wherever a page that robots may read leads to a search or into a result, robots.txt or nofollow stops them."""
    for page in ("/", "/timeline/", "/documents/", "/collections/sino-japanese-relations/", document.get_absolute_url(), "/people/zhou-enlai/", "/places/"):  # fmt: skip
        html = client.get(page).content.decode()
        followed = {tag for tag in re.findall(r"<a [^>]*>", html) if "nofollow" not in tag}
        for tag in followed:
            link = re.search(r'href="([^"]*)"', tag)
            assert link, tag
            target = urlsplit(urljoin(page, link[1].replace("&amp;", "&")))
            if (
                target.netloc
                or not target.query
                or target.path.startswith("/search/feed.")
                or target.query.startswith(("page=", "by=name", "download"))
            ):
                continue
            assert refused(client, f"{target.path}?{target.query}"), (page, tag)


def test_sitemaps_have_canonical_addresses_alone(client, document):
    listed = re.findall(r"<loc>([^<]*)</loc>", client.get("/sitemap-documents.xml").content.decode())
    assert f"http://testserver{document.get_absolute_url()}" in listed
    for address in listed[:5]:
        path = address.removeprefix("http://testserver")
        response = client.get(path)
        assert response.status_code == 200
        assert canonical(response) == path
        assert "noindex" not in robots(response)
        assert not refused(client, path)
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
