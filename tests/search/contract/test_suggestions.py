"""Did you mean, and more like this."""

from __future__ import annotations

import dataclasses

import pytest

from search.grammar import parse
from tests.search.catalogue.indexes import ReportIndex
from tests.search.catalogue.models import Report
from tests.search.catalogue.records import RECORDS, titled
from tests.search.contract.conftest import keys

FIELDS = {"title": "title"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("telegran", "telegram"),
        ("telegram embasy", "telegram embassy"),
        ("Pyonyang", "pyongyang"),
        ("title:fragmnt -rice", "title:fragment -rice"),
        ('"peace traety"', '"peace treaty"'),
        ("беседы товарыща", "беседы товарища"),
        ("Ceausescou", "ceausescu"),
    ],
)
def test_unknown_words_are_replaced_where_they_stand(search, typed, meant):
    assert search.read(parse(typed, FIELDS)).spelling_suggestion() == meant


@pytest.mark.parametrize(
    "typed", ["telegram", "treaties", "zzzzzzzz", "", "周恩来", "-telegran", "title:zzzzzzz rice", "1957 xy"]
)
def test_nothing_is_suggested_for_known_words_or_none_like_it(search, typed):
    assert search.read(parse(typed, FIELDS)).spelling_suggestion() is None


def test_a_suggestion_finds_something(search):
    for typed in ("telegran", "fragmnt", "instuctions", "convresation"):
        suggestion = search.read(parse(typed)).spelling_suggestion()
        assert suggestion
        assert search.read(parse(suggestion)).count() > 0


def test_a_word_that_many_have_is_likelier_than_a_rare_one_that_is_nearer(own):
    named = [
        dataclasses.replace(RECORDS[0], pk=number, title="Khrushchev speaks", by_field={})
        for number in range(1, 13)
    ]
    rare = dataclasses.replace(RECORDS[0], pk=13, title="Krushchev speaks", by_field={})
    own.backend.update(ReportIndex(), [record.as_report() for record in (*named, rare)])
    assert own().read(parse("Kruschev")).spelling_suggestion() == "khrushchev"
    # What the reader may not see makes no word likelier, and is not offered.
    hidden = own().exclude_ids(record.id for record in named)
    assert hidden.read(parse("Kruschev")).spelling_suggestion() == "krushchev"
    nothing = own().exclude_ids(record.id for record in (*named, rare))
    assert nothing.read(parse("Kruschev")).spelling_suggestion() is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Chou En-li", "Chou en-lai"),
        ("En-li rice", "en-lai rice"),
        ('-war "Chou En-li"', '-war "Chou en-lai"'),
        ("title:Mao-Tse-tong", "title:mao-tse-tung"),
        ("Chou En-lai", None),
        ("Li En", None),
        ("-En-li Chou", None),
    ],
)
def test_joined_words_of_which_each_is_known_but_not_together(own, typed, meant):
    titles = ["Chou En-lai on rice", "Mao Tse-tung", "Li Peng in Tong, Chou", "En route", "Rice in Lae"]
    reports = [
        dataclasses.replace(
            RECORDS[0], pk=pk, title=title, summary="", transcripts=(), people=(), by_field={}
        )
        for pk, title in enumerate(titles, start=1)
    ]
    own.backend.update(ReportIndex(), [record.as_report() for record in reports])
    assert own().read(parse(typed, FIELDS)).spelling_suggestion() == meant
    hidden = own().exclude_ids(record.id for record in reports[:2])
    offered = hidden.read(parse(typed, FIELDS)).spelling_suggestion() or ""
    assert "lai" not in offered.replace(typed, "")
    assert "tung" not in offered


def test_haystacks_ways_of_asking(search):
    assert search.filter(content="embasy").spelling_suggestion() == "embassy"
    assert search.auto_query("telegran rice").spelling_suggestion() == "telegram rice"
    assert search.set_spelling_query("rcie").filter(content="telegram").spelling_suggestion() == "rice"
    assert search.spelling_suggestion("embasy") == "embassy"


def test_words_of_another_model_are_not_suggested(search):
    assert search.models(Report).read(parse("noet")).spelling_suggestion() is None or (
        search.models(Report)
        .read(parse(search.models(Report).read(parse("noet")).spelling_suggestion()))
        .count()
    )


def test_more_like_this(search):
    record = titled("Draft of a treaty")
    alike = search.more_like_this(record.as_report())
    found = [int(hit.pk) for hit in alike[0:10] if hit.model is Report]
    assert found[0] == titled("Peace treaty draft").pk
    assert record.pk not in keys(alike)
    assert alike.count() == len(alike[:])
    assert len(alike.all()[0:2]) == 2


def test_more_like_this_within_a_search(search):
    record = titled("Draft of a treaty")
    alike = search.models(Report).filter(places="Hanoi").more_like_this(record.as_report())
    assert keys(alike)
    assert all("Hanoi" in RECORDS[pk - 1].places for pk in keys(alike))
    hidden = RECORDS[min(keys(alike)) - 1].id
    assert hidden not in {hit.id for hit in alike.exclude_ids([hidden])[:]}


def test_nothing_is_like_what_the_index_does_not_have(search):
    assert search.more_like_this(Report(pk=99_999, title="x")).count() == 0
