"""Did you mean: words that no visible document has, replaced by the likest that one has."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from search.engines.slips import ENOUGH, as_joined, joined_words, likely_joined, likest, slips
from search.engines.sqlite.compile import Clause, conjunction, quoted
from search.engines.sqlite.schema import Generation
from search.engines.sqlite.stems import stems
from search.engines.sqlite.vocabulary import near_words
from search.text import Token, is_cjk, tokens

# Table names are our own; every value is a parameter.
# ruff: noqa: S608

#: Unknown words of one query that are looked into, and likely words tried for each.
_WORDS, _TRIES = 5, 64
#: Likely words tried for some that are joined: more are like a short one.
_JOINED_TRIES = 200


def suggest(
    db: sqlite3.Connection,
    generation: Generation,
    visible: Clause,
    text: str,
    spans: Sequence[tuple[int, int]] | None,
) -> str | None:
    """The text with unknown words replaced; None if every word is known or nothing is like it.

    Where each word is known, joined ones may not be known together (En-li).
    ``visible`` is what any reader of this search may see; ``spans`` the parts of the text that are
    words to search for. A word is suggested only if a visible document has it.
    """
    spans = sorted(spans) if spans is not None else [(0, len(text))]
    found = _words_in(text, spans)
    replaced: list[tuple[int, int, str]] = []
    for word, start, end in found:
        if len(replaced) == _WORDS:
            break
        if len(word) < 3 or not word.isalpha() or is_cjk(word) or _documents(db, generation, visible, [word]):
            continue
        better = _likest(db, generation, visible, word)
        if better is not None:
            replaced.append((start, end, better))
    for run in [] if replaced else joined_words(text, spans)[:_WORDS]:
        better = _likest_joined(db, generation, visible, run)
        if better is not None:
            replaced.append((run[0].start, run[-1].end, better))
    if not replaced:
        return None
    for start, end, better in reversed(replaced):
        text = text[:start] + better + text[end:]
    return text


def _words_in(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, int, int]]:
    return [
        (token.word, start + token.start, start + token.end)
        for start, end in sorted(spans)
        for token in tokens(text[start:end])
    ]


def _likest(db: sqlite3.Connection, generation: Generation, visible: Clause, word: str) -> str | None:
    near = [(apart, like) for apart, like in near_words(db, generation, word, slips(word)) if like.isalpha()]
    near = sorted(near, key=lambda pair: (pair[0] + (pair[1][0] != word[0]), pair))[:_TRIES]
    counts = {like: _documents(db, generation, visible, [like], at_most=ENOUGH) for _apart, like in near}
    return likest(word, near, counts)


def _likest_joined(
    db: sqlite3.Connection, generation: Generation, visible: Clause, run: Sequence[Token]
) -> str | None:
    """What was meant by joined words that no visible document has together."""
    if _documents(db, generation, visible, [token.word for token in run]):
        return None
    near = likely_joined(run, lambda word, most: near_words(db, generation, word, most))[:_JOINED_TRIES]
    counts = {
        joined: _documents(db, generation, visible, joined.split("-"), at_most=ENOUGH)
        for _apart, joined in near
    }
    return likest(as_joined(run), near, counts)


def _documents(
    db: sqlite3.Connection, generation: Generation, visible: Clause, words: Sequence[str], at_most: int = 1
) -> int:
    """How many visible documents have the word, in whatever inflection, or several, one after the other.

    Counted up to ``at_most``.
    """
    stem = stems(words).get(words[0]) if len(words) == 1 else None
    expression = quoted(words) if stem is None else f"({quoted(words)} OR {quoted(['_' + stem])})"
    if visible.match is not None:
        expression = f"({expression} AND {visible.match})"
    condition, params = conjunction(visible.sql)
    fts, doc = generation.fts, generation.doc
    return db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {fts} CROSS JOIN {doc} d ON d.doc = {fts}.rowid "
        f"WHERE {fts} MATCH ? AND {condition} LIMIT ?)",
        (expression, *params, at_most),
    ).fetchone()[0]
