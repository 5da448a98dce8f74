"""A reader's query: what it means, what is assumed, and that it never fails."""

from __future__ import annotations

import datetime

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from search.grammar import DATES, DISTANCE_LIMIT, LENGTH_LIMIT, TERM_LIMIT, ParsedQuery, parse
from search.tree import (
    CONTENT,
    And,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Overlap,
    Phrase,
    Prefix,
    Undated,
    Words,
)

FIELDS = {"title": "title", "person": "people", "year": DATES}
Day = datetime.date


def w(text: str, field: str = CONTENT) -> Words:
    return Words(field, text)


def read(text: str) -> ParsedQuery:
    return parse(text, FIELDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zhou", w("zhou")),
        ("Zhou Japan", And((w("Zhou"), w("Japan")))),
        ("Zhou AND Japan", And((w("Zhou"), w("Japan")))),
        ("Zhou & Japan", And((w("Zhou"), w("Japan")))),
        ("+Zhou +Japan", And((w("Zhou"), w("Japan")))),
        ("Zhou OR Mao", Or((w("Zhou"), w("Mao")))),
        ("Zhou|Mao", Or((w("Zhou"), w("Mao")))),
        ("Zhou || Mao", Or((w("Zhou"), w("Mao")))),
        ("Zhou -Japan", And((w("Zhou"), Not(w("Japan"))))),
        ("Zhou NOT Japan", And((w("Zhou"), Not(w("Japan"))))),
        ("Zhou AND NOT Japan", And((w("Zhou"), Not(w("Japan"))))),
        ("-Japan", Not(w("Japan"))),
        ("NOT NOT Japan", w("Japan")),
        ("a b OR c", Or((And((w("a"), w("b"))), w("c")))),
        ("a (b OR c)", And((w("a"), Or((w("b"), w("c")))))),
        ("-(a b)", Not(And((w("a"), w("b"))))),
        ('"open door"', Phrase(CONTENT, "open door")),
        ("“open door”", Phrase(CONTENT, "open door")),
        ("「周恩来」", Phrase(CONTENT, "周恩来")),
        ('"peace treaty"~5', Near(CONTENT, "peace treaty", 5)),
        ('"treaty"~5', Phrase(CONTENT, "treaty")),
        ("Ceau*", Prefix(CONTENT, "Ceau")),
        ("周恩*", w("周恩")),
        ('"Kai sh"*', Prefix(CONTENT, "Kai sh")),
        ("title:treaty", w("treaty", "title")),
        ("Title: treaty", w("treaty", "title")),
        ("title：treaty", w("treaty", "title")),
        ('person:"Zhou Enlai"', Phrase("people", "Zhou Enlai")),
        ("title:(a OR b)", Or((w("a", "title"), w("b", "title")))),
        ("-title:a", Not(w("a", "title"))),
        ("year:1956", Overlap(Day(1956, 1, 1), Day(1956, 12, 31))),
        ("year:1956..1958", Overlap(Day(1956, 1, 1), Day(1958, 12, 31))),
        ("year:1956-1958", Overlap(Day(1956, 1, 1), Day(1958, 12, 31))),
        ("year:1958..1956", Overlap(Day(1956, 1, 1), Day(1958, 12, 31))),
        ("year:..1958", Overlap(None, Day(1958, 12, 31))),
        ("year:1956-02..", Overlap(Day(1956, 2, 1), None)),
        ("year:1956-02", Overlap(Day(1956, 2, 1), Day(1956, 2, 29))),
        ("year:1956-02-25", Overlap(Day(1956, 2, 25), Day(1956, 2, 25))),
        ('year:"1956..1958"', Overlap(Day(1956, 1, 1), Day(1958, 12, 31))),
        ("year:spring 1955", Overlap(Day(1955, 3, 1), Day(1955, 5, 31))),
        ("a year:May 1955 b", And((w("a"), Overlap(Day(1955, 5, 1), Day(1955, 5, 31)), w("b")))),
        ("NOT year:14 January 1950 a", And((Not(Overlap(Day(1950, 1, 14), Day(1950, 1, 14))), w("a")))),
        (
            "year:(1955 OR May 1956)",
            Or((Overlap(Day(1955, 1, 1), Day(1955, 12, 31)), Overlap(Day(1956, 5, 1), Day(1956, 5, 31)))),
        ),
        ("year:between 14 January 1950 and May 1951", Overlap(Day(1950, 1, 14), Day(1951, 5, 31))),
        ("year:1955 May", And((Overlap(Day(1955, 1, 1), Day(1955, 12, 31)), w("May")))),
        ("year:no date a", And((Undated(), w("a")))),
        ("year:undated", Undated()),
        ("year:n.d.", Undated()),
        ('year:"no date" a', And((Undated(), w("a")))),
        ("-year:undated", Not(Undated())),
        ("Chiang Kai-shek", And((w("Chiang"), w("Kai-shek")))),
        ("AT&T", w("AT&T")),
        ("Moscow - Beijing", And((w("Moscow"), w("Beijing")))),
        ("hello, world!", And((w("hello"), w("world")))),
        ('צה"ל', w('צה"ל')),
        ("and or not", And((w("and"), w("or"), w("not")))),
        ("*", Everything()),
        ("*:*", Everything()),
        ("", Everything()),
        ("  ", Everything()),
    ],
)
def test_what_is_meant(typed, meant):
    parsed = read(typed)
    assert parsed.tree == meant
    assert bool(parsed) == (meant != Everything())
    expected = 1 if typed == "a b OR c" else 0
    assert len(parsed.notes) == expected, parsed.notes


@pytest.mark.parametrize(
    ("typed", "meant", "note"),
    [
        ('"open door', And((w("open"), w("door"))), "quotation mark"),
        ("a )", w("a"), "parenthesis"),
        ("(a", w("a"), "parenthesis"),
        ("()", Everything(), "no word"),
        ("AND", w("and"), "“AND” stands alone"),
        ("a AND", And((w("a"), w("and"))), "“AND” stands alone"),
        ("OR a", And((w("or"), w("a"))), "“OR” stands alone"),
        ("a NOT", And((w("a"), w("not"))), "“NOT” stands alone"),
        ("title:", w("title"), "“title” stands alone"),
        ("colour:red", And((w("colour"), w("red"))), "no field “colour”"),
        ("year:lately", w("lately"), "year"),
        ("year:lately 1955*", And((w("lately"), Prefix(CONTENT, "1955"))), "year"),
        ("year:May title:1955", And((w("May"), w("1955", "title"))), "year"),
        ("year:1956-13", w("1956-13"), "year"),
        ("*ism", w("ism"), "star"),
        ("com*ism", And((w("com"), w("ism"))), "star"),
        ("a*", w("a"), "two letters"),
        ("!!!", Everything(), "no word"),
        ('"peace treaty"~900', Near(CONTENT, "peace treaty", DISTANCE_LIMIT), "words apart"),
        ("a OR b c", Or((w("a"), And((w("b"), w("c"))))), "a OR (b c)"),
    ],
)
def test_what_is_assumed_is_said(typed, meant, note):
    parsed = read(typed)
    assert parsed.tree == meant
    assert any(note in sentence for sentence in parsed.notes), parsed.notes


def test_addresses_and_times_are_plain_words():
    assert read("http://www.example.org/x").notes == ()
    assert read("at 10:30").tree == And((w("at"), w("10"), w("30")))


def test_limits_are_said_and_kept():
    long = read("word " * LENGTH_LIMIT)
    assert len(long.notes) == 2
    assert sum(1 for _ in long.tree.leaves()) == TERM_LIMIT
    deep = read("(" * 100 + "a" + ")" * 100)
    assert deep.tree == w("a")
    assert any("nested" in sentence for sentence in deep.notes)
    negated = "!" * (LENGTH_LIMIT - 1)
    assert read(f"{negated}a").tree == Not(w("a"))
    assert read(f"{negated[1:]}a").tree == w("a")


def test_spans_are_the_words_to_search_for():
    parsed = read('title:treaty -japan "open door" Ceau* year:1956 NOT (x OR NOT y)')
    assert [parsed.text[start:end] for start, end in parsed.spans] == ["treaty", '"open door"', "y"]


def test_printed_with_the_readers_own_names():
    assert str(read('person:"Zhou Enlai" (a OR b) -c year:1956..1958')) == (
        'person:"Zhou Enlai" (a OR b) NOT c year:1956..1958'
    )


def test_notes_are_translated():
    with translation.override("en"):
        assert read("(").notes[0].endswith(".")


pieces = st.one_of(
    st.sampled_from(
        ["AND", "OR", "NOT", "(", ")", '"', "-", "+", " ", "*", "~5", "title:", "year:", "1956", "..", "周", "&", "|", ":", "!", "foo:",
         "“", 'צה"ל', "'", ".", "\ud800", "\x00", "year:1956", "year:undated", "year:May ", "x*", '"a b"', '"a b"~3', '"a b"*', "（", "：", "person:x", "kai-shek"]
    ),
    st.text(max_size=8),
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(pieces, max_size=14).map("".join))
def test_any_text_is_read_and_what_is_printed_reads_the_same(text):
    parsed = read(text)
    assert isinstance(parsed.tree, Node)
    printed = str(parsed)
    if len(printed) <= LENGTH_LIMIT:
        assert read(printed).tree == parsed.tree, printed
    assert all(0 <= start < end <= len(text) for start, end in parsed.spans)
    assert all(isinstance(sentence, str) and sentence for sentence in parsed.notes)
