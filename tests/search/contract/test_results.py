"""The page of hits: order, slices, values, stored fields, passages, and one search for all of it."""

from __future__ import annotations

import datetime
import pickle
from unittest import mock

import pytest
from django.utils.html import escape
from haystack.models import SearchResult
from haystack.query import SearchQuerySet

from search.engines.histogram import Histogram
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from search.text import words
from tests.search.catalogue.models import Note, Report
from tests.search.catalogue.records import RECORDS, titled
from tests.search.contract.conftest import keys, where


def order(search: ArchiveQuerySet) -> list[int]:
    return [int(result.pk) for result in search[:]]


@pytest.fixture
def reports(search: ArchiveQuerySet) -> ArchiveQuerySet:
    return search.models(Report)


# -- order


@pytest.mark.parametrize("field", ["earliest", "latest"])
def test_nothing_comes_last_both_ways(reports, field):
    for sign in ("", "-"):
        found = order(reports.order_by(f"{sign}date_{field}"))
        values = [getattr(RECORDS[pk - 1], field) for pk in found]
        some = [value for value in values if value is not None]
        assert values == sorted(some, reverse=bool(sign)) + [None] * (len(values) - len(some))
        assert len(set(found)) == len(RECORDS)


def test_ties_are_broken_by_the_key(reports):
    found = order(reports.order_by("pages"))
    assert found == [r.pk for r in sorted(RECORDS, key=lambda r: (r.pages is None, r.pages or 0, r.pk))]
    assert order(reports.order_by("-pages", "title_sort")) == [
        r.pk
        for r in sorted(RECORDS, key=lambda r: (r.pages is None, -(r.pages or 0), r.title.casefold(), r.pk))
    ]


def test_without_words_the_order_is_that_of_the_keys(reports):
    assert order(reports) == [record.pk for record in RECORDS]
    assert order(reports.order_by("-django_id")) == [record.pk for record in reversed(RECORDS)]


def test_the_best_matches_come_first(search):
    """Title before summary before text: what is in the title outweighs the rest."""
    found = order(search.read(parse("treatise")))
    assert found[0] == titled("Treatise").pk
    found = order(search.read(parse("peace treaty")))
    in_title = where(lambda r: r.has("peace", field="title") and r.has("treaty", field="title"))
    assert set(found[: len(in_title)]) == in_title


def test_scores_descend_and_can_be_asked_for(search):
    hits = search.read(parse("treaty"))[:]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score > 0 for hit in hits)
    assert order(search.read(parse("treaty")).order_by("-score")) == [int(hit.pk) for hit in hits]


def test_boost_moves_up_what_has_the_word(search):
    plain = search.models(Report).filter(content="telegram")
    boosted = plain.boost("rice", 5.0)
    with_rice = where(lambda r: r.has("telegram") and r.has("rice"))
    assert keys(plain) == keys(boosted)
    assert set(order(boosted)[: len(with_rice)]) == with_rice
    assert set(order(plain)[: len(with_rice)]) != with_rice


# -- slices


def test_pages_cut_one_list(reports):
    found = reports.read(parse("telegram")).order_by("title_sort")
    whole = order(found)
    pages = [order_of(found.all()[start : start + 7]) for start in range(0, len(whole) + 7, 7)]
    assert [pk for page in pages for pk in page] == whole
    assert found.all()[len(whole) + 50 : len(whole) + 60] == []
    assert int(found.all()[3].pk) == whole[3]


def order_of(hits: list[SearchResult]) -> list[int]:
    return [int(hit.pk) for hit in hits]


def test_totals_are_exact(search):
    assert search.count() == len(RECORDS) + 2
    assert len(search.filter(content="telegram")) == len(where(lambda r: r.has("telegram", "telegrams")))
    deep = search.all()
    assert deep[10_000:10_010] == []
    assert deep.count() == len(RECORDS) + 2


def test_iteration_meets_every_hit_once(reports):
    assert [int(hit.pk) for hit in reports.order_by("title_sort")] == order(reports.order_by("title_sort"))


# -- one search a page


def searches(sqs: ArchiveQuerySet) -> mock.Mock:
    return mock.patch.object(sqs.query.backend, "search", wraps=sqs.query.backend.search)


def test_one_search_for_everything(search):
    page = (
        search.read(parse("telegram OR telegran"))
        .choose("places", ["Hanoi"])
        .facet("places")
        .facet("languages")
        .overlapping("1950-01-01", "1960-12-31")
        .histogram("year")
        .highlight()
    )
    with searches(page) as asked:
        hits = page[0:10]
        assert page.count() >= len(hits)
        assert page.facet_counts()["fields"].keys() == {"places", "languages"}
        assert page.histogram_counts().bars
        page.spelling_suggestion()
        assert page[0:10] == hits
        assert asked.call_count == 1


def test_none_asks_nobody(search):
    empty = search.read(parse("telegram")).facet("places").histogram("decade").none()
    with searches(empty) as asked:
        assert (empty[0:10], list(empty), empty.count(), len(empty)) == ([], [], 0, 0)
        assert empty.facet_counts()["fields"] == {}
        assert empty.histogram_counts() == Histogram("decade")
        assert empty.spelling_suggestion() is None
        assert not empty.choose("places", ["Hanoi"])
        assert asked.call_count == 0


@pytest.mark.parametrize("query", ["zzzzz", "telegram"])
def test_an_empty_page_asks_once_too(search, query):
    page = search.read(parse(query)).facet("places").histogram()
    with searches(page) as asked:
        assert page[9000:9010] == []
        page.count(), page.facet_counts(), page.histogram_counts(), page.spelling_suggestion()
        assert bool(page) == (query == "telegram")
        assert asked.call_count == 1


def test_without_a_slice_one_search_of_no_hits(search):
    page = search.read(parse("telegram")).facet("places").histogram()
    with searches(page) as asked:
        assert page.facet_counts()["fields"]["places"]
        assert page.histogram_counts().total > 0
        page.spelling_suggestion()
        assert asked.call_count == 1


# -- what a hit has


def test_stored_fields_come_back_as_they_were(reports):
    for hit in reports[:]:
        record = RECORDS[int(hit.pk) - 1]
        assert isinstance(hit, SearchResult)
        assert (hit.app_label, hit.model_name, hit.id) == ("catalogue", "report", record.id)
        assert hit.title == record.title
        assert tuple(hit.places or ()) == record.places
        assert (hit.date_earliest, hit.date_latest) == (record.earliest, record.latest)
        assert hit.added == record.added
        assert hit.pages == record.pages
        assert hit.badge == {"scan": record.pk % 2 == 0, "texts": len(record.transcripts)}
        assert hit.transcript is None, "not stored, though passages are cut from it"
        assert hit.model is Report


def test_values(reports):
    found = reports.filter(places="Hanoi").order_by("title_sort")
    titles = [r.title for r in sorted(RECORDS, key=lambda r: r.title.casefold()) if "Hanoi" in r.places]
    assert list(found.values_list("title", flat=True)) == titles
    assert found.values("pk", "title")[0:2] == [
        {"pk": str(r.pk), "title": r.title} for t in titles[:2] for r in RECORDS if r.title == t
    ]
    assert [tuple(row) for row in found.values_list("title", "pages")[1:3]] == [
        (r.title, r.pages) for t in titles[1:3] for r in RECORDS if r.title == t
    ]


@pytest.mark.django_db
def test_load_all_reads_the_objects_in_one_query(reports, django_assert_num_queries):
    for record in RECORDS[:5]:
        record.as_report().save(force_insert=True)
    with django_assert_num_queries(1):
        loaded = reports.filter(django_id__in=[1, 2, 3, 4, 5]).load_all()[:]
        assert [hit.object.title for hit in loaded] == [record.title for record in RECORDS[:5]]


def test_a_class_of_ones_own_for_results(search):
    class Mine(SearchResult):
        pass

    assert all(type(hit) is Mine for hit in search.result_class(Mine)[0:3])
    assert type(search.result_class(Mine).result_class(None)[0]) is SearchResult


def test_best_match_latest_none_and_pickles(reports):
    assert int(reports.filter(title="treatise").best_match().pk) == titled("Treatise").pk
    newest = max(r.earliest for r in RECORDS if r.earliest)
    assert reports.latest("date_earliest").date_earliest == newest
    assert list(reports.none()) == []
    found = reports.filter(places="Hanoi")
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert [hit.pk for hit in again] == [hit.pk for hit in found]


def test_haystacks_own_query_set_works_the_same(filled):
    stock = SearchQuerySet(using=filled).models(Report).filter(content="telegram").facet("places").highlight()
    hits = stock[0:5]
    assert stock.count() == len(where(lambda r: r.has("telegram", "telegrams")))
    assert hits[0].highlighted["title"] == [escape(hits[0].title).replace("Telegram", "<em>Telegram</em>")]
    assert stock.facet_counts()["fields"]["places"]


def test_hidden_ids_are_nowhere(search):
    hidden = [titled("Treatise").id, titled("Undated fragment").id]
    rest = search.exclude_ids(hidden).facet("places", limit=None).facet("subjects", limit=None).histogram()
    hits = rest[:]
    assert not set(hidden) & {hit.id for hit in hits}
    assert rest.count() == search.count() - 2
    assert "Lhasa" not in dict(rest.facet_counts()["fields"]["places"])
    assert "Law" not in dict(rest.facet_counts()["fields"]["subjects"])
    assert rest.histogram_counts().total == search.count() - 2
    assert search.read(parse("fragmnet")).spelling_suggestion() == "fragment"
    assert search.exclude_ids(hidden).read(parse("fragmnet")).spelling_suggestion() is None


# -- passages


def one(search: ArchiveQuerySet, query: str, start: str, **options: int) -> SearchResult:
    hits = search.read(parse(query, {"title": "title", "person": "person"})).highlight(**options)[:]
    return next(hit for hit in hits if hit.id == titled(start).id)


def marked(segments: list[tuple[str, bool]]) -> list[str]:
    return [text for text, is_marked in segments if is_marked]


def test_titles_are_marked_whole(search):
    hit = one(search, "treaty draft", "Peace treaty draft")
    assert hit.title_segments == [("Peace ", False), ("treaty", True), (" ", False), ("draft", True)]
    assert one(search, "person:mao", "Conversation").title_segments == [
        ("Conversation between Mao and Stalin", False)
    ]


def test_passages_are_cut_from_the_original(search):
    for query in (
        "treaty",
        "周恩来",
        "peace treaty",
        "Чжоу OR цзэдун",
        "السلام",
        "שלום",
        "김일성",
        "アイゼンハワー",
    ):
        hits = search.read(parse(query)).highlight()[:]
        assert hits, query
        for hit in hits:
            record = RECORDS[int(hit.pk) - 1]
            for passage in hit.passages:
                texts = {"summary": [record.summary], "transcript": list(record.transcripts)}[passage.field]
                paragraphs = texts[passage.value_index].split("\n")
                text = "".join(text for text, _ in passage.segments)
                assert text in paragraphs[passage.paragraph - 1]
                assert passage.cut_before == (not paragraphs[passage.paragraph - 1].startswith(text))
                assert passage.cut_after == (not paragraphs[passage.paragraph - 1].endswith(text))
                assert marked(passage.segments), "a passage shows why it is there"


def test_inflected_words_are_marked_and_phrases_as_one(search):
    hit = one(search, "treaty", "Minutes of Zhou")
    found = {mark for passage in hit.passages for mark in marked(passage.segments)}
    assert found == {"treaty", "treaties"}
    hit = one(search, '"trade delegation" zhou', "Minutes of Zhou")
    assert "trade delegation" in marked(hit.title_segments)


def test_passages_say_where_they_are_from(search):
    hit = one(search, "negotiated", "Minutes of Zhou")
    (passage,) = hit.passages
    assert (passage.field, passage.value_index, passage.paragraph) == ("transcript", 1, 3)
    hit = one(search, "和平条约", "Minutes of Zhou")
    (passage,) = hit.passages
    assert (passage.field, passage.value_index, passage.paragraph) == ("transcript", 0, 2)
    assert marked(passage.segments) == ["和平条约"]


def test_what_is_searched_in_one_field_is_marked_there_only(search):
    hit = one(search, "title:treaty", "Draft of a treaty")
    assert marked(hit.title_segments) == ["treaty"]
    assert hit.passages == []


def test_what_is_refused_is_not_marked(search):
    hits = search.read(parse("draft -telegram")).highlight()[:]
    assert all(words(mark) == ["draft"] for hit in hits for mark in marked(hit.title_segments))


def test_as_many_and_as_long_as_asked(search):
    hit = one(search, "peace OR treaty OR many", "Draft of a treaty", passages=1, length=20)
    assert len(hit.passages) == 1
    assert len(str(hit.passages[0])) <= 40


def test_highlighted_is_safe_html(search):
    hit = one(search, "script alert", "Quotes")
    assert hit.highlighted["summary"] == [
        "&lt;<em>script</em>&gt;<em>alert</em>(1)&lt;/<em>script</em>&gt; AND OR NOT * title:none"
    ]


def test_no_highlighting_unasked(search):
    hit = search.filter(content="treaty")[0]
    assert hit.passages is None


def test_moments_are_in_utc(reports):
    hit = reports.filter(added__gte=datetime.datetime(2010, 1, 1, tzinfo=datetime.UTC))[0]
    assert hit.added.tzinfo is not None
    assert not [note for note in reports[0:3] if note.model is Note]
