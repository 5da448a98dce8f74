"""Names that begin as what a reader types: what both engines share.

An engine keeps each name of a document as one key: its kind, its folded words with a space before each,
what it stands for, and its spelling. So a word that begins with "zed" is " zed" in the key, and the names
of one kind stand together, in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from search.engines.values import clean
from search.fields import FieldInfo, Kind
from search.text import fold, is_cjk, words

#: Between the parts of a key; folding leaves no such character.
PART = "\x1f"
#: Longer names are cut between two words.
NAME_LIMIT = 280
#: Of what is typed, so many characters and so many words count.
TYPED_LIMIT, CHUNKS = 200, 20
#: Spellings that are looked at before those of one person are joined.
CANDIDATES = 80

Name = tuple[str, str, str]  # kind, value, spelling


@dataclass(frozen=True, slots=True)
class Completion:
    """A name that was meant perhaps, and how many documents have it.

    ``names``: the spellings that begin so, the likeliest first. A name without a ``value`` stands for
    nothing but itself, as a title does; ``document`` is the id of the first document that has it.
    """

    kind: str
    value: str
    names: tuple[str, ...]
    count: int
    document: str = ""


@dataclass(frozen=True)
class Typed:
    """What a reader has typed, folded: ``chunks`` are the beginnings of words that a name must have."""

    text: str
    chunks: tuple[str, ...] = field(init=False)
    begins: str = field(init=False)  # how the key of a name begins that begins so

    def __post_init__(self) -> None:
        folded = [" ".join(words(part)) for part in self.text[:TYPED_LIMIT].split()]
        found = [part for part in dict.fromkeys(folded) if part]
        # The longest say the most.
        chunks = sorted(found, key=lambda part: (-len(part), part))[:CHUNKS]
        object.__setattr__(self, "chunks", tuple(chunks))
        object.__setattr__(self, "begins", "".join(f" {part}" for part in folded if part))

    def __bool__(self) -> bool:
        return bool(self.chunks)

    @property
    def size(self) -> int:
        """How much was typed: letters, where a Chinese character counts for two."""
        return sum(2 if is_cjk(letter) else letter != " " for letter in "".join(self.chunks))

    def meets(self, folded: str) -> bool:
        """Whether each chunk begins a word of a name ("‹space›folded words")."""
        return all(f" {part}" in folded for part in self.chunks)


@dataclass(frozen=True, slots=True)
class Found:
    """A spelling that an engine found, by its key."""

    key: str
    count: int
    document: str = ""

    @property
    def parts(self) -> Sequence[str]:
        """Kind, folded words, value, spelling."""
        return self.key.split(PART, 3)


def names_field(described: Mapping[str, FieldInfo]) -> str | None:
    """The index field that holds the names to complete, if an index class declares one."""
    return next((name for name, info in sorted(described.items()) if info.kind is Kind.NAMES), None)


def keys_of(names: Iterable[Name]) -> tuple[str, ...]:
    """The keys of a document's names, each once."""
    return tuple(key for key in dict.fromkeys(_key(*name) for name in names) if key)


@lru_cache(maxsize=50_000)  # the same people are named again and again
def _key(kind: str, value: str, spelled: str) -> str:
    """Empty for a name without a letter in it."""
    name = _cut(_tidy(spelled))
    folded = fold(name)
    return f"{kind}{PART} {folded}{PART}{_tidy(value)}{PART}{name}" if folded else ""


def _tidy(text: str) -> str:
    return clean(" ".join(text.replace(PART, " ").split()))


def _cut(name: str) -> str:
    if len(name) <= NAME_LIMIT:
        return name
    whole, _space, _rest = name[: NAME_LIMIT + 1].rpartition(" ")
    return whole or name[:NAME_LIMIT]


def joined(found: Iterable[Found], typed: Typed, limit: int) -> list[Completion]:
    """Spellings of one person (place, …) as one completion; who is named by most documents stands first.

    A name that was typed to its end goes before all others.
    """
    ranked = sorted(found, key=lambda one: (one.parts[1] != typed.begins, -one.count, one.key))
    spelled: dict[tuple[str, str], list[Found]] = {}
    for one in ranked:
        kind, _folded, value, _name = one.parts
        spelled.setdefault((kind, value), []).append(one)
    return [
        Completion(
            kind,
            value,
            tuple(dict.fromkeys(one.parts[3] for one in spellings)),
            max(one.count for one in spellings),
        )
        for (kind, value), spellings in list(spelled.items())[:limit]
    ]


def titled(found: Iterable[Found], limit: int) -> list[Completion]:
    """Names that stand for themselves, in the order in which they were found; alike ones as one."""
    alike: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        kind, folded, _value, _name = one.parts
        alike.setdefault((kind, folded), []).append(one)
    return [
        Completion(kind, "", (same[0].parts[3],), sum(one.count for one in same), same[0].document)
        for (kind, _folded), same in list(alike.items())[:limit]
    ]
