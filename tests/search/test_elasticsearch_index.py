"""Indices behind an alias: rebuilt beside the live one, killed half way, rolled back; and what one search costs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from haystack import connections

from search.engines.elasticsearch import ElasticsearchBackend, schema
from search.engines.errors import (
    IndexingFailedError,
    IndexMissingError,
    IndexUnusableError,
    RebuildRunningError,
    UnknownFieldError,
)
from search.fields import ExactField
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from tests.search.catalogue.engines import ELASTICSEARCH, EngineUnderTest, drop_indices, on_the_server
from tests.search.catalogue.indexes import NoteIndex, ReportIndex
from tests.search.catalogue.models import Report
from tests.search.catalogue.records import RECORDS
from tests.search.contract.conftest import connect, disconnect, fill

pytestmark = pytest.mark.elasticsearch
REPORTS = ReportIndex()
processes = multiprocessing.get_context("fork")


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[ElasticsearchBackend]:
    backend = connect("index", ELASTICSEARCH, tmp_path)
    backend.clear()
    yield backend
    disconnect("index", ELASTICSEARCH)


def search() -> ArchiveQuerySet:
    return ArchiveQuerySet(using="index")


def coloured(colour: str, number: int = 40) -> list[Report]:
    return [
        Report(
            pk=pk, title=f"{colour} report", places=[colour, "here"], transcripts=[f"All is {colour}. " * 50]
        )
        for pk in range(1, number + 1)
    ]


def colours() -> set[str]:
    return {hit.title.split()[0] for hit in search()[0:100]}


def rebuilt(backend: ElasticsearchBackend, colour: str) -> None:
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured(colour))
        rebuild.commit()


# -- rebuilds


def test_the_index_before_is_kept_and_no_older_one(backend):
    for colour in ("red", "green", "blue"):
        rebuilt(backend, colour)
    live, kept = backend.indices.live(), [one for one in backend.indices.generations() if not one.aliases]
    assert colours() == {"blue"}
    assert len(kept) == 1
    with backend.roll_back() as back:
        assert colours() == {"blue"}
        back.commit()
    assert colours() == {"green"}
    backend.update(REPORTS, coloured("green")[:1])
    with backend.roll_back() as forth:
        assert list(forth.changed()) == ["catalogue.report.1"]
        forth.commit()
    assert colours() == {"blue"}
    assert backend.indices.live().name == live.name
    rebuilt(backend, "white")
    assert colours() == {"white"}


def test_a_roll_back_needs_something_to_go_back_to(backend):
    with pytest.raises(IndexMissingError, match="kept"), backend.roll_back():
        pass


def test_a_search_during_rebuilds_sees_one_index_or_the_other(backend):
    rebuilt(backend, "red")
    seen: list[tuple[int, set[str], int]] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            found = search().facet("places", limit=None)
            hits = found[0:100]
            counted = dict(found.facet_counts()["fields"]["places"])
            seen.append((found.count(), {hit.title.split()[0] for hit in hits}, counted.get("here", 0)))

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for colour in ("green", "blue", "red"):
        rebuilt(backend, colour)
    over.set()
    for reader in readers:
        reader.join()
    assert len(seen) > 5
    assert all(total == here == 40 and len(shown) == 1 for total, shown, here in seen)


def _rebuild_and_wait(options: dict[str, Any], begun: Any) -> None:
    backend = connect(
        "child", EngineUnderTest("child", ELASTICSEARCH.engine, lambda folder: options), Path("/nowhere")
    )
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured("white"))
        begun.set()
        time.sleep(60)


def test_a_rebuild_in_another_process_holds_and_a_killed_one_does_not(backend):
    rebuilt(backend, "red")
    options = connections.connections_info["index"]
    begun = processes.Event()
    child = processes.Process(target=_rebuild_and_wait, args=(options, begun))
    child.start()
    try:
        assert begun.wait(60)
        assert backend.status()["rebuilding"]
        with pytest.raises(RebuildRunningError, match="under way"):
            rebuilt(backend, "green")
        # A change goes to both, and the rebuild that is killed takes nothing with it.
        backend.update(REPORTS, coloured("blue")[:1])
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.join()
    assert colours() == {"red", "blue"}
    backend.remove("catalogue.report.1")
    rebuilt(backend, "green")
    assert colours() == {"green"}
    assert not backend.status()["rebuilding"]


@pytest.mark.parametrize("lives", [True, False])
def test_a_rebuild_on_another_machine_is_known_by_its_signs_of_life(backend, monkeypatch, lives):
    monkeypatch.setattr("search.engines.elasticsearch.rebuild._SILENCE", 2.0)
    monkeypatch.setattr("search.engines.elasticsearch.rebuild._BEAT", 0.4)
    builder = {"host": "elsewhere", "pid": os.getpid(), "token": "x"}
    name = backend.indices.create(900, backend.described, backend.indices.building, builder=builder)
    over = threading.Event()

    def live() -> None:
        beats = 0
        while lives and not over.wait(0.3):
            beats += 1
            meta = {"version": schema.VERSION, "builder": {**builder, "beats": beats}}
            backend.server.client.indices.put_mapping(index=name, meta=meta)

    other = threading.Thread(target=live)
    other.start()
    try:
        if lives:
            with pytest.raises(RebuildRunningError):
                rebuilt(backend, "green")
        else:
            rebuilt(backend, "green")
            assert colours() == {"green"}
    finally:
        over.set()
        other.join()


def test_an_index_deleted_during_its_rebuild(backend):
    rebuilt(backend, "red")
    with pytest.raises(IndexMissingError), backend.rebuild() as rebuild:
        rebuild.add(REPORTS, coloured("green")[:3])
        drop_indices(backend)
        rebuild.add(REPORTS, coloured("green")[3:])
    assert backend.indices.generations() == []


# -- an index older than the code


class WiderReportIndex(ReportIndex):
    colours = ExactField(model_attr="places")


def test_an_older_index_goes_on_until_the_rebuild(backend):
    backend.update(REPORTS, coloured("red"))
    connections["index"].get_unified_index().build([WiderReportIndex(), NoteIndex()])
    wider = connections["index"].get_unified_index().get_index(Report)
    assert backend.status()["outdated"] is True
    assert search().filter(title="red").count() == 40
    backend.update(wider, coloured("blue"))
    assert colours() == {"blue"}
    for ask in (
        lambda: search().filter(colours="blue").count(),
        lambda: search().facet("colours").facet_counts(),
    ):
        with pytest.raises(UnknownFieldError, match="rebuild"):
            ask()
    with backend.rebuild() as rebuild:
        rebuild.add(wider, coloured("green"))
        rebuild.commit()
    assert search().filter(colours="green").count() == 40
    assert backend.status()["outdated"] is False


def test_an_index_of_another_version_is_read_but_not_written(backend, monkeypatch):
    backend.update(REPORTS, coloured("red"))
    monkeypatch.setattr("search.engines.elasticsearch.indices.VERSION", schema.VERSION + 1)
    assert colours() == {"red"}
    with pytest.raises(IndexUnusableError, match="rebuild_index"):
        backend.update(REPORTS, coloured("blue"))
    assert backend.status()["outdated"] is True


# -- several shards


@pytest.fixture
def sharded(tmp_path: Path) -> Iterator[ElasticsearchBackend]:
    engine = EngineUnderTest(
        "sharded", ELASTICSEARCH.engine, lambda folder: {**on_the_server(), "SHARDS": 3}, drop_indices
    )
    backend = connect("index", engine, tmp_path)
    fill(backend)
    yield backend
    disconnect("index", engine)


def test_counts_of_all_values_are_exact_on_several_shards_too(sharded):
    listed = dict(search().facet("places", limit=None).facet_counts()["fields"]["places"])
    assert listed == Counter(place for record in RECORDS for place in set(record.places))
    pks = [int(hit.pk) for hit in search().models(Report).order_by("title_sort")[:]]
    assert pks == [r.pk for r in sorted(RECORDS, key=lambda r: (r.title.casefold(), r.pk))]


# -- what one search costs, and what it is made of


def page(query: str) -> ArchiveQuerySet:
    return (
        search()
        .read(parse(query))
        .choose("places", ["Hanoi"])
        .facet("places", limit=5, missing=True)
        .facet("people", limit=5)
        .overlapping("1950-01-01", "1960-12-31")
        .histogram("year")
        .highlight()
        .exclude_ids(["catalogue.report.3"])
    )


@pytest.mark.parametrize(("query", "trips"), [("telegram rice", 1), ("telegram", 1), ("telegran", 2)])
def test_a_page_is_one_round_trip(backend, monkeypatch, query, trips):
    fill(backend)
    search()[0:1]  # learns once what the index has
    backend = search().query.backend
    asked: list[Any] = []
    usual = backend.server.ask
    monkeypatch.setattr(backend.server, "ask", lambda *args, **kw: asked.append(args) or usual(*args, **kw))
    found = page(query)
    hits = found[0:10]
    assert (found.count() > 0) is (trips == 1)
    assert found.facet_counts()["fields"]["people"] if hits else True
    assert found.histogram_counts()
    assert found.spelling_suggestion() == ("telegram" if trips == 2 else None)
    assert len(asked) == trips, "a second one only where a word is unknown and others are like it"


def test_a_query_of_as_many_words_as_a_reader_may_write(backend):
    fill(backend)
    words = " ".join(f"telegram{number}" for number in range(1000))
    assert page(words)[0:10] == []
    everywhere = search().read(parse(" OR ".join(["telegram", *(f"Wort{n} слово{n}" for n in range(19))])))
    assert everywhere.count() > 100


# -- nothing of a removed or hidden document shows


def test_a_suggestion_never_tells_of_what_is_hidden_or_gone(backend):
    secret = Report(pk=500, title="Barbarossa", transcripts=["The Nightingale protocol of Oberschreiberhau"])
    backend.update(REPORTS, [*coloured("red", 3), secret])
    typed = ("barbarosa", "nightingal", "oberschreiberhua")
    assert [search().read(parse(one)).spelling_suggestion() for one in typed] == [
        "barbarossa",
        "nightingale",
        "oberschreiberhau",
    ]
    hidden = search().exclude_ids(["catalogue.report.500"])
    assert [hidden.read(parse(one)).spelling_suggestion() for one in typed] == [None] * 3
    assert hidden.facet("places", limit=None, prefix="ober").facet_counts()["fields"]["places"] == []
    backend.remove("catalogue.report.500")
    assert [search().read(parse(one)).spelling_suggestion() for one in typed] == [None] * 3
    backend.update(REPORTS, [secret])
    # What an edit takes out of a text is as gone as a document.
    secret.transcripts = ["The protocol"]
    backend.update(REPORTS, [secret])
    assert search().read(parse("nightingal")).spelling_suggestion() is None


def test_more_like_this_never_shows_what_is_hidden(backend):
    backend.update(REPORTS, coloured("red", 5))
    alike = search().more_like_this(coloured("red")[0])
    assert {hit.id for hit in alike[:]} == {f"catalogue.report.{pk}" for pk in (2, 3, 4, 5)}
    assert {hit.id for hit in alike.exclude_ids(["catalogue.report.2"])[:]} == {
        f"catalogue.report.{pk}" for pk in (3, 4, 5)
    }
    backend.remove("catalogue.report.3")
    assert "catalogue.report.3" not in {hit.id for hit in alike.all()[:]}


def test_a_sweep_is_of_one_moment(backend):
    fill(backend)
    sweep = backend.documents(fields=("title",))
    first = next(sweep)
    backend.clear(models=[Report])
    assert search().count() == 2
    assert len([first, *sweep]) == len(RECORDS) + 2


def test_a_failure_is_told_by_record_in_a_large_update(backend):
    backend.batch_size = 50
    broken = [Report(pk=pk, title="BROKEN" if pk % 60 == 0 else "Whole") for pk in range(1, 201)]
    with pytest.raises(IndexingFailedError) as caught:
        backend.update(REPORTS, broken)
    report = caught.value.report
    assert [one for one, _ in report.failed] == [f"catalogue.report.{pk}" for pk in (60, 120, 180)]
    assert len(report.indexed) == search().count() == 197
