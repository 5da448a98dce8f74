"""From counted terms to the lists that a page shows."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any

from search.engines.errors import FacetError, IndexOutdatedError
from search.engines.lookups import convert
from search.engines.request import FacetOptions
from search.engines.sqlite.schema import FIELD_BITS, FIELD_MASK, Generation
from search.engines.values import term
from search.fields import FieldInfo, Kind
from search.text import fold

# Table names are our own; every value is a parameter.
# ruff: noqa: S608

_AT_ONCE = 500


class Facets:
    """Names and orders the values of exact fields."""

    def __init__(
        self, db: sqlite3.Connection, generation: Generation, described: dict[str, FieldInfo]
    ) -> None:
        self.db = db
        self.generation = generation
        self.described = described

    def listed(
        self, name: str, options: FacetOptions, counts: Counter[int]
    ) -> tuple[list[tuple[Any, int]], int]:
        """The values that the options ask for, each with its documents; and how many there are in all."""
        number = self._number(name)
        here = {one: n for one, n in counts.items() if one & FIELD_MASK == number and one >> FIELD_BITS}
        if options.prefix or options.contains or options.values is not None:
            here = self._restricted(name, number, here, options)
        size = len(here)
        first = options.offset
        last = size if options.limit is None else min(size, first + options.limit)
        if options.sort == "count":
            if last < size and last > 0:
                # Only values at least as frequent as the last one shown need their names.
                least = sorted(here.values(), reverse=True)[last - 1]
                here = {one: n for one, n in here.items() if n >= least}
            named = sorted(self._named(here, number), key=lambda pair: (-pair[1], pair[0]))
        else:
            named = sorted(self._named(here, number))
        shown: list[tuple[Any, int]] = [
            (self._value(name, value), count) for value, count in named[first:last]
        ]
        if options.missing:
            shown.append((None, counts.get(number, 0)))
        return shown, size

    def counted(self, name: str, values: Sequence[Any], counts: Counter[int]) -> list[tuple[Any, int]]:
        """These values in this order, those without documents too; None counts the missing."""
        number = self._number(name)
        ids = self._ids(name, number, [value for value in values if value is not None])
        return [
            (value, counts.get(number if value is None else ids.get(self._written(name, value), -1), 0))
            for value in values
        ]

    def _number(self, name: str) -> int:
        number = self.generation.layout.exact.get(name)
        if number is None:
            info = self.described.get(name)
            if info is not None and info.kind is Kind.EXACT:
                raise IndexOutdatedError(f"the index has no field {name} (it is older than it: rebuild it)")
            if info is not None:
                raise FacetError(
                    f"{name} holds no exact values to count: make it an ExactField or faceted=True"
                )
            raise FacetError(f"no index class declares a field {name} to count")
        return number

    def _restricted(
        self, name: str, number: int, counts: dict[int, int], options: FacetOptions
    ) -> dict[int, int]:
        kept = counts
        if options.values is not None:
            ids = set(self._ids(name, number, list(options.values)).values())
            kept = {one: n for one, n in kept.items() if one in ids}
        if options.prefix or options.contains:
            found = {
                one
                for (one,) in self.db.execute(
                    f"SELECT id FROM {self.generation.term} WHERE field = ? "
                    "AND substr(folded, 1, length(?)) = ? AND instr(folded, ?) > 0",
                    (number, fold(options.prefix), fold(options.prefix), fold(options.contains)),
                )
            }
            kept = {one: n for one, n in kept.items() if one in found}
        return kept

    def _named(self, counts: dict[int, int], number: int) -> list[tuple[str, int]]:
        if len(counts) > 4 * _AT_ONCE:
            rows = self.db.execute(f"SELECT id, value FROM {self.generation.term} WHERE field = ?", (number,))
            return [(value, counts[one]) for one, value in rows if one in counts]
        ids = list(counts)
        named = []
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            rows = self.db.execute(
                f"SELECT id, value FROM {self.generation.term} WHERE id IN ({', '.join('?' * len(part))})",
                part,
            )
            named += [(value, counts[one]) for one, value in rows]
        return named

    def _ids(self, name: str, number: int, values: Sequence[Any]) -> dict[str, int]:
        written = [self._written(name, value) for value in values]
        found: dict[str, int] = {}
        for start in range(0, len(written), _AT_ONCE):
            part = written[start : start + _AT_ONCE]
            found |= self.db.execute(
                f"SELECT value, id FROM {self.generation.term} "
                f"WHERE field = ? AND value IN ({', '.join('?' * len(part))})",
                (number, *part),
            ).fetchall()
        return found

    def _written(self, name: str, value: Any) -> str:
        return term(convert(self.described[name], value) if name in self.described else value)

    def _value(self, name: str, written: str) -> Any:
        info = self.described.get(name)
        return convert(info, written) if info is not None else written
