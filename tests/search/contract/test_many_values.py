"""A facet with thousands of values: each with its exact count, their number exact, every one to be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.queryset import ArchiveQuerySet
from tests.search.catalogue.engines import EngineUnderTest
from tests.search.catalogue.indexes import ReportIndex
from tests.search.catalogue.models import Report
from tests.search.contract.conftest import connect, disconnect

REPORTS = 120
#: Every person is in a few reports, some in many: 6,000 of them.
PEOPLE = {
    pk: [
        f"Person {number:05}"
        for number in {*range(pk * 50, min(pk * 50 + 60, 6000)), *range(0, 6000, 7 + pk)}
    ]
    for pk in range(REPORTS)
}
COUNTS = Counter(name for names in PEOPLE.values() for name in names)


def filled(engine: EngineUnderTest, folder: Path, **options: object) -> Iterator[ArchiveQuerySet]:
    alias = f"many_{engine.name}_{len(options)}"
    more = EngineUnderTest(
        engine.name, engine.engine, lambda where: {**engine.options(where), **options}, engine.discard
    )
    backend = connect(alias, more, folder)
    backend.clear()
    backend.update(
        ReportIndex(),
        [
            Report(pk=pk + 1, title=f"Report {pk}", people=names, places=["even"] if pk % 2 == 0 else [])
            for pk, names in PEOPLE.items()
        ],
    )
    yield ArchiveQuerySet(using=alias)
    disconnect(alias, more)


@pytest.fixture(scope="module")
def many(engine: EngineUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArchiveQuerySet]:
    yield from filled(engine, tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="module")
def sharded(engine: EngineUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArchiveQuerySet]:
    """The same in an index of three shards, where the engine has such."""
    yield from filled(engine, tmp_path_factory.mktemp("sharded"), SHARDS=3)


def by_count(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def listed(search: ArchiveQuerySet, **options: object) -> list[tuple[str, int]]:
    return search.facet("people", **options).facet_counts()["fields"]["people"]


@pytest.fixture(params=[1, 3], ids=["one shard", "three shards"])
def search(
    request: pytest.FixtureRequest, many: ArchiveQuerySet, sharded: ArchiveQuerySet
) -> ArchiveQuerySet:
    return many if request.param == 1 else sharded


def test_the_commonest_and_the_number_of_all_are_exact(search):
    counted = search.facet("people", limit=8).facet_counts()
    assert counted["fields"]["people"] == by_count(COUNTS)[:8]
    assert counted["sizes"]["people"] == len(COUNTS) == 6000
    even = Counter(name for pk, names in PEOPLE.items() if pk % 2 == 0 for name in names)
    counted = search.choose("places", ["even"]).facet("people", limit=8).facet_counts()
    assert counted["fields"]["people"] == by_count(even)[:8]
    assert counted["sizes"]["people"] == len(even) != 6000


def test_all_of_them_with_their_counts(search):
    assert listed(search, limit=None) == by_count(COUNTS)
    assert listed(search, limit=None, sort="value") == sorted(COUNTS.items())
    assert listed(search, limit=None, contains="0123") == [
        pair for pair in by_count(COUNTS) if "0123" in pair[0]
    ]


@pytest.mark.parametrize("sort", ["count", "value"])
def test_every_value_stands_on_one_page_of_the_list(many, sort):
    pages = [listed(many, limit=700, offset=start, sort=sort) for start in range(0, 7000, 700)]
    assert [pair for page in pages for pair in page] == (
        by_count(COUNTS) if sort == "count" else sorted(COUNTS.items())
    )


def test_a_facet_s_own_choice_leaves_its_values_alone(many):
    chosen = many.choose("people", ["Person 00007"])
    assert listed(chosen, limit=None) == by_count(COUNTS)
    assert chosen.facet("people", limit=5).facet_counts()["sizes"]["people"] == 6000


def test_more_values_than_an_answer_has_room_for_come_in_steps(many, engine, monkeypatch):
    if engine.name == "elasticsearch":
        for place in ("facets", "question"):
            monkeypatch.setattr(f"search.engines.elasticsearch.{place}.ALL", 700)
    assert listed(many, limit=None) == by_count(COUNTS)
    assert listed(many.choose("places", ["even"]), limit=None, contains="5") == by_count(
        Counter(name for pk, names in PEOPLE.items() if pk % 2 == 0 for name in names if "5" in name)
    )


def test_what_several_shards_may_leave_out_is_said(sharded, engine, monkeypatch):
    if engine.name == "elasticsearch":
        monkeypatch.setattr("search.engines.elasticsearch.facets.COUNTED", 20)
    counted = sharded.facet("people", limit=10).facet_counts()
    bound = counted.get("lacking", {}).get("people", 0)
    assert (bound > 0) == (engine.name == "elasticsearch")
    for name, count in counted["fields"]["people"]:
        assert COUNTS[name] - bound <= count <= COUNTS[name]
    assert counted["sizes"]["people"] == 6000
