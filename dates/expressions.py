"""What a date says: a single unit, a span, one of several, or all of several; with EDTF, bounds and certainty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dates.language import gettext as _
from dates.model import Certainty, DateError, PartialDate
from dates.points import Point, Unit, bounds, exact_bounds, first_of, last_of

Bounds = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Single:
    """One unit. A season's mark cannot be written in EDTF, so it lives in the certainty alone."""

    point: Point

    def points(self) -> tuple[Point, ...]:
        return (self.point,)

    @property
    def edtf(self) -> str:
        return self.point.bare_edtf if self.point.unit is Unit.SEASON else self.point.edtf

    def bounds(self) -> Bounds:
        return bounds(self.point)


@dataclass(frozen=True, slots=True)
class Span:
    """From one unit to another, covering all between. None is open; `unknown` marks an end that nobody knows."""

    start: Point | None
    end: Point | None
    vague: bool = False  # "early", "late": approximate without a widening of its own
    unknown: bool = False

    def points(self) -> tuple[Point, ...]:
        return tuple(point for point in (self.start, self.end) if point)

    @property
    def edtf(self) -> str:
        missing = "" if self.unknown else ".."
        return f"{self.start.edtf if self.start else missing}/{self.end.edtf if self.end else missing}"

    def bounds(self) -> Bounds:
        return _outer([self.start], [self.end])


@dataclass(frozen=True, slots=True)
class Run:
    """Every unit from `first` to `last` inside a set; None is open."""

    first: Point | None
    last: Point | None

    @property
    def edtf(self) -> str:
        return f"{self.first.edtf if self.first else ''}..{self.last.edtf if self.last else ''}"


@dataclass(frozen=True, slots=True)
class Several:
    """A set: one of its members (`[a,b]`), or all of them (`{a,b}`).

    `vague` and `doubtful` are certainty that EDTF has no place for: "late 1950s", "before 1949?".
    """

    members: tuple[Point | Run, ...]
    every: bool = False
    vague: bool = False
    doubtful: bool = False

    def points(self) -> tuple[Point, ...]:
        found: list[Point | None] = []
        for member in self.members:
            found += [member.first, member.last] if isinstance(member, Run) else [member]
        return tuple(point for point in found if point)

    @property
    def edtf(self) -> str:
        inner = ",".join(member.edtf for member in self.members)
        return f"{{{inner}}}" if self.every else f"[{inner}]"

    def bounds(self) -> Bounds:
        return _outer(
            [member.first if isinstance(member, Run) else member for member in self.members],
            [member.last if isinstance(member, Run) else member for member in self.members],
        )


Expression = Single | Span | Several


def _outer(firsts: Iterable[Point | None], lasts: Iterable[Point | None]) -> Bounds:
    starts = [bounds(point)[0] if point else None for point in firsts]
    ends = [bounds(point)[1] if point else None for point in lasts]
    known_starts = [day for day in starts if day]
    known_ends = [day for day in ends if day]
    return (
        min(known_starts) if len(known_starts) == len(starts) else None,
        max(known_ends) if len(known_ends) == len(ends) else None,
    )


def make_span(start: Point, end: Point, *, vague: bool = False) -> Expression:
    """The span between two units, or the one unit when both are the same; DateError when it ends too early."""
    if start == end:
        if vague:
            raise DateError(
                _("it begins and ends in the same {unit}: write it once").format(unit=start.unit.value)
            )
        return Single(start)
    _check_order(start, end)
    marked = start.mark or end.mark
    # The EDTF package knows no marked decade in a span and no decade beside a mark.
    if marked and {start.unit, end.unit} & {Unit.DECADE, Unit.CENTURY}:
        raise DateError(
            _("a span of decades or centuries cannot be approximate or uncertain: write {cure}").format(
                cure=f"{'circa ' * start.approximate}{first_of(start).year:04}-{last_of(end).year:04}{'?' * end.uncertain}"
            )
        )
    return Span(start, end, vague)


def make_set(members: Iterable[Point | Run], *, every: bool) -> Expression:
    """One or all of these, none named twice; a set of one unit is that unit."""
    unique = tuple(dict.fromkeys(members))
    if len(unique) == 1 and isinstance(unique[0], Point):
        return Single(unique[0])
    return Several(unique, every)


def make_run(first: Point, last: Point, *, vague: bool = False, doubtful: bool = False) -> Expression:
    """One date somewhere from `first` to `last`; both are brought to the finer of the two units."""
    _check_order(first, last)
    doubtful = doubtful or first.uncertain or last.uncertain
    first, last = finest(first.plain(), last.plain())
    return Several((Run(first, last),), vague=vague, doubtful=doubtful)


def finest(first: Point, last: Point) -> tuple[Point, Point]:
    """Both ends as days, months or years: the finest unit that one of them has (EDTF wants them alike)."""
    first, last = first_of(first), last_of(last)
    if Unit.DAY in (first.unit, last.unit):
        start, end = exact_bounds(first)[0], exact_bounds(last)[1]
        return Point(Unit.DAY, start.year, start.month, start.day), Point(
            Unit.DAY, end.year, end.month, end.day
        )
    if Unit.MONTH in (first.unit, last.unit):
        return Point(Unit.MONTH, first.year, first.month or 1), Point(Unit.MONTH, last.year, last.month or 12)
    return first, last


def _check_order(start: Point, end: Point) -> None:
    if exact_bounds(end)[1] < exact_bounds(start)[0]:
        raise DateError(
            _(
                "it ends before it starts: write the earlier date first, each with its own year ({cure})"
            ).format(cure=f"{end.bare_edtf} to {start.bare_edtf}")
        )


def certainty_of(expression: Expression) -> Certainty:
    points = expression.points()
    if getattr(expression, "doubtful", False) or any(point.uncertain for point in points):
        return Certainty.UNCERTAIN
    if getattr(expression, "vague", False) or any(point.approximate for point in points):
        return Certainty.APPROXIMATE
    return Certainty.CERTAIN


def to_partial(expression: Expression, written: str, supplied: bool = False) -> PartialDate:
    earliest, latest = expression.bounds()
    return PartialDate(written, expression.edtf, earliest, latest, certainty_of(expression), supplied)
