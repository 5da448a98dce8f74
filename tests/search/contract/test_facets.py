"""Facets: right counts for values of any kind, whatever is chosen."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter

import pytest

from search.engines.errors import FacetError
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from search.text import fold
from tests.search.catalogue.records import MAO, RECORDS, ZHOU, Record
from tests.search.contract.conftest import keys, where

FIELDS = ("people", "places", "subjects", "languages", "participants")


def counted(field: str, records: list[Record] | None = None) -> Counter:
    chosen = RECORDS if records is None else records
    return Counter(value for record in chosen for value in set(getattr(record, field)))


def fields(search: ArchiveQuerySet) -> dict[str, list]:
    return search.facet_counts()["fields"]


@pytest.mark.parametrize("field", FIELDS)
def test_counts_of_every_value(search, field):
    listed = fields(search.facet(field, limit=None))[field]
    assert dict(listed) == dict(counted(field))
    assert listed == sorted(listed, key=lambda pair: (-pair[1], pair[0]))


def test_values_of_any_signs_and_script(search):
    listed = dict(fields(search.facet("subjects", limit=None).facet("places", limit=None))["subjects"])
    assert {"a,b", 'say "no"', "100%", "it's", 'Aid, "military"', "Treaties, peace"} <= listed.keys()
    assert {"北京", "القاهرة", "Москва"} <= dict(fields(search.facet("places", limit=None))["places"]).keys()


def test_counts_follow_the_query(search):
    found = search.read(parse("telegram")).facet("places", limit=None)
    assert dict(fields(found)["places"]) == dict(counted("places", [r for r in RECORDS if r.has("telegram")]))


def test_limit_offset_and_size(search):
    every = fields(search.facet("places", limit=None))["places"]
    answer = search.facet("places", limit=3).facet_counts()
    assert answer["fields"]["places"] == every[:3]
    assert answer["sizes"]["places"] == len(every) == len(counted("places"))
    assert fields(search.facet("places", limit=4, offset=3))["places"] == every[3:7]
    assert fields(search.facet("places", limit=4, offset=1000))["places"] == []
    assert len(fields(search.facet("places"))["places"]) == 10


def test_sorted_by_value(search):
    listed = fields(search.facet("places", limit=5, sort="value"))["places"]
    assert listed == sorted(counted("places").items())[:5]


@pytest.mark.parametrize(
    ("option", "typed"), [("prefix", "mos"), ("contains", "AUSESCU"), ("contains", "恩"), ("prefix", "мос")]
)
def test_search_within_the_values(search, option, typed):
    for field in ("places", "people"):
        answer = search.facet(field, limit=None, **{option: typed}).facet_counts()
        meets = str.startswith if option == "prefix" else str.__contains__
        expected = {v: n for v, n in counted(field).items() if meets(fold(v), fold(typed))}
        assert dict(answer["fields"][field]) == expected
        assert answer["sizes"][field] == len(expected)


def test_only_some_values(search):
    listed = fields(search.facet("places", values=["Hanoi", "北京", "Atlantis"]))["places"]
    assert dict(listed) == {value: counted("places")[value] for value in ("Hanoi", "北京")}


def test_the_missing_are_a_bucket_of_their_own(search):
    listed = fields(search.models(*_report()).facet("people", limit=2, missing=True))["people"]
    assert listed[-1] == (None, len(where(lambda r: not r.people)))
    assert len(listed) == 3


def _report():
    from tests.search.catalogue.models import Report

    return [Report]


def test_faceted_true_makes_a_facet_of_a_typed_field(search):
    listed = dict(fields(search.facet("pages", limit=None))["pages"])
    assert listed == Counter(record.pages for record in RECORDS if record.pages is not None)


# -- choosing


def test_any_within_a_facet_leaves_its_own_counts(search):
    chosen = (
        search.choose("places", ["Hanoi", "Moscow"])
        .facet("places", limit=None)
        .facet("languages", limit=None)
    )
    either = [record for record in RECORDS if {"Hanoi", "Moscow"} & set(record.places)]
    answer = chosen.facet_counts()
    assert keys(chosen) == {record.pk for record in either}
    assert dict(answer["fields"]["places"]) == dict(counted("places"))
    assert dict(answer["fields"]["languages"]) == dict(counted("languages", either))


def test_two_facets_chosen_narrow_each_other(search):
    chosen = (
        search.choose("places", ["Hanoi", "Moscow"])
        .choose("languages", ["rus"])
        .facet("places", limit=None)
        .facet("languages", limit=None)
        .facet("subjects", limit=None)
    )
    here = [r for r in RECORDS if {"Hanoi", "Moscow"} & set(r.places)]
    russian = [r for r in RECORDS if "rus" in r.languages]
    both = [r for r in here if r in russian]
    answer = fields(chosen)
    assert keys(chosen) == {record.pk for record in both}
    assert chosen.count() == len(both)
    assert dict(answer["places"]) == dict(counted("places", russian))
    assert dict(answer["languages"]) == dict(counted("languages", here))
    assert dict(answer["subjects"]) == dict(counted("subjects", both))


def test_all_within_a_facet_narrows_everything(search):
    chosen = search.choose("people", [MAO, ZHOU], match="all").facet("people", limit=None)
    both = [r for r in RECORDS if {MAO, ZHOU} <= set(r.people)]
    assert keys(chosen) == {record.pk for record in both}
    assert dict(fields(chosen)["people"]) == dict(counted("people", both))


def test_refused_values_narrow_everything(search):
    chosen = search.refuse("places", ["Hanoi", "Moscow"]).facet("places", limit=None)
    rest = [r for r in RECORDS if not {"Hanoi", "Moscow"} & set(r.places)]
    assert keys(chosen) == {record.pk for record in rest}
    assert dict(fields(chosen)["places"]) == dict(counted("places", rest))


def test_chosen_values_are_always_counted(search):
    chosen = search.choose("places", ["Atlantis", "Lhasa"]).refuse("people", ["Tito"])
    answer = chosen.facet("places", limit=1).facet("people", limit=1).facet_counts()
    assert answer["chosen"]["places"] == [("Atlantis", 0), ("Lhasa", counted("places")["Lhasa"])]
    assert answer["chosen"]["people"] == [("Tito", 0)]


def test_the_missing_can_be_chosen_and_refused(search):
    reports = search.models(*_report())
    assert keys(reports.choose("people", [None])) == where(lambda r: not r.people)
    assert keys(reports.choose("people", [None, "Tito"])) == where(
        lambda r: not r.people or "Tito" in r.people
    )
    assert keys(reports.refuse("people", [None])) == where(lambda r: bool(r.people))


def test_chosen_refused_and_missing_together(search):
    """Whatever is asked of one facet, hits and the counts of it and of another are those of the predicate."""
    reports = search.models(*_report())
    asked = [
        (["Moscow", None], "any", ["北京"]),
        (["Moscow"], "all", ["Hanoi"]),
        (["Moscow", "Hanoi"], "all", []),
        ([], "any", ["Moscow", "Hanoi"]),
        ([], "any", [None]),
        (["Hanoi"], "any", [None, "Moscow"]),
    ]
    for chosen, match, refused in asked:
        found = reports.choose("places", chosen, match=match).refuse("places", refused)
        found = found.facet("places", limit=None, missing=True).facet("languages", limit=None)

        def has(record: Record, value: str | None) -> bool:
            return value in record.places if value else not record.places

        def is_left(record: Record, refused=refused) -> bool:
            return not any(has(record, value) for value in refused)

        def is_met(record: Record, chosen=chosen, match=match) -> bool:
            return not chosen or (all if match == "all" else any)(has(record, value) for value in chosen)

        hits = [r for r in RECORDS if is_met(r) and is_left(r)]
        counted_by = hits if match == "all" else [r for r in RECORDS if is_left(r)]
        answer = found.facet_counts()
        assert keys(found) == {r.pk for r in hits}, (chosen, match, refused)
        places = dict(answer["fields"]["places"])
        assert places.pop(None) == sum(not r.places for r in counted_by), (chosen, match, refused)
        assert places == dict(counted("places", counted_by)), (chosen, match, refused)
        assert dict(answer["fields"]["languages"]) == dict(counted("languages", hits))


def test_roles_are_exact(search):
    both = ["present:mao-zedong", "present:stalin-joseph"]
    assert keys(search.choose("participants", both, match="all")) == where(
        lambda r: set(both) <= set(r.participants)
    )
    assert keys(search.choose("participants", ["addressee:mao-zedong"])) == where(
        lambda r: "addressee:mao-zedong" in r.participants
    )


def test_every_pair_of_choices(search):
    """Whatever two values are chosen, hits and counts are those of the predicate."""
    for place, language in itertools.product(("Moscow", "Hanoi", "北京"), ("eng", "rus", "chi")):
        chosen = search.choose("places", [place]).choose("languages", [language]).facet("places", limit=None)
        expected = [r for r in RECORDS if language in r.languages]
        assert dict(fields(chosen)["places"]) == dict(counted("places", expected))
        assert keys(chosen) == {r.pk for r in expected if place in r.places}


# -- Haystack's other facets


def test_date_facets(search):
    start, end = datetime.date(1955, 1, 1), datetime.date(1957, 1, 1)
    answer = search.date_facet("date_earliest", start, end, "month", 2).facet_counts()["dates"][
        "date_earliest"
    ]
    assert [moment.date() for moment, _ in answer][:3] == [
        datetime.date(1955, month, 1) for month in (1, 3, 5)
    ]
    assert len(answer) == 12
    inside = [r for r in RECORDS if r.earliest and start <= r.earliest < end]
    assert sum(count for _, count in answer) == len(inside)
    for moment, count in answer:
        first = moment.date()
        last = datetime.date(first.year + (first.month > 10), (first.month + 1) % 12 + 1, 1)
        assert count == sum(first <= r.earliest < last for r in inside)


def test_query_facets(search):
    answer = search.query_facet("pages", "[2 TO 10]").query_facet("places", "Hanoi").facet_counts()["queries"]
    assert answer["pages:[2 TO 10]"] == len(where(lambda r: r.pages in range(2, 11)))
    assert answer["places:Hanoi"] == len(where(lambda r: "Hanoi" in r.places))


def test_wrong_facets_are_errors(search):
    with pytest.raises(FacetError, match="no exact values"):
        search.facet("summary").facet_counts()
    with pytest.raises(FacetError, match="nowhere"):
        search.facet("nowhere").facet_counts()
    with pytest.raises(FacetError, match="sorted by"):
        search.facet("places", sort="luck")
    with pytest.raises(FacetError):
        search.facet("places", limit=-1)
    with pytest.raises(FacetError):
        search.facet("places", size=3)
