"""Names from A to Z in any script."""

import pytest

from records.alphabet import OTHER, Directory, filing_key, letter_of


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Zhou Enlai", "Z"),
        ("Żukow", "Z"),
        ("毛泽东", "M"),
        ("Хрущёв", "K"),
        ("ångström", "A"),
        ("'Abd al-Nasir", "A"),
        ("1st Department", OTHER),
        ("", OTHER),
    ],
)
def test_the_letter_is_that_of_the_latin_spelling(name, letter):
    assert letter_of(name) == letter


def test_names_with_and_without_marks_stand_together():
    assert sorted(["Zhou", "Zukow", "Żukow A", "Zut"], key=filing_key) == ["Zhou", "Zukow", "Żukow A", "Zut"]


def test_a_directory_counts_all_letters_and_keeps_those_of_one():
    names = [(1, "Mao"), (2, "Molotov"), (3, "Abe"), (4, "3rd Bureau")]
    directory = Directory.of(names, "M")
    assert directory.letters == (("A", 1), ("M", 2), (OTHER, 1))
    assert directory.keys == (1, 2)
    assert Directory.of(names, "nothing").keys == (4, 3, 1, 2)


def test_a_letter_that_no_name_has_is_told():
    names = [(1, "Mao"), (2, "Zhou")]
    assert Directory.of(names, "zzz").missing == "ZZZ"
    assert Directory.of(names, "m").letter == "M"
    assert Directory.of(names, "m").missing == Directory.of(names).missing == ""
