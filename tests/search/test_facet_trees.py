"""Facets whose values stand under one another, in the panel and on the page of all values."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from search.panels import flattened
from tests import factories
from tests.search.holdings import reindex
from tests.search.pages import search

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def panel(response, name: str):
    return next(panel for panel in response.context["page"].panels if panel.facet.name == name)


def counts(response, name: str) -> dict[str, int]:
    return {item.label: item.count for item in flattened(panel(response, name).values)}


@pytest.fixture
def places():
    """Documents of places within places; the counts of each with all below it."""
    for name, parent in (
        ("Asia", None), ("Europe", None), ("Vietnam", "Asia"), ("China", "Asia"), ("Hanoi", "Vietnam"), ("Beijing", "China"),
        ("Moscow", "Europe"),
    ):  # fmt: skip
        factories.make_place(name, parent)
    of = [("Hanoi",), ("Hanoi", "Beijing"), ("Vietnam", "Hanoi"), ("Moscow", "Beijing"), ("Moscow",), ()]
    for number, names in enumerate(of):
        factories.make_document(f"No. {number}", places=names, date="1955")
    reindex()
    return {"Asia": 4, "Vietnam": 3, "Hanoi": 3, "China": 2, "Beijing": 2, "Europe": 2, "Moscow": 2}


def test_a_wider_place_counts_what_lies_in_it_once(client, places):
    response = search(client)
    assert counts(response, "place") == places
    drawn = panel(response, "place").values
    assert [(item.label, [child.label for child in item.children]) for item in drawn] == [
        ("Asia", ["Vietnam", "China"]),
        ("Europe", ["Moscow"]),
    ]
    assert panel(response, "place").none.count == 1
    assert search(client, "place=asia").context["page"].total == places["Asia"]
    assert search(client, "place=asia&place=-vietnam").context["page"].total == 1
    assert search(client, "place=asia&place=europe&place-match=all").context["page"].total == 1


def test_places_of_one_count_are_not_parted_from_what_they_lie_in(client):
    """More places of the same count than a panel draws: what a drawn one lies in is drawn, too."""
    factories.make_place("Zealand")
    names = [f"Port {number:02}" for number in range(15)]
    for name in names:
        factories.make_place(name, "Zealand")
    factories.make_document("One", places=names, date="1955")
    reindex()
    drawn = panel(search(client), "place").values
    assert [item.label for item in drawn] == ["Zealand"]
    assert len(drawn[0].children) >= 9


def test_an_unpublished_collection_is_skipped_between_two_others(client):
    top = factories.make_collection("Cold War")
    middle = factories.make_collection("In the making", parent=top, is_published=False)
    factories.make_document(
        "One", collections=[factories.make_collection("Talks", parent=middle)], date="1955"
    )
    reindex()
    (drawn,) = panel(search(client), "collection").values
    assert (drawn.label, [child.label for child in drawn.children]) == ("Cold War", ["Talks"])


def test_the_page_of_all_places_is_a_tree_and_a_list_where_one_looks_for_something(client, places):
    address = reverse("search:facet", args=["place"])
    response = client.get(f"{address}?place=hanoi")
    listing = response.context["listing"]
    assert {item.label: item.count for item in flattened(listing.values)} == places
    opened = {item.label for item in flattened(listing.values) if item.is_open}
    assert opened == {"Asia", "Vietnam"}, "the way to what is chosen is open, the rest is not"
    assert "<details" in response.content.decode()
    found = client.get(f"{address}?find=an").context["listing"]
    assert [(item.label, item.path) for item in found.values] == [("Hanoi", "Vietnam, Asia")]
    by_name = client.get(f"{address}?by=name").context["listing"]
    assert [item.label for item in flattened(by_name.values)] == [
        "Asia", "China", "Beijing", "Vietnam", "Hanoi", "Europe", "Moscow",
    ]  # fmt: skip


def test_pages_of_a_tree_part_no_place_from_what_lies_in_it(client):
    for top in ("North", "South", "West"):
        factories.make_place(top)
        names = [f"{top} {number:02}" for number in range(40)]
        for name in names:
            factories.make_place(name, top)
        factories.make_document(f"On the {top}", places=names, date="1955")
    reindex()
    address = reverse("search:facet", args=["place"])
    pages = [client.get(f"{address}?values_page={number}").context["listing"] for number in (1, 2)]
    assert [[item.label for item in page.values] for page in pages] == [["North", "South"], ["West"]]
    assert [(page.first, page.last, page.size) for page in pages] == [(1, 82, 123), (83, 123, 123)]


def test_the_page_of_all_values_excludes_and_asks_for_all_without_scripts(client, places):
    address = reverse("search:facet", args=["place"])
    html = client.get(f"{address}?q=No&place=-hanoi&place=europe&find=hin").content.decode()
    # What has no box on this page is carried; what has one is not sent twice.
    assert '<input type="hidden" name="place" value="-hanoi">' in html
    assert '<input type="hidden" name="place" value="europe">' in html
    assert 'type="hidden" name="place" value="china"' not in html
    assert 'name="place" value="china"' in html
    assert 'name="place-match" value="all"' in html
    sent = {"place": ["china", "europe", "-hanoi"], "place-match": "all"}
    response = client.get("/search/?" + urlencode(sent, doseq=True), follow=True)
    assert response.context["page"].total == 1


def test_the_number_of_queries_does_not_grow_with_the_places(client, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(60) as counted:
            search(client, "place=asia")
        return len(counted)

    factories.make_place("Asia")
    factories.make_document("One", places=["Asia"], date="1955")
    reindex()
    search(client)
    few = queries()
    for number in range(12):
        factories.make_place(f"Land {number}", "Asia")
        factories.make_document(f"Of {number}", places=[f"Land {number}"], date="1955")
    reindex()
    assert queries() <= few + 1  # the second page's hits may have kinds of facts that the first had not
