"""The research list as a value: every change of it, and what can be taken back."""

import pytest

from documents.research_list import (
    LIMIT,
    NOTE_LIMIT,
    Kept,
    ResearchList,
    read_record_id,
    read_record_ids,
    tidy_note,
)


def listed(*record_ids: int) -> ResearchList:
    return ResearchList(tuple(Kept(each) for each in record_ids))


def test_what_is_added_stands_last_and_once():
    kept = ResearchList().with_one(7).with_one(3).with_one(7)
    assert kept.record_ids == [7, 3]
    assert 3 in kept
    assert 4 not in kept


def test_a_full_list_takes_no_more():
    full = listed(*range(1, LIMIT + 1))
    assert full.is_full
    assert full.with_one(999) is full
    assert full.without(1).with_one(999).record_ids[-1] == 999


def test_a_list_taken_fills_what_room_there_is():
    kept = listed(*range(1, LIMIT - 1)).with_all([1, 5001, 5002, 5003])
    assert len(kept) == LIMIT
    assert kept.record_ids[-2:] == [5001, 5002]


def test_what_was_removed_comes_back_to_its_place_with_its_note():
    kept = listed(1, 2, 3).noted({2: "see p. 4"})
    removed = kept.without(2)
    assert removed.record_ids == [1, 3]
    assert removed.undone(removed.version).entries == kept.entries
    # Added again by its own button, it is as if it had stayed.
    assert removed.with_one(2).entries == kept.entries


def test_nothing_is_taken_back_twice():
    undone = listed(1, 2).without(1)
    undone = undone.undone(undone.version)
    assert undone.undone(undone.version) is undone


def test_what_changed_since_is_not_undone_unseen():
    offered = listed(1, 2, 3).without(1)
    later = offered.without(2)
    assert later.undone(offered.version) is later
    assert later.undone(later.version).record_ids == [2, 3]


def test_a_note_written_since_survives_taking_back():
    removed = listed(1, 2).without(1).noted({2: "new"})
    assert removed.undone(removed.version).notes == {1: "", 2: "new"}


@pytest.mark.parametrize(
    ("record_id", "place", "expected"),
    [
        (3, lambda old: old - 1, [1, 3, 2, 4]),
        (1, lambda old: old - 1, [1, 2, 3, 4]),
        (3, lambda old: old + 1, [1, 2, 4, 3]),
        (4, lambda old: old + 1, [1, 2, 3, 4]),
        (4, lambda old: 0, [4, 1, 2, 3]),
        (9, lambda old: 0, [1, 2, 3, 4]),
    ],
)
def test_moves(record_id, place, expected):
    assert listed(1, 2, 3, 4).moved(record_id, place).record_ids == expected


def test_an_order_that_does_not_name_all_puts_the_others_last():
    kept = listed(1, 2, 3, 4).in_order_of([4, 2])
    assert kept.record_ids == [4, 2, 1, 3]
    assert kept.undone(kept.version).record_ids == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  See p. 3 \r\n\r\nand p. 4  ", "See p. 3 \n\nand p. 4"),
        ("bell\x07 zero\x00 mark\ufeff", "bell zero mark"),
        ("毛泽东会见", "毛泽东会见"),
        ("", ""),
    ],
)
def test_notes_are_tidied(written, kept):
    assert tidy_note(written) == kept


def test_a_huge_note_is_cut():
    assert len(tidy_note("x" * 1_000_000)) == NOTE_LIMIT


def test_what_is_stored_is_the_same_again():
    kept = listed(1, 2, 3).noted({1: "<b>"}).without(3)
    assert ResearchList.from_stored(kept.as_stored()) == kept
    assert ResearchList.from_stored({}) == ResearchList()


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "1.5", "abc", "٣", "1e9", "9" * 30, "9223372036854775808", "\x00"]
)
def test_what_is_no_record_id_is_none(text):
    assert read_record_id(text) == 0


def test_a_shared_list_is_read_with_care():
    assert read_record_ids("5,3, 5,x,,<b>,-2,7") == ([5, 3, 7], False)
    record_ids, is_cut = read_record_ids(",".join(map(str, range(1, 5001))))
    assert (record_ids, is_cut) == (list(range(1, LIMIT + 1)), True)
