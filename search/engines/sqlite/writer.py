"""Writing documents into one generation, inside the caller's transaction."""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.engines.completion import PART
from search.engines.sqlite.prepare import GAP, Row
from search.engines.sqlite.schema import FIELD_BITS, Generation
from search.engines.sqlite.stems import remembered
from search.text import fold, is_cjk

_FIELD_END = "\x1f"
#: Parameters in one statement; older SQLite allows 32,766.
_AT_ONCE = 500
# Table names are our own and numbers; every value is a parameter.
# ruff: noqa: S608


@dataclass
class Memory:
    """What a generation is known to have. It holds from one committed transaction to the next."""

    terms: dict[tuple[int, str], int] = field(default_factory=dict)  # (field, value) -> id
    words: set[str] = field(default_factory=set)
    names: dict[str, int] = field(default_factory=dict)  # key -> id


class Writer:
    """Puts and deletes documents of one generation. One transaction, one writer."""

    def __init__(self, db: sqlite3.Connection, generation: Generation, memory: Memory | None = None) -> None:
        self.memory = memory or Memory()
        self.db = db
        self.generation = generation
        self.layout = generation.layout
        self.terms = self.memory.terms
        self.columns = ", ".join(f'"t_{name}"' for name in self.layout.text)
        self.marks = ", ".join("?" for _ in self.layout.text)
        self.last_term = 0

    def put(self, rows: Iterable[Row]) -> None:
        """Write these documents, each in the place of what the index has under its id."""
        rows = list(rows)
        if not rows:
            return
        known = self._known([row.id for row in rows])
        # Before erasing: the number of a document that is written anew must not be given to a new one.
        last = self.db.execute(f"SELECT coalesce(max(doc), 0) FROM {self.generation.doc}").fetchone()[0]
        self._erase(known.values())
        self.last_term = (
            self.db.execute(f"SELECT coalesce(max(id), 0) FROM {self.generation.term}").fetchone()[0]
            >> FIELD_BITS
        )
        self._remember_terms(rows)
        self._remember_names(rows)
        for row in rows:
            doc = known.get(row.id)
            if doc is None:
                last += 1
                doc = known[row.id] = last
            self._put(doc, row)
        self._put_words(rows)

    def delete(self, ids: Sequence[str]) -> int:
        """Delete what the index has under these ids; how many that were."""
        known = self._known(ids)
        self._erase(known.values())
        return len(known)

    def _known(self, ids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in _parts(ids):
            marks = ", ".join("?" for _ in part)
            found |= self.db.execute(
                f"SELECT id, doc FROM {self.generation.doc} WHERE id IN ({marks})", part
            ).fetchall()
        return found

    def _put(self, doc: int, row: Row) -> None:
        names, db, tables = self.layout.typed, self.db, self.generation
        ids = [self._term(name, value) for name, values in row.exact.items() for value in values]
        ids += [number for name, number in self.layout.exact.items() if not row.exact.get(name)]
        key = int(row.pk) if row.pk.isdecimal() and len(row.pk) < 19 else row.pk
        columns = "".join(f", {self.layout.column(name)}" for name in names)
        db.execute(
            f"INSERT INTO {tables.doc} (doc, id, ct, pk, key, boost, facets{columns}) "
            f"VALUES (?, ?, ?, ?, ?, ?, ?{', ?' * len(names)})",
            (
                *(doc, row.id, row.ct, row.pk, key, row.boost, array("I", ids).tobytes()),
                *(row.typed.get(name) for name in names),
            ),
        )
        db.executemany(f"INSERT INTO {tables.value} VALUES (?, ?)", [(number, doc) for number in ids])
        if row.names:
            known = self.memory.names
            named = [(doc, known[key]) for key in row.names]
            db.executemany(f"INSERT OR IGNORE INTO {tables.named} VALUES (?, ?)", named)
        folded = [row.texts.get(name, "") for name in self.layout.text]
        packed = zlib.compress(_FIELD_END.join(folded).encode(), 1)
        db.execute(f"INSERT INTO {tables.stored} VALUES (?, ?, ?)", (doc, row.body, packed))
        db.executemany(
            f"INSERT INTO {tables.original} VALUES (?, ?, ?, ?)",
            [(doc, name, number, text) for name, number, text in row.originals],
        )
        db.execute(
            f"INSERT INTO {tables.fts} (rowid, {self.columns}) VALUES (?, {self.marks})",
            (doc, *indexed_columns(folded)),
        )

    def _erase(self, docs: Iterable[int]) -> None:
        """Delete documents by number. FTS5 without content is told again what it had been given."""
        db, tables = self.db, self.generation
        for doc in docs:
            packed = db.execute(f"SELECT folded FROM {tables.stored} WHERE doc = ?", (doc,)).fetchone()[0]
            folded = zlib.decompress(packed).decode().split(_FIELD_END)
            db.execute(
                f"INSERT INTO {tables.fts} ({tables.fts}, rowid, {self.columns}) "
                f"VALUES ('delete', ?, {self.marks})",
                (doc, *indexed_columns(folded)),
            )
            facets = db.execute(f"SELECT facets FROM {tables.doc} WHERE doc = ?", (doc,)).fetchone()[0]
            db.executemany(
                f"DELETE FROM {tables.value} WHERE term = ? AND doc = ?",
                [(number, doc) for number in array("I", facets)],
            )
            emptied = [tables.stored, tables.original, tables.doc]
            if self.layout.names:
                emptied.append(tables.named)
            for table in emptied:
                db.execute(f"DELETE FROM {table} WHERE doc = ?", (doc,))

    def _remember_terms(self, rows: Sequence[Row]) -> None:
        """Look up the terms of these documents that are not known yet, in few statements."""
        wanted: dict[int, set[str]] = {}
        for row in rows:
            for name, values in row.exact.items():
                number = self.layout.exact[name]
                wanted.setdefault(number, set()).update(
                    value for value in values if (number, value) not in self.terms
                )
        for number, unknown in wanted.items():
            for part in _parts(sorted(unknown)):
                marks = ", ".join("?" for _ in part)
                found = self.db.execute(
                    f"SELECT value, id FROM {self.generation.term} WHERE field = ? AND value IN ({marks})",
                    (number, *part),
                )
                self.terms.update(((number, value), term) for value, term in found)

    def _remember_names(self, rows: Sequence[Row]) -> None:
        """The numbers of these documents' names, new ones written. Like terms, names only ever grow."""
        known = self.memory.names
        wanted = sorted({key for row in rows for key in row.names if key not in known})
        for part in _parts(wanted):
            fresh = [(key, *key.split(PART)[:2]) for key in part]
            self.db.executemany(
                f"INSERT OR IGNORE INTO {self.generation.name} (key, kind, folded) VALUES (?, ?, ?)", fresh
            )
            marks = ", ".join("?" for _ in part)
            known.update(
                self.db.execute(
                    f"SELECT key, id FROM {self.generation.name} WHERE key IN ({marks})", part
                ).fetchall()
            )

    def _term(self, name: str, value: str) -> int:
        number = self.layout.exact[name]
        known = self.terms.get((number, value))
        if known is None:
            self.last_term += 1
            known = self.last_term << FIELD_BITS | number
            self.db.execute(
                f"INSERT INTO {self.generation.term} VALUES (?, ?, ?, ?)",
                (known, number, value, fold(value)),
            )
            self.terms[number, value] = known
        return known

    def _put_words(self, rows: Sequence[Row]) -> None:
        """Words for spelling. They only ever grow; who suggests one asks first whether a hit has it."""
        found: set[str] = set()
        for row in rows:
            for text in row.texts.values():
                found.update(text.split())
        found -= self.memory.words
        self.memory.words |= found
        found.discard(GAP)
        self.db.executemany(
            f"INSERT OR IGNORE INTO {self.generation.word} VALUES (?)",
            [(word,) for word in sorted(found) if not is_cjk(word)],
        )


def indexed_columns(folded: Sequence[str]) -> list[str]:
    """The text of each column as FTS5 gets it: the words, then the stems of the English ones."""
    split = [text.split(" ") for text in folded]
    stem_of = remembered(set().union(*split))
    columns = []
    for text, found in zip(folded, split, strict=True):
        stems = " _".join([stem for stem in map(stem_of.__getitem__, found) if stem])
        columns.append(f"{text} {GAP} _{stems}" if stems else text)
    return columns


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
