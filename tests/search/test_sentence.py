"""The sentence above the hits: how the box was read, and what is left when a part is taken out."""

import pytest
from django.http import QueryDict
from hypothesis import example, given
from hypothesis import strategies as st

from search.sentence import CONDITIONS_AT_MOST, plain_sentence, removable_parts
from search.state import SearchState
from search.tree import And, Not, all_of


def asking(words: str, **parts: str) -> SearchState:
    query = QueryDict(mutable=True)
    query.update({"q": words, **parts})
    return SearchState.parse(query)


def said(words: str, **parts: str) -> str:
    return plain_sentence(asking(words, **parts), 2, {}).removeprefix("2 documents ")


def test_certainly_is_said_of_dates_wherever_they_stand():
    assert said("date:1955", certain="1") == "with a date that is certainly 1955"
    assert said("Zhou -date:1955", certain="1") == "with Zhou but not a date that could be 1955"
    assert said("", f="and:date:is:1955", certain="1") == "with a date that is certainly 1955"
    assert said("", f="and:date:is-not:1955", certain="1") == "without a date that could be 1955"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Japan", "with Japan"),
        ("Zhou Japan", "with both Zhou and Japan"),
        ("Zhou and Japan", "with Zhou and and and Japan"),
        ("Zhou AND Japan", "with both Zhou and Japan"),
        ("Zhou OR Japan", "with Zhou or Japan"),
        ("Zhou OR Mao Japan", "with Zhou or (Mao and Japan)"),
        ("(Zhou OR Mao) Japan", "with both (Zhou or Mao) and Japan"),
        ("Zhou -Japan", "with Zhou but not Japan"),
        ("Zhou -Japan Korea", "with both Zhou and Korea but not Japan"),
        ("-Japan", "without Japan"),
        ("-Japan -Korea", "without Japan or Korea"),
        ("NOT (Japan OR Korea)", "without Japan or Korea"),
        ('"open door" treat*', "with both “open door” and treat*"),
        ('"peace treaty"~5', "with “peace treaty” at most 5 words apart"),
        ("title:peace person:Zhou", "with both Title: peace and Person: Zhou"),
        ('title:"open door"', "with Title: “open door”"),
        ("Zhou date:1956..1958", "with both Zhou and a date that could be 1956 to 1958"),
        ("Zhou date:1956", "with both Zhou and a date that could be 1956"),
        ("Zhou date:n.d.", "with both Zhou and Date: undated"),
        ("Zhou -date:undated", "with Zhou but not Date: undated"),
        ("周恩来 日本", "with both 周恩来 and 日本"),
        ("!!!", "with !!!"),
    ],
)
def test_the_words_are_said_as_they_were_read(words, sentence):
    assert said(words) == sentence


def test_rows_go_on_where_the_words_end():
    assert said("Zhou Japan", f="and:title:peace") == "with Zhou and Japan and Title: peace"
    assert said("Zhou OR Mao", f="and:title:peace") == "with (Zhou or Mao) and Title: peace"
    assert said("Zhou", f="and:date:is:n.d.") == "with Zhou and Date: undated"
    assert said("-Japan", f="and:title:peace") == "without Japan and Title: peace"


def test_a_text_of_many_words_stays_as_it_was_typed():
    text = " ".join(f"word{number}" for number in range(CONDITIONS_AT_MOST + 1))
    assert said(text) == f"with {text}"
    parts = removable_parts(asking(text), {})
    assert [part.without.words for part in parts] == [""]


def test_each_condition_can_be_taken_out():
    state = asking('Zhou title:peace -Japan date:1956.. "open door"', language="rus")
    without = {part.text: part.query_string for part in removable_parts(state, {})}
    left = {text: SearchState.parse(QueryDict(query)).words for text, query in without.items()}
    assert left == {
        "Zhou": 'title:peace NOT Japan date:1956.. "open door"',
        "Title: peace": 'Zhou NOT Japan date:1956.. "open door"',
        "Japan": 'Zhou title:peace date:1956.. "open door"',
        "a date that could be 1956 or later": 'Zhou title:peace NOT Japan "open door"',
        "“open door”": "Zhou title:peace NOT Japan date:1956..",
        "rus": state.words,
    }
    # What else narrows the search stays.
    assert all("language=rus" in query for text, query in without.items() if text != "rus")


WORD = st.sampled_from(
    ["Zhou", "peace treaty", '"open door"', "Ceau*", "title:war", "year:1956", "и", "中国"]
)
JOINT = st.sampled_from([" ", " OR ", " -", " AND ", " (", ") "])


@given(st.lists(st.tuples(JOINT, WORD), min_size=1, max_size=6))
@example([(" ", "Zhou"), (" -", "Zhou"), (" ", "Zhou")])
def test_what_is_left_is_read_as_the_other_conditions(pieces):
    state = asking("".join(joint + word for joint, word in pieces))
    tree = state.parsed.tree
    conditions = tree.children if isinstance(tree, And) else (tree,)
    parts = removable_parts(state, {})
    if len(conditions) > CONDITIONS_AT_MOST:
        assert [part.without.words for part in parts] == [""]
        return
    # What is not to be there is said last.
    in_order = sorted(range(len(conditions)), key=lambda place: isinstance(conditions[place], Not))
    for place, part in zip(in_order, parts, strict=True):
        others = (*conditions[:place], *conditions[place + 1 :])
        assert SearchState.parse(QueryDict(part.query_string)).parsed.tree == all_of(*others)
