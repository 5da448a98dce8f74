"""Cells read as they were written."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interchange import cells
from interchange.columns import DOCUMENTS
from interchange.problems import CellError
from people.choices import NameScheme

NAMES = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u202d\u202e"), min_size=1)
    .map(str.strip)
    .filter(bool)
)


@given(st.lists(NAMES))
def test_lists_come_back(names):
    assert cells.read_list(cells.write_list(names)) == names


def test_a_backslash_before_a_separator_keeps_it():
    assert cells.read_list(r"A\|B|C") == ["A|B", "C"]
    assert cells.read_list(r"C:\papers|D") == [r"C:\papers", "D"]
    assert cells.read_list(["A|B", " C ", ""]) == ["A|B", "C"]


@given(
    NAMES.filter(lambda name: "[" not in name),
    st.sampled_from(["", "chi", "rus"]),
    st.sampled_from(["", *NameScheme.values]),
)
def test_variants_come_back(name, language, scheme):
    assert cells.read_variant(cells.write_variant(name, language, scheme)) == (name, language, scheme)


def test_variants():
    assert cells.read_variant("周恩来 [chi, original]") == ("周恩来", "chi", "original")
    assert cells.read_variant("Chou En-lai [Wade-Giles]") == ("Chou En-lai", "", "wade-giles")
    assert cells.read_variant("Zhou [zh]") == ("Zhou", "chi", "")
    assert cells.read_variant(cells.write_variant("Smith [the elder]", "", "")) == (
        "Smith [the elder]",
        "",
        "",
    )
    with pytest.raises(
        CellError, match=r"“martian” in “X \[martian\]” is neither a language code nor a scheme; write"
    ):
        cells.read_variant("X [martian]")
    with pytest.raises(CellError, match="no name before the bracket"):
        cells.read_variant("[chi]")


def test_flags_days_and_moments():
    assert [cells.read_flag(word) for word in ("yes", "No", "TRUE", "0", "", True)] == [
        True,
        False,
        True,
        False,
        False,
        True,
    ]
    assert cells.read_day("2026-03-31") == cells.read_day("31 March 2026") == datetime.date(2026, 3, 31)
    assert cells.read_day("31/03/2026") == datetime.date(2026, 3, 31)
    assert cells.read_day(" ") is None
    moment = datetime.datetime(2026, 3, 31, 12, 30, 0, 5, tzinfo=datetime.UTC)
    assert cells.read_moment(cells.write_moment(moment)) == moment
    for read, value, cure in (
        (cells.read_flag, "perhaps", "write “yes” or “no”"),
        (cells.read_day, "March 2026", "write it as 2026-03-31"),
        (cells.read_day, "soon", "write"),
        (cells.read_moment, "noon", "write it as 2026-03-31T14:30"),
        (cells.read_moment, "0001-01-01T00:00:00+14:00", "write it as 2026-03-31T14:30"),
        (cells.read_moment, "9999-12-31T23:59:59-14:00", "write it as 2026-03-31T14:30"),
    ):
        with pytest.raises(CellError, match=cure):
            read(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"name": "Mao"}, "got an object; name the part"),
        (["A", "B"], "got a list of 2; choose with the transform “first” or “join”"),
        ("A\x00B", "control character .U.0000, its character 2.; delete it"),
        ("A\udce4B", "save the file as UTF-8"),
    ],
)
def test_what_is_no_text(value, message):
    with pytest.raises(CellError, match=message):
        cells.read_text(value)


def test_numbers_and_single_members_are_texts():
    assert [cells.read_text(value) for value in (1955, 1.5, True, None, ["A"], [])] == [
        "1955",
        "1.5",
        "yes",
        "",
        "A",
        "",
    ]


def test_columns_are_found_by_any_capitals():
    assert (
        DOCUMENTS.find("Reference Code")
        is DOCUMENTS.find(" reference_code ")
        is DOCUMENTS.columns["reference_code"]
    )
    text = DOCUMENTS.find("Transcript.zho-HANS.credit")
    assert text is not None
    assert text.name == "transcript.chi-Hans.credit"
    assert DOCUMENTS.find("translation.eng.2").name == "translation.eng.2"
    assert DOCUMENTS.find("sumary") is None
    assert DOCUMENTS.nearest("sumary") == "summary"
