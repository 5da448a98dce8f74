"""Collections: the list of them, and the page of each."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive_site.collections.models import Collection
from tests.factories import (
    image_bytes,
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_full_document,
    make_many_documents,
    make_withdrawn,
)
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [document.title for document in response.context["page"]]


def test_a_collection_with_its_documents_in_order_of_date(client):
    collection = make_collection(
        "Sino-Japanese Relations", "East Asia", description="<p>Two <em>neighbours</em>.</p>"
    )
    for title, date in (
        ("b", "September, 1972"),
        ("c", "September, 1972"),
        ("day", "September 25, 1972"),
        ("a", "May 06, 1946"),
    ):
        make_document(title, date=date, collections=[collection])
    response = client.get("/collections/sino-japanese-relations/")
    # The month begins before the 25th; of equal dates the one entered first stands first.
    assert titles(response) == ["a", "b", "c", "day"]
    text = text_of(response)
    for words in (
        "Sino-Japanese Relations",
        "No image found.",
        "Two neighbours .",
        "1 - 4 of 4",
        "May 06, 1946",
        "1946 – 1972",
    ):
        assert words in text
    assert {"/collections/east-asia/", "/search/?collection=sino-japanese-relations"} <= set(
        links_of(response)
    )
    assert "This collection" in text  # the band searches here


def test_twenty_a_page_each_once(client):
    collection = make_collection("Big")
    make_many_documents(45, collection=collection)
    seen = [title for page in (1, 2, 3) for title in titles(client.get(f"/collections/big/?page={page}"))]
    assert len(seen) == len(set(seen)) == 45
    assert "41 - 45 of 45" in text_of(client.get("/collections/big/?page=99999999999999999999"))


def test_parts_are_shown_and_their_documents_counted_once(client):
    parent = make_collection("East Asia")
    part = make_collection("Talks", parent)
    hidden = make_collection("Hidden part", parent, is_published=False)
    make_document("Both", date="1972", collections=[parent, part])
    make_document("Part", date="1955", collections=[part])
    make_draft(collections=[part, hidden])
    response = client.get("/collections/east-asia/")
    assert titles(response) == ["Part", "Both"]
    text = text_of(response)
    assert "Talks" in text
    assert "Hidden part" not in text
    assert "1955 – 1972 · 2 documents" in text


def test_only_curators_see_what_is_not_public(client):
    hidden = make_collection("Hidden", is_published=False)
    shown = make_collection("Shown", hidden)
    make_draft("Draft", collections=[shown, hidden])
    make_withdrawn("Withdrawn", collections=[shown])
    assert client.get("/collections/hidden/").status_code == 404
    response = client.get("/collections/shown/")
    assert titles(response) == []
    assert "Hidden" not in text_of(response)
    assert "No document of this collection has been published yet." in text_of(response)
    assert "Hidden" not in text_of(client.get("/collections/"))
    client.force_login(make_curator())
    assert "Not published." in text_of(client.get("/collections/hidden/"))
    assert sorted(titles(client.get("/collections/shown/"))) == ["Draft", "Withdrawn"]


def test_the_list_is_a_tree_in_the_curators_order(client):
    make_collection("Zhou's talks", order=1)
    last = make_collection("A later one", order=2)
    make_document(date="1955", collections=[make_collection("A part", last)])
    text = text_of(client.get("/collections/"))
    assert text.index("Zhou's talks") < text.index("A later one") < text.index("A part")
    assert "3 collections" in text
    assert "1955 · 1 document" in text


def test_the_image_of_a_collection(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    collection = make_collection("Talks", image_alt="Two delegations at a table")
    assert client.get("/collections/talks/image").status_code == 404
    collection.image.save("x.png", ContentFile(image_bytes()))
    html = client.get("/collections/talks/").content.decode()
    assert (
        '<img class="collection-image" src="/collections/talks/image" alt="Two delegations at a table">'
        in html
    )
    assert "No image found." not in html
    response = client.get("/collections/talks/image")
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    collection.is_published = False
    collection.save()
    assert client.get("/collections/talks/image").status_code == 404
    client.force_login(make_curator())
    assert client.get("/collections/talks/image")["Cache-Control"] == "private, no-store"


def test_a_description_is_never_run(client):
    collection = make_collection("Talks")
    type(collection).objects.filter(pk=collection.pk).update(description="<p>x</p><script>alert(1)</script>")
    assert "<script>alert" not in client.get("/collections/talks/").content.decode()


def test_queries_do_not_grow(client):
    def asked() -> tuple[int, int]:
        counts = []
        for address in ("/collections/", "/collections/east-asia/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts[0], counts[1]

    def grow() -> None:
        make_full_document(collections=["East Asia", make_collection(parent="East Asia")])

    grow()
    few = asked()
    for _each in range(10):
        grow()
    assert asked() == few
    assert max(few) <= 20


def test_whom_and_what_the_documents_name_most(client):
    asia = make_collection("Asia")
    part = make_collection("Sino-Japanese Relations", asia)
    make_document(
        collections=[asia, part],
        people={"present": ["Zhou Enlai"], "mentioned": ["Zhou Enlai"]},
        places=["Tokyo"],
    )
    make_document(collections=[part], people={"creator": ["Zhou Enlai", "Mao Zedong"]}, places=["Tokyo"])
    make_document(people={"creator": ["Elsewhere"]}, places=["Paris"])
    make_draft(collections=[part], people={"creator": ["Hidden Person"]}, places=["Hidden City"])
    response = client.get("/collections/asia/")
    assert [(str(each), number) for each, number in response.context["people"]] == [
        ("Zhou Enlai", 2),
        ("Mao Zedong", 1),
    ]
    assert [(str(each), number) for each, number in response.context["places"]] == [("Tokyo", 2)]
    assert "/search/?collection=asia&person=zhou-enlai" in links_of(response)
    assert "Hidden" not in text_of(response)


def test_documents_by_title(client):
    collection = make_collection("Talks")
    for title, date in (("Zebra", "1950"), ("apple", "1960"), ("Banana", "1955")):
        make_document(title, date=date, collections=[collection])
    assert titles(client.get("/collections/talks/")) == ["Zebra", "Banana", "apple"]
    response = client.get("/collections/talks/?sort=title&page=1")
    assert titles(response) == ["apple", "Banana", "Zebra"]
    assert "By date · by title" in text_of(response)
    assert titles(client.get("/collections/talks/?sort=anything")) == ["Zebra", "Banana", "apple"]
    html = response.content.decode()
    assert '<link rel="canonical" href="http://testserver/collections/talks/">' in html


def test_a_published_collection_in_an_unpublished_one_is_listed_at_the_top(client):
    hidden = make_collection("Hidden", is_published=False)
    part = make_collection("Published part", hidden)
    listed = client.get("/collections/")
    assert [branch.record for branch in listed.context["collections"]] == [part]
    assert "Hidden" not in text_of(listed)
    assert "stays listed, as a top collection" in Collection._meta.get_field("is_published").help_text
