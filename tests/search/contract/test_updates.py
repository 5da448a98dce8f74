"""Writing: one document, many, bad ones, and a whole index beside the one that is searched."""

from __future__ import annotations

import dataclasses

import pytest

from search.engines.errors import IndexingFailedError, RebuildRunningError
from search.grammar import parse
from tests.search.catalogue.indexes import NoteIndex, ReportIndex
from tests.search.catalogue.models import Note, Report
from tests.search.catalogue.records import NOTES, RECORDS
from tests.search.contract.conftest import fill, keys

REPORTS = ReportIndex()


def reports(*numbers: int) -> list[Report]:
    return [RECORDS[number - 1].as_report() for number in numbers]


def test_an_update_takes_the_place_of_what_was_there(own):
    own.backend.update(REPORTS, reports(1, 2, 3))
    changed = dataclasses.replace(
        RECORDS[0], title="Budget of the museum", places=("Oslo",), people=(), by_field={}
    )
    own.backend.update(REPORTS, [changed.as_report()])
    search = own()
    assert search.count() == 3
    assert keys(search.read(parse("museum"))) == {1}
    assert keys(search.read(parse("title:minutes"))) == set()
    counts = search.facet("places", limit=None).facet_counts()["fields"]["places"]
    assert dict(counts)["Oslo"] == 1
    assert "Japan" not in dict(counts)
    assert keys(search.choose("people", [None])) == {1}


def test_the_same_again_changes_nothing(own):
    fill(own.backend)
    once = own().facet("places", limit=None).histogram()
    before = (once.count(), once.facet_counts(), once.histogram_counts(), keys(own().read(parse("treaty"))))
    own.backend.update(REPORTS, [record.as_report() for record in RECORDS])
    twice = own().facet("places", limit=None).histogram()
    assert (
        twice.count(),
        twice.facet_counts(),
        twice.histogram_counts(),
        keys(own().read(parse("treaty"))),
    ) == before


def test_one_object_twice_in_a_batch_is_one_document(own):
    own.backend.update(REPORTS, [*reports(1), *reports(1)])
    assert own().count() == 1


def test_remove_by_object_and_by_identifier(own):
    own.backend.update(REPORTS, reports(1, 2, 3))
    own.backend.remove(reports(1)[0])
    own.backend.remove("catalogue.report.2")
    own.backend.remove("catalogue.report.999")
    search = own().facet("places", limit=None)
    assert keys(search) == {3}
    assert keys(own().read(parse("minutes"))) == set()
    assert dict(search.facet_counts()["fields"]["places"]) == {"Москва": 1, "Beijing": 1}


def test_what_is_removed_leaves_no_word_behind(own):
    own.backend.update(REPORTS, reports(4, 5, 13))
    assert own().read(parse("treatize")).spelling_suggestion() == "treatise"
    own.backend.remove("catalogue.report.13")
    assert own().read(parse("treatize")).spelling_suggestion() is None
    assert keys(own().filter(content__contains="reatis")) == set()


def test_clear_of_one_model_and_of_all(own):
    fill(own.backend)
    own.backend.clear(models=[Note])
    assert own().models(Note).count() == 0
    assert own().count() == len(RECORDS)
    own.backend.clear()
    assert own().count() == 0
    own.backend.update(NoteIndex(), NOTES)
    assert own().count() == 2


def test_one_bad_object_stops_nobody(own):
    bad, skipped = RECORDS[1].as_report(), RECORDS[2].as_report()
    bad.title, skipped.title = "BROKEN", "SKIP"
    with pytest.raises(
        IndexingFailedError, match=r"catalogue\.report\.2.*scan of this report is unreadable"
    ) as caught:
        own.backend.update(REPORTS, [*reports(1), bad, skipped, *reports(4)])
    report = caught.value.report
    assert report.failed == [("catalogue.report.2", "ValueError: the scan of this report is unreadable")]
    assert report.skipped == ["catalogue.report.3"]
    assert set(report.indexed) == {"catalogue.report.1", "catalogue.report.4"}
    assert keys(own()) == {1, 4}


def test_what_is_to_be_skipped_does_not_stay(own):
    own.backend.update(REPORTS, reports(1, 3))
    skipped = RECORDS[2].as_report()
    skipped.title = "SKIP"
    own.backend.update(REPORTS, [skipped])
    assert keys(own()) == {1}


def test_texts_of_any_length_and_content(own):
    long = (
        "The committee met again. " * 130_000
        + "Kropotkin was quoted.\n"
        + "x" * 100_000
        + "\nand \ud800 surrogates \x00"
    )
    report = Report(
        pk=1,
        title="Long \ud83d record",
        transcripts=[long, "", "second 文"],
        people=["A\ud800"],
        places=["\x00"],
    )
    assert len(long) > 3_000_000
    own.backend.update(REPORTS, [report])
    hit = own().read(parse("kropotkin")).highlight()[0]
    assert [segment for segment in hit.passages[0].segments if segment[1]] == [("Kropotkin", True)]
    assert keys(own().read(parse("文"))) == {1}
    own.backend.update(REPORTS, [Report(pk=1, title="Short")])
    assert keys(own().read(parse("kropotkin"))) == set()


def test_a_phrase_over_the_end_of_a_paragraph_is_shown_by_its_words(own):
    own.backend.update(
        REPORTS, [Report(pk=1, title="Protocol", transcripts=["It had a secret\nclause on Manchuria."])]
    )
    (hit,) = own().read(parse('"secret clause"')).highlight()[:]
    assert [[text for text, marked in passage.segments if marked] for passage in hit.passages] == [
        ["secret"],
        ["clause"],
    ]


# -- rebuilds


def rebuilt(backend, numbers):
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, reports(*numbers))
        rebuild.commit()


def test_a_rebuild_is_seen_at_once_and_whole(own):
    own.backend.update(REPORTS, reports(1, 2))
    with own.backend.rebuild() as rebuild:
        report = rebuild.add(REPORTS, reports(3, 4))
        assert len(report.indexed) == 2
        assert keys(own()) == {1, 2}
        rebuild.add(REPORTS, reports(5))
        assert keys(own()) == {1, 2}
        rebuild.commit()
        assert keys(own()) == {3, 4, 5}
    assert keys(own()) == {3, 4, 5}
    assert keys(own().read(parse("minutes"))) == set()


def test_a_rebuild_that_is_not_committed_leaves_no_trace(own):
    own.backend.update(REPORTS, reports(1, 2))
    with own.backend.rebuild() as rebuild:
        rebuild.add(REPORTS, reports(3))
    with pytest.raises(ZeroDivisionError), own.backend.rebuild() as rebuild:
        rebuild.add(REPORTS, reports(3))
        raise ZeroDivisionError
    assert keys(own()) == {1, 2}
    assert not own.backend.status()["rebuilding"]


def test_changes_during_a_rebuild_are_in_it(own):
    own.backend.update(REPORTS, reports(1, 2, 3))
    with own.backend.rebuild() as rebuild:
        rebuild.add(REPORTS, reports(1))
        newer = [
            dataclasses.replace(RECORDS[n], title="Changed meanwhile", by_field={}).as_report()
            for n in (0, 1)
        ]
        own.backend.update(REPORTS, [*newer, *reports(6)])
        own.backend.remove("catalogue.report.3")
        assert keys(own().read(parse("meanwhile"))) == {1, 2}
        # What the rebuild read of them before it came here is old by now.
        rebuild.add(REPORTS, reports(2, 3, 4))
        rebuild.commit()
    assert keys(own()) == {1, 2, 4, 6}
    assert keys(own().read(parse("meanwhile"))) == {1, 2}


def test_a_second_rebuild_says_so_and_stops(own):
    with own.backend.rebuild() as rebuild:
        with pytest.raises(RebuildRunningError, match="under way"), own.backend.rebuild():
            pass
        rebuild.add(REPORTS, reports(1))
        rebuild.commit()
    rebuilt(own.backend, [2])
    assert keys(own()) == {2}


def test_a_bad_object_does_not_stop_a_rebuild(own):
    bad = RECORDS[1].as_report()
    bad.title = "BROKEN"
    with own.backend.rebuild() as rebuild:
        rebuild.add(REPORTS, [*reports(1), bad, *reports(3)])
        rebuild.commit()
        assert [identifier for identifier, _ in rebuild.failed] == ["catalogue.report.2"]
    assert keys(own()) == {1, 3}


def test_documents_and_status(own):
    fill(own.backend)
    found = dict(own.backend.documents(models=[Report], fields=("title", "date_earliest")))
    assert found == {r.id: {"title": r.title, "date_earliest": r.earliest} for r in RECORDS}
    assert len(list(own.backend.documents())) == len(RECORDS) + 2
    status = own.backend.status()
    assert (status["exists"], status["documents"], status["outdated"]) == (True, len(RECORDS) + 2, False)
