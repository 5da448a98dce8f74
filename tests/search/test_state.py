"""The search as a value: reading, changing, printing."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from search.facets import FACETS, NONE
from search.grammar import PREFIX_LIMIT
from search.inputs import tidy, whole_number
from search.rows import JOINS, OPERATORS, ROW_FIELDS, FilterRow
from search.state import DATED, PAGE_SIZES, SCOPES, SORTS, WORDS_LENGTH, SearchState, wants_tidying
from search.tree import Called, Not, Overlap, Phrase, Prefix, Words

text = st.text(max_size=40).map(lambda value: tidy(value, 250))
rows = st.builds(
    FilterRow,
    st.sampled_from(list(JOINS)),
    st.sampled_from(list(ROW_FIELDS)),
    st.one_of(text.filter(bool), st.sampled_from(["is:this", "contains", "before: 1955", "between:"])),
    st.sampled_from(list(OPERATORS)),
)
chosen = st.sets(st.tuples(st.sampled_from(["place", "language"]), st.sampled_from(["rus", "a-b", NONE])))
parameters = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "q",
                "in",
                "f",
                "f-join",
                "f-field",
                "f-op",
                "f-value",
                "from",
                "to",
                "certain",
                "dated",
                "undated",
                "sort",
                "page",
                "per_page",
                "add",
                "cancel",
            ]
            + [facet.name for facet in FACETS]
            + [facet.match_name for facet in FACETS]
        ),
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                [
                    "1",
                    "",
                    "date",
                    "title",
                    "99999999999",
                    "and:title:x",
                    "collection:a",
                    "everything",
                    "1955",
                    "not",
                    "-rus",
                    "--",
                    NONE,
                    f"-{NONE}",
                    "all",
                    "none",
                    "roughly",
                    "is-not",
                    "not:date:before:1955",
                ]
            ),
        ),
    ),
    max_size=12,
)


def state(query: str) -> SearchState:
    return SearchState.parse_text(query)


def encoded(pairs: list[tuple[str, str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query


@given(parameters)
def test_whatever_is_read_prints_as_an_address_that_reads_the_same(pairs):
    read = SearchState.parse(encoded(pairs))
    again = state(read.query_string)
    assert again == read
    assert again.query_string == read.query_string


@given(parameters)
def test_the_order_of_the_facets_in_the_address_does_not_matter(pairs):
    chosen = [pair for pair in pairs if pair[0] in {facet.name for facet in FACETS}]
    assert SearchState.parse(encoded(chosen)) == SearchState.parse(encoded(chosen[::-1]))


def with_selection(found: SearchState, wanted: set, refused: set, is_all: bool) -> SearchState:
    for pair in wanted:
        found = found.add(*pair)
    for pair in refused:
        found = found.exclude(*pair)
    return found.changed(match_all=("place",) if is_all else (), page=found.page)


@given(
    st.builds(
        SearchState,
        words=text,
        scope=st.sampled_from([*SCOPES, "collection:sino-japanese-relations"]),
        rows=st.lists(rows, max_size=4).map(tuple),
        date_from=text,
        date_to=text,
        certain=st.booleans(),
        dated=st.sampled_from(["", *(name for name, unit in DATED.items() if unit)]),
        page=st.integers(1, 1000),
        per_page=st.sampled_from(PAGE_SIZES),
    ),
    chosen,
    chosen,
    st.booleans(),
)
def test_every_search_can_be_kept_in_an_address(wanted, chosen, refused, is_all):
    wanted = with_selection(wanted, chosen, refused, is_all)
    assert state(wanted.query_string) == wanted
    assert not set(wanted.chosen) & set(wanted.excluded)


@settings(deadline=None)  # a date in the address may set the whole reader of dates to work
@given(st.binary(max_size=200))
def test_any_query_string_is_read(raw):
    read = state(raw.decode("latin-1"))
    assert state(read.query_string) == read
    assert all(problem.message for problem in read.problems)


@given(st.text())
def test_tidying_twice_changes_nothing(raw):
    assert tidy(tidy(raw, 50), 50) == tidy(raw, 50)
    assert len(tidy(raw, 50)) <= 50


def test_control_characters_and_lone_surrogates_are_left_out():
    assert tidy("Zhou\x00 \ud800Enlai\u202e\n\n周恩来", 100) == "Zhou Enlai 周恩来"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("3", 3),
        ("0", 1),
        ("-4", 1),
        ("", 1),
        ("three", 1),
        ("9" * 5000, 1_000_000),
        ("٣", 1),
        ("1e3", 1),
        (" 7 ", 7),
    ],
)
def test_a_page_number_is_held_within_reason(raw, number):
    assert whole_number(raw, least=1, most=1_000_000, otherwise=1) == number
    assert SearchState.parse(encoded([("page", raw)])).page == number


@pytest.mark.parametrize(
    ("raw", "size"), [("10", 10), ("25", 25), ("30", 50), ("100000", 100), ("x", 10), ("0", 10)]
)
def test_a_page_has_one_of_the_sizes_on_offer(raw, size):
    assert state(f"per_page={raw}").per_page == size


def test_unknown_parameters_and_values_are_left_out():
    read = state("utm_source=x&in=nowhere&sort=wildly&certain=perhaps&per_page=-1&q=Japan")
    assert read == SearchState(words="Japan")
    assert read.query_string == "q=Japan"


def test_facet_values_keep_commas_quotes_and_every_script():
    value = 'ceaușescu, "n." & 毛泽东; ملف'
    assert SearchState().add("person", value).values("person") == (value,)
    again = state(SearchState().add("person", value).query_string)
    assert again.values("person") == (value,)


def test_a_change_leads_back_to_the_first_page():
    third = state("q=Japan&page=3")
    assert third.add("language", "rus").page == 1
    assert third.without_words().page == 1
    assert third.within("1955", "1961").page == 1
    assert third.on_page(4).page == 4


def test_toggling_twice_changes_nothing():
    narrowed = state("language=rus&language=chi")
    assert narrowed.toggle("language", "rus").values("language") == ("chi",)
    assert narrowed.toggle("language", "rus").toggle("language", "rus") == narrowed


def test_without_words_there_is_no_relevance():
    assert state("").order == "date"
    assert "relevance" not in state("").sorts
    assert state("sort=relevance").order == "date"
    assert state("q=Japan").order == "relevance"
    assert state("f=and:title:peace").order == "relevance"
    assert list(state("q=Japan").sorts) == list(SORTS)


def test_a_sort_that_holds_anyway_is_left_out_of_the_address():
    assert state("q=Japan&sort=relevance").query_string == "q=Japan"
    assert state("sort=date").query_string == ""
    assert state("q=Japan&sort=date").query_string == "q=Japan&sort=date"
    assert state("q=Japan&sort=date").without_words().query_string == ""


@pytest.mark.parametrize(
    ("query", "earliest", "latest"),
    [
        ("from=1955&to=1961", date(1955, 1, 1), date(1961, 12, 31)),
        ("from=May 1955", date(1955, 5, 1), None),
        ("to=September, 1972", None, date(1972, 9, 30)),
        ("from=1955-1957&to=1955-1957", date(1955, 1, 1), date(1957, 12, 31)),
    ],
)
def test_the_boxes_take_any_date_the_archive_can_read(query, earliest, latest):
    read = state(query)
    assert read.date_range == (earliest, latest)
    assert not read.problems


@pytest.mark.parametrize(
    ("query", "boxes"),
    [
        ("from=1955-13", ["from"]),
        ("to=Feb. 30, 1951", ["to"]),
        ("from=soon&to=late", ["from", "to"]),
        ("from=1961&to=1955", ["from"]),
        ("from=n.d.", ["from"]),
    ],
)
def test_a_date_that_cannot_be_used_is_a_sentence_beside_its_box(query, boxes):
    read = state(query)
    assert [problem.box for problem in read.problems] == boxes
    assert all(problem.message.startswith(("From: ", "To: ")) for problem in read.problems)
    # What was typed stays in the box, to be mended.
    assert state(read.query_string) == read


def test_one_bad_date_does_not_undo_the_other():
    assert state("from=1955&to=Feb. 30, 1961").date_range == (date(1955, 1, 1), None)


def test_rows_of_a_form_become_rows_of_the_address():
    sent = encoded(
        [("q", "Zhou"), ("f-join", "and"), ("f-field", "title"), ("f-value", "peace treaty"),
         ("f-join", "not"), ("f-field", "person"), ("f-value", "Mao"), ("f-join", "and"), ("f-field", "any"), ("f-value", "")]
    )  # fmt: skip
    read = SearchState.parse(sent)
    assert wants_tidying(sent, read)
    assert read.rows == (
        FilterRow("and", "title", "peace treaty"),
        FilterRow("and", "person", "Mao", "contains-not"),
    )
    assert read.query_string == "q=Zhou&f=and:title:peace+treaty&f=and:person:contains-not:Mao"
    assert not wants_tidying(QueryDict(read.query_string), read)


@given(parameters)
def test_an_address_of_its_own_needs_no_tidying(pairs):
    read = SearchState.parse(encoded(pairs))
    assert not wants_tidying(QueryDict(read.query_string), read) or any(not row.value for row in read.rows)
    assert wants_tidying(encoded([*pairs, ("per_page", "")]), read)


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("place=Japan", ("place", "japan")),
        ("language=RUS", ("language", "rus")),
        ("language=ru", ("language", "rus")),
        ("language=Russian", ("language", "rus")),
        ("language=Klingonese", ("language", "klingonese")),
    ],
)
def test_values_are_read_in_the_form_the_archive_knows(query, chosen):
    assert state(query).chosen == (chosen,)


def test_only_words_make_a_ranking():
    for query in ("q=year:1956..", "q=-Japan", "f=not:any:Japan", "f=and:date:1956", "q=*"):
        assert not state(query).is_ranked, query
        assert state(query).order == "date"
    for query in ("q=Japan year:1956", "q=Ceau*", 'q="open door"', "f=or:title:peace"):
        assert state(query).is_ranked, query


def test_box_and_rows_share_the_stars_that_a_search_may_have():
    letters = [f"{one}{two}*" for one in "abcde" for two in "aeiou"]
    rows = [FilterRow("or", "title", " OR ".join(letters[start : start + 5])) for start in range(5, 25, 5)]
    read = SearchState(words=" OR ".join(letters[:5]), rows=tuple(rows))
    trees = [read.parsed.tree, *(parsed.tree for _row, parsed in read.parsed_rows)]
    stars = [leaf for tree in trees for leaf, _negated in tree.leaves() if isinstance(leaf, Prefix)]
    assert len(stars) == PREFIX_LIMIT
    assert any("end with a star" in note for note in read.notes)


def test_a_row_of_dates_takes_any_date():
    read = state("f=and:date:before 1949")
    assert read.parsed_rows[0][1].tree == Overlap(None, date(1948, 12, 31))
    unread = state("f=and:date:soon")
    assert unread.parsed_rows[0][1].tree == Words("date_written", "soon")
    assert "soon" in unread.notes[0]


def test_add_brings_one_empty_row_and_cancel_takes_one_away():
    sent = [
        ("f-join", "and"),
        ("f-field", "title"),
        ("f-value", "peace"),
        ("f-join", "or"),
        ("f-field", "any"),
        ("f-value", "war"),
    ]
    added = SearchState.parse(encoded([*sent, ("add", "1")]))
    assert [row.value for row in added.rows] == ["peace", "war", ""]
    assert state(added.query_string) == added
    assert [row.value for row in added.asking_rows] == ["peace", "war"]
    cancelled = SearchState.parse(encoded([*sent, ("cancel", "0")]))
    assert [row.value for row in cancelled.rows] == ["war"]
    assert SearchState.parse(encoded([*sent, ("cancel", "x")])).rows == added.asking_rows


def test_a_row_may_hold_colons():
    assert FilterRow.read("and:reference:f. 052: op. 8") == FilterRow("and", "reference", "f. 052: op. 8")
    assert FilterRow.read("title:peace") == FilterRow("and", "title", "peace")
    assert FilterRow.read("no row at all") == FilterRow(value="no row at all")


def test_clearing_keeps_where_one_searches():
    assert state("q=x&in=people&language=rus&per_page=50").cleared() == SearchState(
        scope="people", per_page=50
    )


def test_hidden_fields_are_all_that_a_form_does_not_draw():
    read = state("q=x&in=people&language=rus&from=1955&page=4&per_page=50")
    assert read.hidden("q", "in", "facets") == [("from", "1955"), ("per_page", "50")]


def test_words_that_were_cut_are_said_to_be():
    cut = SearchState.parse(QueryDict(f"q={'a' * (WORDS_LENGTH + 20)}"))
    assert len(cut.words) == WORDS_LENGTH
    assert f"At most {WORDS_LENGTH} characters" in " ".join(cut.notes)
    assert not any("At most" in note for note in SearchState(words="peace").notes)


# -- operators of filter rows


@pytest.mark.parametrize(
    ("address", "row"),
    [
        ("and:title:is:peace treaty", FilterRow("and", "title", "peace treaty", "is")),
        ("or:person:is-not:Mao", FilterRow("or", "person", "Mao", "is-not")),
        ("and:date:between:1955 and May 1957", FilterRow("and", "date", "1955 and May 1957", "between")),
        # from before there were operators
        ("not:title:peace", FilterRow("and", "title", "peace", "contains-not")),
        ("not:title:is:peace", FilterRow("and", "title", "peace", "is-not")),
        ("not:title:contains-not:peace", FilterRow("and", "title", "peace")),
        ("not:date:before:1955", FilterRow("and", "date", "before:1955", "contains-not")),
        ("and:title:island: a study", FilterRow("and", "title", "island: a study")),
        ("and:title:contains:is: a study", FilterRow("and", "title", "is: a study")),
    ],
)
def test_a_row_is_read_with_its_operator(address, row):
    assert FilterRow.read(address) == row
    assert FilterRow.read(str(row)) == row


@pytest.mark.parametrize(
    ("address", "days"),
    [
        ("before:1955", (None, date(1954, 12, 31))),
        ("before:May 1955", (None, date(1955, 4, 30))),
        ("after:1955", (date(1956, 1, 1), None)),
        ("after:circa 1955", (date(1957, 1, 1), None)),
        ("between:1955 and May 1957", (date(1955, 1, 1), date(1957, 5, 31))),
        ("between:1957 and 1955", (date(1955, 1, 1), date(1957, 12, 31))),
        ("between:between 1955 and 1957", (date(1955, 1, 1), date(1957, 12, 31))),
        ("between:1955-1957", (date(1955, 1, 1), date(1957, 12, 31))),
        ("between:1955..1957", (date(1955, 1, 1), date(1957, 12, 31))),
        ("between:14 January 1950 – 3 March 1950", (date(1950, 1, 14), date(1950, 3, 3))),
        ("is:1955-05", (date(1955, 5, 1), date(1955, 5, 31))),
        ("is:before 1949", (None, date(1948, 12, 31))),
    ],
)
def test_dates_of_a_row_are_those_that_could_be(address, days):
    read = state(f"f=and:date:{address}")
    assert not read.problems
    assert read.parsed_rows[0][1].tree == Overlap(*days)


def test_a_row_that_denies_its_dates_is_the_opposite():
    assert state("f=and:date:is-not:1955").parsed_rows[0][1].tree == Not(
        Overlap(date(1955, 1, 1), date(1955, 12, 31))
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("and:date:before:05/06/1946", "day or month first"),
        ("and:date:before:soon", "soon"),
        ("and:date:before:before 1949", "open on that side"),
        ("and:date:before:0001-01-01", "Nothing is before"),
        ("and:date:after:9999", "Nothing is after"),
        ("and:date:between:1955", "is not two dates"),
        ("and:date:between:1955 and whenever", "whenever"),
        ("and:date:is:some day", "some day"),
        ("and:date:before:today", "another day tomorrow"),
        ("and:person:before:1955", "is for dates"),
    ],
)
def test_a_row_with_a_wrong_value_is_not_used_and_says_why(row, told):
    read = state(f"f={row}&f=and:title:peace")
    assert [problem.box for problem in read.problems] == ["row-0"]
    assert told in read.problems[0].message
    assert [row.value for row in read.asking_rows] == ["peace"]
    assert len(read.rows) == 2, "what was typed stays, to be mended"
    assert state(read.query_string) == read


def test_is_asks_for_a_name_where_there_is_a_list_of_them_and_else_for_the_words_exactly_so():
    assert state("f=and:person:is:Mao Zedong").parsed_rows[0][1].tree == Called("person", "Mao Zedong")
    assert state("f=and:title:is:Open Door").parsed_rows[0][1].tree == Phrase("title", "Open Door")
    assert state("f=and:any:is:Open Door").parsed_rows[0][1].tree == Phrase("content", "Open Door")
    assert not state("f=and:person:is:Mao Zedong").is_ranked
    assert not state("f=and:title:is-not:Open Door").is_ranked


# -- excluding, all of several, no value


def test_a_minus_sign_excludes():
    read = state("language=-rus&language=chi&place=-_none&person=_none")
    assert read.chosen == (("language", "chi"), ("person", NONE))
    assert read.excluded == (("language", "rus"), ("place", NONE))
    assert read.query_string == "language=chi&language=-rus&person=_none&place=-_none"
    assert read.filter_count == 4
    assert not state("language=-rus").is_empty


def test_what_is_chosen_and_excluded_at_once_is_excluded():
    assert state("language=rus&language=-RUS").query_string == "language=-rus"
    assert state("language=rus").exclude("language", "rus").query_string == "language=-rus"
    assert state("language=-rus").add("language", "rus").query_string == "language=rus"
    assert state("language=-rus").remove("language", "rus").is_empty


def test_all_of_several_is_kept_as_long_as_something_is_chosen():
    read = state("person=a&person=b&person-match=all&place-match=all&archive=x&archive-match=all")
    assert read.matches_all("person")
    assert not read.matches_all("place"), "nothing is chosen there"
    assert not read.matches_all("archive"), "a document is kept at one archive"
    assert read.query_string == "person=a&person=b&person-match=all&archive=x"
    assert read.remove("person", "a").matches_all("person")
    assert not read.remove("person", "a").remove("person", "b").match_all
    assert read.add("person", "c").matches_all("person")


def test_roughly_dated_within_a_range_but_undated_in_none():
    assert state("dated=roughly&from=1955").dated == "roughly"
    assert state("dated=roughly-decade").roughly_by == "decade"
    both = state("dated=none&from=1955")
    assert not both.undated
    assert "without a date" in both.notes[0]
    # It is told of on this page; what is a step away from it does not say it again.
    assert both.changed(words="peace").query_string == "q=peace&from=1955"
    assert ("dated", "none") not in both.hidden()
    assert both.without_dates().is_empty
    assert state("dated=none").within("1955", "").query_string == "from=1955"
    assert state("dated=none").changed(words="peace").query_string == "q=peace&dated=none"
    assert not state("dated=none").notes
    assert state("undated=1").query_string == "dated=none"
    assert state("dated=nearly").is_empty
