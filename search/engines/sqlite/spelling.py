"""Did you mean: words that no visible document has, replaced by the likest that one has."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from search.engines.slips import ENOUGH, likest, slips
from search.engines.sqlite.compile import Clause, conjunction, quoted
from search.engines.sqlite.schema import Generation
from search.engines.sqlite.stems import stems
from search.engines.sqlite.vocabulary import near_words
from search.text import is_cjk, tokens

# Table names are our own; every value is a parameter.
# ruff: noqa: S608

#: Unknown words of one query that are looked into, and likely words tried for each.
_WORDS, _TRIES = 5, 64


def suggest(
    db: sqlite3.Connection,
    generation: Generation,
    visible: Clause,
    text: str,
    spans: Sequence[tuple[int, int]] | None,
) -> str | None:
    """The text with unknown words replaced; None if every word is known or nothing is like it.

    ``visible`` is what any reader of this search may see; ``spans`` the parts of the text that are
    words to search for. A word is suggested only if a visible document has it.
    """
    found = _words_in(text, spans if spans is not None else [(0, len(text))])
    replaced: list[tuple[int, int, str]] = []
    for word, start, end in found:
        if len(replaced) == _WORDS:
            break
        if len(word) < 3 or not word.isalpha() or is_cjk(word) or _documents(db, generation, visible, word):
            continue
        better = _likest(db, generation, visible, word)
        if better is not None:
            replaced.append((start, end, better))
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
    counts = {like: _documents(db, generation, visible, like, at_most=ENOUGH) for _apart, like in near}
    return likest(word, near, counts)


def _documents(
    db: sqlite3.Connection, generation: Generation, visible: Clause, word: str, at_most: int = 1
) -> int:
    """How many visible documents have the word, in whatever inflection; counted up to ``at_most``."""
    stem = stems([word]).get(word)
    expression = quoted([word]) if stem is None else f"({quoted([word])} OR {quoted(['_' + stem])})"
    if visible.match is not None:
        expression = f"({expression} AND {visible.match})"
    condition, params = conjunction(visible.sql)
    fts, doc = generation.fts, generation.doc
    return db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {fts} CROSS JOIN {doc} d ON d.doc = {fts}.rowid "
        f"WHERE {fts} MATCH ? AND {condition} LIMIT ?)",
        (expression, *params, at_most),
    ).fetchone()[0]
