"""What a reader's words find, in every script."""

from __future__ import annotations

import pytest

from search.grammar import DATES, parse
from search.queryset import ArchiveQuerySet
from search.tree import Prefix
from tests.search.catalogue.records import RECORDS, Record, titled
from tests.search.contract.conftest import keys, where

FIELDS = {"title": "title", "person": "person", "shelfmark": "shelfmark", "place": "places", "year": DATES}


def read(search: ArchiveQuerySet, query: str) -> set[int]:
    return keys(search.read(parse(query, FIELDS)))


def test_words_are_joined_by_and(search):
    expected = where(lambda record: record.has("telegram", "telegrams") and record.has("rice"))
    assert read(search, "telegram rice") == expected
    assert keys(search.filter(content="telegram rice")) == expected


def test_words_may_stand_in_different_fields(search):
    record = titled("Minutes of Zhou")
    assert record.has("takeiri", field="person") and not record.has("takeiri", field="title")
    assert read(search, "minutes takeiri") == {record.pk}


@pytest.mark.parametrize("form", ["treaty", "treaties", "Treaty", "TREATIES"])
def test_english_inflections_match(search, form):
    expected = where(lambda record: record.has("treaty", "treaties"))
    assert read(search, form) == expected
    assert titled("Treatise on the law").pk in expected, "its summary speaks of a treaty"


def test_stemming_does_not_reach_other_words(search):
    assert read(search, "treatise") == where(lambda record: record.has("treatise", "treatises"))


def test_a_phrase_is_found_as_written_only(search):
    assert read(search, '"treaty"') == where(lambda record: record.has("treaty"))
    assert read(search, '"treaties"') == where(lambda record: record.has("treaties"))
    assert read(search, '"peace treaty"') == where(lambda record: record.has_run("peace treaty"))
    assert read(search, '"peace treaties"') == set()


def test_a_phrase_does_not_run_over_the_end_of_a_value(search):
    record = titled("Letter of Nicolae")
    assert record.people[0].endswith("Nicolae") and record.people[1].startswith("Mao")
    assert read(search, 'person:"Nicolae Mao"') == set()
    assert read(search, 'person:"Ceausescu Nicolae"') == where(lambda r: r.has("nicolae", field="person"))


@pytest.mark.parametrize("spelling", ["Ceausescu", "Ceauşescu", "Ceaușescu", "CEAUȘESCU", "ceausescu"])
def test_marks_and_case_are_folded(search, spelling):
    assert read(search, spelling) == where(lambda record: record.has("ceausescu"))


@pytest.mark.parametrize(
    ("spellings", "title"),
    [
        (("Đukić", "Dukic", "đukic"), "Vermerk"),
        (("Ørsted", "Orsted", "ørsted"), "Vermerk"),
        (("Weißenfels", "Weissenfels", "WEISSENFELS"), "Vermerk"),
        (("Łukasz", "Lukasz"), "Vermerk"),
        (("Europe", "l'Europe", "l’Europe"), "Vermerk"),
        (("ёлке", "елке", "ЁЛКЕ"), "Запись"),
        (("Цзэдуна", "цзэдуна", "ЦЗЭДУНА"), "Запись"),
        (("İstanbul", "istanbul", "ISTANBUL", "ıstanbul"), "İstanbul"),
        (("ışık", "isik", "IŞIK"), "İstanbul"),
        (("السلام", "السَّلام"), "محضر"),
        (("القاهرة", "القاهره", "القـاهرة"), "محضر"),
        (("أحمد", "احمد"), "محضر"),
        (("שלום", "שָׁלוֹם"), "פרוטוקול"),
        (("צהל", "צה״ל", "צה”ל"), "פרוטוקול"),
        (("アイゼンハワー", "ｱｲｾﾞﾝﾊﾜｰ"), "日米"),
        (("U.S.", "US"), "Report on Chiang"),
        (("T'ai-p'ing", "Tai-ping", "T’ai-p’ing"), "Report on Chiang"),
        (("O'Brien", "OBrien", "O’Brien"), "Report on Chiang"),
        (("America", "America's"), "Report on Chiang"),
        (("don't", "dont", "don’t"), "Report on Chiang"),
        (("Kai-shek", '"Kai shek"', "Chiang Kai-shek"), "Report on Chiang"),
    ],
)
def test_spellings_of_one_word_find_the_same(search, spellings, title):
    pk = titled(title).pk
    found = [read(search, spelling) for spelling in spellings]
    assert pk in found[0]
    assert all(one == found[0] for one in found), dict(zip(spellings, found, strict=True))


@pytest.mark.parametrize(
    "part",
    ["周", "周恩来", "恩来", "来", "中日", "日关", "和平条约", "김일성", "일", "안전", "条約", "全保障"],
)
def test_chinese_japanese_and_korean_match_by_any_part(search, part):
    in_record = {record.pk for record in RECORDS if _holds(record, part)}
    assert read(search, part) == in_record
    assert read(search, f'"{part}"') == in_record
    assert in_record or part == "안전"


def _holds(record: Record, part: str) -> bool:
    return any(part in text for text in (record.title, record.summary, *record.transcripts, *record.people))


def test_characters_out_of_order_are_no_match(search):
    assert _holds(titled("毛泽东"), "恩来")
    assert read(search, "来恩") == set()


def test_field_queries(search):
    assert read(search, "title:treaty") == where(lambda r: r.has("treaty", "treaties", field="title"))
    assert read(search, "person:mao") == where(lambda r: r.has("mao", field="person"))
    assert read(search, "title:(draft OR note) person:mao") == set()
    assert read(search, 'title:"peace treaty"') == where(lambda r: r.has_run("peace treaty", "title"))


def test_a_field_can_be_left_to_queries_by_field(search):
    assert read(search, "shelfmark:fond") == {record.pk for record in RECORDS}
    assert read(search, "fond") == set()


def test_a_field_of_exact_values_in_a_query(search):
    assert read(search, 'place:"Ulan Bator"') == where(lambda r: "Ulan Bator" in r.places)
    assert read(search, "place:Beijing") == where(lambda r: "Beijing" in r.places)


def test_or_not_and_parentheses(search):
    def tibet_or_rice(record: Record) -> bool:
        return record.has("tibet") or record.has("rice")

    assert read(search, "tibet OR rice") == where(tibet_or_rice)
    assert read(search, "(tibet OR rice) NOT telegram") == where(
        lambda r: tibet_or_rice(r) and not r.has("telegram", "telegrams")
    )
    assert read(search, "-telegram") == where(lambda r: not r.has("telegram", "telegrams"))
    assert read(search, "telegram -(rice OR trade)") == where(
        lambda r: r.has("telegram") and not r.has("rice") and not r.has("trade")
    )
    assert read(search, "tibet OR (NOT telegram title:treaty)") == where(
        lambda r: r.has("tibet") or (not r.has("telegram") and r.has("treaty", field="title"))
    )


def test_text_and_values_joined_by_or(search):
    found = read(search, "tibet OR place:Hanoi")
    assert found == where(lambda r: r.has("tibet") or "Hanoi" in r.places)


def test_years_in_a_query(search):
    import datetime

    first, last = datetime.date(1955, 1, 1), datetime.date(1956, 12, 31)
    assert read(search, "year:1955..1956 telegram") == where(
        lambda r: r.has("telegram") and r.could_be(first, last)
    )
    assert read(search, "NOT year:1955..1956") == where(lambda r: not r.could_be(first, last))


@pytest.mark.parametrize("start", ["ceau", "treat", "treaties", "happi", "цзэ", "instruc"])
def test_prefixes(search, start):
    found = read(search, f"{start}*")
    expected = {
        record.pk
        for record in RECORDS
        if any(word.startswith(start) for words in record.by_field.values() for word in words)
    }
    assert found == expected
    assert keys(search.where(Prefix("content", start))) == expected
    assert expected or start == "happi"


def test_the_last_word_of_a_phrase_may_be_a_beginning(search):
    assert read(search, '"chiang kai sh"*') == where(lambda r: r.has_run("chiang kai shek"))
    assert read(search, "Kai-sh*") == where(lambda r: r.has_run("kai shek"))


def _near(record: Record, one: str, other: str, distance: int) -> bool:
    for words in record.by_field.values():
        places = [(at, word) for at, word in enumerate(words) if word in (one, other)]
        for at, word in places:
            if any(word != its and abs(at - its_at) - 1 <= distance for its_at, its in places):
                return True
    return False


@pytest.mark.parametrize("distance", [0, 1, 4, 7, 20])
def test_words_near_each_other(search, distance):
    found = read(search, f'"peace treaty"~{distance}')
    assert found == where(lambda r: _near(r, "peace", "treaty", distance))


def test_near_words_may_stand_in_either_order(search):
    record = titled("Draft of a treaty and of a lasting peace")
    assert record.pk in read(search, '"peace treaty"~4')
    assert record.pk not in read(search, '"peace treaty"')


def test_a_query_of_no_words_finds_everything(search):
    assert read(search, "") == read(search, "*") == {record.pk for record in RECORDS}
    assert not parse("")


def test_plain_text_without_a_word_finds_nothing(search):
    assert keys(search.filter(content="...")) == set()
    assert keys(search.filter(content=" ")) == set()
    assert keys(search.auto_query(" ")) == {record.pk for record in RECORDS}
