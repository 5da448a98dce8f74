"""Tokens read as parts and joints, and these as what the date says."""

from dates.expressions import Expression
from dates.language import gettext as _
from dates.meaning import Meaning, no_circa
from dates.model import DateError
from dates.parts import LAST_DAY, Part, fill_gaps, two_figure_year, which_year
from dates.tokens import Token, shorten

_LEADING = {
    **{kind: kind for kind in ("before", "by", "after", "since", "until", "from", "between")},
    "beforeorto": "before",
}
_TRAILING = {
    "laterbefore": "before",
    "laterafter": "after",
    "latersince": "since",
    "laterplus": "since",
    "laterminus": "by",
    "laterfrom": "from",
}
_JOINING = {"to": "to", "until": "to", "beforeorto": "to", "and": "and", "or": "or", "joint": ""}
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
            if self._is_present(joint):
                break
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
        return Meaning(
            self.written, self.parts, self.joints, self.relation, self.doubtful, own_years
        ).expression()

    def _refuse_strange_words(self) -> None:
        has_season = any(token.kind == "season" for token in self.tokens)
        has_year = any(token.kind in ("year", "part", "decade", "century") for token in self.tokens)
        if all(token.kind in ("joint", "sign") for token in self.tokens):
            raise DateError(_("“{written}” has no date: write one, or undated").format(written=self.written))
        for token in self.tokens:
            if token.kind in ("relative", "unknown") and has_season and not has_year:
                raise DateError(_("which year? write a season with its year, spring 1968"))
            if token.kind == "relative" and not has_year:
                raise which_year(self.written)
        for token in self.tokens:
            if token.kind in ("unknown", "relative", "sign", "undated") and token.text != "?":
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
            elif token.kind == "joint" and token.text in ("comma", "semicolon"):
                pass
            elif token.kind in _LEADING and not self.relation:
                self.relation = _LEADING[token.kind]
                # "pre-1949", "post-1945"
                if (following := self.peek(1)) is not None and following.kind == "joint":
                    self.position += 1
            else:
                break
            self.position += 1
        if circa and self.relation:
            raise no_circa()

    def _read_trailing_relation(self) -> bool:
        token = self.peek()
        if token is None:
            return False
        if token.kind in _TRAILING and not self.relation:
            self.relation = _TRAILING[token.kind]
        elif token.kind == "sign" or token.kind == "perhaps":
            self.doubtful = True
        elif token.kind in ("latersince", "laterfrom") and self.relation in ("from", "since"):
            pass  # "from 1955 onwards"
        else:
            return False
        self.position += 1
        return True

    def _is_present(self, joint: str) -> bool:
        """ "1955 to the present": a span that is still open."""
        token = self.peek()
        if token is None or token.kind != "present" or joint != "to" or self.peek(1) is not None:
            return False
        if self.relation not in ("", "from", "since") or self.joints:
            return False
        self.relation = "from"
        return True

    def _joint(self) -> str:
        """The strongest of the joining words and signs that stand here."""
        found: list[str] = []
        while (token := self.peek()) is not None and token.kind in _JOINING:
            if token.kind == "joint" and token.text == "comma" and found and found[-1] != "comma":
                break
            found.append("comma" if token.text == "semicolon" else _JOINING[token.kind] or token.text)
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
            perhaps = perhaps or part.perhaps_leads or (self.doubtful and self.relation in ("", "from"))
            part.approximate = part.approximate or circa or trailing
            part.uncertain = part.uncertain or perhaps
