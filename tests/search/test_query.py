"""What a search finds, asserted against what is true of the records."""

from datetime import date

import pytest

from search.histogram import ask, draw
from search.query import build_query
from search.state import SearchState
from tests.search.holdings import Record

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def found(query: str) -> list[str]:
    return [hit.title for hit in build_query(SearchState.parse_text(query))[0:500]]


def expected(records: list[Record], predicate) -> list[str]:
    titles = sorted(record.title for record in records if predicate(record))
    # A predicate that nothing or everything meets would prove little.
    assert 0 < len(titles) < len(records)
    return titles


def test_an_empty_search_finds_every_public_document_and_no_other(records):
    assert sorted(found("")) == sorted(record.title for record in records)


def test_words_are_joined_by_and(records):
    assert sorted(found("q=peace+japan")) == expected(
        records, lambda record: "Peace" in record.title and "Japan" in record.title
    )


def test_values_within_a_facet_are_joined_by_or_and_facets_by_and(records):
    assert sorted(found("language=rus&language=ger")) == expected(
        records, lambda record: {"rus", "ger"} & set(record.languages)
    )
    assert sorted(found("language=rus&language=ger&place=tokyo")) == expected(
        records, lambda record: {"rus", "ger"} & set(record.languages) and "Tokyo" in record.places
    )


def test_a_scope_narrows_to_its_kind_or_collection(records):
    assert sorted(found("in=collection:sino-japanese-relations")) == expected(
        records, lambda record: "Sino-Japanese Relations" in record.collections
    )
    assert found("in=people&q=Khrushchev") == ["Nikita Khrushchev"]
    assert found("in=collections&q=Soviet") == ["Soviet-Japanese Relations"]
    everything = found("in=everything&q=Japanese")
    assert "Soviet-Japanese Relations" in everything
    assert set(expected(records, lambda record: "Japan" in record.title)) <= set(everything)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("from=1955&to=1955", date(1955, 1, 1), date(1955, 12, 31)),
        ("from=May 1955&to=May 1955", date(1955, 5, 1), date(1955, 5, 31)),
        ("from=1956", date(1956, 1, 1), date(9999, 12, 31)),
        ("to=1956", date(1, 1, 1), date(1956, 12, 31)),
        ("q=date:1955", date(1955, 1, 1), date(1955, 12, 31)),
        ("f=and:date:is:May 1955", date(1955, 5, 1), date(1955, 5, 31)),
    ],
)
def test_dates_could_be_in_the_range_or_certainly_are(records, query, first, last):
    assert sorted(found(query)) == expected(records, lambda record: record.could_be(first, last))
    assert sorted(found(f"{query}&certain=1")) == expected(
        records, lambda record: record.is_certainly(first, last)
    )


@pytest.mark.parametrize("query", ["q=-date:1955", "f=and:date:is-not:1955"])
def test_what_could_be_in_a_range_that_is_refused_is_left_out_for_certain(records, query):
    kept = expected(records, lambda record: not record.could_be(date(1955, 1, 1), date(1955, 12, 31)))
    assert sorted(found(query)) == kept
    assert sorted(found(f"{query}&certain=1")) == kept


def test_the_undated_can_be_asked_for(records):
    assert sorted(found("dated=none")) == expected(records, lambda record: not record.written)
    assert found("undated=1") == found("dated=none")


def test_a_range_leaves_the_undated_out_whatever_else_is_asked(records):
    assert found("dated=none&from=1955") == found("from=1955")


@pytest.mark.parametrize(
    "query", ["q=date:undated", "q=year:n.d.", 'q=date:"no date"', "f=and:date:undated", "f=and:date:is:n.d."]
)
def test_undated_is_a_date_to_ask_for_in_the_box_and_in_a_row(records, query):
    undated = expected(records, lambda record: not record.written)
    assert sorted(found(query)) == undated
    # People and collections have no date that they could lack.
    assert sorted(found(f"{query}&in=everything")) == undated
    assert not SearchState.parse_text(query).notes
    assert not SearchState.parse_text(query).problems


@pytest.mark.parametrize(
    "query", ["q=-date:undated", "f=and:date:is-not:undated", "f=and:date:contains-not:n.d."]
)
def test_undated_can_be_denied(records, query):
    assert sorted(found(query)) == expected(records, lambda record: bool(record.written))


@pytest.mark.parametrize(
    ("query", "shared"), [("dated=roughly", 4), ("dated=roughly-month", 7), ("dated=roughly-decade", 3)]
)
def test_the_roughly_dated_can_be_asked_for(records, query, shared):
    def is_rough(record: Record) -> bool:
        first, last, uncertain = record.bounds
        if first is None and last is None:
            return False
        return uncertain or not (first and last and first.isoformat()[:shared] == last.isoformat()[:shared])

    assert sorted(found(query)) == expected(records, is_rough)
    first, last = date(1957, 1, 1), date(1957, 12, 31)
    assert sorted(found(f"{query}&from=1957&to=1957")) == expected(
        records, lambda record: is_rough(record) and record.could_be(first, last)
    )


def test_the_counts_beside_the_strip_lead_to_so_many_documents(records):
    for query in ("", "language=rus", "q=peace"):
        state = SearchState.parse_text(query)
        for unit in ("year", "decade", "month"):
            strip = draw(ask(state, unit=unit), state)
            for count, url in ((strip.roughly, strip.roughly_url), (strip.undated, strip.undated_url)):
                assert len(found(url.partition("?")[2])) == count > 0


def test_all_of_several_values(records):
    both = expected(records, lambda record: {"Zhou Enlai", "Nikita Khrushchev"} <= set(record.people))
    assert sorted(found("person=zhou-enlai&person=nikita-khrushchev&person-match=all")) == both
    assert len(found("person=zhou-enlai&person=nikita-khrushchev")) > len(both)


def test_values_can_be_excluded(records):
    assert sorted(found("language=-rus")) == expected(records, lambda record: "rus" not in record.languages)
    assert sorted(found("language=-rus&language=-ger&place=tokyo&place=-beijing")) == expected(
        records,
        lambda record: not {"rus", "ger"} & set(record.languages) and record.places == ("Tokyo",),
    )


def test_documents_without_a_value_can_be_asked_for_and_excluded(records):
    nowhere = expected(records, lambda record: not record.places)
    assert sorted(found("place=_none")) == nowhere
    # People and collections have no place either, but are not what is meant.
    assert sorted(found("place=_none&in=everything")) == nowhere
    assert sorted(found("place=-_none")) == expected(records, lambda record: bool(record.places))
    assert sorted(found("place=_none&place=moscow")) == expected(
        records, lambda record: not record.places or "Moscow" in record.places
    )
    assert found("place=_none&place=moscow&place-match=all") == []


NAMED = {
    "person:is:Zhou Enlai": lambda record: "Zhou Enlai" in record.people,
    "person:is:zhou enlai": lambda record: "Zhou Enlai" in record.people,
    "person:is:zhou-enlai": lambda record: "Zhou Enlai" in record.people,
    "place:is:Tokyo": lambda record: "Tokyo" in record.places,
    "place:is-not:Tokyo": lambda record: "Tokyo" not in record.places,
    "language:is:Russian": lambda record: "rus" in record.languages,
    "language:is:ru": lambda record: "rus" in record.languages,
    "collection:is:Sino-Japanese Relations": lambda record: "Sino-Japanese Relations" in record.collections,
    "title:is:Peace Treaty": lambda record: "Peace Treaty" in record.title,
    "title:is-not:Peace Treaty": lambda record: "Peace Treaty" not in record.title,
    "title:contains-not:treaty": lambda record: "Treaty" not in record.title,
    "date:before:1956": lambda record: record.could_be(date.min, date(1955, 12, 31)),
    "date:after:1956": lambda record: record.could_be(date(1957, 1, 1), date.max),
    "date:between:May 1955 and 1956": lambda record: record.could_be(date(1955, 5, 1), date(1956, 12, 31)),
    "date:is:1955": lambda record: record.could_be(date(1955, 1, 1), date(1955, 12, 31)),
    "date:is-not:1955": lambda record: not record.could_be(date(1955, 1, 1), date(1955, 12, 31)),
}


@pytest.mark.parametrize("row", NAMED)
def test_what_a_row_asks_of_its_field(records, row):
    assert sorted(found(f"f=and:{row}")) == expected(records, NAMED[row])
    either = expected(records, lambda record: "Border" in record.title or NAMED[row](record))
    assert sorted(found(f"q=border&f=or:{row}")) == either


def test_a_part_of_a_name_is_not_the_name(records):
    assert found("f=and:person:is:Zhou") == []
    assert found("f=and:person:contains:Zhou") != []
    # Nobody is it, so everybody is not.
    assert len(found("f=and:person:is-not:Zhou")) == len(records)


def test_a_row_that_cannot_be_used_is_left_out(records):
    assert sorted(found("q=border&f=or:date:before:soon")) == sorted(found("q=border"))


def test_rows_are_read_from_top_to_bottom(records):
    def peace(record):
        return "Peace" in record.title

    assert sorted(found("f=and:title:peace")) == expected(records, peace)
    assert sorted(found("q=treaty&f=not:title:japan")) == expected(
        records, lambda record: peace(record) and "Japan" not in record.title
    )
    assert sorted(found("q=border&f=or:title:fishing")) == expected(
        records, lambda record: "Border" in record.title or "Fishing" in record.title
    )
    assert sorted(found("q=border&f=or:title:fishing&f=and:person:zhou")) == expected(
        records,
        lambda record: (
            ("Border" in record.title or "Fishing" in record.title) and "Zhou Enlai" in record.people
        ),
    )
    assert sorted(found("f=not:place:tokyo")) == expected(
        records, lambda record: "Tokyo" not in record.places
    )
    assert sorted(found("f=or:place:tokyo")) == expected(records, lambda record: "Tokyo" in record.places)


def test_a_row_keeps_to_its_field(records):
    assert sorted(found("f=and:person:Zhou Enlai")) == expected(
        records, lambda record: "Zhou Enlai" in record.people
    )
    assert found("f=and:title:Zhou Enlai") == []
    assert sorted(found('f=and:title:"peace treaty" OR border')) == expected(
        records, lambda record: "Peace Treaty" in record.title or "Border" in record.title
    )


def test_fields_can_be_named_in_the_box(records):
    assert sorted(found("q=person:Khrushchev")) == expected(
        records, lambda record: "Nikita Khrushchev" in record.people
    )
    assert sorted(found("q=title:fishing year:1955..1956")) == expected(
        records,
        lambda record: "Fishing" in record.title and record.could_be(date(1955, 1, 1), date(1956, 12, 31)),
    )


def test_a_date_in_the_box_finds_what_is_so_dated(records):
    assert set(found("q=September 1972")) >= set(
        expected(records, lambda record: record.written == "September, 1972")
    )
    # "No. 19" and the like are no dates: what is found by the year alone is what covers it.
    assert sorted(found("q=1956")) == expected(
        records, lambda record: record.could_be(date(1956, 1, 1), date(1956, 12, 31))
    )
    assert sorted(found("q=1956 japan")) == expected(
        records,
        lambda record: "with Japan" in record.title and record.could_be(date(1956, 1, 1), date(1956, 12, 31)),
    )
    assert sorted(found('q=date:"March 1956"')) == expected(
        records, lambda record: record.could_be(date(1956, 3, 1), date(1956, 3, 31))
    )


def test_dates_alone_stand_in_order_of_date(records):
    assert found("q=year:1955..1957") == [title for title in found("") if title in found("q=year:1955..1957")]
    assert sorted(found('q=date:"before 1956"')) == expected(
        records, lambda record: record.could_be(date(1, 1, 1), date(1955, 12, 31))
    )
    assert found("f=and:date:before 1956") == found('q=date:"before 1956"')


def test_a_record_is_found_by_its_number(records):
    record = records[7]
    number = record.document.record_id
    assert record.title in found(f"q={number}")
    assert found(f"q=record:{number}") == [record.title]
    assert found(f"f=and:record:{number}") == [record.title]


@pytest.mark.parametrize("query", ["q=language:Russian", "q=language:rus", "f=and:language:Russian"])
def test_languages_are_a_field(records, query):
    assert sorted(found(query)) == expected(records, lambda record: "rus" in record.languages)


def test_collections_are_a_field(records):
    assert sorted(found("q=collection:Soviet")) == expected(
        records, lambda record: "Soviet-Japanese Relations" in record.collections
    )


def test_sorting_is_total_and_puts_the_undated_last(records):
    def key(record: Record, sign: int):
        first, last, _uncertain = record.bounds
        sort = first or last
        span = (last - first).days if first and last else 10**9
        return (sort is None, sign * (sort or date.min).toordinal(), span, record.document.pk)

    ascending = [record.title for record in sorted(records, key=lambda record: key(record, 1))]
    assert found("") == ascending
    assert found("q=the&sort=date") == [title for title in ascending if "the" in title.lower().split()]
    descending = [record.title for record in sorted(records, key=lambda record: key(record, -1))]
    assert found("sort=date-desc") == descending
    assert found("sort=title") == sorted(found(""), key=lambda title: title.casefold())


def test_pages_neither_repeat_nor_lose_a_record(records):
    query = build_query(SearchState.parse_text("sort=title"))
    paged = [hit.title for start in range(0, 45, 7) for hit in query.all()[start : start + 7]]
    assert sorted(paged) == sorted(record.title for record in records)


def test_a_record_that_leaves_the_public_is_hidden_before_the_index_knows(records):
    title = records[0].title
    assert title in found("q=peace")
    document = records[0].document
    document.status = "withdrawn"
    document.save()
    assert title not in found("q=peace")
    query = build_query(SearchState.parse_text("q=peace"))
    query[0:5]
    assert query.count() == sum("Peace" in record.title for record in records) - 1


def test_names_in_every_script_find_the_person_and_the_documents(records):
    with_zhou = expected(records, lambda record: "Zhou Enlai" in record.people)
    assert sorted(found("q=周恩来")) == with_zhou
    assert sorted(found("q=Chou En-lai")) == with_zhou
    assert found("q=周恩来&in=people") == ["Zhou Enlai"]
