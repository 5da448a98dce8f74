"""Facets as a reader uses them: excluding, all of several, no value at all; and the rows of filters."""

from collections import Counter
from datetime import date
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from search.facets import NONE
from search.fallback import narrowed_by_state
from search.state import SearchState
from tests.search.pages import links_of, search, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def panel(response, name: str):
    return next(panel for panel in response.context["page"].panels if panel.facet.name == name)


def counts(response, name: str) -> dict[str, int]:
    return {item.label: item.count for item in panel(response, name).values}


def chips(response) -> dict[str, str]:
    """The removable parts of the sentence, and what is asked without them."""
    return {part.text: part.query_string for part in response.context["sentence"] if part.without}


# -- excluding


def test_a_value_is_excluded_by_a_box_beside_it_and_its_chip_takes_it_back(client, records):
    html = search(client).content.decode()
    assert 'name="language" value="-rus"' in html
    response = search(client, "language=-rus")
    assert response.context["page"].total == sum("rus" not in record.languages for record in records)
    assert "not in Russian" in text_of(response)
    assert chips(response) == {"not in Russian": ""}
    assert 'value="-rus" id="not-language-rus" checked' in response.content.decode()
    assert "Russian" not in {label for label, count in counts(response, "language").items() if count}


def test_what_is_unknown_leaves_nothing_out_and_the_page_says_so(client, records):
    response = search(client, "place=-atlantis")
    assert response.context["page"].total == len(records)
    assert "nothing is left out" in text_of(response)


# -- any or all


def test_all_of_several_values_with_counts_that_respect_it(client, records):
    asked = "person=zhou-enlai&person=nikita-khrushchev"
    either = search(client, asked)
    assert "naming Nikita Khrushchev or Zhou Enlai" in either.context["plain_sentence"]
    both = search(client, f"{asked}&person-match=all")
    assert "naming Nikita Khrushchev and Zhou Enlai" in both.context["plain_sentence"]
    expected = [r for r in records if {"Zhou Enlai", "Nikita Khrushchev"} <= set(r.people)]
    assert both.context["page"].total == len(expected) < either.context["page"].total
    assert counts(both, "person") == Counter(name for record in expected for name in record.people)
    assert 'name="person-match" value="all" id="person-all" checked' in both.content.decode()


def test_any_or_all_is_offered_where_it_makes_a_difference(client, records):
    assert not panel(search(client), "place").offers_match
    assert panel(search(client, "place=tokyo"), "place").offers_match
    assert 'name="archive-match"' not in search(client, "archive=x").content.decode()


# -- no value


def test_documents_without_a_value_are_a_value_of_their_own(client, records):
    nowhere = sum(not record.places for record in records)
    none = panel(search(client), "place").none
    assert (none.label, none.count) == ("No place named", nowhere)
    assert (
        search(client, f"place={NONE}").context["plain_sentence"]
        == f"{nowhere} documents with no place named"
    )
    with_place = search(client, f"place=-{NONE}")
    assert with_place.context["plain_sentence"] == f"{len(records) - nowhere} documents with a place named"
    assert panel(with_place, "place").none.is_excluded


def test_people_are_not_counted_among_documents_without_a_place(client, records):
    assert panel(search(client, "in=everything"), "place").none is None
    response = search(client, f"in=everything&place={NONE}")
    assert panel(response, "place").none.count == sum(not record.places for record in records)


# -- everything that shows a search obeys it


@pytest.mark.parametrize(
    "query",
    [
        "language=-rus",
        f"place={NONE}",
        "person=zhou-enlai&person=nikita-khrushchev&person-match=all",
        "dated=roughly",
        "f=and:date:before:1956",
        "f=and:person:is-not:Zhou Enlai",
    ],
)
def test_timeline_feed_and_export_ask_the_same(client, records, query):
    page = search(client, query).context["page"]
    assert 0 < page.total < len(records)
    timeline = client.get(f"/timeline/?{query}")
    assert timeline.context["page"].total == page.total
    export = client.get(reverse("interchange:export", args=["csv"]) + f"?{query}")
    assert export["X-Total-Count"] == str(page.total)
    titles = {hit.entry.title for hit in search(client, f"{query}&per_page=100").context["page"].hits}
    for record in records:
        feed = client.get(
            reverse("interchange:feed", args=["atom"]) + f"?{query}&q=%22No. {place_of(record)}%22"
        )
        assert (record.title in feed.content.decode()) == (record.title in titles)


def place_of(record) -> str:
    return record.title.rpartition(" ")[2]


def test_the_links_of_a_page_keep_what_is_excluded(client, records):
    response = search(client, f"language=-rus&place=-{NONE}&person=zhou-enlai&person-match=all&sort=title")
    facets = [
        link for link in links_of(response) if "/search/facet/" in link or link.startswith("/timeline/?")
    ]
    assert facets
    for link in facets:
        asked = parse_qs(urlsplit(link).query)
        assert asked["language"] == ["-rus"]
        assert asked["place"] == [f"-{NONE}"]
        assert asked["person-match"] == ["all"]


def test_a_short_range_is_drawn_by_months_too(client, records):
    assert search(client, "from=1950&to=1959").context["closer"] is None
    assert search(client).context["closer"] is None
    response = search(client, "from=May 1955&to=1956")
    strip = response.context["closer"]
    may = next(bar for bar in strip.bars if bar.label == "May 1955")
    assert may.certain == sum(r.is_certainly(date(1955, 5, 1), date(1955, 5, 31)) for r in records)
    assert may.is_selected
    assert not next(bar for bar in strip.bars if bar.label == "April 1955").is_selected
    assert may.url == "/search/?from=1955-05&to=1955-05"
    assert "Documents by month, January 1955 to December 1956" in text_of(response)


# -- while the engine is down


@pytest.mark.parametrize(
    "query",
    [
        "language=-rus",
        "language=-rus&language=-ger",
        f"place={NONE}",
        f"place={NONE}&place=moscow",
        f"place=-{NONE}",
        "person=zhou-enlai&person=nikita-khrushchev&person-match=all",
        "dated=roughly",
        "dated=roughly-month",
        "dated=roughly-decade",
        "dated=none",
        "f=and:person:is:Zhou Enlai",
        "f=and:person:is-not:Zhou Enlai",
        "f=and:date:before:1956",
        "f=and:person:is:Nobody",
    ],
)
def test_the_database_answers_alike(client, records, query):
    from documents.models import Document
    from search.dependences import index_for

    index = index_for(Document)
    state = SearchState.parse_text(query)
    stand_in = narrowed_by_state(
        Document.objects.visible_to(None), state, index.fallback_lookups, index.fallback_facets
    )
    found = {hit.entry.title for hit in search(client, f"{query}&per_page=100").context["page"].hits}
    assert {document.title for document in stand_in} == found


# -- rows


def test_a_row_with_a_wrong_value_says_so_beside_itself(client, records):
    response = search(client, "f=and:date:before:05/06/1946&f=and:title:peace")
    html = response.content.decode()
    assert 'aria-invalid="true" aria-describedby="problem-row-0"' in html
    assert 'id="problem-row-0"' in html
    assert "day or month first" in text_of(response)
    assert response.context["page"].total == search(client, "f=and:title:peace").context["page"].total


def test_a_name_that_nobody_has_is_said_to_be_none(client, records):
    assert "nothing in the archive is called exactly “Zhou”" in text_of(
        search(client, "f=and:person:is:Zhou")
    )
    assert "called exactly" not in text_of(search(client, "f=and:person:is:Zhou Enlai"))


def test_the_sentence_says_what_a_row_asks(client, records):
    def said(query: str) -> str:
        return search(client, query).context["plain_sentence"].partition("with ")[2]

    assert said("f=and:date:before:1956") == "a date that could be 1955 or earlier"
    assert said("q=peace&f=or:date:between:1955 and 1956").endswith("or a date that could be 1955 to 1956")
    assert said("f=and:person:is:Zhou Enlai") == "Person: exactly “Zhou Enlai”"
    assert said("q=peace&f=and:person:is-not:Zhou Enlai").endswith("but not Person: exactly “Zhou Enlai”")
    assert said("q=peace&f=or:title:contains-not:trade").endswith("or without Title: trade")
    both = "q=peace&f=or:title:trade&f=and:title:japan&f=and:title:contains-not:oil"
    assert said(both) == (
        "peace or Title: trade and of all these only with Title: japan and of all these none with Title: oil"
    )


def test_old_addresses_of_rows_are_led_to_the_new_ones(client, records):
    response = search(client, "q=peace&f=not:title:japan")
    assert response.status_code == 302
    assert response.url == "/search/?q=peace&f=and:title:contains-not:japan"
    assert search(client, "undated=1").url == "/search/?dated=none"


def test_a_form_without_scripts_sends_operators(client: Client, records):
    sent = {"f-join": "and", "f-field": "date", "f-op": "before", "f-value": "1956"}
    assert client.get("/search/?" + urlencode(sent)).url == "/search/?f=and:date:before:1956"
    html = search(client, "f=and:date:before:1956").content.decode()
    assert '<option value="before" data-for="date" selected>' in html
    assert 'data-complete="f-field"' in html
