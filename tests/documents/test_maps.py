"""Places on the outline map: where they stand, how great they are, what can be read and pressed."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.maps import HERE, LARGEST_POINT, SMALLEST_POINT, Spot, draw, position
from documents.models import Place
from documents.projection import HEIGHT, WIDTH, project
from tests.documents.markup import elements
from tests.factories import make_curator, make_document, make_draft, make_place
from tests.search.pages import links_of, text_of


def place(name: str, latitude: str | None, longitude: str | None, pk: int = 1) -> Place:
    return Place(
        pk=pk, name=name, slug=name.lower().replace(" ", "-"), latitude=latitude, longitude=longitude
    )


TOKYO, MOSCOW, LONDON = (
    place("Tokyo", "35.68", "139.69", 1),
    place("Moscow", "55.75", "37.62", 2),
    place("London", "51.51", "-0.13", 3),
)


def test_the_projection_keeps_the_corners_of_the_world():
    assert project(0, 0) == pytest.approx((WIDTH / 2, HEIGHT / 2))
    assert project(0, 180)[0] == pytest.approx(WIDTH)
    assert project(0, -180)[0] == pytest.approx(0)
    assert project(90, 0)[1] == pytest.approx(0)
    assert project(-90, 0)[1] == pytest.approx(HEIGHT)
    assert project(90, 180)[0] < WIDTH  # the poles are shorter than the equator


def test_places_stand_as_they_lie_to_one_another():
    found = draw([Spot(TOKYO, 4), Spot(MOSCOW, 1), Spot(LONDON, 2)])
    assert found is not None
    at = {point.place.name: (float(point.x[:-1]), float(point.y[:-1])) for point in found.points}
    assert at["London"][0] < at["Moscow"][0] < at["Tokyo"][0]
    assert at["Moscow"][1] < at["London"][1] < at["Tokyo"][1]
    assert all(0 < number < 100 for place in at.values() for number in place)


def test_the_land_lies_under_the_points():
    """A point within the view box and the same point in per cent are one place."""
    found = draw([Spot(TOKYO, 4), Spot(LONDON, 2)])
    assert found is not None
    left, top, width, height = map(float, found.view.split())
    assert width == pytest.approx(2 * height, abs=1)
    for point in found.points:
        x, y = project(float(point.place.latitude), float(point.place.longitude))
        assert float(point.x[:-1]) == pytest.approx((x - left) / width * 100, abs=0.2)
        assert float(point.y[:-1]) == pytest.approx((y - top) / height * 100, abs=0.4)


def test_the_area_of_a_point_is_as_its_documents():
    found = draw([Spot(TOKYO, 100), Spot(MOSCOW, 25), Spot(LONDON, 0)])
    assert found is not None
    radii = [float(point.radius) for point in found.points]
    assert radii == [LARGEST_POINT, LARGEST_POINT / 2, SMALLEST_POINT]
    assert [point.name for point in found.points] == [
        "Tokyo: 100 documents",
        "Moscow: 25 documents",
        "London: 0 documents",
    ]


def test_places_at_the_ends_of_the_world_are_on_the_map():
    ends = [
        place("Fiji", "-17.8", "178.0"),
        place("Nome", "64.5", "-165.4"),
        place("Alert", "82.5", "-62.3"),
        place("Scott Base", "-77.8", "166.8"),
    ]
    found = draw([Spot(each, 1) for each in ends])
    assert found is not None
    assert all(0 <= float(point.x[:-1]) <= 100 for point in found.points)
    assert all(0 <= float(point.y[:-1]) <= 100 for point in found.points)


def test_without_coordinates_there_is_no_map():
    assert draw([Spot(place("Invented", None, None), 9)]) is None
    assert draw([]) is None


def test_names_do_not_run_into_one_another():
    crowd = [
        Spot(place(f"Quarter {number}", "35.68", f"{139 + number / 50}", number), 5) for number in range(9)
    ]
    found = draw(crowd)
    assert found is not None
    assert sum(bool(point.shows_name) for point in found.points) < 3
    assert len(found.points) == 9


@pytest.mark.parametrize(
    ("latitude", "longitude", "written"),
    [
        ("36.00000", "138.00000", "36° N, 138° E"),
        ("51.74300", "-0.78200", "51.74° N, 0.78° W"),
        ("-33.86", "151.2", "33.86° S, 151.2° E"),
        (None, "10", ""),
    ],
)
@pytest.mark.django_db
def test_positions_in_words(latitude, longitude, written):
    made = make_place("Somewhere", latitude=latitude, longitude=longitude)
    made.refresh_from_db()
    assert position(made) == written


def test_the_land_is_small_and_says_where_it_is_from():
    with open("documents/data/land.json", encoding="utf-8") as stored:  # noqa: PTH123
        land = json.load(stored)
    assert (land["width"], land["height"]) == (WIDTH, HEIGHT)
    assert "public domain" in land["source"]
    assert re.fullmatch(r"[Mlz0-9 -]+", land["path"])
    assert len(land["path"]) < 20_000


# On the pages


@pytest.fixture
def japan(db):
    japan = make_place("Japan", "Asia", latitude="36", longitude="138")
    tokyo = make_place("Tokyo", japan, latitude="35.68", longitude="139.69")
    make_document(date="1960", places=[tokyo])
    make_document(date="1961", places=[japan])
    make_draft(places=[make_place("Hidden City", japan, latitude="40", longitude="140")])
    make_place("Nothing is told of it", latitude="10", longitude="10")
    return japan


def test_every_point_is_a_link_with_a_name(client, japan):
    response = client.get("/places/")
    points = [a for tag, a in elements(response) if tag == "a" and "documents" in a.get("aria-label", "")]
    assert [(a["href"], a["aria-label"]) for a in points] == [("/places/japan/", "Japan: 2 documents")]
    assert ("/places/tokyo/", "Tokyo: 1 document") in [
        (a.get("href"), a.get("aria-label")) for tag, a in elements(response) if tag == "a"
    ]
    text = text_of(response)
    assert "Hidden City" not in text
    assert "#all-places" in links_of(response)
    assert "Nothing is told of it" not in text
    assert not [a for _tag, a in elements(response) if "style" in a]


def test_a_curator_sees_the_places_of_drafts(client, japan):
    client.force_login(make_curator())
    response = client.get("/places/")
    assert "Hidden City: 1 document" in response.content.decode()
    assert text_of(response).count("Nothing is told of it") == 1  # in the tree, not on the map


def test_a_place_page_has_its_own_map(client, japan):
    response = client.get("/places/japan/")
    circles = [a for tag, a in elements(response) if tag == "circle" and a["class"] == "map-point"]
    assert {a["r"] for a in circles} == {f"{HERE:.1f}", f"{LARGEST_POINT / 2**0.5:.1f}"}
    assert "36° N, 138° E" in text_of(response)
    # A wider place without coordinates shows what lies in it.
    assert "Japan: 2 documents" in client.get("/places/asia/").content.decode()


def test_a_place_without_any_coordinates_has_no_map(client, db):
    make_document(places=["Peregon"])
    assert '<svg class="map"' not in client.get("/places/peregon/").content.decode()
    assert '<svg class="map"' not in client.get("/places/").content.decode()


def test_places_from_a_to_z_with_the_documents_of_all_below(client, japan):
    response = client.get("/places/?by=name")
    assert [(name.record.name, name.count) for name in response.context["listing"].names] == [
        ("Asia", 2),
        ("Japan", 2),
        ("Tokyo", 1),
    ]
    response = client.get("/places/?by=name&letter=T")
    assert [name.record.name for name in response.context["listing"].names] == ["Tokyo"]


def test_queries_do_not_grow_with_the_places(client, japan):
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    addresses = ("/places/", "/places/?by=name", "/places/japan/")
    few = [asked(address) for address in addresses]
    for number in range(12):
        make_document(
            places=[make_place(f"Town {number}", japan, latitude=str(30 + number), longitude="135")]
        )
    assert [asked(address) for address in addresses] == few
