"""The words of a search in the texts of a record."""

import pytest

from search.marking import MARKS_AT_MOST, search_marks


def marked(state_text: str, text: str, field: str = "transcript", language: str = "eng") -> list[str]:
    marks = search_marks(state_text)
    assert marks is not None
    lines = text.split("\n")
    found = marks.find(field, language, lines)
    assert len(found) == len(lines)
    return [line[start:end] for line, spans in zip(lines, found, strict=True) for start, end in spans]


@pytest.mark.parametrize(
    "state", ["", "collection=sino-japanese-relations", "q=", "from=1955", "f=not:any:coal"]
)
def test_a_search_without_words_marks_nothing(state):
    assert search_marks(state) is None


def test_words_are_marked_in_every_form_and_phrases_as_they_stand():
    text = "They negotiated a treaty.\nA peace treaty, negotiations for peace, and TREATIES."
    assert marked("q=treaty", text) == ["treaty", "treaty", "TREATIES"]
    assert marked("q=%22peace+treaty%22", text) == ["peace treaty"]
    assert marked("q=negotiat*", text) == ["negotiated", "negotiations"]
    assert marked("q=peace+-treaty", text) == ["peace", "peace"]
    assert marked("q=coal", text) == []


def test_words_of_other_languages_and_scripts():
    assert marked("q=договор", "Речь шла о договоре.", language="rus") == ["договоре"]
    assert marked("q=毛泽东", "毛泽东会见苏联大使。", language="chi-Hans") == ["毛泽东"]
    assert marked("q=Ceausescu", "Ceauşescu spoke.") == ["Ceauşescu"]


def test_a_field_is_marked_where_it_was_searched():
    assert marked("f=and:transcript:coal", "Coal and iron.") == ["Coal"]
    assert marked("f=and:translation:coal", "Coal and iron.") == []
    assert marked("f=and:translation:coal", "Coal and iron.", field="translation") == ["Coal"]
    assert marked("q=title:coal", "Coal and iron.") == []
    assert marked("q=iron&f=not:any:coal", "Coal and iron.") == ["iron"]


def test_a_phrase_that_runs_over_the_end_of_a_line_is_marked_by_its_words():
    assert marked("q=%22peace+treaty%22", "They wanted peace\ntreaty or no treaty") == [
        "peace",
        "treaty",
        "treaty",
    ]


def test_not_without_end():
    assert len(marked("q=coal", "coal " * (MARKS_AT_MOST + 50))) == MARKS_AT_MOST
