"""Whatever is read is valid EDTF, and what is printed in English reads back as the same date."""

import calendar
from datetime import date

import pytest
from edtf.parser.grammar import parse_edtf
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dates import Certainty, DateError, PartialDate, explain, precision_note, print_date, read_date, read_edtf

MONTHS = list(calendar.month_name)[1:]

years = st.one_of(st.integers(1, 9999), st.integers(1850, 2030))
days = st.dates(date(1, 1, 1), date(9999, 12, 31))


@st.composite
def units(draw, decades: bool = True) -> str:
    """A day, month, year or more, as written in English."""
    day = draw(days)
    year = f"{day.year:04}"
    forms = [
        f"{MONTHS[day.month - 1]} {day.day}, {year}",
        f"{day.day} {MONTHS[day.month - 1][:3]}. {year}",
        f"{MONTHS[day.month - 1]} {year}",
        day.isoformat(),
        year,
    ]
    if decades:
        season = draw(st.sampled_from(["spring", "summer", "autumn", "winter"]))
        forms += [f"{season} {year}", f"{year[:3]}0s", f"{draw(st.integers(2, 100))}th century"]
    return draw(st.sampled_from(forms))


@st.composite
def written_dates(draw) -> str:
    """Sentences in the forms of the table, of any units."""
    first, second = draw(units()), draw(units())
    lists = draw(st.lists(units(decades=False), min_size=1, max_size=4))
    part = draw(
        st.sampled_from(["early", "mid", "late", "first half of", "second half of the", "third quarter of"])
    )
    other = draw(st.sampled_from(["early", "mid", "late"]))
    mark = draw(st.sampled_from(["", "", "?"]))
    circa = draw(st.sampled_from(["", "", "circa ", "probably "]))
    sentence = draw(
        st.sampled_from(
            [
                f"{circa}{first}{mark}",
                f"{circa}{first} - {second}{mark}",
                f"{first} - circa {second}{mark}",
                f"{first}{mark} to {second}",
                f"{circa}{part} {first}{mark}",
                f"{part} {first} – {other} {second}{mark}",
                f"between {first} and {second}{mark}",
                f"{draw(st.sampled_from(['before', 'by', 'after', 'since', 'until', 'from']))} {first}{mark}",
                f"{circa}{', '.join(lists)} and {first}",
                f"{circa}{', '.join(lists)} or {first}{mark}",
                f"{first}, {second} - {lists[0]} and {lists[-1]}",
            ]
        )
    )
    return draw(st.sampled_from([sentence, f"[{sentence}]"]))


def meaning(partial: PartialDate) -> tuple:
    return partial.edtf, partial.earliest, partial.latest, partial.certainty, partial.supplied


def check_whole(partial: PartialDate) -> None:
    """What every date that was read must hold."""
    if partial.is_undated:
        assert meaning(partial) == ("", None, None, Certainty.UNDATED, False)
        assert partial.sort is None
    else:
        parse_edtf(partial.edtf)
        assert partial.earliest or partial.latest
        assert partial.sort in (partial.earliest, partial.latest)
        if partial.earliest and partial.latest:
            assert partial.earliest <= partial.latest
    assert meaning(read_date(print_date(partial, "en"))) == meaning(partial)
    explain(partial, "en")
    precision_note(partial, "en")


@settings(max_examples=200, deadline=None)
@given(written_dates())
@example("probably from 1955 to 1957")
@example("circa winter 0001")
@example("circa 9999")
@example("late 9999 – 9999?")
def test_a_sentence_is_refused_or_survives_printing(text):
    try:
        partial = read_date(text)
    except DateError as refusal:
        assert str(refusal)
    else:
        check_whole(partial)


@settings(max_examples=150, deadline=None)
@given(days)
def test_every_day_is_read_in_every_plain_form(day):
    month = MONTHS[day.month - 1]
    year = f"{day.year:04}"
    for text in (
        f"{month} {day.day}, {year}",
        f"{month} {day.day:02}, {year}",
        f"{month.upper()} {day.day} {year}",
        f"{day.day} {month} {year}",
        f"{calendar.day_name[day.weekday()]}, {month[:3]}. {day.day}, {year}—6:30 p. m.",
        f"{day.day}. {month}, {year}.",
        f"{day.day}-{month}-{year}",
        f"{year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{day.isoformat()}T23:59:59Z",
    ):
        assert meaning(read_date(text)) == (day.isoformat(), day, day, Certainty.CERTAIN, False)


@settings(max_examples=200, deadline=None)
@given(days)
def test_a_numeric_day_is_read_or_refused_but_never_guessed(day):
    text = f"{day.day:02}/{day.month:02}/{day.year:04}"
    if day.day > 12 or day.day == day.month:
        assert read_date(text).earliest == day
    else:
        with pytest.raises(DateError, match="day or month first"):
            read_date(text)
    assert read_date(text, date_order="dmy").earliest == day
    assert read_date(f"{day.month}.{day.day}.{day.year:04}", date_order="mdy").earliest == day


@st.composite
def edtf_texts(draw) -> str:
    """EDTF of the kinds that are usable, in any mixture; many are not valid."""
    unit = st.builds(
        lambda day, form, mark: form(day) + mark,
        days,
        st.sampled_from(
            [
                lambda day: f"{day.year:04}",
                lambda day: f"{day.year:04}-{day.month:02}",
                lambda day: day.isoformat(),
                lambda day: f"{day.year // 10:03}X",
                lambda day: f"{day.year // 100:02}XX",
                lambda day: f"{day.year:04}-{21 + day.month % 4}",
                lambda day: f"{day.year:04}-XX",
                lambda day: f"{day.year:04}-{day.month:02}-XX",
                lambda day: f"{day.year:04}-XX-XX",
            ]
        ),
        st.sampled_from(["", "", "~", "?", "%"]),
    )
    first, second, third = draw(unit), draw(unit), draw(unit)
    return draw(
        st.sampled_from(
            [
                first,
                f"{first}/{second}",
                f"{first}/..",
                f"../{first}",
                f"{first}/",
                f"[{first},{second}]",
                f"[{first},{second},{third}]",
                f"{{{first},{second}}}",
                f"[{first}..{second}]",
                f"[..{first}]",
                f"[{first}..]",
                f"{{{first}..{second},{third}}}",
                f"[{first},{second}..]",
            ]
        )
    )


@settings(max_examples=150, deadline=None)
@given(edtf_texts())
@example("1955/")
@example("{1955..1957}")
@example("1955~/1957")
@example("1955%/1957~")
@example("[1955,1956,1957,1958,1959,1960,1961,1962,1963,1964,1965,1966]")
@example("1968-21~/1969-23?")
@example("190X")
@example("99XX")
def test_edtf_is_refused_or_survives_printing(text):
    try:
        partial = read_edtf(text)
    except DateError:
        return
    check_whole(partial)
    assert meaning(read_edtf(partial.edtf)) == meaning(partial)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        partial = read_date(text)
    except DateError as refusal:
        assert str(refusal)
    else:
        check_whole(partial)


PIECES = [
    *"0123456789-–/.,?~[](){}%X年月日",
    " ", " ", "1955", "1956", "05", "6", "May", "June", "мая", "circa", "or", "and", "to", "between", "before", "late",
    "1950s", "19th century", "spring", "p.m.", "6:30", "n.d.", "undated", "probably", "first half of", "..", "--", "T10:00",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_shuffled_pieces_of_dates_are_read_or_refused(text):
    try:
        partial = read_date(text)
    except DateError as refusal:
        assert str(refusal)
    else:
        check_whole(partial)
    try:
        read_edtf(text)
    except DateError as refusal:
        assert str(refusal)
