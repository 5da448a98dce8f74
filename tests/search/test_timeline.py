"""The timeline: a search by year and month, with what is roughly dated and undated said as such."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

from django.http import QueryDict

from records.entries import Entry
from search.engines.errors import EngineError
from search.engines.histogram import Bar, Histogram
from search.histogram import draw
from search.hits import Hit
from search.state import SearchState
from search.timeline import MONTH_UNKNOWN, PER_PAGE, ROUGHLY, Grouping, TimelineState
from tests.search.pages import links_of, text_of

ADDRESS = "/timeline/"


def state_of(query: str = "") -> TimelineState:
    return TimelineState.parse(QueryDict(query))


def entry(title: str, earliest: date | None, latest: date | None, certainty: str = "certain") -> Entry:
    return Entry("/d/", title, date_earliest=earliest, date_latest=latest, date_certainty=certainty)


def hits(*entries: Entry) -> list[Hit]:
    return [Hit(each) for each in entries]


def shelves(groups) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """The headings with the titles under them."""
    return [
        (group.label, [(each.label, [hit.entry.title for hit in each.hits]) for each in group.sections])
        for group in groups
    ]


DAY = entry("a day", date(1956, 3, 2), date(1956, 3, 2))
MONTH = entry("a month", date(1956, 3, 1), date(1956, 3, 31))
SPRING = entry("spring", date(1956, 3, 1), date(1956, 5, 31))
YEAR = entry("a year", date(1956, 1, 1), date(1956, 12, 31))
PERHAPS = entry("perhaps 1956", date(1956, 1, 1), date(1956, 12, 31), "uncertain")
LONG = entry("1955 to 1957", date(1955, 1, 1), date(1957, 12, 31))
BEFORE = entry("before 1949", None, date(1948, 12, 31))
UNDATED = entry("undated", None, None, "undated")


def test_every_document_stands_under_what_is_known_of_its_date():
    found = shelves(Grouping(state_of()).of(hits(BEFORE, LONG, YEAR, PERHAPS, MONTH, DAY, SPRING, UNDATED)))
    assert found == [
        ("1948", [("Roughly dated", ["before 1949"])]),
        ("1955", [("Roughly dated", ["1955 to 1957"])]),
        (
            "1956",
            [
                ("Roughly dated", ["perhaps 1956"]),
                ("Month not known", ["a year", "spring"]),
                ("March 1956", ["a month", "a day"]),
            ],
        ),
        ("Undated", [("", ["undated"])]),
    ]


def test_what_begins_before_the_range_is_said_to():
    found = shelves(Grouping(state_of("from=1956&to=1956")).of(hits(LONG, YEAR, DAY)))
    assert [label for label, _sections in found] == ["Begun earlier", "1956"]
    # Of the year asked for, and so of its month and no earlier one.
    found = shelves(Grouping(state_of("from=March 2, 1956")).of(hits(MONTH, DAY)))
    assert found == [("1956", [("March 1956", ["a month", "a day"])])]


def test_a_year_that_the_page_before_began_is_continued():
    grouping = Grouping(state_of())
    assert grouping.of(hits(DAY), after=YEAR)[0].is_continued
    assert not grouping.of(hits(DAY), after=LONG)[0].is_continued
    assert not grouping.of(hits(DAY))[0].is_continued


YEARS = Histogram(
    "year",
    [
        Bar(date(1955, 1, 1), date(1955, 12, 31), 2, 1),
        Bar(date(1956, 1, 1), date(1956, 12, 31), 43, 6),
        Bar(date(1958, 1, 1), date(1958, 12, 31), 1, 0),
    ],
)
MONTHS = Histogram("month", [Bar(date(1956, 3, 1), date(1956, 3, 31), 5, 30)])


def counts(query: str = "") -> Grouping:
    return Grouping(state_of(query), YEARS, MONTHS)


def test_years_and_months_say_how_many_documents_the_whole_search_has_of_them():
    group = counts().of(hits(DAY))[0]
    assert group.counted == "43 documents, and 6 that could be"
    assert group.sections[0].counted == "5 documents"
    assert counts("certain=1&from=1950").of(hits(DAY))[0].counted == "43 documents"


def test_a_unit_that_the_range_cuts_is_not_counted_whole():
    group = counts("from=March 1956").of(hits(DAY))[0]
    assert group.counted == ""
    assert group.sections[0].counted == "5 documents"
    assert counts("from=March 2, 1956").of(hits(DAY))[0].sections[0].counted == ""


def test_headings_lead_closer_and_keep_the_search():
    group = counts("q=Japan&language=rus&certain=1&page=2").of(hits(DAY))[0]
    kept = {"q": ["Japan"], "language": ["rus"], "certain": ["1"]}
    assert parse_qs(group.query_string) == {**kept, "from": ["1956"], "to": ["1956"]}
    assert parse_qs(group.sections[0].query_string) == {**kept, "from": ["1956-03"], "to": ["1956-03"]}


def test_a_range_is_drawn_by_month_when_it_is_short():
    strip = counts("from=1956&to=1956").closer()
    assert strip is not None
    assert (strip.unit, strip.first, strip.last) == ("month", "January 1956", "December 1956")
    assert [(bar.label, bar.certain, bar.possible) for bar in strip.bars] == [("March 1956", 5, 30)]
    assert len(strip.ticks) == 12
    assert strip.bars[0].url == "/timeline/?from=1956-03&to=1956-03"
    assert counts().closer() is None  # 1955 to 1958 are too many years
    assert counts("dated=none").closer() is None


def test_a_month_stands_among_those_of_its_year():
    strip = counts("from=1956-04&to=1956-04").closer()
    assert strip is not None
    assert (strip.first, strip.last) == ("January 1956", "December 1956")
    assert [bar.is_selected for bar in strip.bars] == [False]
    strip = counts("from=December 1955&to=March 1956").closer()
    assert strip is not None
    assert (strip.first, strip.last) == ("January 1955", "December 1956")
    assert [bar.is_selected for bar in strip.bars] == [True]


def test_a_long_archive_is_drawn_by_decades_and_a_decade_by_years():
    long = Histogram("year", [Bar(date(y, 1, 1), date(y, 12, 31), 1, 0) for y in (1800, 1951, 1953)], total=3)
    strip = Grouping(state_of("from=1950&to=1959"), long, MONTHS).closer()
    assert strip is not None
    assert [bar.label for bar in strip.bars] == ["1951", "1953"]
    # Every year of the decade has its room.
    assert [float(bar.slot_x[:-1]) for bar in strip.bars] == [10.0, 30.0]


def test_the_year_or_month_beside_is_one_step_away():
    earlier, later = counts("q=Japan&from=1956&to=1956").beside()
    assert earlier == ("1955", "q=Japan&from=1955&to=1955")
    assert later == ("1958", "q=Japan&from=1958&to=1958")
    assert counts("from=1955&to=1956").beside() == (None, None)
    assert counts("from=1956-03&to=1956-03").beside() == (None, None)


def test_the_state_is_a_search_by_date_whatever_the_address_says():
    state = state_of("q=Japan&sort=title&per_page=10&in=everything&page=2")
    assert state.query_string == "q=Japan&page=2"
    assert (state.order, state.per_page) == ("date", PER_PAGE)
    assert parse_qs(state.as_list.query_string) == {
        "q": ["Japan"],
        "sort": ["date"],
        "per_page": ["50"],
        "page": ["2"],
    }
    assert isinstance(state.add("language", "rus"), TimelineState)


def test_months_are_drawn_with_their_names():
    strip = draw(MONTHS, SearchState(), base="/x/", days=(date(1956, 3, 1), date(1956, 3, 31)))
    assert strip.name == "Documents by month, March 1956"
    assert strip.bars[0].name == "March 1956: 5 documents, and 30 that could be"
    assert strip.unit_label == "Month"


# On the page


def test_the_whole_archive_in_order_of_date(client, records):
    response = client.get(ADDRESS)
    text = text_of(response)
    assert "40 documents in order of date" in text
    dated = [r for r in records if r.bounds[0] or r.bounds[1]]
    for year in {r.bounds[0].year for r in dated}:
        assert f"/timeline/?from={year}&to={year}" in links_of(response)
    listed = [
        hit.entry.title
        for group in response.context["timeline"].groups
        for each in group.sections
        for hit in each.hits
    ]
    assert sorted(listed) == sorted(r.title for r in records)
    assert response.context["timeline"].groups[-1].label == "Undated"
    assert "Draft on the Peace Treaty" not in text
    assert "Withdrawn Note" not in text


def test_every_document_is_in_the_year_that_its_bounds_say(client, records):
    bounds = {r.title: r.bounds for r in records}
    for group in client.get(ADDRESS).context["timeline"].groups:
        for section in group.sections:
            for hit in section.hits:
                first, last, uncertain = bounds[hit.entry.title]
                if first is None:
                    assert group.label == "Undated"
                    continue
                assert group.heading.year == first.year
                sure = first.year == last.year and not uncertain
                known = section.heading.month
                if not sure:
                    assert known == ROUGHLY
                else:
                    assert known == (first.month if first.month == last.month else MONTH_UNKNOWN)


def test_it_narrows_as_the_search_does(client, records):
    response = client.get(f"{ADDRESS}?q=treaty&language=rus&from=1955&to=1956")
    wanted = [
        r
        for r in records
        if "Treaty" in r.title and "rus" in r.languages and r.could_be(date(1955, 1, 1), date(1956, 12, 31))
    ]
    assert response.context["page"].total == len(wanted) > 0
    assert 'action="/timeline/"' in response.content.decode()
    listed = urlsplit(next(link for link in links_of(response) if link.startswith("/search/?q=treaty")))
    assert parse_qs(listed.query) == {
        "q": ["treaty"],
        "language": ["rus"],
        "from": ["1955"],
        "to": ["1956"],
        "sort": ["date"],
    }
    assert '<meta name="robots" content="noindex, follow">' in response.content.decode()


def test_documents_keep_their_place_in_the_search(client, records):
    response = client.get(f"{ADDRESS}?q=treaty")
    hit = response.context["page"].hits[1]
    asked = parse_qs(urlsplit(hit.entry.url).query)
    assert asked["n"] == ["2"]
    document = client.get(hit.entry.url)
    assert document.context["came_from"].position == 2
    assert document.context["came_from"].previous.title == response.context["page"].hits[0].entry.title


def test_the_undated_alone(client, records):
    response = client.get(f"{ADDRESS}?dated=none")
    assert [group.label for group in response.context["timeline"].groups] == ["Undated"]
    assert response.context["page"].total == sum(r.bounds[:2] == (None, None) for r in records)


def test_a_form_is_led_to_its_address_and_people_to_the_search(client, records):
    assert client.get(f"{ADDRESS}?q=&in=documents&from=1955").url == "/timeline/?from=1955"
    assert client.get(f"{ADDRESS}?q=Zhou&in=people").url == "/search/?q=Zhou&in=people"


def test_all_values_of_a_facet_lead_back(client, records):
    response = client.get("/search/facet/person/?q=treaty&at=timeline")
    assert '<form class="values" method="get" action="/timeline/">' in response.content.decode()
    assert "/timeline/?q=treaty" in links_of(response)
    response = client.get("/search/facet/person/?q=treaty&at=elsewhere")
    assert '<form class="values" method="get" action="/search/">' in response.content.decode()


def test_nothing_found_and_no_such_page(client, records):
    assert "Without" in text_of(client.get(f"{ADDRESS}?q=treaty&person=zhou-enlai&from=1999"))
    assert "There is no page 9" in text_of(client.get(f"{ADDRESS}?page=9"))


def test_without_the_engine_the_catalogue_stands_in(client, records, engine_fails):
    engine_fails(EngineError("the index is gone"))
    response = client.get(ADDRESS)
    assert response.status_code == 200
    text = text_of(response)
    assert "The search engine cannot be reached just now." in text
    assert "1955" in [group.label for group in response.context["timeline"].groups]
    assert "Draft on the Peace Treaty" not in text
