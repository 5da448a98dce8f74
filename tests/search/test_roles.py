"""Who wrote, received, was present or is only mentioned, told apart in the search. The same on both engines."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import transaction

from documents.choices import Role
from search.engines.errors import IndexMissingError
from search.facets import ROLE_LABELS, in_role, role_and_person
from search.rows import ROW_FIELDS
from tests import factories
from tests.search.holdings import reindex
from tests.search.pages import search, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

#: Title: who has to do with it, by role.
WRITTEN = {
    "Telegram to the Chairman": {"creator": ["Zhou Enlai"], "addressee": ["Mao Zedong"]},
    "Talks in Moscow": {"present": ["Mao Zedong", "Joseph Stalin"], "mentioned": ["Zhou Enlai"]},
    "Talks on Coal": {"present": ["Mao Zedong", "Zhou Enlai"], "contributor": ["Joseph Stalin"]},
    "A Note on a Journey": {"creator": ["Joseph Stalin"], "mentioned": ["Mao Zedong", "Zhou Enlai"]},
    "A Note on Nobody": {},
}


def titles_with(**wanted: str) -> set[str]:
    """What there is with these people, each in this role."""
    return {
        title
        for title, roles in WRITTEN.items()
        if all(name in roles.get(role, ()) for role, name in wanted.items())
    }


@pytest.fixture(scope="module")
def filled(site_engine, django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        factories.make_person("Mao Zedong", [("毛泽东", "chi", "original"), ("Мао Цзэдун", "rus", "")])
        factories.make_person("Zhou Enlai", [("周恩来", "chi", "original")])
        for title, people in WRITTEN.items():
            factories.make_document(title, summary="", people=people)
        reindex()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def archive(filled, db) -> None: ...


def found(client, query: str) -> set[str]:
    response = search(client, query)
    assert response.status_code == 200
    return {hit.entry.title for hit in response.context["page"].hits}


@pytest.mark.parametrize("role", ROLE_LABELS)
@pytest.mark.parametrize("person", ["Mao Zedong", "Zhou Enlai", "Joseph Stalin"])
def test_a_person_in_a_role_is_found_exactly(client, archive, role, person):
    expected = titles_with(**{role: person})
    slug = person.lower().replace(" ", "-")
    assert found(client, f"participant={in_role(role, slug)}") == expected
    assert found(client, f"f=and:{role}:is:{person}") == expected
    assert found(client, f"f=and:{role}:{person}") == expected
    assert found(client, f'q={role}:"{person}"') == expected


def test_any_name_finds_a_person_in_a_role(client, archive):
    for name in ("毛泽东", "Мао Цзэдун", "mao zedong"):
        assert found(client, f"f=and:present:is:{name}") == titles_with(present="Mao Zedong")
        assert found(client, f'q=present:"{name}"') == titles_with(present="Mao Zedong")


def test_two_people_both_present(client, archive):
    both = "participant=present:mao-zedong&participant=present:joseph-stalin"
    assert found(client, f"{both}&participant-match=all") == {"Talks in Moscow"}
    assert found(client, both) == {"Talks in Moscow", "Talks on Coal"}
    said = search(client, f"{both}&participant-match=all").context["plain_sentence"]
    assert said == "1 document with Joseph Stalin (present) and Mao Zedong (present)"


def test_a_role_is_excluded_and_may_be_missing(client, archive):
    without = set(WRITTEN) - titles_with(mentioned="Zhou Enlai")
    assert found(client, "participant=-mentioned:zhou-enlai") == without
    assert found(client, "participant=_none") == {"A Note on Nobody"}


def test_the_page_of_all_participants_names_them_with_their_roles(client, archive):
    response = client.get("/search/facet/participant/")
    counts = {value.label: value.count for value in response.context["listing"].values}
    assert counts == {
        f"{name} ({role})": len(titles_with(**{role: name}))
        for role in ROLE_LABELS
        for name in ("Mao Zedong", "Zhou Enlai", "Joseph Stalin")
        if titles_with(**{role: name})
    }


def test_a_hit_says_in_which_role_it_was_found(client, archive):
    assert (
        "addressee" in text_of(search(client, "q=addressee:毛泽东")).partition("Telegram to the Chairman")[2]
    )


def test_a_name_that_nobody_has_is_said_to_be_none(client, archive):
    said = text_of(search(client, "f=and:present:is:Nobody Known"))
    assert "Present: nothing in the archive is called exactly “Nobody Known”" in said


def test_what_means_nothing_finds_nothing(client, archive):
    for value in ("zhou-enlai", "present:", ":zhou-enlai", "author:zhou-enlai", "present:nobody", "::"):
        assert found(client, f"participant={value}") == set()
        assert client.get(f"/search/facet/participant/?participant={value}").status_code == 200


def test_the_facts_of_a_document_lead_to_the_person_in_that_role(client, archive):
    hit = search(client, "q=title:Telegram").context["page"].hits[0]
    links = {
        unescape(link)
        for link in re.findall(r'href="(/search/\?[^"]*)"', client.get(hit.entry.url).content.decode())
    }
    assert {
        "/search/?participant=creator%3Azhou-enlai",
        "/search/?participant=addressee%3Amao-zedong",
    } <= links


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("/people/mao-zedong/?role=present", titles_with(present="Mao Zedong")),
        ("/people/mao-zedong/?with=joseph-stalin", {"Talks in Moscow"}),
    ],
)
def test_the_page_of_a_person_leads_into_the_search_for_what_it_shows(client, archive, page, expected):
    html = client.get(page).content.decode()
    (query,) = re.findall(r'class="button" rel="nofollow" href="/search/\?([^"]*)"', html)
    assert found(client, unescape(query)) == expected
    (export,) = re.findall(r'href="(/[^"]*csl[^"]*)"', html.partition("take-away-what")[2])
    exported = json.loads(client.get(unescape(export)).getvalue())
    assert {each["title"] for each in exported} == expected


def test_names_are_completed_in_the_rows_of_roles(client, archive):
    lines = client.get("/search/complete/", {"q": "毛泽", "field": "addressee"}).json()["suggestions"]
    assert [line["name"] for line in lines] == ["Mao Zedong"]


def test_while_the_engine_is_down_the_page_says_that_roles_are_not_looked_at(client, archive, engine_fails):
    engine_fails(IndexMissingError("no index"))
    for query in ("participant=present:mao-zedong", "f=and:present:is:Mao Zedong"):
        response = search(client, query)
        assert response.context["page"].left_aside == ("Participants",)
        assert "Participants" in text_of(response)
    # Words in a role are looked for in the names.
    assert found(client, "q=creator:Zhou") == {
        title for title, roles in WRITTEN.items() if "Zhou Enlai" in str(roles)
    }


def test_the_search_knows_the_roles_that_documents_have():
    assert set(ROLE_LABELS) == set(Role.values)
    assert set(ROLE_LABELS) <= set(ROW_FIELDS)
    assert role_and_person(in_role("present", "zhou-enlai")) == ("present", "zhou-enlai")
