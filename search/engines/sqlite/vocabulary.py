"""The words of the index: those that contain, end like, or resemble what was typed.

The list may hold words that no document has any more. In a search that does no harm; who shows a
word to a reader asks first whether a document that the reader may see has it.
"""

from __future__ import annotations

import sqlite3

from search.engines.errors import UnsupportedQueryError
from search.engines.slips import distance, slips
from search.engines.sqlite.schema import Generation

#: More words than this in place of one are no search any more.
LIMIT = 4000
# Table names are our own; every value is a parameter.
# ruff: noqa: S608


def words_with(db: sqlite3.Connection, generation: Generation, part: str) -> list[str]:
    return _listed(db, generation, "instr(word, ?) > 0", part)


def words_ending(db: sqlite3.Connection, generation: Generation, end: str) -> list[str]:
    return _listed(db, generation, f"substr(word, -{len(end)}) = ?", end)


def _listed(db: sqlite3.Connection, generation: Generation, condition: str, text: str) -> list[str]:
    found = db.execute(
        f"SELECT word FROM {generation.word} WHERE {condition} LIMIT ?", (text, LIMIT + 1)
    ).fetchall()
    if len(found) > LIMIT:
        raise UnsupportedQueryError(f"more than {LIMIT} words have {text!r} in them; write more letters")
    return [word for (word,) in found]


def words_like(db: sqlite3.Connection, generation: Generation, word: str) -> list[str]:
    """The word itself and those that a slip or two away, the nearest first."""
    return [like for _distance, like in near_words(db, generation, word, slips(word))]


def near_words(db: sqlite3.Connection, generation: Generation, word: str, most: int) -> list[tuple[int, str]]:
    """(distance, word) of the words at most ``most`` slips away, sorted."""
    letters = set(word)
    found = []
    for (candidate,) in db.execute(
        f"SELECT word FROM {generation.word} WHERE length(word) BETWEEN ? AND ?",
        (len(word) - most, len(word) + most),
    ):
        if len(letters.symmetric_difference(candidate)) <= 2 * most:
            apart = distance(word, candidate, most)
            if apart <= most:
                found.append((apart, candidate))
    return sorted(found)
