"""A project's own Haystack code over these engines: stock fields, stock query sets, no word of ours.

What Haystack's tests of its own backends ask for in general, asked here of both engines.
"""

from __future__ import annotations

import dataclasses
import datetime
import pickle
from collections import Counter
from collections.abc import Iterator

import pytest
from haystack import connections, reset_search_queries
from haystack.backends import SQ
from haystack.inputs import AutoQuery
from haystack.models import SearchResult
from haystack.query import RelatedSearchQuerySet, SearchQuerySet

from search.engines.errors import QueryError
from tests.search.catalogue.engines import EngineUnderTest
from tests.search.catalogue.models import Note, Report
from tests.search.catalogue.stock import ADDED, SENTENCES, StockNoteIndex, StockReportIndex, reports
from tests.search.contract.conftest import connect, disconnect

ENGINES = {"sqlite": "StockSQLiteEngine", "elasticsearch": "StockElasticsearchEngine"}
EVERY = set(range(1, 24))


@pytest.fixture(scope="module")
def stock(engine: EngineUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The alias of a connection with twenty-three reports and a note."""
    alias = f"stock_{engine.name}"
    of_stock = dataclasses.replace(engine, engine=f"tests.search.catalogue.stock.{ENGINES[engine.name]}")
    backend = connect(alias, of_stock, tmp_path_factory.mktemp(alias))
    backend.clear()
    backend.update(StockReportIndex(), reports())
    backend.update(StockNoteIndex(), [Note(pk=1, body="A note on models")])
    yield alias
    disconnect(alias, of_stock)


@pytest.fixture
def sqs(stock: str) -> SearchQuerySet:
    return SearchQuerySet(using=stock)


@pytest.fixture
def asked(stock: str, settings) -> list:
    """The searches that the engine was asked, as Haystack logs them for debugging."""
    settings.DEBUG = True
    reset_search_queries()
    return connections[stock].queries


def pks(results) -> set[int]:
    return {int(result.pk) for result in results if result.model_name == "report"}


def with_word(*forms: str) -> set[int]:
    return {
        report.pk
        for report in reports()
        if any(form in report.title.lower().replace(",", "").split() for form in forms)
    }


# -- how often the engine is asked


def test_iterating_asks_for_ten_at_a_time(sqs, asked):
    found = sqs.models(Report)
    assert [int(result.pk) for result in found] == sorted(EVERY)
    assert found._cache_is_full()
    assert len(asked) == 3
    assert pks(sqs.models(Report)._manual_iter()) == EVERY


def test_counting_again_and_again_asks_once(sqs, asked):
    found = sqs.all()
    assert found.count() == found.count() == len(found) == 24
    assert len(asked) == 1


def test_a_slice_asks_once(sqs, asked):
    by_day = [report.pk for report in sorted(reports(), key=lambda report: (report.earliest, report.pk))]
    found = sqs.models(Report).order_by("day")
    assert [int(result.pk) for result in found[1:11]] == by_day[1:11]
    assert len(asked) == 1
    assert int(sqs.models(Report).order_by("day")[21].pk) == by_day[21]
    assert len(asked) == 2
    values = sqs.models(Report).order_by("day").values_list("pk", flat=True)[1:11]
    assert values == [str(pk) for pk in by_day[1:11]]


def test_a_cache_filled_in_parts(sqs):
    found = sqs.all()
    found._fill_cache(0, 10)
    assert sum(result is not None for result in found._result_cache) == 10
    found._fill_cache(10, 20)
    assert sum(result is not None for result in found._result_cache) == 20
    assert not found._cache_is_full()


def test_no_hit_comes_twice(sqs):
    found = Counter(result.id for result in sqs.filter(text="model"))
    assert found
    assert set(found.values()) == {1}
    raw = sqs.raw_search("text:your OR text:you")
    assert not pks(raw[0:5]) & pks(raw[5:10])


def test_a_full_cache_survives_a_pickle(sqs):
    found = sqs.all()
    every = [result.id for result in found]
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert [result.id for result in again] == every


# -- queries


@pytest.mark.parametrize(
    "typed",
    [
        "44°48'40''N 20°28'32''E",
        '"blazing saddles',
        'mel "blazing \'saddles"',
        "mel \"blazing ''saddles\"'\"",
        'mel "blazing saddles" "brooks',
        '"pants:rule"',
        "hello/",
        "hello AND OR NOT TO + - && || ! ( ) { } [ ] ^ ~ * ? : \\ / world",
    ],
)
def test_signs_in_an_auto_query_do_no_harm(sqs, typed):
    assert sqs.auto_query(typed).count() == 0
    assert sqs.filter(content=typed).count() == 0


def test_auto_queries_joined(sqs):
    found = sqs.filter(SQ(content=AutoQuery("new railway")) | SQ(author=AutoQuery("dana")))
    assert pks(found) == with_word("railway") | {pk for pk in EVERY if pk % 2 == 0}


def test_everything_nothing_and_a_word(stock):
    backend = connections[stock].get_backend()
    assert backend.search("") == {"hits": 0, "results": []}
    assert backend.search("", highlight=True) == {"hits": 0, "results": []}
    assert backend.search("*:*")["hits"] == backend.search("*")["hits"] == 24
    assert backend.search("*:*", limit_to_registered_models=False)["hits"] == 24
    found = backend.search("harvest", highlight=True, facets={"author": {}})
    assert found["hits"] == len(with_word("harvest"))
    assert found["results"][0].highlighted["text"] == ["The embassy reports on the <em>harvest</em>"]
    assert dict(found["facets"]["fields"]["author_exact"]) == {"Daniel": 2, "Dana": 2}
    assert backend.search("harvset")["spelling_suggestion"] == "harvest"
    assert backend.search("arf", spelling_query="harvset")["spelling_suggestion"] == "harvest"
    assert backend.search("harvest", narrow_queries={'author_exact:"Dana"'})["hits"] == 2
    part = backend.search("harvest", start_offset=1, end_offset=3)["results"]
    assert [result.pk for result in part] == [result.pk for result in found["results"]][1:3]
    with pytest.raises(TypeError, match="colour"):
        backend.search("harvest", colour="red")


def test_nothing_to_write_is_no_error(stock):
    assert connections[stock].get_backend().update(StockReportIndex(), []).indexed == []


def test_a_boosted_document_comes_first(sqs):
    same = sqs.filter(text="ministry")
    assert int(same[0].pk) == 4
    assert pks(same) == with_word("ministry")


def test_words_are_suggested_for_each_that_is_unknown(sqs):
    assert sqs.auto_query("harvst railwy").spelling_suggestion() == "harvest railway"
    assert sqs.spelling_suggestion("harvst") == "harvest"


def test_values_that_can_be_gone_through_once_only(sqs):
    chosen = [str(pk) for pk in range(1, 15)]
    found = sqs.models(Report).filter(pk__in=iter(chosen))
    assert found.count() == 14
    assert [result.pk for result in found] == chosen  # the second ten are asked for by themselves
    both = sqs.models(Report).filter(SQ(pk__in=map(str, (1, 2))) | SQ(pages__in=(one for one in (3,))))
    assert pks(both) == {1, 2} | {pk for pk in EVERY if pk % 5 == 3}


@pytest.mark.parametrize("ask", ["narrow", "raw_search"])
def test_a_range_by_itself_in_a_raw_query(sqs, ask):
    found = getattr(sqs, ask)("day:[2013-09-01 TO 2013-09-02]")
    assert pks(found) == {pk for pk in EVERY if pk % 4 < 2}
    assert pks(getattr(sqs, ask)("pages:[4 TO *]")) == {pk for pk in EVERY if pk % 5 == 4}
    assert pks(getattr(sqs, ask)('"day:[2013 TO 2014]"')) == set(), "in quotation marks it is words"


# -- facets


def test_narrowed_facets(sqs):
    found = sqs.facet("author").facet("editor").narrow('editor_exact:"Perry White"').facet_counts()
    assert found["fields"]["author"] == [("Daniel", 3), ("Dana", 2)]
    assert found["fields"]["editor"] == [("Perry White", 5)]
    twice = sqs.narrow('editor_exact:"Perry White"').narrow('author_exact:"Daniel"').facet("author")
    assert twice.facet_counts()["fields"]["author"] == [("Daniel", 3)]


def test_a_facet_field_of_numbers(sqs):
    counted = dict(sqs.facet("rank", limit=None).facet_counts()["fields"]["rank"])
    assert counted == Counter(report.pages for report in reports() if report.pages)


def test_days_and_months_counted(sqs):
    first, last = datetime.date(2013, 9, 1), datetime.date(2013, 9, 30)
    days = sqs.date_facet("day", first, last, "day").facet_counts()["dates"]["day"]
    expected = Counter(report.earliest for report in reports())
    assert {moment.date(): count for moment, count in days if count} == expected
    assert len(days) == 29, "days without any are there, too"
    months = sqs.date_facet("day", first, last, "month").facet_counts()["dates"]["day"]
    assert [(moment.date(), count) for moment, count in months] == [(first, 23)]


def test_a_query_facet(sqs):
    counted = sqs.query_facet("author", "[* TO danb]").facet_counts()["queries"]
    assert list(counted.values()) == [len([pk for pk in EVERY if pk % 2 == 0])]


# -- more like this


def test_more_like_this_follows_the_query_set(sqs):
    report = reports()[0]
    alike = sqs.models(Report).more_like_this(report)
    assert report.pk not in pks(alike)
    assert {6, 11, 16, 21} <= pks(alike[0:8])
    assert {int(result.pk) % 2 for result in sqs.filter(author="Dana").more_like_this(report)} == {0}

    class Mine(SearchResult):
        pass

    assert isinstance(sqs.result_class(Mine).more_like_this(report)[0], Mine)


@pytest.mark.django_db
def test_more_like_a_record_that_is_not_loaded_whole(sqs):
    reports()[0].save(force_insert=True)
    deferred = Report.objects.defer("title").get(pk=1)
    assert {6, 11, 16, 21} <= pks(sqs.more_like_this(deferred)[0:8])


# -- completion of what is typed


@pytest.mark.parametrize(
    ("typed", "beginnings"),
    [("mod", ["mod"]), ("your mod", ["your", "mod"]), ("867", ["867"]), ("protocol 86", ["protocol", "86"])],
)
def test_autocomplete_finds_beginnings_of_words(sqs, typed, beginnings):
    expected = {
        number
        for number, sentence in enumerate(SENTENCES)
        if all(any(w.startswith(start) for w in sentence.lower().split()) for start in beginnings)
    }
    found = sqs.autocomplete(text_auto=typed)
    assert {pk % len(SENTENCES) for pk in pks(found)} == expected
    assert expected


def test_autocomplete_over_two_fields_and_inside_words(sqs):
    assert pks(sqs.autocomplete(text_auto="mod", author="dana")) == {
        pk for pk in EVERY if pk % 2 == 0 and "mod" in SENTENCES[pk % 5].lower()
    }
    assert pks(sqs.filter(text_inside="arves")) == with_word("harvest")


# -- what was written comes back


def test_a_round_trip(sqs):
    (hit,) = sqs.filter(id="catalogue.report.1")
    report = reports()[0]
    assert (hit.id, hit.pk, hit.text, hit.author) == ("catalogue.report.1", "1", report.title, "Daniel")
    assert (hit.is_active, hit.pages, hit.rating) == (True, 1, 1.6)
    assert hit.price == "1.99"
    assert (hit.day, hit.added) == (datetime.date(2013, 9, 2), ADDED)
    assert (hit.tags, hit.sites, hit.month) == (["staff", "outdoor"], [3, 1, 1], "09")


@pytest.mark.django_db
def test_loaded_objects_and_chosen_ones(sqs, stock):
    Report.objects.bulk_create(reports())
    loaded = sqs.models(Report).order_by("day").load_all()
    assert loaded[2].object.title == SENTENCES[int(loaded[2].pk) % len(SENTENCES)]
    related = RelatedSearchQuerySet(using=stock).models(Report).load_all()
    only = related.load_all_queryset(Report, Report.objects.filter(pk__gt=10))
    assert {result.object.pk for result in only} == {pk for pk in EVERY if pk > 10}


# -- what no engine here does, it says


def test_what_is_not_offered_is_an_error(sqs):
    for wrong in (
        lambda: sqs.facet("author", order="reverse_count"),
        lambda: sqs.facet("author", size=100),
        lambda: sqs.filter(text="harvest").highlight(pre_tags=["<b>"]),
        lambda: sqs.raw_search("author:Dana AND day:[2013-09-01 TO 2013-09-02]").count(),
        lambda: sqs.raw_search("pages:>3").count(),
        lambda: sqs.raw_search("harvest^4 railway").count(),
        lambda: sqs.narrow("author:Dan~").count(),
        lambda: sqs.dwithin("place", None, None),
        lambda: sqs.stats("pages"),
        lambda: sqs.filter(text__regex="x").count(),
        lambda: sqs.filter(month="09").count(),
    ):
        with pytest.raises(QueryError):
            wrong()
