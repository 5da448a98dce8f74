"""English stems as FTS5's own porter tokenizer makes them, remembered."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping

from search.text import is_english

_LIMIT = 400_000
_known: dict[str, str] = {}


class _Local(threading.local):
    """A small FTS5 table in memory that is asked how it stems."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.execute("CREATE VIRTUAL TABLE asked USING fts5(word, content='', tokenize='porter ascii')")
        self.db.execute("CREATE VIRTUAL TABLE answer USING fts5vocab(asked, instance)")


_local = _Local()


def stems(words: Iterable[str]) -> dict[str, str]:
    """The stem of each English word among these; other words are left out."""
    wanted = set(words)
    known = remembered(wanted)
    return {word: known[word] for word in wanted if known[word]}


def remembered(words: set[str]) -> Mapping[str, str]:
    """Stems of at least these words, and "" for words that are not English."""
    global _known
    known = _known
    new = [word for word in words if word not in known]
    if new:
        if len(known) > _LIMIT:
            _known = known = {word: known[word] for word in words if word in known}
        english = [word for word in new if is_english(word)]
        known.update(dict.fromkeys(new, ""))
        known.update(_asked(english))
    return known


def _asked(words: list[str]) -> dict[str, str]:
    db = _local.db
    db.execute("BEGIN")
    db.executemany("INSERT INTO asked (rowid, word) VALUES (?, ?)", enumerate(words))
    found = {words[row]: stem for stem, row in db.execute("SELECT term, doc FROM answer")}
    db.execute("INSERT INTO asked (asked) VALUES ('delete-all')")
    db.execute("COMMIT")
    return found
