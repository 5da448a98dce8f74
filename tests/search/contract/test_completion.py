"""Names completed as a reader types: of visible documents alone, by the beginning of any word, in any script."""

from __future__ import annotations

from collections import Counter

import pytest
from haystack import connections

from search.engines.completion import PART, Typed
from search.queryset import ArchiveQuerySet
from search.text import fold
from tests.search.catalogue.indexes import ReportIndex
from tests.search.catalogue.records import CEAUSESCU, MAO, RECORDS, VARIANTS, ZHOU, Record, names_of, titled

NAMED, TITLES = ("person", "place"), ("title",)


def complete(query: ArchiveQuerySet, text: str, named=NAMED, titles=(), limit: int = 8):
    backend = connections[query.query._using].get_backend()
    return backend.complete(text, named, titles, limit, query.query.build_request())


def documents_with(kind: str, value: str, records=RECORDS) -> int:
    return sum(
        any((kind, value) == each[:2] for each in names_of(r.title, r.people, r.places)) for r in records
    )


def meant(text: str, records=RECORDS, named=NAMED) -> Counter[tuple[str, str]]:
    """(kind, what is meant) of every name in which each word typed begins a word, and how many documents have it."""
    found: Counter[tuple[str, str]] = Counter()
    for record in records:
        names = names_of(record.title, record.people, record.places)
        found.update(
            {
                (kind, value)
                for kind, value, spelled in names
                if kind in named
                and all(f" {fold(part)}" in f" {fold(spelled)}" for part in text.split() if fold(part))
            }
        )
    return found


@pytest.mark.parametrize(
    ("typed", "person", "spelling"),
    [
        ("mao", MAO, "Mao Zedong"),
        ("MAO Z", MAO, "Mao Zedong"),
        ("zedong", MAO, "Mao Zedong"),
        ("zed mao", MAO, "Mao Zedong"),
        ("Мао", MAO, "Мао Цзэдун"),
        ("цзэ", MAO, "Мао Цзэдун"),
        ("毛", MAO, "毛泽东"),
        ("毛澤", MAO, "毛澤東"),
        ("泽东", MAO, "毛泽东"),
        ("Chou En", ZHOU, "Chou En-lai"),
        ("en-lai", ZHOU, "Chou En-lai"),
        ("ceau", CEAUSESCU, "Ceaușescu, Nicolae"),
        ("CEAUŞ", CEAUSESCU, "Ceaușescu, Nicolae"),
        ("nic ceau", CEAUSESCU, "Ceaușescu, Nicolae"),
        ("김일", "Kim Il Sung", "김일성"),
        ("orst", "Ørsted, Øystein", "Ørsted, Øystein"),
        ("Ørs", "Ørsted, Øystein", "Ørsted, Øystein"),
        ("đuk", "Đukić, Łukasz", "Đukić, Łukasz"),
        ("luka", "Đukić, Łukasz", "Đukić, Łukasz"),
        ("أحم", "أحمد حسن", "أحمد حسن"),
        ("احم", "أحمد حسن", "أحمد حسن"),
    ],
)
def test_a_name_is_found_by_the_beginning_of_a_word_in_any_spelling(search, typed, person, spelling):
    found = {(one.kind, one.value): one for one in complete(search, typed)}
    assert ("person", person) in found, found
    assert spelling in found["person", person].names
    assert found["person", person].count == documents_with("person", person)


@pytest.mark.parametrize("typed", ["mao", "m", "be", "z", "ki", "pyong", "t", "北", "o", "mo mo", "e l"])
def test_all_that_begins_so_is_offered_with_its_documents_the_most_frequent_first(search, typed):
    expected = meant(typed)
    assert expected, "the dataset has nothing that begins so"
    found = complete(search, typed, limit=100)
    assert {(one.kind, one.value): one.count for one in found} == dict(expected)
    counts = [one.count for one in found]
    assert counts == sorted(counts, reverse=True)
    assert complete(search, typed, limit=2) == found[:2]


def test_only_the_kinds_that_are_asked_for(search):
    assert {one.kind for one in complete(search, "mo", ("place",))} == {"place"}
    assert {one.value for one in complete(search, "mo", ("place",))} == {"Moscow"}
    assert complete(search, "mo", ("person",)) == []
    assert complete(search, "mo", ("nothing",)) == []
    assert complete(search, "mo", ()) == []


@pytest.mark.parametrize("typed", ["", "  ", "-", "¿?", "'", "\x1f", '"', "zzzz", "edong", "mao zz", "泽毛"])
def test_nothing_is_offered_for_nothing_and_for_what_begins_no_word(search, typed):
    assert complete(search, typed, titles=TITLES) == []


@pytest.mark.parametrize(
    "typed",
    ["mao.*", "m[ao]o", "(", "a|b", "m%", "m_o", "ma?", "~ma", "<1-9>", '"mao"~', "ma\\", "毛*", "@", "#&"],
)
def test_signs_have_no_meaning(search, typed):
    expected = meant(typed) if fold(typed) else {}
    assert {(one.kind, one.value) for one in complete(search, typed, limit=100)} == set(expected)


def test_a_name_typed_to_its_end_goes_first(search):
    assert complete(search, "tito")[0].value == "Tito"
    assert complete(search, "Mao Tse-tung")[0].names[0] == "Mao Tse-tung"


def test_titles_that_begin_so_go_before_those_with_such_words(search):
    found = complete(search, "treat", (), TITLES, 50)
    names = [one.names[0] for one in found]
    begin = [name for name in names if fold(name).startswith("treat")]
    assert begin and names[: len(begin)] == begin
    assert names[len(begin) :] == sorted(names[len(begin) :], key=fold)
    expected = {record.title for record in RECORDS if " treat" in f" {fold(record.title)}"}
    assert set(names) == expected
    assert [one.names[0] for one in complete(search, "treat", (), TITLES, 3)] == names[:3]


def test_a_title_is_known_by_its_document_and_by_words_in_any_order(search):
    record = titled("Запись беседы")
    for typed in ("Запись бесе", "мао запис", "послом совет"):
        (found,) = complete(search, typed, (), TITLES)
        assert (found.kind, found.value, found.names) == ("title", "", (record.title,))
        assert (found.count, found.document) == (1, record.id)
    (found,) = complete(search, "中日关系的", (), TITLES)
    assert found.names == (titled("毛泽东与").title,)


def test_many_words_are_looked_for_all(search):
    title = titled("Report on Chiang").title
    (found,) = complete(search, "aid chi gov kai mem pin rep", (), TITLES)
    assert found.names == (title,)
    assert complete(search, "aid chi gov kai mem pin zzz", (), TITLES) == []
    assert complete(search, title, (), TITLES)[0].names == (title,)


def test_alike_titles_are_one_with_the_number_of_their_documents(own):
    reports = [Record(pk=pk, title=title).as_report() for pk, title in
               [(3, "Memorandum of Conversation"), (1, "Memorandum of conversation"), (2, "Memoranda")]]  # fmt: skip
    own.backend.update(ReportIndex(), reports)
    found = complete(own(), "memor", (), TITLES)
    assert [(one.names[0], one.count) for one in found] == [
        ("Memoranda", 1),
        ("Memorandum of Conversation", 2),
    ]


def test_within_a_search_only_what_it_finds_is_offered_and_counted(search):
    within = search.filter(places="Hanoi").choose("languages", ["rus", "chi"])
    records = [r for r in RECORDS if "Hanoi" in r.places and {"rus", "chi"} & set(r.languages)]
    found = complete(within, "m", limit=100)
    assert {(one.kind, one.value): one.count for one in found} == dict(meant("m", records))
    dated = search.overlapping("1955-01-01", "1955-12-31", certain=True).filter(content="telegram")
    titles = {one.names[0] for one in complete(dated, "tele", (), TITLES, 200)}
    year = (RECORDS[0].earliest.replace(1955, 1, 1), RECORDS[0].earliest.replace(1955, 12, 31))
    assert titles == {r.title for r in RECORDS if r.certainly(*year) and r.has("telegram")}


def test_nothing_of_hidden_documents_is_offered_or_counted(search):
    # Whoever these documents alone name, and their titles, must not show: not even as a number.
    named = [record for record in RECORDS if MAO in record.people]
    hidden = search.exclude_ids(record.id for record in named)
    for spelled in (MAO, *VARIANTS[MAO]):
        assert "Mao" not in str(complete(hidden, spelled, limit=100)), spelled
        assert complete(hidden, spelled, ("person",)) == []
    assert complete(hidden, titled("Запись беседы").title, (), TITLES) == []
    others = [record for record in RECORDS if record not in named]
    found = complete(hidden, "z", limit=100)
    assert {(one.kind, one.value): one.count for one in found} == dict(meant("z", others))


def test_what_was_deleted_or_renamed_is_not_offered_any_more(own):
    index, backend = ReportIndex(), own.backend
    one = Record(pk=1, title="Talks on coal", people=("Wang Ming",), places=("Hanoi",))
    other = Record(pk=2, title="Talks on steel", people=("Wang Jiaxiang",), places=("Hanoi",))
    backend.update(index, [one.as_report(), other.as_report()])
    assert [c.value for c in complete(own(), "wang", ("person",))] == ["Wang Jiaxiang", "Wang Ming"]
    assert [c.count for c in complete(own(), "ha", ("place",))] == [2]
    changed = other.as_report()
    changed.people, changed.title = ["Wang Bingnan"], "Talks on iron"
    backend.update(index, [changed])
    assert [c.value for c in complete(own(), "wang", ("person",))] == ["Wang Bingnan", "Wang Ming"]
    assert [c.names[0] for c in complete(own(), "talks", (), TITLES)] == ["Talks on coal", "Talks on iron"]
    backend.remove_ids([one.id])
    assert [c.value for c in complete(own(), "wang", ("person",))] == ["Wang Bingnan"]
    assert [c.count for c in complete(own(), "ha", ("place",))] == [1]
    assert complete(own(), "coal", NAMED, TITLES) == []
    with backend.rebuild() as rebuild:
        rebuild.add(index, [one.as_report()])
        rebuild.commit()
    assert [c.value for c in complete(own(), "wang", ("person",))] == ["Wang Ming"]
    assert complete(own(), "iron", NAMED, TITLES) == []


def test_a_very_long_name_and_a_name_with_a_separator(own):
    long = "Treaty " * 60
    odd = f"Odd{PART}name{PART}person"
    reports = [Record(pk=1, title=long, people=(odd,)).as_report()]
    own.backend.update(ReportIndex(), reports)
    (title,) = complete(own(), "treaty", (), TITLES)
    assert long.startswith(title.names[0]) and 270 < len(title.names[0]) <= 280
    (person,) = complete(own(), "odd")
    assert person.kind == "person"
    assert person.names == ("Odd name person",)
    assert Typed("x" * 10_000).chunks == ("x" * 64,)
