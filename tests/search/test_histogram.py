"""The year strip: what is drawn, where, and what it leads to."""

import itertools
from datetime import date
from urllib.parse import parse_qs, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.histogram import Bar, Histogram, build_histogram
from search.histogram import BASELINE, HEIGHT, LABELS_AT_MOST, draw
from search.state import SearchState

BASE = "/search/"


def year(number: int, certain: int, possible: int = 0) -> Bar:
    return Bar(date(number, 1, 1), date(number, 12, 31), certain, possible)


def strip_of(*bars: Bar, query: str = "", **counts: int):
    return draw(Histogram("year", list(bars), **counts), SearchState.parse_text(query), base=BASE)


def percent(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


def test_a_bar_says_how_many_documents_are_of_its_year_and_how_many_could_be():
    names = [bar.name for bar in strip_of(year(1955, 1), year(1956, 43, 6), year(1957, 0, 2)).bars]
    assert names == [
        "1955: 1 document",
        "1956: 43 documents, and 6 that could be",
        "1957: 2 documents that could be",
    ]


def test_a_bar_leads_to_the_same_search_within_its_year():
    strip = strip_of(year(1955, 1), year(1956, 3), query="q=Japan&language=rus&from=1950&page=3&certain=1")
    asked = parse_qs(urlsplit(strip.bars[1].url).query)
    assert asked == {"q": ["Japan"], "language": ["rus"], "from": ["1956"], "to": ["1956"], "certain": ["1"]}


def test_the_undated_are_one_step_away():
    strip = strip_of(year(1955, 1), query="q=Japan&from=1950&to=1956", undated=4)
    assert parse_qs(urlsplit(strip.undated_url).query) == {"q": ["Japan"], "dated": ["none"]}
    assert strip.undated_sentence == "4 undated"


def test_the_roughly_dated_are_one_step_away():
    strip = strip_of(year(1955, 1), query="q=Japan&from=1950&to=1956", roughly=4)
    assert parse_qs(urlsplit(strip.roughly_url).query) == {"q": ["Japan"], "dated": ["roughly"]}


def test_without_a_range_every_bar_is_selected_and_with_one_those_that_touch_it():
    assert all(bar.is_selected for bar in strip_of(year(1955, 1), year(1956, 1)).bars)
    strip = strip_of(
        year(1954, 1), year(1955, 1), year(1956, 1), year(1957, 1), query="from=May 1955&to=1956"
    )
    assert [bar.label for bar in strip.bars if bar.is_selected] == ["1955", "1956"]
    assert not any(bar.is_selected for bar in strip_of(year(1955, 1), query="dated=none").bars)


def test_empty_years_take_their_room_but_draw_nothing():
    strip = strip_of(year(1950, 1), year(1959, 1))
    assert [bar.label for bar in strip.bars] == ["1950", "1959"]
    assert percent(strip.bars[1].slot_x) == 90


@settings(deadline=None)  # two thousand years take their time on a busy machine
@given(
    st.lists(
        st.tuples(st.integers(1, 2100), st.integers(0, 10_000), st.integers(0, 10_000)),
        min_size=1,
        max_size=40,
        unique_by=lambda bar: bar[0],
    )
)
def test_every_bar_stays_inside_the_drawing(counts):
    strip = strip_of(*(year(*bar) for bar in sorted(counts)))
    asked = {str(number): (certain, possible) for number, certain, possible in counts if certain or possible}
    assert {bar.label: (bar.certain, bar.possible) for bar in strip.bars} == asked
    for bar in strip.bars:
        assert percent(bar.x) >= 0 and percent(bar.x) + percent(bar.width) <= 100.01
        assert bar.cap_y >= BASELINE - HEIGHT - 3
        assert bar.y + bar.height == BASELINE
        # However rare, what is there can be seen.
        assert (bar.height > 0) == bool(bar.certain)
        assert (bar.cap_height > 0) == bool(bar.possible)
    assert 0 < len(strip.ticks) <= LABELS_AT_MOST + 1 or strip.ticks == ()


def test_a_phone_has_room_for_the_years_below():
    for span in (1, 3, 10, 46, 77, 90):
        strip = strip_of(year(1912, 1), year(1912 + span, 2))
        places = [percent(place) for place, _label, is_minor in strip.ticks if not is_minor]
        assert places
        # 260 px is the drawing on a phone of 320; a year takes 28.
        assert all(260 * (right - left) / 100 >= 28 for left, right in itertools.pairwise(places)), span


def test_what_is_counted_adds_up_in_words():
    counted = {
        (date(1955, 1, 1), date(1955, 12, 31), False): 3,
        (date(1954, 1, 1), date(1956, 12, 31), False): 2,
        (None, None, False): 4,
    }
    strip = draw(build_histogram("year", counted), SearchState(), base=BASE)
    assert sum(bar.certain for bar in strip.bars) + strip.roughly + strip.undated == strip.total == 9
    assert strip.caption == "9 documents, 1954 to 1956"
    assert strip.roughly_sentence == "2 roughly dated"
    assert strip_of(year(1955, 1)).roughly_sentence == "none roughly dated"
    assert strip_of(year(1955, 1)).span == "1955"


def test_decades_lead_to_their_ten_years():
    histogram = Histogram("decade", [Bar(date(1950, 1, 1), date(1959, 12, 31), 7, 1)])
    bar = draw(histogram, SearchState(), base=BASE).bars[0]
    assert bar.name == "1950s: 7 documents, and 1 that could be"
    assert parse_qs(urlsplit(bar.url).query) == {"from": ["1950"], "to": ["1959"]}


def test_nothing_dated_draws_nothing():
    strip = strip_of(undated=3, total=3)
    assert strip.is_empty
    assert strip.ticks == ()
