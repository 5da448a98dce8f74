"""Forms beyond the table: real datelines, the seed pages, other languages, hours, lists."""

import pytest

from dates import Certainty, read_date
from dates.words import MEANINGS, MONTHS, SEASONS, WORDS


def test_no_word_has_two_months_or_seasons():
    for table in (MONTHS, SEASONS):
        words = [word for line in table.values() for word in line.split()]
        assert len(words) == len(set(words))
    assert {kind for kind, _ in WORDS.values()} <= {*MEANINGS, "month", "season"}


# As printed in the datelines of Foreign Relations of the United States, with its editors' machine date.
DATELINES = {
    "2 January 1951": "1951-01-02",
    "January 12, 1951—9 p. m.": "1951-01-12",
    "January 14, 1952—7 p.m": "1952-01-14",
    "January 31, 1951—noon": "1951-01-31",
    "January 31, 1951—8:30 a. m.": "1951-01-31",
    "23 February 1951—2:25 p. m.": "1951-02-23",
    "July 21, 1951—midnight": "1951-07-21",
    "19 February, 1952": "1952-02-19",
    "10 March 1953—[3:08 p.m.]": "1953-03-10",
    "July 29, 1954, 2:30 p.m": "1954-07-29",
    "August 24, 1955, Noon": "1955-08-24",
    "August 19, 1956, 6 p.m.": "1956-08-19",
    "August 12, 1957–7 p.m.": "1957-08-12",
    "September 10, 1957—Midnight": "1957-09-10",
    "October 30, 1958, 8:21[?] p.m.": "1958-10-30",
    "September 26 and 27, 1959": "{1959-09-26,1959-09-27}",
    "April 18, 1960.": "1960-04-18",
    "April 19, 1960, midnight": "1960-04-19",
    "October 23–24, 1964": "1964-10-23/1964-10-24",
    "May 19, 1965, 0927Z": "1965-05-19",
    "March 9, 1966, 6:50": "1966-03-09",
    "June 1966": "1966-06",
    "September 24 1971": "1971-09-24",
    "October 22-26, 1971": "1971-10-22/1971-10-26",
    "February 26-27, 1972, 10:20 p.m.-1:40 a.m.": "1972-02-26/1972-02-27",
    "June 22-23 1972": "1972-06-22/1972-06-23",
}

SEEDS = {
    "May 06, 1946": "1946-05-06",
    "June 20, 1948": "1948-06-20",
    "February 01, 1949": "1949-02-01",
    "January 14, 1950": "1950-01-14",
    "January 22, 1950": "1950-01-22",
    "1955": "1955",
    "January 30, 1969": "1969-01-30",
    "December 12, 1970": "1970-12-12",
    "March 07, 1971": "1971-03-07",
    "June 25, 1971": "1971-06-25",
    "July 27, 1972": "1972-07-27",
    "July 28, 1972": "1972-07-28",
    "July 29, 1972": "1972-07-29",
    "September, 1972": "1972-09",
    "September 25, 1972": "1972-09-25",
    "June 10, 1991": "1991-06-10",
    "September 14, 1961": "1961-09-14",
    "August 29, 1960": "1960-08-29",
    "May 10, 1960": "1960-05-10",
    "January 25, 1960": "1960-01-25",
    "January 24, 1960": "1960-01-24",
    "August 10, 1988": "1988-08-10",
    "November 9, 1986": "1986-11-09",
    "October 18, 1956": "1956-10-18",
    "October 17, 1956": "1956-10-17",
}

LANGUAGES = {
    "Montag, 6. Mai 1946, 14 Uhr": "1946-05-06",
    "den 3. März 1953": "1953-03-03",
    "3. Maerz 1953": "1953-03-03",
    "vom 3. bis 7. März 1953": "1953-03-03/1953-03-07",
    "3.-7. März 1953": "1953-03-03/1953-03-07",
    "Mitte der 1950er Jahre": "[1954..1956]",
    "Frühjahr 1968": "1968-21",
    "zwischen 1955 und 1957": "[1955..1957]",
    "1. u. 2. Mai 1946": "{1946-05-01,1946-05-02}",
    "septiembre u octubre de 1956": "[1956-09,1956-10]",
    "wahrscheinlich 1955": "1955?",
    "3. Mrz. 1953": "1953-03-03",
    "6. Mai 1946, 15:30 Uhr": "1946-05-06",
    "gegen 1955": "1955~",
    "vor 1949": "[..1948]",
    "seit 1946": "[1946..]",
    "19. Jahrhundert": "18XX",
    "le 1er mars 1953": "1953-03-01",
    "30 AOÛT 1969": "1969-08-30",
    "déc. 1955": "1955-12",
    "du 3 au 7 mars 1953": "1953-03-03/1953-03-07",
    "vers 1955": "1955~",
    "peut-être 1955": "1955?",
    "entre 1955 et 1957": "[1955..1957]",
    "XIXe siècle": "18XX",
    "14 juill. 1953": "1953-07-14",
    "milieu des années 1950": "[1954..1956]",
    "années 1950": "195X",
    "5 июня 1955 года": "1955-06-05",
    "5 ИЮНЯ 1955 Г.": "1955-06-05",
    "июнь 1955 г.": "1955-06",
    "24 февр. 1956": "1956-02-24",
    "с 3 по 7 марта 1953 г.": "1953-03-03/1953-03-07",
    "6 мая 1946 г., 15 часов 30 минут": "1946-05-06",
    "около 1955 г.": "1955~",
    "вероятно, 1955": "1955?",
    "«24» февраля 1956 г.": "1956-02-24",
    "6 мая 1946 г., 15 час. 30 мин.": "1946-05-06",
    "6 мая 1946 г., вечер": "1946-05-06",
    "не позднее мая 1955": "[..1955-05]",
    "позднее мая 1955": "[1955-06..]",
    "ранее мая 1955": "[..1955-04]",
    "1950-е годы": "195X",
    "начало 1950-х гг.": "[1950..1953]",
    "XIX век": "18XX",
    "начало XX в.": "[1900..1939]",
    "24 лютого 1956 року": "1956-02-24",
    "весной 1968 г.": "1968-21",
    "1955 или 1956": "[1955,1956]",
    "一九五六年二月二十四日": "1956-02-24",
    "二〇〇一年十二月": "2001-12",
    "１９５６年２月２４日": "1956-02-24",
    "1956 年 2 月 24 日，星期五，下午3时30分": "1956-02-24",
    "1956年2月24日晚": "1956-02-24",
    "1956年2月24日下午": "1956-02-24",
    "1956年2月24日至26日": "1956-02-24/1956-02-26",
    "约1955年": "1955~",
    "1955年左右": "1955~",
    "1949年以前": "[..1948]",
    "1955年或1956年": "[1955,1956]",
    "20世纪50年代": "195X",
    "1955年5月上旬": "[1955-05-01..1955-05-10]",
    "民国四十五年二月二十四日": "1956-02-24",
    "昭和31年2月24日": "1956-02-24",
    "1956년 2월 24일": "1956-02-24",
    "24 de febrero de 1956": "1956-02-24",
    "dal 3 al 7 marzo 1953": "1953-03-03/1953-03-07",
    "24 lutego 1956": "1956-02-24",
    "1956. február 24.": "1956-02-24",
    "24 februarie 1956": "1956-02-24",
}

SHAPES = {
    "the 6th of May 1946": "1946-05-06",
    "Monday, May 6th, 1946": "1946-05-06",
    ", May, 6, 1946 ,": "1946-05-06",
    "May 6.1946": "1946-05-06",
    "1946, May 6": "1946-05-06",
    "6-MAY-1946": "1946-05-06",
    "6.V.1946": "1946-05-06",
    "May\u00a06,\u20091946\u200b": "1946-05-06",
    "May 6, 1946, 8:15 o'clock": "1946-05-06",
    "May 6, 1946, 6 p.m. Local time": "1946-05-06",
    "May 6, 1946, 2-4 p.m.": "1946-05-06",
    "May 6, 1946, 1300 hours": "1946-05-06",
    "noon, May 6, 1946": "1946-05-06",
    "1946-05-06T10:00:00+02:00": "1946-05-06",
    "1946-05-06 00:00:00.000": "1946-05-06",
    "1946‑05‑06": "1946-05-06",
    "1946−05−06": "1946-05-06",
    "1946/5/6": "1946-05-06",
    "24. 02. 1956": "1956-02-24",
    "10/1956": "1956-10",
    "May—June 1946": "1946-05/1946-06",
    "3/4 May 1946": "1946-05-03/1946-05-04",
    "May 3, 4, and 5, 1953": "{1953-05-03,1953-05-04,1953-05-05}",
    "March 3-5 and 7, 1953": "{1953-03-03..1953-03-05,1953-03-07}",
    "1955-57, 1959-60": "{1955..1957,1959..1960}",
    "5 or 6 May 1946": "[1946-05-05,1946-05-06]",
    "between 1955 and May 1957": "[1955-01..1957-05]",
    "1955 or later": "[1955..]",
    "1955 to the present": "1955/..",
    "from 1955 onwards": "1955/..",
    "until 1949": "../1949",
    "by the end of 1949": "[..1949]",
    "pre-1949": "[..1948]",
    "first half of 1955": "[1955-01..1955-06]",
    "Q2 1955": "[1955-04..1955-06]",
    "late 1950s-early 1960s": "1957/1963",
    "1950s-60s": "195X/196X",
    "winter 1968-69": "[1968-12..1969-02]",
    "early 19th century": "[1800..1839]",
    "nineteenth century": "18XX",
    "195-": "195X",
    "1955~/1957~": "1955~/1957~",
}


@pytest.mark.parametrize(
    ("written", "edtf"), [*DATELINES.items(), *SEEDS.items(), *LANGUAGES.items(), *SHAPES.items()]
)
def test_reads(written, edtf):
    partial = read_date(written)
    assert partial.edtf == edtf
    assert partial.written == written
    assert not partial.supplied


@pytest.mark.parametrize(
    "written",
    ["n.d.", "N. D.", "[n.d.]", "no date", "not dated", "ohne Datum", "o. D.", "o. J.", "б.д.", "б/д", "без даты", "s.d.", "日期不详",
     "unknown", "  "],
)  # fmt: skip
def test_reads_no_date(written):
    assert read_date(written).certainty is Certainty.UNDATED


@pytest.mark.parametrize(
    ("written", "edtf", "certainty"),
    [
        ("May 6, [1946]", "1946-05-06", "certain"),
        ("19[56]", "1956", "certain"),
        ("n.d. [ca. 1955]", "1955~", "approximate"),
        ("[195-?]", "195X?", "uncertain"),
        ("[19--]", "19XX", "certain"),
        ("【1956年】", "1956", "certain"),
    ],
)
def test_brackets_are_the_cataloguers(written, edtf, certainty):
    partial = read_date(written)
    assert (partial.edtf, partial.certainty, partial.supplied) == (edtf, certainty, True)


def test_certainty_that_edtf_cannot_hold():
    assert read_date("summer 1968?").certainty is Certainty.UNCERTAIN
    assert read_date("before 1949?").certainty is Certainty.UNCERTAIN
    assert read_date("late 1950s?").certainty is Certainty.UNCERTAIN
    assert read_date("probably from 1955 to 1957").certainty is Certainty.UNCERTAIN
    assert read_date("circa summer 1968").certainty is Certainty.APPROXIMATE
