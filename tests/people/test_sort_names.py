"""The parts of a sort name, as catalogues and source editions write them."""

import pytest

from people.sort_names import read_sort_name


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Khrushchev, Nikita", ("Khrushchev", "Nikita", "")),
        ("Beethoven, Ludwig van", ("Beethoven", "Ludwig van", "")),
        ("Haig, Alexander Meigs, Jr.", ("Haig", "Alexander Meigs", "Jr.")),
        ("King, Martin Luther, Jr., 1929-1968", ("King", "Martin Luther", "Jr.")),
        ("King, Martin Luther Jr.", ("King", "Martin Luther", "Jr.")),
        ("King Jr., Martin Luther", ("King", "Martin Luther", "Jr.")),
        ("King, Jr., Martin Luther", ("King", "Martin Luther", "Jr.")),
        ("Rockefeller, John D. III", ("Rockefeller", "John D.", "III")),
        ("Bonesteel, General Charles H., USA", ("Bonesteel", "Charles H.", "")),
        ("Bonesteel, Charles H. (Charles Hartwell), III, 1909-1977", ("Bonesteel", "Charles H.", "III")),
        ("Bonesteel, Lt. Gen. Charles H., III, USA (Ret.)", ("Bonesteel", "Charles H.", "III")),
        ("Ridgway, Lieutenant-General Matthew B.", ("Ridgway", "Matthew B.", "")),
        ("Barnett, Robert W., Deputy Assistant Secretary of State", ("Barnett", "Robert W.", "")),
        ("Kissinger, Dr. Henry A.", ("Kissinger", "Henry A.", "")),
        ("Ridgway, General, Matthew", ("Ridgway", "Matthew", "")),
        # Names that look like something else.
        ("Nakatani, Gen", ("Nakatani", "Gen", "")),
        ("Kim, Dae Jun", ("Kim", "Dae Jun", "")),
        ("Sen, Amartya", ("Sen", "Amartya", "")),
        ("Petrov, V.", ("Petrov", "V.", "")),
        ("Marshall, George C., Jr", ("Marshall", "George C.", "Jr")),
        ("Generalov, N. I.", ("Generalov", "N. I.", "")),
        ("Sirin, Sirik", ("Sirin", "Sirik", "")),
        # Not parted.
        ("Zhou Enlai", None),
        ("毛泽东", None),
        ("", None),
        (", Nikita", None),
        ("Khrushchev,", None),
        ("Haig, Jr.", None),
        ("Mao Zedong, 1893-1976", None),
        ("Hassan II, King of Morocco, 1929-1999", None),
        ("John XXIII, Pope, 1881-1963", None),
        ("Owens, Major", None),
    ],
)
def test_parts(written, parts):
    assert read_sort_name(written) == parts
