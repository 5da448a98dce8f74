"""Dates that are ranges themselves: could be, certainly is, and the histogram that does not lie."""

from __future__ import annotations

import datetime

import pytest

from search.engines.histogram import Histogram, Unit
from search.grammar import parse
from search.tree import Exact, Not, Roughly
from tests.search.catalogue.records import RECORDS, Record
from tests.search.contract.conftest import keys, where

Day = datetime.date
RANGES = [
    (Day(1955, 1, 1), Day(1955, 12, 31)),
    (Day(1956, 3, 31), Day(1956, 3, 31)),
    (Day(1950, 1, 1), Day(1959, 12, 31)),
    (None, Day(1949, 12, 31)),
    (Day(1963, 6, 1), None),
    (Day(1990, 1, 1), Day(1990, 12, 31)),
]


@pytest.mark.parametrize(("first", "last"), RANGES)
def test_what_could_be_in_a_range(search, first, last):
    assert keys(search.overlapping(first, last)) == where(lambda r: r.could_be(first, last))


@pytest.mark.parametrize(("first", "last"), RANGES)
def test_what_certainly_is(search, first, last):
    found = keys(search.overlapping(first, last, certain=True))
    assert found == {r.pk for r in RECORDS if r.certainly(first, last)}
    assert found <= keys(search.overlapping(first, last))


def test_a_range_open_on_both_sides_is_no_filter(search):
    assert search.overlapping(None, None).count() == search.count()
    narrowed = search.overlapping(*RANGES[0])
    assert narrowed.overlapping(None, None).count() == search.count()


def test_the_later_range_replaces_the_earlier(search):
    both = search.overlapping(*RANGES[0]).overlapping(*RANGES[3])
    assert keys(both) == where(lambda r: r.could_be(*RANGES[3]))


def test_days_may_be_written_as_text_or_moments(search):
    first = datetime.datetime(1955, 1, 1, 12, tzinfo=datetime.UTC)
    assert keys(search.overlapping(first, "1955-12-31")) == where(lambda r: r.could_be(*RANGES[0]))


# -- the histogram


def expected_histogram(records: list[Record], unit_name: str) -> dict[int, list[int]]:
    """Unit number -> [certain, possible], as design and help page define them."""
    unit = Unit(unit_name)
    finite = [unit.number(day) for r in records for day in (r.earliest, r.latest) if day]
    bars: dict[int, list[int]] = {}
    for number in range(min(finite), max(finite) + 1):
        start, end = unit.days(number)
        inside = [r for r in records if r.earliest and r.latest and start <= r.earliest and r.latest <= end]
        certain = [r for r in inside if not r.uncertain]
        possible = [r for r in records if r.could_be(start, end) and r not in certain]
        if certain or possible:
            bars[number] = [len(certain), len(possible)]
    return bars


def shown(histogram: Histogram) -> dict[int, list[int]]:
    unit = Unit(histogram.unit)
    return {unit.number(bar.start): [bar.certain, bar.possible] for bar in histogram.bars}


REPORTS_ONLY = {"django_ct": "catalogue.report"}


@pytest.mark.parametrize("unit", ["year", "month", "decade"])
def test_bars_and_caps(search, unit):
    histogram = search.filter(**REPORTS_ONLY).histogram(unit).histogram_counts()
    assert shown(histogram) == expected_histogram(list(RECORDS), unit)
    assert [bar.start for bar in histogram.bars] == sorted(bar.start for bar in histogram.bars)


@pytest.mark.parametrize("unit", ["year", "month", "decade"])
@pytest.mark.parametrize("query", ["", "telegram", "rice", "treaty OR peace", "title:fragment", "zzzz"])
def test_the_total_is_bars_and_roughly_dated_and_undated(search, unit, query):
    found = search.read(parse(query, {"title": "title"}))
    histogram = found.histogram(unit).histogram_counts()
    assert histogram.total == found.count()
    assert (
        histogram.total == sum(bar.certain for bar in histogram.bars) + histogram.roughly + histogram.undated
    )


def test_roughly_dated_and_undated(search):
    histogram = search.filter(**REPORTS_ONLY).histogram().histogram_counts()
    assert histogram.undated == len(where(lambda r: not r.is_dated))
    in_bars = sum(bar.certain for bar in histogram.bars)
    assert histogram.roughly == len(where(lambda r: r.is_dated)) - in_bars
    assert histogram.undated_left_out == 0


def is_rough(record: Record, unit_name: str) -> bool:
    """Dated, but surely of no one unit."""
    unit = Unit(unit_name)
    sure = record.earliest and record.latest and not record.uncertain
    return record.is_dated and not (sure and unit.number(record.earliest) == unit.number(record.latest))


@pytest.mark.parametrize("unit", ["year", "month", "decade"])
def test_the_roughly_dated_can_be_found(search, unit):
    rough = where(lambda r: is_rough(r, unit))
    found = search.where(Roughly(unit))
    assert keys(found) == rough
    assert len(rough) == search.filter(**REPORTS_ONLY).histogram(unit).histogram_counts().roughly
    # All of them are in caps, none is in a bar.
    assert not any(bar.certain for bar in found.histogram(unit).histogram_counts().bars)
    assert keys(search.where(Not(Roughly(unit)))) == where(lambda r: not is_rough(r, unit))
    assert keys(found.overlapping(*RANGES[2])) == {
        r.pk for r in RECORDS if is_rough(r, unit) and r.could_be(*RANGES[2])
    }


def test_the_histogram_leaves_its_own_range_aside(search):
    whole = search.read(parse("telegram")).choose("places", ["Hanoi"]).histogram()
    narrowed = whole.overlapping(*RANGES[0])
    assert narrowed.histogram_counts().bars == whole.histogram_counts().bars
    assert narrowed.histogram_counts().undated_left_out == whole.histogram_counts().undated > 0
    assert narrowed.count() == len(
        where(lambda r: r.has("telegram") and "Hanoi" in r.places and r.could_be(*RANGES[0]))
    )
    expected = [r for r in RECORDS if r.has("telegram") and "Hanoi" in r.places]
    assert shown(whole.histogram_counts()) == expected_histogram(expected, "year")


@pytest.mark.parametrize("range_", [None, RANGES[0]])
def test_the_histogram_of_some_of_the_hits(search, range_):
    found = search.read(parse("telegram")).choose("places", ["Hanoi"]).facet("places", limit=None)
    found = found.overlapping(*range_) if range_ else found
    of_some = found.histogram("year", of=Exact("places", "Beijing"))
    expected = [r for r in RECORDS if r.has("telegram") and "Hanoi" in r.places]
    some = [r for r in expected if "Beijing" in r.places]
    assert 0 < len(some) < len(expected)
    assert shown(of_some.histogram_counts()) == expected_histogram(some, "year")
    # It narrows nothing else.
    whole = found.histogram("year")
    assert of_some.count() == whole.count()
    assert of_some.facet_counts() == whole.facet_counts()
    assert shown(whole.histogram_counts()) == expected_histogram(expected, "year")


def test_facets_follow_the_range(search):
    narrowed = search.overlapping(*RANGES[0]).facet("places", limit=None)
    counts = dict(narrowed.facet_counts()["fields"]["places"])
    inside = [r for r in RECORDS if r.could_be(*RANGES[0])]
    assert counts == {p: sum(p in r.places for r in inside) for p in {p for r in inside for p in r.places}}


def test_contiguous_fills_the_gaps(search):
    histogram = search.filter(django_id__in=[1, 4, 8]).histogram("year").histogram_counts()
    years = [bar.start.year for bar in histogram.contiguous()]
    assert years == list(range(1967, 1973))
    assert sum(bar.certain for bar in histogram.contiguous()) == 3


def test_no_histogram_unasked(search):
    assert search.histogram_counts() is None
    with pytest.raises(ValueError, match="week"):
        search.histogram("week")
