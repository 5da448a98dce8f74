"""Haystack's lookups, filters and input types, each against a predicate."""

from __future__ import annotations

import datetime

import pytest
from haystack.backends import SQ
from haystack.inputs import AltParser, AutoQuery, Clean, Exact, Not, PythonData, Raw
from haystack.query import SearchQuerySet

from search.engines.errors import UnknownFieldError, UnknownLookupError, UnsupportedQueryError
from search.tree import Missing, Range
from tests.search.catalogue.models import Note, Report
from tests.search.catalogue.records import MAO, RECORDS, ZHOU, titled
from tests.search.contract.conftest import keys, where

ALL = {record.pk for record in RECORDS}
NOON = datetime.datetime(2011, 3, 1, 12, tzinfo=datetime.UTC)


# -- lookups on text


def test_content_and_field_words(search):
    assert keys(search.filter(title="treaty")) == where(lambda r: r.has("treaty", "treaties", field="title"))
    assert keys(search.filter(title__content="treaty draft")) == where(
        lambda r: r.has("treaty", "treaties", field="title") and r.has("draft", "drafts", field="title")
    )


def test_exact_on_text_is_a_phrase(search):
    assert keys(search.filter(title__exact="peace treaty")) == where(
        lambda r: r.has_run("peace treaty", "title")
    )
    assert keys(search.filter(title=Exact("peace treaty"))) == where(
        lambda r: r.has_run("peace treaty", "title")
    )


def test_in_on_text_is_one_of_the_phrases(search):
    assert keys(search.filter(title__in=["peace treaty", "law of nations"])) == where(
        lambda r: r.has_run("peace treaty", "title") or r.has_run("law of nations", "title")
    )


@pytest.mark.parametrize(
    ("lookup", "part", "meets"),
    [
        ("startswith", "neg", lambda word: word.startswith("neg")),
        ("endswith", "otiations", lambda word: word.endswith("otiations")),
        ("contains", "otia", lambda word: "otia" in word),
        ("startswith", "CEAU", lambda word: word.startswith("ceau")),
        ("contains", "цзэд", lambda word: "цзэд" in word),
    ],
)
def test_parts_of_words(search, lookup, part, meets):
    for field in ("title", "summary"):
        found = keys(search.filter(**{f"{field}__{lookup}": part}))
        assert found == {r.pk for r in RECORDS if any(map(meets, r.by_field[field]))}
    assert keys(search.filter(**{f"content__{lookup}": part})) == where(
        lambda r: any(meets(word) for words in r.by_field.values() for word in words)
    )


def test_parts_of_several_words_are_all_wanted(search):
    assert keys(search.filter(title__contains="ele mbass")) == where(
        lambda r: (
            any("ele" in w for w in r.by_field["title"]) and any("mbass" in w for w in r.by_field["title"])
        )
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("embasy", "embassy"),
        ("telegran", "telegram"),
        ("rcie", "rice"),
        ("negotiatoins", "negotiations"),
        ("Цзэдина", "цзэдуна"),
    ],
)
def test_fuzzy_finds_slips(search, typed, meant):
    assert where(lambda r: r.has(meant, field="title")) <= keys(search.filter(title__fuzzy=typed))


def test_fuzzy_leaves_other_words_alone(search):
    assert titled("Treatise").pk not in keys(search.filter(title__fuzzy="embassy"))
    assert keys(search.filter(title__fuzzy="zzzzzzz")) == set()


# -- lookups on exact and typed fields


def test_exact_values_are_compared_letter_by_letter(search):
    assert keys(search.filter(places="Ulan Bator")) == where(lambda r: "Ulan Bator" in r.places)
    assert keys(search.filter(places__exact="Ulan Bator")) == where(lambda r: "Ulan Bator" in r.places)
    assert keys(search.filter(places="ulan bator")) == set()
    assert keys(search.filter(places="Ulan")) == set()


@pytest.mark.parametrize("value", ["a,b", 'say "no"', "100%", "it's", 'Aid, "military"', "Treaties, peace"])
def test_values_of_any_signs(search, value):
    assert keys(search.filter(subjects__exact=value)) == where(lambda r: value in r.subjects)
    assert keys(search.filter(subjects__in=[value])) == where(lambda r: value in r.subjects)


def test_in_and_parts_of_values(search):
    assert keys(search.filter(places__in={"Hanoi", "北京", "nowhere"})) == where(
        lambda r: bool({"Hanoi", "北京"} & set(r.places))
    )
    assert keys(search.filter(places__in=[])) == set()
    assert keys(search.filter(places__startswith="ulan")) == where(lambda r: "Ulan Bator" in r.places)
    assert keys(search.filter(places__endswith="bator")) == where(lambda r: "Ulan Bator" in r.places)
    assert keys(search.filter(people__contains="ausesc")) == where(
        lambda r: any("ausesc" in p.lower() or "aușesc" in p for p in r.people)
    )


def test_ranges_of_numbers(search):
    for lookup, meets in {
        "gt": lambda pages: pages > 3,
        "gte": lambda pages: pages >= 3,
        "lt": lambda pages: pages < 3,
        "lte": lambda pages: pages <= 3,
    }.items():
        found = keys(search.filter(**{f"pages__{lookup}": 3}))
        assert found == where(lambda r, meets=meets: r.pages is not None and meets(r.pages)), lookup
    assert keys(search.filter(pages__range=[2, 10])) == where(
        lambda r: r.pages is not None and 2 <= r.pages <= 10
    )
    assert keys(search.filter(pages=10)) == where(lambda r: r.pages == 10)
    assert keys(search.filter(pages__in=[1, 12])) == where(lambda r: r.pages in (1, 12))
    assert keys(search.filter(pages__gt="2")) == where(lambda r: r.pages is not None and r.pages > 2)


def test_ranges_of_days_and_moments(search):
    day = datetime.date(1956, 3, 31)
    assert keys(search.filter(date_earliest__lte=day)) == where(
        lambda r: r.earliest is not None and r.earliest <= day
    )
    assert keys(search.filter(date_earliest="1956-03-31")) == where(lambda r: r.earliest == day)
    assert keys(search.filter(date_earliest__lte=Exact("1956-03-31"))) == where(
        lambda r: r.earliest is not None and r.earliest <= day
    )
    assert keys(search.filter(added__gte=NOON)) == where(lambda r: r.added is not None and r.added >= NOON)
    elsewhere = NOON.astimezone(datetime.timezone(datetime.timedelta(hours=9)))
    assert keys(search.filter(added__lt=elsewhere)) == where(lambda r: r.added is not None and r.added < NOON)


def test_truth(search):
    assert keys(search.filter(date_uncertain=True)) == where(lambda r: r.uncertain)
    assert keys(search.filter(date_uncertain="false")) == where(lambda r: not r.uncertain)


def test_ranges_of_text_keys(search):
    assert keys(search.filter(title_sort__gte="telegram 9")) == where(
        lambda r: r.title.casefold() >= "telegram 9"
    )
    assert keys(search.filter(places__range=("M", "N"))) == where(
        lambda r: any("M" <= p <= "N" for p in r.places)
    )


def test_missing(search):
    assert keys(search.where(Missing("places"))) == where(lambda r: not r.places)
    assert keys(search.where(Missing("pages"))) == where(lambda r: r.pages is None)
    assert keys(search.where(Range("pages"))) == where(lambda r: r.pages is not None)


def test_identities(search):
    some = [1, 2, 160]
    assert keys(search.filter(django_id__in=some)) == set(some)
    assert keys(search.filter(id=f"catalogue.report.{some[1]}")) == {2}
    assert keys(search.filter(django_ct="catalogue.report")) == ALL


# -- combinations


def test_exclude_takes_what_lacks_the_field_too(search):
    assert keys(search.exclude(pages__gt=3)) == where(lambda r: r.pages is None or r.pages <= 3)
    assert keys(search.exclude(title="telegram")) == where(
        lambda r: not r.has("telegram", "telegrams", field="title")
    )
    assert keys(search.exclude(places="Beijing").exclude(pages=None)) == where(
        lambda r: "Beijing" not in r.places and r.pages is not None
    )


def test_sq_trees(search):
    tree = (SQ(title="telegram") & ~SQ(places="Hanoi")) | SQ(people__exact=MAO)
    assert keys(search.filter(tree)) == where(
        lambda r: (
            (r.has("telegram", "telegrams", field="title") and "Hanoi" not in r.places) or MAO in r.people
        )
    )
    assert keys(search.filter(~tree)) == where(
        lambda r: (
            not (
                (r.has("telegram", "telegrams", field="title") and "Hanoi" not in r.places) or MAO in r.people
            )
        )
    )


def test_filter_or_and_combined_sets(search):
    hanoi, tito = search.filter(places="Hanoi"), search.filter(people="Tito")
    assert keys(search.filter(places="Hanoi").filter_or(people="Tito")) == where(
        lambda r: "Hanoi" in r.places or "Tito" in r.people
    )
    assert keys(hanoi & tito) == where(lambda r: "Hanoi" in r.places and "Tito" in r.people)
    assert keys(hanoi | tito) == where(lambda r: "Hanoi" in r.places or "Tito" in r.people)


def test_narrow(search):
    expected = where(lambda r: "Hanoi" in r.places and r.pages == 2)
    assert keys(search.narrow(SQ(places="Hanoi")).narrow(SQ(pages=2))) == expected
    assert keys(search.narrow('places:"Hanoi"').filter(pages=2)) == expected
    assert keys(search.narrow(SQ(places="Hanoi") & ~SQ(pages__in=[1, 3]))) == where(
        lambda r: "Hanoi" in r.places and r.pages not in (1, 3)
    )


def test_narrow_of_haystacks_own_query_set(filled):
    stock = SearchQuerySet(using=filled)
    when = datetime.date(1955, 1, 1)
    narrowed = stock.narrow(SQ(places="Ulan Bator") & ~(SQ(pages=2) | SQ(date_earliest__lt=when)))
    assert keys(narrowed) == where(
        lambda r: "Ulan Bator" in r.places and r.pages != 2 and not (r.earliest and r.earliest < when)
    )
    assert keys(stock.narrow(SQ(title=Exact("peace treaty")))) == where(
        lambda r: r.has_run("peace treaty", "title")
    )


def test_input_types(search):
    telegrams = where(lambda r: r.has("telegram", "telegrams"))
    assert keys(search.filter(content=Clean("telegram"))) == telegrams
    assert keys(search.filter(content=PythonData("telegram"))) == telegrams
    assert keys(search.filter(content=Not("telegram"))) == ALL - telegrams
    assert keys(search.filter(content=AutoQuery('telegram -rice "the visit"'))) == where(
        lambda r: r.has("telegram") and not r.has("rice") and r.has_run("the visit")
    )
    assert keys(search.auto_query('"a treaty" telegram')) == where(
        lambda r: r.has("telegram") and r.has_run("a treaty")
    )
    assert keys(search.auto_query("telegram AND (")) == set(), "AutoQuery knows no operators: and is a word"
    assert keys(search.filter(content=Raw("title:telegram NOT places:Hanoi"))) == where(
        lambda r: r.has("telegram", "telegrams", field="title") and "Hanoi" not in r.places
    )
    assert keys(search.raw_search('people:"Tito" OR people:"Zhou Enlai"')) == where(
        lambda r: "Tito" in r.people or ZHOU in r.people
    )
    assert keys(search.autocomplete(title="telegram ric")) <= telegrams


def test_models(search):
    assert search.models(Note).count() == 2
    assert search.models(Report).count() == len(RECORDS)
    assert search.models(Note, Report).count() == search.count() == len(RECORDS) + 2


# -- what nobody can answer is an error, never silence


def test_unknown_fields_and_lookups(search):
    with pytest.raises(UnknownFieldError, match="nowhere"):
        keys(search.filter(nowhere="x"))
    with pytest.raises(UnknownLookupError, match="regex"):
        keys(search.filter(title__regex="x"))
    with pytest.raises(UnknownLookupError, match="isnull"):
        keys(search.filter(pages__isnull=True))
    with pytest.raises(UnknownFieldError, match="sort"):
        keys(search.order_by("nowhere"))
    with pytest.raises(UnsupportedQueryError, match="sorted by summary"):
        keys(search.order_by("summary"))


def test_what_makes_no_sense(search):
    for wrong in (
        {"pages": "three"},
        {"date_uncertain": "perhaps"},
        {"date_earliest__gt": "yesterday"},
        {"pages__contains": "1"},
        {"badge": "scan"},
        {"summary__gt": "a"},
        {"content": AltParser("dismax", "x")},
        {"pages__range": [1]},
    ):
        with pytest.raises(UnsupportedQueryError):
            keys(search.filter(**wrong))
    with pytest.raises(UnsupportedQueryError, match="options"):
        keys(search.raw_search("x", df="title"))
    with pytest.raises(UnsupportedQueryError):
        keys(search.raw_search("title:(("))
    for asked in (lambda: search.stats("pages"), lambda: search.choose("places", ["x"], match="some")):
        with pytest.raises(UnsupportedQueryError):
            asked()
