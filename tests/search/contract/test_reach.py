"""How far down hits can be paged: to the limit and no further, and beyond the last hit there is none."""

from __future__ import annotations

import pytest
from haystack import connections

from search.engines.elasticsearch import deep
from search.engines.errors import BeyondReachError
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from tests.search.catalogue.records import NOTES, RECORDS

ALL = len(RECORDS) + len(NOTES)


@pytest.fixture
def near(filled: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The alias of an engine that pages through fifty hits."""
    monkeypatch.setattr(connections[filled].get_backend(), "window", 50)
    return filled


def test_a_million_hits_can_be_paged_through(search):
    assert search.reach == 1_000_000
    assert search[999_990:1_000_000] == []


def test_up_to_the_limit_and_no_further(near):
    search = ArchiveQuerySet(using=near)
    assert search.reach == 50 < ALL
    assert len(search.all()[40:50]) == 10
    for start, end in ((45, 55), (50, 60)):
        with pytest.raises(BeyondReachError, match="first 50 hits"):
            search.all()[start:end]


def test_beyond_the_last_hit_is_nothing_whatever_the_limit(near):
    search = ArchiveQuerySet(using=near)
    assert search.all()[10**9 : 10**9 + 10] == []
    assert search.all().count() == ALL


@pytest.mark.parametrize("order", [(), ("-title_sort",), ("date_earliest", "-pages"), ("-pages",)])
@pytest.mark.parametrize("narrowed", [False, True])
def test_far_down_the_order_is_the_same(search, monkeypatch, order, narrowed):
    """From whichever end hits are counted off: ties, and those without a value, stand where they stood."""
    if narrowed:
        search = (
            search.read(parse("telegram OR report")).choose("languages", ["eng", "rus"]).facet("languages")
        )
    ordered = search.order_by(*order) if order else search
    whole = [hit.id for hit in ordered[:]]
    assert len(whole) > 12
    counts = ordered.facet_counts()
    monkeypatch.setattr(deep, "FROM", 3)
    for start in range(0, len(whole) + 8, 3):
        page = ordered.all()
        assert [hit.id for hit in page[start : start + 5]] == whole[start : start + 5], start
        assert page.count() == len(whole)
        assert page.facet_counts() == counts


def test_who_wants_all_hits_gets_them(near):
    assert len(ArchiveQuerySet(using=near)[:]) == ALL


def test_counts_beyond_the_limit_are_those_of_the_whole(near):
    found = ArchiveQuerySet(using=near).facet("languages")
    assert found.count() == ALL
    assert dict(found.facet_counts()["fields"]["languages"])["rus"] == sum(
        "rus" in record.languages for record in RECORDS
    )
