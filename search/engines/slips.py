"""How far one word is from another that was perhaps meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from search.text import Token, is_cjk, tokens

#: More documents than this make a word no likelier.
ENOUGH = 50
# So many times as many documents make up for a slip more: "Kruschev" is not a rare "Krushchev", but Khrushchev.
_WORTH_A_SLIP = 10
# More words than these are joined in no name.
_JOINED_AT_MOST = 4


def slips(word: str) -> int:
    """How many wrong letters a word of this length may have: none below 3, 1 below 6, then 2."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def distance(one: str, other: str, most: int) -> int:
    """Slips between two words: a letter wrong, missing, too many, or two neighbours swapped.

    Anything above ``most`` is given as ``most + 1``.
    """
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, its_letter in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its_letter:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def likest(word: str, near: Iterable[tuple[int, str]], counts: Mapping[str, int]) -> str | None:
    """The word that was most likely meant, of (slips, word); ``counts``: how many visible documents have each.

    A word that none has is never meant. Letters rarely go wrong at the beginning: another first letter is a
    slip more.
    """
    ranked = [
        (min(counts[like], ENOUGH) / _WORTH_A_SLIP ** (apart + (like[0] != word[0])), like)
        for apart, like in near
        if counts.get(like)
    ]
    return max(ranked)[1] if ranked else None


def joined_words(text: str, spans: Iterable[tuple[int, int]]) -> list[list[Token]]:
    """Words that are written without a space between, such as En-lai: they are found only where they stand together."""
    found = []
    for start, end in spans:
        run: list[Token] = []
        for token in tokens(text[start:end]):
            placed = Token(token.word, start + token.start, start + token.end)
            if not run or re.search(r"\s", text[run[-1].end : placed.start]):
                run = []
                found.append(run)
            run.append(placed)
    return [
        run
        for run in found
        if 1 < len(run) <= _JOINED_AT_MOST
        and all(token.word.isalpha() and not is_cjk(token.word) for token in run)
    ]


def as_joined(run: Iterable[Token]) -> str:
    return "-".join(token.word for token in run)


def likely_joined(
    run: Sequence[Token], near: Callable[[str, int], Iterable[tuple[int, str]]]
) -> list[tuple[int, str]]:
    """(slips, "en-lai"): joined words with one of them replaced by one like it, those that begin alike first.

    ``near`` lists the (slips, word) at most so many slips from a word. Short ones may have one, too: they do
    not stand alone.
    """
    found = []
    for place, token in enumerate(run):
        for apart, like in near(token.word, max(slips(token.word), 1)):
            if apart and like.isalpha():
                changed = (*run[:place], Token(like, 0, 0), *run[place + 1 :])
                found.append((apart + (like[0] != token.word[0]), apart, as_joined(changed)))
    return [(apart, joined) for _weight, apart, joined in sorted(found)]
