"""How an index lies in its file: generations of tables, each with the layout it was built by.

A generation ``7`` has: ``doc_7`` one narrow row a document (identity, typed fields, its facet terms
packed), ``fts_7`` the folded text, ``term_7`` every exact value once, ``value_7`` which document has
which, ``stored_7`` what a hit gives back and what deleting needs, ``original_7`` texts to cut passages
from, ``word_7`` the words for spelling; where names are completed, ``name_7`` each of them once and
``named_7`` which document has which.

``fts_7`` holds every column's text twice, in one: the folded words, and after them the stems of the
English ones, each behind an underscore, which folding never leaves. So one MATCH can join phrases
(exact) with words (inflected), one bm25 ranks both, and no tokenizer of FTS5 folds behind our back:
``ascii`` takes every character beyond ASCII as a letter.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from search.engines.errors import IndexMissingError, IndexUnusableError
from search.engines.sqlite.connection import REBUILD
from search.fields import FieldInfo, Kind

#: Raise it when the tables or the folding change: an index of another version asks to be rebuilt.
VERSION = 1
#: Low bits of a term's id that tell its field; the id with nothing above them means "no value".
FIELD_BITS = 6
FIELD_MASK = (1 << FIELD_BITS) - 1

_CATALOGUE = """
CREATE TABLE IF NOT EXISTS generation (
    id INTEGER PRIMARY KEY, state TEXT NOT NULL, layout TEXT NOT NULL, built TEXT
);
CREATE TABLE IF NOT EXISTS changed (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
LIVE, BUILDING, RETIRED = "live", "building", "retired"
_TABLES = ("vocab", "doc", "fts", "term", "value", "stored", "original", "word", "name", "named")


@dataclass(frozen=True)
class Layout:
    """Which fields a generation has, and as what."""

    text: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()  # text fields that a search without a field looks through
    typed: Mapping[str, str] = field(default_factory=dict)  # name -> type; "text" is sortable text, folded
    exact: Mapping[str, int] = field(default_factory=dict)  # name -> number, from 1
    originals: tuple[str, ...] = ()  # highlighted, but not stored
    names: tuple[str, ...] = ()  # fields of names to complete
    version: int = VERSION

    def written(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.written().encode()).hexdigest()[:16]

    def column(self, name: str) -> str:
        return f'"f_{name}"'


def layout_of(described: Mapping[str, FieldInfo]) -> Layout:
    """The layout that the declared fields ask for."""
    fields = sorted(described.values(), key=lambda info: info.name)
    text = [info for info in fields if info.kind is Kind.TEXT]
    exact = [info.name for info in fields if info.kind is Kind.EXACT]
    if len(exact) > FIELD_MASK:
        raise IndexUnusableError(f"at most {FIELD_MASK} index fields can be exact, {len(exact)} are")
    typed = {info.name: info.type for info in fields if info.kind is Kind.TYPED}
    typed |= {info.name: "text" for info in text if info.sortable}
    return Layout(
        text=tuple(info.name for info in text),
        plain=tuple(info.name for info in text if info.in_content),
        typed=typed,
        exact={name: number for number, name in enumerate(exact, start=1)},
        originals=tuple(info.name for info in text if info.highlighted and not info.stored),
        names=tuple(info.name for info in fields if info.kind is Kind.NAMES),
    )


@lru_cache(maxsize=32)
def _read_layout(written: str) -> Layout:
    read = json.loads(written)
    for name in ("text", "plain", "originals", "names"):
        read[name] = tuple(read.get(name, ()))  # an older index has no names
    return Layout(**read)


@dataclass(frozen=True)
class Generation:
    """One whole set of tables."""

    number: int
    layout: Layout
    state: str
    built: str | None = None

    def __getattr__(self, table: str) -> str:
        """``generation.doc`` is the name of its table of documents, and so on."""
        if table not in _TABLES:
            raise AttributeError(table)
        return f"{table}_{self.number}"

    def create(self, db: sqlite3.Connection) -> None:
        typed = "".join(f", {self.layout.column(name)}" for name in self.layout.typed)
        columns = ", ".join(f'"t_{name}"' for name in self.layout.text)
        for statement in (
            f"CREATE TABLE {self.doc} (doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, ct TEXT NOT NULL, "
            f"pk TEXT NOT NULL, key, boost REAL NOT NULL, facets BLOB NOT NULL{typed})",
            f"CREATE VIRTUAL TABLE {self.fts} USING fts5({columns}, content='', "
            "tokenize=\"ascii tokenchars '_'\")",
            f"CREATE VIRTUAL TABLE {self.vocab} USING fts5vocab({self.fts}, row)",
            f"CREATE TABLE {self.term} (id INTEGER PRIMARY KEY, field INTEGER NOT NULL, value TEXT NOT NULL, "
            "folded TEXT NOT NULL, UNIQUE (field, value))",
            f"CREATE TABLE {self.value} (term INTEGER, doc INTEGER, PRIMARY KEY (term, doc)) WITHOUT ROWID",
            f"CREATE TABLE {self.stored} (doc INTEGER PRIMARY KEY, body TEXT NOT NULL, folded BLOB NOT NULL)",
            f"CREATE TABLE {self.original} (doc INTEGER, field TEXT, n INTEGER, body TEXT NOT NULL, "
            "PRIMARY KEY (doc, field, n))",
            f"CREATE TABLE {self.word} (word TEXT PRIMARY KEY) WITHOUT ROWID",
            f"CREATE TABLE {self.name} (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, "
            "folded TEXT NOT NULL)",
            f"CREATE INDEX {self.name}_in_order ON {self.name} (kind, folded, key)",
            f"CREATE TABLE {self.named} (doc INTEGER, name INTEGER, PRIMARY KEY (doc, name)) WITHOUT ROWID",
            f"CREATE INDEX {self.named}_by_name ON {self.named} (name, doc)",
        ):
            db.execute(statement)

    def drop(self, db: sqlite3.Connection) -> None:
        for table in _TABLES:
            db.execute(f"DROP TABLE IF EXISTS {getattr(self, table)}")
        db.execute("DELETE FROM generation WHERE id = ?", (self.number,))

    def documents(self, db: sqlite3.Connection) -> int:
        return db.execute(f"SELECT count(*) FROM {self.doc}").fetchone()[0]  # noqa: S608 - our own table name


def prepare_file(db: sqlite3.Connection) -> None:
    for statement in _CATALOGUE.split(";"):
        db.execute(statement)


def generations(db: sqlite3.Connection) -> list[Generation]:
    """Every generation in the file, the oldest first. IndexMissingError if there never was one."""
    try:
        rows = db.execute("SELECT id, layout, state, built FROM generation ORDER BY id").fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise IndexMissingError(f"the search index has never been built; {REBUILD}") from error
        raise
    return [Generation(number, _read_layout(layout), state, built) for number, layout, state, built in rows]


def live(db: sqlite3.Connection) -> Generation:
    """The generation that is searched."""
    for generation in generations(db):
        if generation.state == LIVE:
            return generation
    raise IndexMissingError(f"the search index has never been built; {REBUILD}")


def new_generation(db: sqlite3.Connection, layout: Layout, state: str) -> Generation:
    """Empty tables with the next number."""
    number = db.execute("SELECT coalesce(max(id), 0) + 1 FROM generation").fetchone()[0]
    db.execute(
        "INSERT INTO generation (id, state, layout, built) VALUES (?, ?, ?, datetime('now'))",
        (number, state, layout.written()),
    )
    generation = Generation(number, layout, state)
    generation.create(db)
    return generation
