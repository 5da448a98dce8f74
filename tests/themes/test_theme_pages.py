"""Themes: the list of essays, and each essay with its timeline."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    image_bytes,
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_theme,
    make_timeline_entry,
)
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db


def test_an_essay_its_collections_and_its_timeline(client):
    collection, hidden = make_collection("Talks"), make_collection("Hidden collection", is_published=False)
    document, draft = (
        make_document("The treaty", date="1972", collections=[collection]),
        make_draft("Hidden draft"),
    )
    theme = make_theme("The Long Road", collections=[collection, hidden], essay="<p>One.</p><h2>Two</h2>")
    make_timeline_entry(theme, "They sign", "September, 1972", document=document, text="In Beijing.")
    make_timeline_entry(theme, "They first meet", "1955", document=draft)
    response = client.get("/themes/the-long-road/")
    text = text_of(response)
    assert text.index("They first meet") < text.index("They sign")
    for words in ("The Long Road", "One.", "Talks", "1972 · 1 document", "In Beijing.", "The treaty"):
        assert words in text
    assert "Hidden" not in text
    assert document.get_absolute_url() in links_of(response)


def test_only_curators_see_what_is_not_published(client):
    make_theme("Hidden", is_published=False)
    make_theme("Shown", collections=[make_collection("Plans", is_published=False)])
    assert client.get("/themes/hidden/").status_code == 404
    text = text_of(client.get("/themes/"))
    assert "Shown" in text
    assert "Hidden" not in text
    assert "Plans" not in text
    client.force_login(make_curator())
    assert "Not published." in text_of(client.get("/themes/hidden/"))
    assert "Hidden" in text_of(client.get("/themes/"))


def test_an_empty_list_says_so(client):
    assert "No theme has been published yet." in text_of(client.get("/themes/"))


def test_an_essay_is_never_run(client):
    theme = make_theme("The Long Road")
    type(theme).objects.update(essay="<p>x</p><script>alert(1)</script>")
    assert "<script>alert" not in client.get(theme.get_absolute_url()).content.decode()


def test_the_image_of_a_theme(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    theme = make_theme("The Long Road", image_alt="A road")
    theme.image.save("x.webp", ContentFile(image_bytes("WEBP")))
    assert 'alt="A road"' in client.get(theme.get_absolute_url()).content.decode()
    assert client.get("/themes/the-long-road/image")["Content-Type"] == "image/webp"


def test_queries_do_not_grow(client):
    theme = make_theme("The Long Road")

    def grow() -> None:
        theme.collections.add(make_collection())
        make_timeline_entry(theme, document=make_document())
        make_theme(collections=[make_collection()])

    def asked() -> list[int]:
        counts = []
        for address in ("/themes/", "/themes/the-long-road/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    grow()
    few = asked()
    for _each in range(8):
        grow()
    assert asked() == few
    assert max(few) <= 6
