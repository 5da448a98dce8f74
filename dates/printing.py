"""A date in the reader's language. What is printed in English reads back as the same date."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from dates.edtf import parse_expression
from dates.expressions import Expression, Run, Several, Single, Span, certainty_of
from dates.language import active_language, settings_are_ready
from dates.language import gettext as _
from dates.model import Certainty, PartialDate
from dates.parts import CENTURY_YEARS, DAYS, EARLY, LATE, MID, MONTHS, YEARS
from dates.points import Point, Unit, exact_bounds, last_day, make_point


def print_date(partial: PartialDate, language: str | None = None) -> str:
    """The date in words, such as "circa May 6, 1946", in this language (a code such as "de"), else the active one."""
    with speaking(language) as code:
        return _print(partial, code)


def print_point(point: Point, language: str) -> str:
    """One unit of the calendar in words, with its marks."""
    return _Printer(language).point(point)


@contextmanager
def speaking(language: str | None) -> Iterator[str]:
    """The language's catalogue made active; yields its code, which is the active one when none is given."""
    if language is None or not settings_are_ready():
        yield language or active_language()
        return
    from django.utils.translation import override

    with override(language):
        yield language


def _print(partial: PartialDate, language: str) -> str:
    if partial.is_undated:
        return _("undated")
    printed = _Printer(language).expression(expression_of(partial)) or partial.edtf
    return f"[{printed}]" if partial.supplied else printed


def expression_of(partial: PartialDate) -> Expression:
    """What a dated PartialDate says, with the certainty that its EDTF could not hold."""
    expression = parse_expression(partial.edtf)
    known = certainty_of(expression)
    if known is partial.certainty:
        return expression
    uncertain = partial.certainty is Certainty.UNCERTAIN
    if isinstance(expression, Single):
        widened = (partial.earliest, partial.latest) != exact_bounds(expression.point)
        return Single(replace(expression.point, uncertain=uncertain, approximate=widened))
    if isinstance(expression, Several):
        return replace(expression, doubtful=uncertain, vague=not uncertain)
    return replace(expression, vague=True)


class _Printer:
    """Writes expressions in one language; an empty string where only EDTF can say it."""

    def __init__(self, language: str) -> None:
        self.locale = _locale(language)

    def expression(self, expression: Expression) -> str:
        points = expression.points()
        if any(point.tail for point in points):
            return ""
        if isinstance(expression, Single):
            return self.point(expression.point)
        if isinstance(expression, Span):
            return self.span(expression)
        return self.several(expression)

    def point(self, point: Point, *, circa: bool = True) -> str:
        """One unit with its marks; `circa` is False where the word was said before."""
        said = self.unit(point)
        if point.approximate and circa:
            said = _("circa {date}").format(date=said)
        return _("{date}?").format(date=said) if point.uncertain else said

    def unit(self, point: Point) -> str:
        match point.unit:
            case Unit.DAY | Unit.MONTH | Unit.YEAR:
                pattern = _pattern(self.locale, point.unit)
                return format_date(
                    date(point.year, point.month or 1, point.day or 1), pattern, locale=self.locale
                )
            case Unit.SEASON:
                return self.season(point)
            case Unit.DECADE:
                if not point.year % 100:
                    return _("{year}s (decade)").format(year=f"{point.year:04}")
                return _("{year}s").format(year=f"{point.year:04}")
        return _ordinal_century(point.year // 100 + 1)

    def season(self, point: Point) -> str:
        names = {
            21: _("spring {year}"),
            22: _("summer {year}"),
            23: _("autumn {year}"),
            24: _("winter {year}"),
        }
        return names[point.season].format(year=f"{point.year:04}")

    def span(self, span: Span) -> str:
        if span.unknown:
            return ""
        if span.start is None and span.end is not None:
            return _("until {date}").format(date=self.point(span.end)) if not span.end.approximate else ""
        if span.end is None and span.start is not None:
            return (
                _("from {date} on").format(date=self.point(span.start)) if not span.start.approximate else ""
            )
        if span.start is None or span.end is None or (span.start.approximate and not span.end.approximate):
            return ""
        start, end = self.point(span.start), self.point(span.end, circa=not span.start.approximate)
        if span.vague:
            start, end = self._vague_ends(span.start, span.end)
        years = span.start.unit is span.end.unit is Unit.YEAR
        bare = not span.start.uncertain and (span.start.approximate or not span.end.approximate)
        return f"{start}–{end}" if years and bare and not span.vague else f"{start} – {end}"

    def several(self, several: Several) -> str:
        if len(several.members) == 1 and isinstance(several.members[0], Run) and not several.every:
            said = self.run(several.members[0], vague=several.vague)
            return _("{date}?").format(date=said) if said and several.doubtful else said
        said_circa = False
        written = []
        for member in several.members:
            text = self.member(member, several, said_circa)
            if not text:
                return ""
            written.append(text)
            said_circa = said_circa or (isinstance(member, Point) and member.approximate)
        alike = len({point.unit for point in several.points()}) == 1
        head, tail = (", " if alike else "; ").join(written[:-1]), written[-1]
        if not head:
            return ""
        joined = _("{dates} and {last}") if several.every else _("{dates} or {last}")
        return joined.format(dates=head, last=tail)

    def member(self, member: Point | Run, several: Several, said_circa: bool) -> str:
        if isinstance(member, Point):
            plain_after_circa = said_circa and not member.approximate
            return "" if plain_after_circa else self.point(member, circa=not said_circa)
        if not several.every or said_circa or member.first is None or member.last is None:
            return ""
        if (
            member.first.unit is not member.last.unit
            or member.first == member.last
            or member.first.unit in _COARSE
        ):
            return ""
        return f"{self.point(member.first)} – {self.point(member.last)}"

    def run(self, run: Run, *, vague: bool) -> str:
        if run.first is None and run.last is not None:
            return _("{date} or earlier").format(date=self.unit(run.last)) if not run.last.mark else ""
        if run.last is None and run.first is not None:
            return _("{date} or later").format(date=self.unit(run.first)) if not run.first.mark else ""
        if run.first is None or run.last is None:
            return ""
        if vague:
            return self._vague_run(run.first, run.last)
        return _("between {first} and {last}").format(first=self.unit(run.first), last=self.unit(run.last))

    def _vague_run(self, first: Point, last: Point) -> str:
        for name, whole, start, end in _periods_around(first):
            if (start, end) == (first, last):
                return _period_name(name).format(date=self.unit(whole))
        return ""

    def _vague_ends(self, start: Point, end: Point) -> tuple[str, str]:
        """ "late 1950s", "early 1960s": each end named by the period that begins or ends there."""
        starts = {
            whole.unit: _period_name(name).format(date=self.unit(whole))
            for name, whole, first, _last in _periods_around(start)
            if first == start
        }
        ends = {
            whole.unit: _period_name(name).format(date=self.unit(whole))
            for name, whole, _first, last in _periods_around(end)
            if last == end
        }
        for unit in (Unit.CENTURY, Unit.DECADE):
            if unit in starts and unit in ends:
                return starts[unit], ends[unit]
        return next(iter(starts.values()), self.point(start)), next(iter(ends.values()), self.point(end))


_COARSE = (Unit.SEASON, Unit.DECADE, Unit.CENTURY)


def _period_name(name: str) -> str:
    names: dict[str, str] = {EARLY: _("early {date}"), MID: _("mid {date}"), LATE: _("late {date}")}
    return names[name]


def _periods_around(point: Point) -> Iterator[tuple[str, Point, Point, Point]]:
    """(early, mid or late; of what; its first; its last unit) for the wholes that hold this day, month or year."""
    if point.unit is Unit.DAY:
        end = last_day(point.year, point.month).day
        for name, (first, last) in DAYS.items():
            whole = make_point(point.year, point.month)
            yield (
                name,
                whole,
                make_point(point.year, point.month, first),
                make_point(point.year, point.month, min(last, end)),
            )
    elif point.unit is Unit.MONTH:
        for name, (first, last) in MONTHS.items():
            yield name, make_point(point.year), make_point(point.year, first), make_point(point.year, last)
    elif point.unit is Unit.YEAR:
        for unit, size, table in ((Unit.DECADE, 10, YEARS), (Unit.CENTURY, 100, CENTURY_YEARS)):
            base = point.year // size * size
            if base:
                for name, (first, last) in table.items():
                    yield name, Point(unit, base), make_point(base + first), make_point(base + last)


def _ordinal_century(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return _("{number}th century").format(number=number)
    endings = {1: _("{number}st century"), 2: _("{number}nd century"), 3: _("{number}rd century")}
    return endings.get(number % 10, _("{number}th century")).format(number=number)


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """Babel's locale for a language code; English where it knows none."""
    for code in (language, language.split("-")[0]):
        try:
            return Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=256)
def _pattern(locale: Locale, unit: Unit) -> str:
    """The pattern of a locale for a day, month or year, with four figures for the year so that it reads back."""
    skeleton = {Unit.DAY: "yMMMMd", Unit.MONTH: "yMMMM", Unit.YEAR: "y"}[unit]
    known = locale.datetime_skeletons
    pattern = (
        known[skeleton].pattern
        if skeleton in known
        else {
            Unit.DAY: "MMMM d, y",
            Unit.MONTH: "MMMM y",
            Unit.YEAR: "y",
        }[unit]
    )
    if unit is Unit.DAY:
        pattern = locale.date_formats["long"].pattern
    quoted = pattern.split("'")
    quoted[::2] = [piece.replace("yyyy", "y").replace("y", "yyyy") for piece in quoted[::2]]
    return "'".join(quoted)
