"""EDTF that a person typed on purpose."""

import pytest

from dates import Certainty, DateError, read_edtf


@pytest.mark.parametrize(
    ("typed", "earliest", "latest", "certainty"),
    [
        ("1956-02-24", "1956-02-24", "1956-02-24", "certain"),
        ("1968-21", "1968-03-01", "1968-05-31", "certain"),
        ("1968-24", "1967-12-01", "1969-02-28", "certain"),
        ("1955~", "1954-01-01", "1956-12-31", "approximate"),
        ("1955%", "1954-01-01", "1956-12-31", "uncertain"),
        ("1955~/1957", "1954-01-01", "1957-12-31", "approximate"),
        ("195X~", "1945-01-01", "1964-12-31", "approximate"),
        ("1956-05-XX", "1956-05-01", "1956-05-31", "certain"),
        ("1956-XX-XX", "1956-01-01", "1956-12-31", "certain"),
        ("1955/..", "1955-01-01", "None", "certain"),
        ("../1949", "None", "1949-12-31", "certain"),
        ("[1955,1957]", "1955-01-01", "1957-12-31", "certain"),
        ("{1955..1957,1960}", "1955-01-01", "1960-12-31", "certain"),
        ("[..1948]", "None", "1948-12-31", "certain"),
    ],
)
def test_bounds_are_our_own(typed, earliest, latest, certainty):
    partial = read_edtf(typed)
    assert partial.edtf == typed
    assert (str(partial.earliest), str(partial.latest), partial.certainty) == (earliest, latest, certainty)


def test_a_time_of_day_is_left_out_and_nothing_is_undated():
    assert read_edtf(" 1956-02-24T10:00:00Z ").edtf == "1956-02-24"
    assert read_edtf("").certainty is Certainty.UNDATED


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1956-02-30", "February 1956 has 29 days"),
        ("1956-13", "no month 13"),
        ("1956-00", "write XX"),
        ("1957/1955", "ends before it starts"),
        ("[1957..1955]", "ends before it starts"),
        ("0000", "0001 to 9999"),
        ("00XX", "no year 0000"),
        ("May 1946", "is not EDTF"),
        ("1956-02-24T25:00:00Z", "is not EDTF"),
        ("1968-21?", "is not EDTF"),
        ("[1956]", "is not EDTF"),
        ("../..", "is not EDTF"),
        ("Y17E8", "is not EDTF"),
        ("-0500", "is not EDTF"),
        ("195X/..", "is not EDTF"),
        ("1955-XX/1956", "is not EDTF"),
    ],
)
def test_refuses_what_is_not_usable(typed, reason, capsys):
    with pytest.raises(DateError) as refusal:
        read_edtf(typed)
    assert reason in str(refusal.value)
    assert capsys.readouterr().out == ""
