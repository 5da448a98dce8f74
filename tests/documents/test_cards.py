"""The first page of a scan as the image of its document: on the home page and in feeds."""

import json
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from documents import page_images
from documents.cards import cards_of
from documents.models import PageImages, Scan
from tests.factories import image_bytes, make_document, make_draft, make_scan, pdf_bytes
from tests.search.holdings import reindex

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def make_all() -> None:
    for _step in range(100):
        if page_images.make_some() is None:
            return
    raise AssertionError("the page images are never done")


def address(scan: Scan, size: str) -> str:
    return f"/documents/{scan.document.record_id}/scans/{scan.pk}/pages/1/{size}"


def test_the_first_page_of_the_first_file_that_has_one():
    document = make_document()
    later = make_scan(document, "later.png", image_bytes(size=(400, 200)), order=5)
    first = make_scan(document, content=pdf_bytes(3), order=1)
    bare = make_document()
    assert cards_of([document.pk, bare.pk]) == {}
    make_all()
    cards = cards_of([document.pk, bare.pk])
    assert cards.keys() == {document.pk}
    assert (cards[document.pk].url, cards[document.pk].height) == (address(first, "card"), 800)
    small = cards_of([document.pk], "small")[document.pk]
    assert (small.url, small.height) == (address(first, "small"), 240)
    PageImages.objects.filter(scan=first).update(sha256="of another file")
    assert cards_of([document.pk])[document.pk].url == address(later, "card")
    PageImages.objects.filter(scan=later).update(pages=[{"problem": "broken"}])
    assert cards_of([document.pk]) == {}


def test_a_card_answers_with_the_image_and_the_size_it_promises(client):
    document = make_document()
    make_scan(document, "page.png", image_bytes(size=(1000, 600)))
    make_all()
    for size in ("card", "small"):
        card = cards_of([document.pk], size)[document.pk]
        response = client.get(card.url)
        assert Image.open(BytesIO(b"".join(response.streaming_content))).size == (card.width, card.height)


def test_many_cards_are_one_query():
    documents = [make_document() for _each in range(4)]
    for each in documents:
        make_scan(each)
    make_all()
    with CaptureQueriesContext(connection) as asked:
        assert len(cards_of([each.pk for each in documents])) == 4
    assert len(asked) == 1


def test_the_home_page_shows_those_of_what_is_new_and_of_no_draft(client):
    document = make_document("Talks on Coal")
    scan = make_scan(document)
    draft = make_draft("Secret Talks")
    hidden = make_scan(draft)
    make_all()
    html = client.get("/").content.decode()
    assert f'<img src="{address(scan, "small")}" width="170" height="240" alt="" loading="lazy"' in html
    assert address(hidden, "small") not in html


def test_feeds_name_the_image_with_its_whole_address(client, settings):
    settings.SITE_URL = "https://archive.example"
    document = make_document("Talks on Coal")
    scan = make_scan(document)
    make_document("Without a Scan")
    make_all()
    reindex()
    whole = f"https://archive.example{address(scan, 'card')}"
    items = json.loads(client.get("/search/feed.json").content)["items"]
    assert {item["title"]: item.get("image") for item in items} == {
        "Talks on Coal": whole,
        "Without a Scan": None,
    }
    feed = ElementTree.fromstring(client.get("/search/feed.atom").content)  # noqa: S314 (our own)
    found = feed.findall(".//{http://search.yahoo.com/mrss/}thumbnail")
    assert [each.attrib for each in found] == [{"url": whole, "width": "565", "height": "800"}]
