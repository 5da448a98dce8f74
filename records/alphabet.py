"""Names from A to Z, in any script: a name is filed by how it is written in Latin letters."""

from collections.abc import Iterable
from dataclasses import dataclass

from anyascii import anyascii

OTHER = "0-9"
LETTER_LENGTH = 20


def filing_key(name: str) -> str:
    """What a name sorts by: Latin letters, small, without marks ("Żukow" as "zukow")."""
    return " ".join(anyascii(name).casefold().split())


def letter_of(name: str) -> str:
    """The letter that a name is filed under, A to Z; ``OTHER`` for what starts with a figure or a sign."""
    first = next((c for c in filing_key(name) if c.isalnum()), "")
    return first.upper() if "a" <= first <= "z" else OTHER


@dataclass(frozen=True)
class Directory:
    """Keys and names as an alphabetical list: ``letters`` with how many names each has, ``keys`` of those chosen.

    ``missing``: the letter that was asked for and that no name has.
    """

    letters: tuple[tuple[str, int], ...]
    keys: tuple[int, ...]
    letter: str = ""
    missing: str = ""

    @classmethod
    def of(cls, names: Iterable[tuple[int, str]], letter: str = "") -> "Directory":
        """From (key, name) pairs; a letter that no name has chooses all."""
        filed = sorted((filing_key(name), key, letter_of(name)) for key, name in names)
        counts: dict[str, int] = {}
        for _name, _key, first in filed:
            counts[first] = counts.get(first, 0) + 1
        wanted = " ".join(letter.split())[:LETTER_LENGTH].upper()
        letter = wanted if wanted in counts else ""
        keys = tuple(key for _name, key, first in filed if not letter or first == letter)
        letters = tuple(sorted(counts.items(), key=lambda pair: (pair[0] == OTHER, pair[0])))
        return cls(letters, keys, letter, missing="" if letter else wanted)
