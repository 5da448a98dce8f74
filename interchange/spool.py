"""Checked rows on their way to the database: a temporary file, so that a file of any length fits into little memory."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_SCHEMA = """
CREATE TABLE rows (seq INTEGER PRIMARY KEY, row INTEGER, payload TEXT, pk INTEGER, outcome TEXT);
CREATE TABLE keys (key TEXT PRIMARY KEY, seq INTEGER, row INTEGER) WITHOUT ROWID;
CREATE TABLE links (seq INTEGER, name TEXT, position INTEGER, target TEXT, to_seq INTEGER, to_pk INTEGER);
CREATE INDEX links_by_seq ON links (seq);
CREATE INDEX links_by_target ON links (target) WHERE target IS NOT NULL;
CREATE INDEX links_by_goal ON links (to_pk) WHERE to_pk IS NOT NULL;
CREATE INDEX links_by_row ON links (to_seq) WHERE to_seq IS NOT NULL;
CREATE INDEX keys_by_seq ON keys (seq) WHERE seq IS NOT NULL;
"""


@dataclass(frozen=True)
class Link:
    """A record that a row names: ``target`` as written, and the row or the record in the database that it means."""

    seq: int
    row: int
    name: str
    target: str
    to_seq: int | None
    to_pk: int | None


class Spool:
    """The rows of one import, in SQLite's own temporary file, which is deleted when it is closed."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("BEGIN")
        self._count = 0

    def close(self) -> None:
        self._db.close()

    def claim(self, key: str, row: int) -> int | None:
        """Note that a row has this key. The number of the row that had it before, or None."""
        made = self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, NULL, ?)", (key, row))
        if made.rowcount:
            return None
        return self._db.execute("SELECT row FROM keys WHERE key = ?", (key,)).fetchone()[0]

    def add(
        self,
        row: int,
        payload: dict[str, Any],
        pk: int | None,
        keys: Iterable[str],
        links: dict[str, list[str]],
    ) -> None:
        """Take a row that can be imported. ``links`` are the records it names, for each column that it has."""
        self._count += 1
        seq = self._count
        self._db.execute(
            "INSERT INTO rows VALUES (?, ?, ?, ?, NULL)",
            (seq, row, json.dumps(payload, ensure_ascii=False), pk),
        )
        self._db.executemany("UPDATE keys SET seq = ? WHERE key = ?", [(seq, key) for key in keys])
        for name, targets in links.items():
            self._db.executemany(
                "INSERT INTO links VALUES (?, ?, ?, ?, NULL, NULL)",
                # A column that is there and empty clears what stood in it: it needs a row too.
                [(seq, name, position, target) for position, target in enumerate(targets or [None])],
            )

    def __len__(self) -> int:
        return self._db.execute("SELECT count(*) FROM rows").fetchone()[0]

    def batches(self, count: int, characters: int) -> Iterator[list[tuple[int, int, dict[str, Any]]]]:
        """Sequence number, row number and payload of the rows, so many at once or as many as have so many characters."""
        batch: list[tuple[int, int, dict[str, Any]]] = []
        size, last = 0, 0
        while True:
            row = self._db.execute(
                "SELECT seq, row, payload FROM rows WHERE seq > ? ORDER BY seq LIMIT 1", (last,)
            ).fetchone()
            if row is None or len(batch) >= count or (batch and size + len(row[2]) > characters):
                if batch:
                    yield batch
                batch, size = [], 0
                if row is None:
                    return
            batch.append((row[0], row[1], json.loads(row[2])))
            size += len(row[2])
            last = row[0]

    def settle(self, outcomes: Iterable[tuple[int, int | None, str]]) -> None:
        """Note what became of rows: (sequence number, key in the database, outcome)."""
        self._db.executemany(
            "UPDATE rows SET pk = coalesce(?, pk), outcome = ? WHERE seq = ?",
            [(pk, outcome, seq) for seq, pk, outcome in outcomes],
        )

    def reject(self, seq: int) -> None:
        """Take a row out again."""
        self._db.execute("DELETE FROM rows WHERE seq = ?", (seq,))
        self._db.execute("DELETE FROM links WHERE seq = ?", (seq,))
        self._db.execute("UPDATE links SET to_seq = NULL WHERE to_seq = ?", (seq,))
        self._db.execute("UPDATE keys SET seq = NULL WHERE seq = ?", (seq,))

    def outcomes(self) -> dict[str, int]:
        """How many rows had which outcome."""
        return dict(
            self._db.execute("SELECT outcome, count(*) FROM rows WHERE outcome IS NOT NULL GROUP BY outcome")
        )

    # Links

    def has_links(self) -> bool:
        return self._db.execute("SELECT 1 FROM links LIMIT 1").fetchone() is not None

    def aim_within_file(self, prefixes: Iterable[str]) -> None:
        """Let every link whose target is another row of the file point there; the first prefix goes before the others."""
        for prefix in prefixes:
            self._db.execute(
                "UPDATE links SET to_seq = (SELECT seq FROM keys WHERE key = ? || target)"
                " WHERE to_seq IS NULL AND target IS NOT NULL",
                (prefix,),
            )

    def targets_outside(self, count: int) -> Iterator[list[str]]:
        """The targets that no row of the file is, so many at once."""
        last = ""
        while True:
            found = self._db.execute(
                "SELECT DISTINCT target FROM links WHERE to_seq IS NULL AND to_pk IS NULL AND target > ?"
                " ORDER BY target LIMIT ?",
                (last, count),
            ).fetchall()
            if not found:
                return
            yield [target for (target,) in found]
            last = found[-1][0]

    def aim_outside(self, found: dict[str, int]) -> None:
        """Let links point to records that are in the database already, by target."""
        self._db.executemany(
            "UPDATE links SET to_pk = ? WHERE target = ? AND to_seq IS NULL",
            [(pk, target) for target, pk in found.items()],
        )

    def astray(self) -> list[Link]:
        """Links that point nowhere."""
        return self._links("target IS NOT NULL AND to_seq IS NULL AND to_pk IS NULL LIMIT 1000")

    def links_named(self, name: str) -> Iterator[Link]:
        """Every link of that name, the empty ones too."""
        return iter(self._links("name = ?", (name,)))

    def links_to_self(self, name: str) -> list[Link]:
        """Links of that name from a record to itself."""
        return self._links("name = ? AND (to_seq = links.seq OR to_pk = pk)", (name,))

    def links_of(self, seqs: list[int]) -> list[Link]:
        """The links of these rows, in order, the empty ones too."""
        return self._links(f"links.seq IN ({_marks(seqs)}) ORDER BY links.seq, name, position", seqs)

    def links_to(self, pks: list[int], name: str) -> list[tuple[int, int]]:
        """(from, to) primary keys of the links of that name to these records."""
        sql = (
            "SELECT rows.pk, to_pk FROM links JOIN rows ON rows.seq = links.seq "  # noqa: S608 (only marks)
            f"WHERE name = ? AND to_pk IN ({_marks(pks)}) AND rows.pk IS NOT NULL"
        )
        return self._db.execute(sql, (name, *pks)).fetchall()

    def _links(self, where: str, values: Iterable[Any] = ()) -> list[Link]:
        sql = (
            "SELECT links.seq, row, name, target, to_seq, to_pk FROM links "  # noqa: S608 (conditions of this module)
            f"JOIN rows ON rows.seq = links.seq WHERE {where}"
        )
        return [Link(*row) for row in self._db.execute(sql, tuple(values))]

    def aim_at_keys(self) -> None:
        """Once rows are written: let links to rows point to the records that these became."""
        self._db.execute(
            "UPDATE links SET to_pk = (SELECT pk FROM rows WHERE seq = to_seq) WHERE to_seq IS NOT NULL"
        )

    def linked_batches(self, count: int) -> Iterator[list[tuple[int, int, str]]]:
        """(sequence number, primary key, outcome) of rows that have links, so many at once."""
        last = 0
        while True:
            rows = self._db.execute(
                "SELECT seq, pk, outcome FROM rows WHERE seq > ? AND outcome IS NOT NULL AND outcome != 'rejected'"
                " AND EXISTS (SELECT 1 FROM links WHERE links.seq = rows.seq) ORDER BY seq LIMIT ?",
                (last, count),
            ).fetchall()
            if not rows:
                return
            yield rows
            last = rows[-1][0]

    def key_of(self, seq: int) -> int:
        """The row's primary key; of a record still to be made, the sequence number below zero."""
        pk = self._db.execute("SELECT pk FROM rows WHERE seq = ?", (seq,)).fetchone()[0]
        return -seq if pk is None else pk


def _marks(values: list[Any]) -> str:
    return ", ".join("?" * len(values))
