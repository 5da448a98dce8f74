"""More like this: documents that share the words which are telling in one of them."""

from __future__ import annotations

import math
import sqlite3
import zlib
from collections import Counter

from search.engines.sqlite.compile import quoted
from search.engines.sqlite.prepare import GAP
from search.engines.sqlite.schema import Generation
from search.engines.sqlite.stems import stems

# Table names are our own; every value is a parameter.
# ruff: noqa: S608

#: Words looked at, and words that the others are searched by.
_LOOKED_AT, _TELLING = 80, 20


def likeness(db: sqlite3.Connection, generation: Generation, identifier: str) -> str | None:
    """An FTS5 expression for documents like this one; None if it is not in the index or has no words."""
    row = db.execute(
        f"SELECT folded FROM {generation.doc} d JOIN {generation.stored} s ON s.doc = d.doc WHERE d.id = ?",
        (identifier,),
    ).fetchone()
    if row is None:
        return None
    counted = Counter(zlib.decompress(row[0]).decode().split())
    del counted[GAP]
    stem_of = stems(counted)
    terms: Counter[str] = Counter()
    for word, count in counted.items():
        if len(word) > 3 or word not in stem_of:
            terms[f"_{stem_of[word]}" if word in stem_of else word] += count
    documents = generation.documents(db)
    weighed = []
    for term, count in terms.most_common(_LOOKED_AT):
        found = db.execute(f"SELECT doc FROM {generation.vocab} WHERE term = ?", (term,)).fetchone()
        # A word of this document alone finds no other; one of most documents tells nothing.
        if found and found[0] > 1 and (found[0] <= documents / 2 or documents < 10):
            weighed.append((-(1 + math.log(count)) * math.log(1 + documents / found[0]), term))
    chosen = [term for _, term in sorted(weighed)[:_TELLING]]
    return f"({' OR '.join(quoted([term]) for term in chosen)})" if chosen else None
