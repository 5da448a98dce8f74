"""Whatever is typed, the search answers; whatever is filtered by, it is only a value."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engines.errors import QueryError
from search.grammar import DATES, parse
from tests.search.catalogue.records import RECORDS

FIELDS = {"title": "title", "person": "person", "place": "places", "year": DATES}
HOSTILE = [
    '"', '""', "'", "\\", "(", ")", "((((((((((", "AND", "OR", "NOT", "AND OR NOT", "NEAR(", "NEAR(a b, 3)", "*", "**",
    "a*b*", "*a", "^a", "-", "--", "-- ;", "'; DROP TABLE doc_1; --", "title:", "title::", "rowid:1", "{title}:x", "+", "~5",
    '"a"~99999999999', '"treaty', 'treaty"', '"a" "', "<script>", "\x00", "a\x00b", "\ud800", "\ufeff", "\u202e", "%", "_",
    "a_b", "?1", ":x", "@x", "$x", "year:0000", "year:99999", "year:1956..1955", "year:..", "a" * 5000, "(" * 3000, "a " * 2000,
    "NOT " * 200 + "a", "()" * 100, "title:(" * 50, "🂡", "é" * 300, "a\nb\tc", "周" * 500, "or and not", "1,000.5", "a AND",
    "OR a", "a OR OR b", "NOT NOT NOT a", '"*"', "“a b”", "„a“", "«a»", "（a）", "a：b", "−a", "a && b || !c",
]  # fmt: skip

typed = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *HOSTILE[:40],
                "treaty",
                "Zhou",
                "周恩来",
                "title:",
                "year:1956",
                " ",
                " OR ",
                " AND ",
                "(",
                ")",
                '"',
                "*",
                "-",
                "~3",
            ]
        ),
        st.text(max_size=12),
    ),
    max_size=12,
).map("".join)
quietly = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def answer(search, query):
    found = search.read(parse(query, FIELDS)).highlight().facet("places").histogram()
    hits = found[0:3]
    found.spelling_suggestion()
    assert len(hits) == min(3, found.count())
    return found


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:30])
def test_hostile_queries_are_answered(search, query):
    answer(search, query)
    search.auto_query(query)[0:3]
    search.filter(content=query)[0:3]
    search.filter(title__startswith=query)[0:3]
    search.filter(title__exact=query)[0:3]


@quietly
@given(typed)
def test_any_query_is_answered(search, query):
    answer(search, query)


@quietly
@given(typed)
def test_a_query_and_its_opposite_find_everything(search, query):
    parsed = parse(query, FIELDS)
    if parsed:
        opposite = parse(f"NOT ({parsed})", FIELDS)
        if not opposite.notes:
            assert search.read(parsed).count() + search.read(opposite).count() == len(RECORDS) + 2


@quietly
@given(st.text(max_size=30))
def test_a_value_is_only_a_value(search, value):
    for condition in ({"places": value}, {"places__in": [value]}, {"id": value}, {"title_sort__gt": value}):
        search.filter(**condition)[0:2]
    search.choose("places", [value]).facet("places", contains=value)[0:2]
    search.exclude_ids([value])[0:2]
    for lookup in ("startswith", "endswith", "contains"):
        try:
            search.filter(**{f"content__{lookup}": value, f"places__{lookup}": value})[0:2]
        except QueryError as error:  # one letter can stand for too many words
            assert "more letters" in str(error)
