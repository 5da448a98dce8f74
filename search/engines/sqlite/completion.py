"""Completing what a reader types: names of visible documents, found by the beginnings of their words."""

from __future__ import annotations

from collections.abc import Sequence

from search.engines.completion import CANDIDATES, Completion, Found, Typed, joined, titled
from search.engines.sqlite.compile import Params, conjunction
from search.engines.sqlite.reader import Search

# Table names are our own; every value is a parameter.
# ruff: noqa: S608

#: Higher than any character that folding leaves.
_LAST = "\U0010ffff"


class Names:
    """The names of the documents that one search finds."""

    def __init__(self, search: Search) -> None:
        self.db = search.db
        self.generation = search.generation
        fts = self.generation.fts
        conditions = list(search.narrowing)
        if search.base.match is not None:
            conditions.append(
                (f"d.doc IN (SELECT rowid FROM {fts} WHERE {fts} MATCH ?)", (search.base.match,))
            )
        self.visible = conjunction(conditions)

    def named(self, typed: Typed, kinds: Sequence[str], limit: int) -> list[Completion]:
        """Names that stand for something, those of most documents first."""
        if not kinds:
            return []
        meets, params = self._meets(typed, kinds)
        visible, visible_params = self.visible
        tables = self.generation
        rows = self.db.execute(
            f"WITH hit AS MATERIALIZED (SELECT n.id, n.key FROM {tables.name} n WHERE {meets}) "
            f"SELECT hit.key, count(*) AS found FROM hit JOIN {tables.named} p ON p.name = hit.id "
            f"CROSS JOIN {tables.doc} d ON d.doc = p.doc WHERE {visible} "
            "GROUP BY hit.id ORDER BY found DESC, hit.key LIMIT ?",
            (*params, *visible_params, CANDIDATES),
        )
        return joined([Found(key, count) for key, count in rows], typed, limit)

    def titled(self, typed: Typed, kinds: Sequence[str], limit: int) -> list[Completion]:
        """Names that stand for themselves: first those that begin so, then those with such words; by the alphabet."""
        if not kinds:
            return []
        meets, params = self._meets(typed, kinds)
        begins = "n.folded >= ? AND n.folded < ?"
        first = self._in_order(f"{meets} AND {begins}", (*params, typed.begins, typed.begins + _LAST), limit)
        rest: list[Found] = []
        if len(first) < limit:
            other = f"{meets} AND substr(n.folded, 1, length(?)) <> ?"
            rest = self._in_order(other, (*params, typed.begins, typed.begins), limit - len(first))
        return titled([*first, *rest], limit)

    def _in_order(self, condition: str, params: Params, limit: int) -> list[Found]:
        """Each row is looked into only until there are enough: the index has them in order."""
        visible, visible_params = self.visible
        tables = self.generation
        having = f"FROM {tables.named} p CROSS JOIN {tables.doc} d ON d.doc = p.doc WHERE p.name = n.id AND {visible}"
        rows = self.db.execute(
            f"SELECT n.key, (SELECT count(*) {having}), (SELECT d.id {having} ORDER BY d.ct, d.key LIMIT 1) "
            f"FROM {tables.name} n WHERE {condition} AND EXISTS (SELECT 1 {having}) "
            "ORDER BY n.kind, n.folded, n.key LIMIT ?",
            (*visible_params, *visible_params, *params, *visible_params, limit),
        )
        return [Found(*row) for row in rows]

    def _meets(self, typed: Typed, kinds: Sequence[str]) -> tuple[str, Params]:
        parts: list[tuple[str, Params]] = [(f"n.kind IN ({', '.join('?' * len(kinds))})", tuple(kinds))]
        parts += [("instr(n.folded, ?) > 0", (f" {chunk}",)) for chunk in typed.chunks]
        return conjunction(parts)
