"""Tokens read as parts and joints, and these as what the date says."""

from dates.expressions import (
    Expression,
    Run,
    Several,
    Single,
    Span,
    certainty_of,
    finest,
    make_run,
    make_span,
)
from dates.language import gettext as _
from dates.model import Certainty, DateError
from dates.parts import LAST_DAY, Part, fill_gaps, two_figure_year, which_year
from dates.points import Point, Unit, after, before, first_of, last_of
from dates.tokens import Token, shorten

_LEADING = {"before", "by", "after", "since", "until", "from", "between"}
_TRAILING = {
    "laterbefore": "before",
    "laterafter": "after",
    "latersince": "since",
    "laterplus": "since",
    "laterminus": "by",
}
_JOINING = {"to": "to", "until": "to", "by": "to", "and": "and", "or": "or", "joint": "", "from": "to"}
_PERIODS = {"early", "mid", "late"}


class Sentence:
    """A cursor over the tokens of one date."""

    def __init__(self, tokens: list[Token], written: str) -> None:
        self.tokens = tokens
        self.written = shorten(written.strip())
        self.position = 0
        self.relation = ""
        self.doubtful = False
        self.parts: list[Part] = []
        self.joints: list[str] = []

    def peek(self, ahead: int = 0) -> Token | None:
        index = self.position + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def read(self) -> Expression:
        """The whole date; DateError when a word is not understood or a date is not complete."""
        self._refuse_strange_words()
        self._read_relation()
        self.parts.append(self._part())
        while self.peek() is not None:
            if self._read_trailing_relation():
                continue
            joint = self._joint()
            if self.peek() is None:
                if joint == "comma":
                    break
                raise DateError(
                    _(
                        "“{written}” says no end: write since 1955 for one date, or from 1955 on for a span"
                    ).format(written=self.written)
                )
            part = self._part()
            if not self._completes_last(part, joint):
                self.parts.append(part)
                self.joints.append(joint)
        self._spread_marks()
        own_years = all(part.knows_year for part in self.parts)
        fill_gaps(self.parts)
        return self._expression(own_years)

    def _refuse_strange_words(self) -> None:
        has_season = any(token.kind == "season" for token in self.tokens)
        has_year = any(token.kind in ("year", "part", "decade", "century") for token in self.tokens)
        if not self.tokens:
            raise DateError(_("“{written}” has no date: write one, or undated").format(written=self.written))
        for token in self.tokens:
            if token.kind == "relative" or (token.kind == "unknown" and has_season and not has_year):
                if has_season:
                    raise DateError(_("which year? write a season with its year, spring 1968"))
                raise which_year(self.written)
        for token in self.tokens:
            if token.kind in ("unknown", "sign", "undated") and token.text != "?":
                raise self._strange(token)

    def _strange(self, token: Token) -> DateError:
        return DateError(
            _(
                "“{word}” is not understood in “{written}”: write the date alone, "
                "such as May 6, 1946, May 1946, 1946, circa 1946 or undated"
            ).format(word=shorten(token.text, 30), written=self.written)
        )

    def _read_relation(self) -> None:
        circa = False
        while (token := self.peek()) is not None:
            if token.kind == "perhaps":
                self.doubtful = True
            elif (
                token.kind == "circa"
                and (following := self.peek(1)) is not None
                and following.kind in _LEADING
            ):
                circa = True
            elif token.kind == "joint" and token.text == "comma":
                pass
            elif token.kind in _LEADING and not self.relation:
                self.relation = token.kind
                # "pre-1949", "post-1945"
                if (following := self.peek(1)) is not None and following.kind == "joint":
                    self.position += 1
            else:
                break
            self.position += 1
        if circa and self.relation:
            raise self._no_circa()

    def _no_circa(self) -> DateError:
        return DateError(
            _("circa cannot stand with before, after or between: leave it out, or write circa 1955-1957")
        )

    def _read_trailing_relation(self) -> bool:
        token = self.peek()
        if token is None:
            return False
        if token.kind in _TRAILING and not self.relation:
            self.relation = _TRAILING[token.kind]
        elif token.kind == "sign" or token.kind == "perhaps":
            self.doubtful = True
        elif (
            token.kind in ("latersince", "and")
            and self.peek(1) is None
            and self.relation in ("from", "since")
        ):
            pass
        else:
            return False
        self.position += 1
        return True

    def _joint(self) -> str:
        """The strongest of the joining words and signs that stand here."""
        found: list[str] = []
        while (token := self.peek()) is not None and token.kind in _JOINING:
            if token.kind == "joint" and token.text == "comma" and found and found[-1] != "comma":
                break
            found.append(_JOINING[token.kind] or token.text)
            self.position += 1
        if not found:
            token = self.peek()
            if token is not None and token.kind == "number":
                raise two_figure_year()
            raise self._strange(token) if token else which_year(self.written)
        strong = {joint for joint in found if joint != "comma"}
        if len(strong) > 1:
            raise DateError(
                _("“{written}” joins its dates in two ways: write one list or one span").format(
                    written=self.written
                )
            )
        return strong.pop() if strong else "comma"

    def _completes_last(self, part: Part, joint: str) -> bool:
        """ "May-1946" and "December 9–1948" are one date, not a span."""
        last = self.parts[-1]
        if joint != "to" or not part.is_bare_year or last.knows_year or part.approximate:
            return False
        if last.month is None and last.season is None:
            return False
        last.year = part.year
        last.uncertain = last.uncertain or part.uncertain
        return True

    def _part(self) -> Part:
        part = Part()
        while (token := self.peek()) is not None and self._take(token, part):
            self.position += 1
        if not part.says_something:
            token = self.peek()
            if token is not None and token.kind == "number":
                raise two_figure_year()
            raise self._strange(token) if token else which_year(self.written)
        return part

    def _take(self, token: Token, part: Part) -> bool:
        """Add the token to the part; False when it belongs to what follows."""
        following = self.peek(1)
        match token.kind:
            case "circa":
                part.circa_leads = part.circa_leads or not part.has_core
                part.approximate = True
            case "perhaps":
                part.perhaps_leads = part.perhaps_leads or not part.has_core
                part.uncertain = True
            case "sign":
                part.uncertain = True
            case "early" | "mid" | "late":
                if part.period is not None:
                    return False
                part.period = token.kind
                if (
                    not part.has_core
                    and following is not None
                    and following.text == "to"
                    and following.kind == "joint"
                ):
                    after_dash = self.peek(2)
                    if after_dash is not None and after_dash.kind not in _PERIODS:
                        self.position += 1  # "mid-1962"
            case "fraction":
                if part.fraction is not None:
                    return False
                part.fraction = token.fraction
            case "year":
                if part.knows_year:
                    return False
                part.year = token.value
                self._skip_sign("yearsign")
            case "number":
                return self._take_number(token, following, part)
            case "month":
                if part.month is not None or part.season is not None or not token.value:
                    return False
                part.month = token.value
            case "season":
                if part.season is not None or part.month is not None:
                    return False
                part.season = token.value
            case "decade" | "century" | "short_decade":
                if part.has_core:
                    return False
                setattr(part, token.kind, token.value)
            case "part":
                if part.has_core or token.part is None:
                    return False
                part.year, part.month, part.day = token.part.year, token.part.month, token.part.day
            case "joint":
                return token.text == "comma" and following is not None and self._comma_inside(following, part)
            case _:
                return False
        return True

    def _take_number(self, token: Token, following: Token | None, part: Part) -> bool:
        """A day, or with 月 a month."""
        if following is not None and following.kind == "monthsign":
            if part.month is not None:
                return False
            part.month = token.value
            self._skip_sign("monthsign")
            return True
        if part.day is not None:
            if part.month is not None and not part.knows_year:
                raise two_figure_year()
            return False
        if part.month is not None and token.value > LAST_DAY and not part.knows_year and following is None:
            raise two_figure_year()
        part.day = token.value
        self._skip_sign("daysign")
        return True

    def _skip_sign(self, kind: str) -> None:
        """Pass over the 年, 月 or 日 that follows."""
        following = self.peek(1)
        if following is not None and following.kind == kind:
            self.position += 1

    def _comma_inside(self, following: Token, part: Part) -> bool:
        """Whether the comma here is within one date ("May 6, 1946") rather than between two."""
        match following.kind:
            case "year" | "decade":
                return not part.knows_year and part.has_core
            case "month" | "season":
                return (
                    part.month is None
                    and part.season is None
                    and (part.day is not None or part.year is not None)
                )
            case "number":
                beyond = self.peek(2)
                dates_follow = beyond is not None and beyond.kind == "month"
                if part.month is not None:
                    return part.day is None and not part.knows_year
                return part.year is not None and part.day is None and dates_follow
            case "circa" | "perhaps" | "sign":
                return part.has_core and self.peek(2) is None
        return False

    def _spread_marks(self) -> None:
        """ "circa 1955-1957" and "probably 1955 or 1956" are about both dates."""
        last = self.parts[-1]
        trailing = last.approximate and not last.circa_leads and len(self.parts) > 1
        circa = perhaps = False
        for part in self.parts:
            circa = circa or part.circa_leads
            perhaps = perhaps or part.perhaps_leads or (self.doubtful and not self.relation)
            part.approximate = part.approximate or circa or trailing
            part.uncertain = part.uncertain or perhaps

    def _expression(self, own_years: bool) -> Expression:
        if self.relation:
            return self._related()
        if len(self.parts) == 1:
            return self._single(self.parts[0])
        kinds = set(self.joints)
        if kinds == {"to"} and len(self.parts) == 2:
            return self._span()
        if "or" in kinds and "to" not in kinds and "and" not in kinds:
            return self._several(every=False)
        if "or" in kinds or kinds == {"to"} or ("and" not in kinds and not own_years):
            raise DateError(
                _(
                    "“{written}” is not clear: write a span (1955-1957), a choice (1955 or 1956) or a list (1955 and 1957)"
                ).format(written=self.written)
            )
        return self._several(every=True)

    def _single(self, part: Part) -> Expression:
        point = part.point(self.written)
        if part.period is None and part.fraction is None:
            return Single(point)
        first, last = part.ends(self.written)
        vague = part.period is not None or point.approximate
        return make_run(first, last, vague=vague, doubtful=point.uncertain)

    def _ends(self, part: Part) -> tuple[Point, Point]:
        if part.period is None and part.fraction is None:
            point = part.point(self.written)
            return point, point
        return part.ends(self.written)

    def _span(self) -> Expression:
        left, right = self.parts
        start, end = self._ends(left)[0], self._ends(right)[1]
        if start.season == 24 and end == Point(Unit.YEAR, start.year + 1):  # "winter 1968-69"
            return make_run(Point(Unit.MONTH, start.year, 12), Point(Unit.MONTH, end.year, 2))
        vague = left.period is not None or right.period is not None
        span = make_span(start, end, vague=vague)
        if vague and (left.uncertain or right.uncertain) and certainty_of(span) is not Certainty.UNCERTAIN:
            marked = Point(end.unit, end.year, end.month, end.day, end.season, end.approximate, True)
            return make_span(start, marked, vague=True)
        return span

    def _several(self, *, every: bool) -> Expression:
        members: list[Point | Run] = []
        for index, part in enumerate(self.parts):
            if part.period is not None or part.fraction is not None or part.season is not None:
                raise DateError(
                    _(
                        "a list cannot hold seasons or parts of a year: write its months or years, such as May or June 1946"
                    )
                )
            point = part.point(self.written)
            if index and self.joints[index - 1] == "to":
                first = members.pop()
                if isinstance(first, Run) or first.mark or point.mark:
                    raise DateError(
                        _(
                            "a span in a list cannot be circa or doubtful: write each date, such as 1955?, 1957"
                        )
                    )
                run = make_span(first, point)
                members.append(Run(*finest(first, point)) if isinstance(run, Span) else first)
            else:
                members.append(point)
        unique = tuple(dict.fromkeys(members))
        if len(unique) == 1 and isinstance(unique[0], Point):
            return Single(unique[0])
        return Several(unique, every)

    def _related(self) -> Expression:
        count = 2 if self.relation == "between" else 1
        points = [part.point(self.written) for part in self.parts]
        if self.relation == "from" and len(points) == 2:
            return self._span()
        if len(points) != count or any(
            part.period is not None or part.fraction is not None for part in self.parts
        ):
            raise DateError(
                _("“{written}” is not clear: write before 1949, after 1949, or between 1955 and 1957").format(
                    written=self.written
                )
            )
        doubtful = self.doubtful or any(point.uncertain for point in points)
        if any(point.approximate for point in points):
            raise self._no_circa()
        first = points[0].plain()
        match self.relation:
            case "between":
                return make_run(first, points[1].plain(), doubtful=doubtful)
            case "before":
                return Several((Run(None, before(first)),), doubtful=doubtful)
            case "by":
                return Several((Run(None, last_of(first)),), doubtful=doubtful)
            case "after":
                return Several((Run(after(first), None),), doubtful=doubtful)
            case "since":
                return Several((Run(first_of(first), None),), doubtful=doubtful)
            case "until":
                return Span(None, _open_end(last_of(first), first, doubtful))
        return Span(_open_end(first_of(first), first, doubtful), None)


def _open_end(year: Point, said: Point, doubtful: bool) -> Point:
    """Seasons stay as they are; of a decade or century EDTF takes the year only."""
    kept = said if said.unit is Unit.SEASON else year
    return Point(kept.unit, kept.year, kept.month, kept.day, kept.season, uncertain=doubtful)
