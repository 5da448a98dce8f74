"""What is refused, with the cure; and texts that are meant to do harm."""

import pytest

from dates import DateError, read_date, read_edtf


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("1909–10", "write October 1909 or 1909-1910"),
        ("1909/10", "write October 1909 or 1909-1910"),
        ("1955-7", "write July 1955 or 1955-1957"),
        ("24.II.56", "write the year with four figures"),
        ("1956-05-00", "write 1956-05"),
        ("1956-00-00", "write 1956 alone"),
        ("1946-31-12", "no month 31"),
        ("30/02/1956", "February 1956 has 29 days"),
        ("Feb 29, 1900", "February 1900 has 28 days"),
        ("05.06.1946", "write 5 June 1946, May 6, 1946 or 1946-05-06"),
        ("3.2.-5.3.1956", "write 3 February 1956 to 5 March 1956 or March 2, 1956 to May 3, 1956"),
        ("31.12.-3.1.1956", "it ends before it starts"),
        ("30.2.-3.3.1956", "February 1956 has 29 days"),
        ("24.2.-3.3.56", "write the year with four figures"),
        ("6 May 46", "four figures"),
        ("May '46", "four figures"),
        ("the 50s", "write the decade with four figures"),
        ("1900s", "1900s (decade) or 1900-1999"),
        ("195?", "a decade as 1950s"),
        ("19460506", "1946-05-06"),
        ("May 1946 perhaps Moscow", "“moscow” is not understood"),
        ("(1956)", "not understood"),
        ("[1956", "write [1956]"),
        ("[1955, 1956]", "[1955 or 1956] or [1955 and 1956]"),
        ("undated 1956", "such as [1956]"),
        ("1955-", "from 1955 on"),
        ("before circa 1949", "circa 1955-1957"),
        ("circa 1950s-1960s", "write circa 1950-1969"),
        ("spring or summer 1968", "between 1968-03 and 1968-08"),
        ("late summer 1968", "the month"),
        ("1955-1957-1959", "a list (1955 and 1957)"),
        ("May 6, 1946, 25:10", "an hour up to 24"),
        ("spring", "spring 1968"),
        ("last week", "which year?"),
        ("?", "undated"),
        ("0000", "0001 to 9999"),
        ("12345", "too long for a year"),
        ("after 9999", "write an earlier date"),
        ("before 0001", "write a later date"),
        ("2004-?06", "is not EDTF"),
        ("156X-12-25", "is not EDTF"),
    ],
)
def test_refuses_with_the_cure(written, cure):
    with pytest.raises(DateError) as refusal:
        read_date(written)
    assert cure in str(refusal.value)


def test_who_types_one_date_is_not_told_of_files():
    with pytest.raises(DateError) as refusal:
        read_date("05.06.1946")
    assert refusal.value.sentence.endswith("1946-05-06")
    assert "mapping" in str(refusal.value)


def test_the_order_of_a_file_settles_only_its_own_dates():
    assert read_date("05/06/1946", date_order="dmy").edtf == "1946-06-05"
    assert read_date("05/06/1946", date_order="mdy").edtf == "1946-05-06"
    assert read_date("1946-05-06", date_order="dmy").edtf == "1946-05-06"
    with pytest.raises(DateError, match="no month 31"):
        read_date("12/31/1956", date_order="dmy")
    with pytest.raises(ValueError, match="date_order"):
        read_date("1946", date_order="ymd")


@pytest.mark.parametrize(
    "piece",
    ["[", "1", "1-", "1–", "9" * 30, "circa ", "上午", "一", "十十年", "1955 or ", "6:30 ", "p. m. ", "\u0301", "\x00", "\ud800", "{", "X",
     "[1955..", "i", "٣", "½", " - "],
)  # fmt: skip
@pytest.mark.parametrize("length", [7, 500, 100_000])
def test_long_and_odd_texts_are_refused(piece, length):
    text = (piece * length)[:length] + "!"
    with pytest.raises(DateError):
        read_date(text)
    with pytest.raises(DateError):
        read_edtf(text)


@pytest.mark.parametrize("nothing", [None, 1955, b"1955", ["1955"]])
def test_only_text_is_read(nothing):
    with pytest.raises(DateError):
        read_date(nothing)
    with pytest.raises(DateError):
        read_edtf(nothing)
