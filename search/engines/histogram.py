"""The year histogram, counted from date bounds. Every engine that has the bounds can use it."""

from __future__ import annotations

import calendar
import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

UNITS = ("year", "month", "decade")
Day = datetime.date
#: earliest, latest (None: open on that side; both None: undated), uncertain
Bounds = tuple[Day | None, Day | None, bool]


class Unit:
    """Years, months or decades numbered in sequence."""

    def __init__(self, name: str) -> None:
        if name not in UNITS:
            raise ValueError(f"no histogram by {name!r}; write one of {', '.join(UNITS)}")
        self.name = name

    def number(self, day: Day) -> int:
        if self.name == "month":
            return day.year * 12 + day.month - 1
        return day.year // 10 if self.name == "decade" else day.year

    def days(self, number: int) -> tuple[Day, Day]:
        """First and last day of a unit."""
        if self.name == "month":
            year, month = divmod(number, 12)
            return Day(year, month + 1, 1), Day(year, month + 1, calendar.monthrange(year, month + 1)[1])
        if self.name == "decade":
            return Day(max(number * 10, 1), 1, 1), Day(number * 10 + 9, 12, 31)
        return Day(number, 1, 1), Day(number, 12, 31)


@dataclass(frozen=True, slots=True)
class Bar:
    """One year, month or decade: documents surely of it, and others that could be."""

    start: Day
    end: Day
    certain: int
    possible: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """How a result is spread over time, its date filter left aside.

    ``total`` = sum of ``certain`` + ``roughly`` + ``undated``, always; ``possible`` counts one record
    in every unit that it overlaps, so these do not add up. ``undated_left_out``: undated records that
    the date filter hides.
    """

    unit: str
    bars: list[Bar] = field(default_factory=list)
    roughly: int = 0
    undated: int = 0
    total: int = 0
    undated_left_out: int = 0

    def contiguous(self) -> list[Bar]:
        """The bars with empty ones between them, so that every unit from first to last is there."""
        if not self.bars:
            return []
        unit = Unit(self.unit)
        known = {unit.number(bar.start): bar for bar in self.bars}
        numbers = range(unit.number(self.bars[0].start), unit.number(self.bars[-1].start) + 1)
        return [known.get(number) or Bar(*unit.days(number), 0, 0) for number in numbers]


def build_histogram(unit_name: str, counted: Mapping[Bounds, int], undated_left_out: int = 0) -> Histogram:
    """A histogram of documents counted by their bounds.

    A document is in a bar if its bounds lie inside that unit and are not uncertain; otherwise it is
    roughly dated and in the cap of every unit that it overlaps. A side that is open reaches to the
    first or last unit that any bound of the result names.
    """
    unit = Unit(unit_name)
    certain: Counter[int] = Counter()
    first: Counter[int | None] = Counter()
    last: Counter[int | None] = Counter()
    undated = 0
    for (earliest, latest, uncertain), count in counted.items():
        if earliest is None and latest is None:
            undated += count
            continue
        begin = unit.number(earliest) if earliest else None
        end = unit.number(latest) if latest else None
        if begin is not None and end is not None and begin >= end and not uncertain:
            certain[begin] += count
        else:
            first[begin] += count
            last[end if begin is None or end is None else max(begin, end)] += count
    return histogram_of_sums(unit_name, certain, first, last, undated, undated_left_out)


def histogram_of_sums(
    unit_name: str,
    certain: Mapping[int, int],
    first: Mapping[int | None, int],
    last: Mapping[int | None, int],
    undated: int,
    undated_left_out: int = 0,
) -> Histogram:
    """A histogram of documents counted by unit: surely in it; the roughly dated that begin, that end in it.

    None among ``first`` and ``last`` counts those that are open on that side.
    """
    unit = Unit(unit_name)
    numbers = [number for number in (*certain, *first, *last) if number is not None]
    steps: Counter[int] = Counter()
    for number, count in first.items():
        steps[min(numbers) if number is None else number] += count
    for number, count in last.items():
        steps[(max(numbers) if number is None else number) + 1] -= count
    possible = _running_sums(steps)
    roughly = sum(first.values())
    return Histogram(
        unit=unit_name,
        bars=[
            Bar(*unit.days(number), certain.get(number, 0), possible.get(number, 0))
            for number in sorted(certain.keys() | possible.keys())
        ],
        roughly=roughly,
        undated=undated,
        total=sum(certain.values()) + roughly + undated,
        undated_left_out=undated_left_out,
    )


def _running_sums(steps: Mapping[int, int]) -> dict[int, int]:
    """From what is added at each number, the sum at every number where it is not nought."""
    sums: dict[int, int] = {}
    height = 0
    changes = sorted(steps)
    for change, following in pairwise(changes):
        height += steps[change]
        if height:
            sums.update(dict.fromkeys(range(change, following), height))
    return sums
