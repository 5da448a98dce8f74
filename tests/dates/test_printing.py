"""Printing in words, explaining, and the note for the margin."""

import pytest

from dates import explain, precision_note, print_date, read_date


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("06 May 1946", "May 6, 1946"),
        ("September, 1972", "September 1972"),
        ("0987", "0987"),
        ("c. 6 May 1946", "circa May 6, 1946"),
        ("circa 1955?", "circa 1955?"),
        ("[circa 1960]", "[circa 1960]"),
        ("1955-57", "1955–1957"),
        ("1 May 1946 - 3 June 1946", "May 1, 1946 – June 3, 1946"),
        ("December 30 and 31, 1957", "December 30, 1957 and December 31, 1957"),
        ("1955 or 1956", "1955 or 1956"),
        ("between 1955 and May 1957", "between January 1955 and May 1957"),
        ("before 1949", "1948 or earlier"),
        ("since May 1946", "May 1946 or later"),
        ("until 1949", "until 1949"),
        ("circa 1950s", "circa 1950s"),
        ("late 1950s", "late 1950s"),
        ("mid-1962", "mid 1962"),
        ("early May 1946", "early May 1946"),
        ("winter 1968", "winter 1968"),
        ("winter 1968-69", "between December 1968 and February 1969"),
        ("21. Jahrhundert", "21st century"),
        ("n.d.", "undated"),
        ("1956-05-XX", "1956-05-XX"),
    ],
)
def test_prints_in_english(written, printed):
    assert print_date(read_date(written), "en") == printed


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("de", "6. Mai 1946"),
        ("fr", "6 mai 1946"),
        ("ru", "6 мая 1946\u202fг."),
        ("zh-hans", "1946年5月6日"),
        ("en-gb", "6 May 1946"),
        ("xx-unknown", "May 6, 1946"),
    ],
)
def test_prints_months_in_the_readers_language(language, printed):
    partial = read_date("May 06, 1946")
    assert print_date(partial, language) == printed
    assert read_date(printed).edtf == partial.edtf


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("May 06, 1946", ""),
        ("1955", ""),
        ("1955-1957", ""),
        ("circa 1955", "circa 1955: 1954 to 1956"),
        ("ca. May 1946", "circa May 1946: April 1946 to June 1946"),
        ("c. 6 May 1946", "circa May 6, 1946: April 29, 1946 to May 13, 1946"),
        ("1955?", "1955?: uncertain"),
        ("circa 1955?", "circa 1955?: 1954 to 1956, uncertain"),
        ("between 1955 and 1957", "between 1955 and 1957: one date from 1955 to 1957"),
        ("1955 or 1956", "1955 or 1956: one of these dates, 1955 to 1956"),
        ("December 30 and 31, 1957", "December 30, 1957 and December 31, 1957: each of these dates"),
        ("before 1949", "1948 or earlier: one date, how early is not known"),
        ("late 1950s", "late 1950s: 1957 to 1959"),
        ("1950s", "1950s: 1950 to 1959"),
        ("winter 1968", "winter 1968: December 1967 to February 1969"),
        ("[1956]", "in brackets: supplied by the cataloguer"),
        ("[circa 1960]", "circa 1960: 1959 to 1961; in brackets: supplied by the cataloguer"),
        ("n.d.", "undated: no date is known"),
    ],
)
def test_explains_in_a_sentence(written, sentence):
    assert explain(read_date(written), "en") == sentence


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("May 06, 1946", ""),
        ("1955-1957", ""),
        ("December 30 and 31, 1957", ""),
        ("n.d.", ""),
        ("1955", "year only"),
        ("September, 1972", "month only"),
        ("spring 1968", "season only"),
        ("1950s", "decade only"),
        ("circa 1955", "could be 1954 to 1956"),
        ("between 1955 and 1957", "could be 1955 to 1957"),
        ("before 1949", "could be 1948 or earlier"),
        ("1955?", "uncertain"),
    ],
)
def test_notes_for_the_margin(written, note):
    assert precision_note(read_date(written), "en") == note
