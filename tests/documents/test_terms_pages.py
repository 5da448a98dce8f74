"""Places, subjects and archives: lists and pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.models import Place, Repository, Subject
from tests.factories import (
    make_curator,
    make_document,
    make_draft,
    make_place,
    make_repository,
    make_subject,
)
from tests.search.pages import links_of, text_of

pytestmark = pytest.mark.django_db
LISTS = ("/places/", "/subjects/", "/archives/", "/languages/", "/types/")


def titles(response) -> list[str]:
    return [document.title for document in response.context["page"]]


@pytest.fixture
def japan():
    asia = make_place("Asia")
    japan = make_place("Japan", asia, latitude="35.68", longitude="139.69")
    tokyo = make_place("Tokyo", japan)
    make_document("In Tokyo", date="1960", places=[tokyo])
    make_document("In Japan", date="1950", places=[japan, tokyo])
    make_draft("Draft in Tokyo", places=[tokyo, make_place("Hidden City", japan)])
    return japan


def test_places_stand_in_a_tree_with_the_documents_of_all_below(client, japan):
    html = client.get("/places/").content.decode()
    assert "Hidden City" not in html
    html = html.partition('id="all-places"')[2]  # what stands beside the map
    assert html.index(">Asia<") < html.index(">Japan<") < html.index(">Tokyo<")
    assert "3 places" in html
    assert html.count("2 documents") == 3


def test_a_place_shows_what_lies_in_it(client, japan):
    response = client.get("/places/japan/")
    assert titles(response) == ["In Japan", "In Tokyo"]
    text = text_of(response)
    assert "Tokyo 2 documents" in text
    assert "Hidden City" not in text
    assert {"/places/asia/", "/places/tokyo/", "/search/?place=japan"} <= set(links_of(response))


def test_a_place_that_only_a_draft_names_is_not_found(client, japan):
    assert client.get("/places/hidden-city/").status_code == 404
    client.force_login(make_curator())
    assert titles(client.get("/places/hidden-city/")) == ["Draft in Tokyo"]


def test_what_a_place_lies_in_is_as_public_as_the_place(client):
    wide = make_place("Wide")
    make_draft(places=[wide, make_place("Hidden", wide)])
    make_document(places=[make_place("Shown", make_place("Between", wide))])
    text = text_of(client.get("/places/"))
    assert "Wide" in text
    assert "Between" in text
    assert "Hidden" not in text
    assert {"/places/wide/", "/places/between/"} <= set(links_of(client.get("/places/shown/")))


@pytest.mark.parametrize("address", ["/places/", "/subjects/", "/archives/", "/types/", "/sitemap.xml"])
def test_names_of_a_deleted_draft_appear_nowhere(client, address):
    draft = make_draft(
        places=[make_place("Xenoville", "Xenoland")],
        subjects=["Xenology"],
        types=["Xenogram"],
        repository="Xenoarchive",
        people={"creator": ["Xeno"]},
    )
    draft.delete()
    addresses = [address]
    if address.endswith(".xml"):
        addresses = [f"/sitemap-{kind}.xml" for kind in ("people", "places", "subjects", "archives")]
    for each in addresses:
        assert "xeno" not in client.get(each).content.decode().lower()


def test_subjects_by_letter(client):
    for name in ("Trade", "Treaties", "Östliche Fragen"):
        make_document(subjects=[name])
    make_draft(subjects=["Hidden subject"])
    response = client.get("/subjects/")
    text = text_of(response)
    assert text.index("Östliche") < text.index("Trade") < text.index("Treaties")
    assert "Hidden" not in text
    response = client.get("/subjects/?letter=T")
    assert [name.record.name for name in response.context["listing"].names] == ["Trade", "Treaties"]
    assert "1 document" in text_of(response)


@pytest.mark.parametrize(
    "query", ["letter=%00", "letter=ZZ", "page=-1", "page=9999999999999999999999", "letter=T&page=x"]
)
def test_hostile_letters_and_pages(client, query):
    make_document(subjects=["Trade"], repository="AVPRF")
    for address in ("/subjects/", "/archives/", "/people/"):
        assert client.get(f"{address}?{query}").status_code == 200


def test_a_subject_and_its_documents(client):
    make_document("Late", date="1972", subjects=["Trade"])
    make_document("Early", date="1946", subjects=["Trade"])
    make_draft("Draft", subjects=["Trade"])
    response = client.get("/subjects/trade/")
    assert titles(response) == ["Early", "Late"]
    assert "/search/?subject=trade" in links_of(response)


def test_an_archive_and_one_of_its_files(client):
    archive = make_repository(
        "Archive of Foreign Policy",
        short_name="AVPRF",
        city="Moscow",
        country="Russia",
        url="https://a.example",
    )
    make_document("One", repository=archive, archival_reference="f. 1", date="1950")
    make_document("Two", repository=archive, archival_reference="f. 2", date="1951")
    make_draft("Draft", repository=archive, archival_reference="f. 1")
    response = client.get(archive.get_absolute_url())
    assert titles(response) == ["One", "Two"]
    assert "Moscow, Russia" in text_of(response)
    assert "https://a.example" in links_of(response)
    assert titles(client.get(f"{archive.get_absolute_url()}?reference=f.+1")) == ["One"]
    assert titles(client.get(f"{archive.get_absolute_url()}?reference=%00nothing")) == []
    assert "Moscow, Russia" in text_of(client.get("/archives/"))


def test_lists_say_that_they_are_empty(client):
    for address in LISTS:
        assert "has been entered yet" in text_of(client.get(address))
    make_subject("Trade")
    client.force_login(make_curator())
    assert "No document that you may see is on this subject." in text_of(client.get("/subjects/trade/"))


@pytest.mark.parametrize(
    "address", ["/places/nowhere/", "/subjects/nothing/", "/archives/none/", "/places/%E4%B8%AD/"]
)
def test_unknown_names(client, address):
    assert client.get(address).status_code == 404


def test_queries_do_not_grow(client):
    def grow(number: int) -> None:
        country = make_place(f"Country {number}", "World")
        make_document(
            places=[make_place(f"Town {number}", country)],
            subjects=[f"Subject {number}"],
            repository=f"Archive {number}",
        )
        make_document(places=["World"], subjects=["Trade"], repository="AVPRF")

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    grow(0)
    grow(1)
    addresses = [*LISTS, "/places/world/", "/subjects/trade/", "/archives/avprf/"]
    few = {address: asked(address) for address in addresses}
    for number in range(2, 12):
        grow(number)
    assert {address: asked(address) for address in addresses} == few
    assert max(few.values()) <= 16
    assert Place.objects.count() > Subject.objects.count() > 0
    assert Repository.objects.count() == 13


def test_languages_that_documents_are_in(client):
    make_document(languages=["rus", "chi"])
    make_document(languages=["rus"])
    make_draft(languages=["ger"])
    response = client.get("/languages/")
    text = text_of(response)
    assert "1 - 2 of 2 languages Chinese 1 document Russian 2 documents" in text
    assert "German" not in text
    assert "/search/?language=rus" in links_of(response)
    assert "Russian" not in text_of(client.get("/languages/?letter=C"))
    client.force_login(make_curator())
    assert "German 1 document" in text_of(client.get("/languages/"))


def test_types_of_documents(client):
    make_document(types=["Telegram"])
    make_document(types=["Memorandum of conversation", "Telegram"])
    make_draft(types=["Hidden type"])
    response = client.get("/types/")
    text = text_of(response)
    assert "Memorandum of conversation 1 document Telegram 2 documents" in text
    assert "Hidden" not in text
    assert "/search/?type=memorandum-of-conversation" in links_of(response)
