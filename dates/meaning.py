"""Parts that are whole, with what joins them, as what the date says."""

from dataclasses import dataclass, replace

from dates.expressions import (
    Expression,
    Run,
    Several,
    Single,
    Span,
    certainty_of,
    finest,
    make_run,
    make_set,
    make_span,
)
from dates.language import gettext as _
from dates.model import Certainty, DateError
from dates.parts import EARLY, LATE, Part
from dates.points import WINTER, Point, Unit, after, before, first_of, last_of

LONGEST_LIST = 12


def no_circa() -> DateError:
    return DateError(
        _("circa cannot stand with before, after, between or a half: leave it out, or write circa 1955-1957")
    )


@dataclass(frozen=True, slots=True)
class Meaning:
    """`relation` is before, by, after, since, until, from, between or empty; `joints` stand between the parts.

    `own_years` says that each part had its year before the gaps were filled.
    """

    written: str
    parts: list[Part]
    joints: list[str]
    relation: str
    doubtful: bool
    own_years: bool

    def expression(self) -> Expression:
        """DateError where the parts do not fit together."""
        if self.relation:
            return self._related()
        if len(self.parts) == 1:
            return self._single(self.parts[0])
        kinds = set(self.joints)
        if kinds == {"to"} and len(self.parts) == 2:
            return self._span()
        if "or" in kinds and "to" not in kinds and "and" not in kinds:
            return self._several(every=False)
        if "or" in kinds or kinds == {"to"} or ("and" not in kinds and not self.own_years):
            raise DateError(
                _(
                    "“{written}” is not clear: "
                    "write a span (1955-1957), a choice (1955 or 1956) or a list (1955 and 1957)"
                ).format(written=self.written)
            )
        return self._several(every=True)

    def _single(self, part: Part) -> Expression:
        point = part.point(self.written)
        if not part.is_fragment:
            return Single(point)
        if part.fraction is not None and point.approximate:
            raise no_circa()
        first, last = part.ends(self.written)
        return make_run(first, last, vague=part.period is not None, doubtful=point.uncertain)

    def _ends(self, part: Part) -> tuple[Point, Point]:
        if part.is_fragment:
            return part.ends(self.written)
        point = part.point(self.written)
        return point, point

    def _span(self) -> Expression:
        left, right = self.parts
        start, end = self._ends(left)[0], self._ends(right)[1]
        if start == Point(Unit.SEASON, start.year, season=WINTER) and end == Point(Unit.YEAR, start.year + 1):
            # "winter 1968-69" is the one winter in which these years meet.
            return make_run(Point(Unit.MONTH, start.year, 12), Point(Unit.MONTH, end.year, 2))
        vague = left.period is not None or right.period is not None
        span = make_span(start, end, vague=vague)
        if (left.uncertain or right.uncertain) and certainty_of(span) is not Certainty.UNCERTAIN:
            return make_span(start, replace(end, uncertain=True), vague=vague)
        return span

    def _several(self, *, every: bool) -> Expression:
        if len(self.parts) > LONGEST_LIST:
            raise DateError(_("a list of more than {count} dates: write a span").format(count=LONGEST_LIST))
        members: list[Point | Run] = []
        for index, part in enumerate(self.parts):
            if part.is_fragment or part.season is not None:
                raise self._no_fragments()
            point = part.point(self.written)
            if index and self.joints[index - 1] == "to":
                members.append(self._run(members.pop(), point))
            else:
                members.append(point)
        return make_set(members, every=every)

    def _run(self, first: Point | Run, last: Point) -> Point | Run:
        """A span inside a list."""
        if isinstance(first, Run) or first.mark or last.mark:
            raise DateError(
                _("a span in a list cannot be circa or doubtful: write the span alone, such as 1955-1957?")
            )
        if isinstance(make_span(first, last), Single):
            return first
        return Run(*finest(first, last))

    def _no_fragments(self) -> DateError:
        ends = [self._ends(part) for part in self.parts]
        return DateError(
            _("a list cannot hold seasons or parts of a year: write between {first} and {last}").format(
                first=min(first_of(first).bare_edtf for first, _last in ends),
                last=max(last_of(last).bare_edtf for _first, last in ends),
            )
        )

    def _related(self) -> Expression:
        points = [part.point(self.written) for part in self.parts]
        if self.relation == "from" and len(points) == 2 and self.joints == ["to"]:
            return self._span()
        if any(point.approximate for point in points):
            raise no_circa()
        doubtful = self.doubtful or any(point.uncertain for point in points)
        if self.relation == "between":
            if len(points) == 2 and self.joints[0] in ("and", "to") and not self._has_fragments():
                return make_run(points[0].plain(), points[1].plain(), doubtful=doubtful)
            raise self._unclear()
        if len(points) != 1 or (self._has_fragments() and not self._ends_there(self.parts[0])):
            raise self._unclear()
        return self._one_sided(points[0].plain(), doubtful)

    def _has_fragments(self) -> bool:
        return any(part.is_fragment for part in self.parts)

    def _ends_there(self, part: Part) -> bool:
        """ "by the end of 1949" is by 1949, "since the beginning of 1949" is since 1949."""
        if part.fraction is not None:
            return False
        return (self.relation in ("by", "until") and part.period == LATE) or (
            self.relation in ("since", "from") and part.period == EARLY
        )

    def _one_sided(self, point: Point, doubtful: bool) -> Expression:
        match self.relation:
            case "before":
                return Several((Run(None, before(point)),), doubtful=doubtful)
            case "by":
                return Several((Run(None, last_of(point)),), doubtful=doubtful)
            case "after":
                return Several((Run(after(point), None),), doubtful=doubtful)
            case "since":
                return Several((Run(first_of(point), None),), doubtful=doubtful)
        # EDTF's open spans take no decade or century, so their first or last year stands for them.
        keeps = point.unit is Unit.SEASON
        if self.relation == "until":
            return Span(None, replace(point if keeps else last_of(point), uncertain=doubtful))
        return Span(replace(point if keeps else first_of(point), uncertain=doubtful), None)

    def _unclear(self) -> DateError:
        return DateError(
            _("“{written}” is not clear: write before 1949, after 1949, or between 1955 and 1957").format(
                written=self.written
            )
        )
