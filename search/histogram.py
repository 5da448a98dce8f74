"""The year strip: how many records there are of each year (decade, month), drawn on the server.

Lengths along the strip are per cent, so that it fits any width while the years
below it keep their type; heights are pixels.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.figures import in_figures
from search.engines.errors import EngineError
from search.engines.histogram import Bar, Histogram, Unit
from search.facets import FACETS
from search.query import DOCUMENTS_ONLY, build_query
from search.state import DATED, UNDATED, SearchState

HEIGHT = 52  # of the tallest bar with its cap
TOP = 20  # room for what a bar says while it is pointed at
BASELINE = TOP + HEIGHT
BARS_AT_MOST = 90
LABELS_AT_MOST = 14
MONTHS_IN_YEARS = 3  # a range in more years is not drawn by months
Days = tuple[date, date]
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True)
class StripBar:
    """One year (or decade, or month) as it is drawn. ``x`` and ``width`` in per cent, the rest in pixels."""

    label: str
    name: str
    url: str
    certain: int
    possible: int
    is_selected: bool
    x: str
    width: str
    middle: str
    slot_x: str
    slot_width: str
    y: float
    height: float
    cap_y: float
    cap_height: float


@dataclass(frozen=True)
class Strip:
    """The strip of a search or of a part of the holdings."""

    unit: str
    bars: tuple[StripBar, ...] = ()
    ticks: tuple[
        tuple[str, str, bool], ...
    ] = ()  # place in per cent, label, whether a phone has no room for it
    roughly: int = 0
    undated: int = 0
    total: int = 0
    first: str = ""
    last: str = ""
    roughly_url: str = ""
    undated_url: str = ""
    has_selection: bool = False
    state: SearchState | None = field(default=None, compare=False)

    height = BASELINE + 18
    baseline = BASELINE
    label_y = BASELINE + 14

    @property
    def is_empty(self) -> bool:
        return not self.bars

    @property
    def name(self) -> str:
        """What the drawing shows, for those who do not see it."""
        by = {"decade": _("Documents by decade"), "month": _("Documents by month")}.get(
            self.unit, _("Documents by year")
        )
        return f"{by}, {self.span}" if self.bars else by

    @property
    def unit_label(self) -> str:
        """What heads the first column of its table."""
        return {"decade": _("Decade"), "month": _("Month")}.get(self.unit, _("Year"))

    @property
    def span(self) -> str:
        """ "1946 to 1972", or one year."""
        if self.first == self.last:
            return self.first
        return _("%(first)s to %(last)s") % {"first": self.first, "last": self.last}

    @property
    def caption(self) -> str:
        """ "20 documents, 1946 to 1972"."""
        documents = ngettext("%(count)s document", "%(count)s documents", self.total) % {
            "count": in_figures(self.total)
        }
        return f"{documents}, {self.span}" if self.bars else documents

    @property
    def roughly_sentence(self) -> str:
        if not self.roughly:
            return _("none roughly dated")
        return ngettext("%(count)s roughly dated", "%(count)s roughly dated", self.roughly) % {
            "count": in_figures(self.roughly)
        }

    @property
    def undated_sentence(self) -> str:
        return ngettext("%(count)s undated", "%(count)s undated", self.undated) % {
            "count": in_figures(self.undated)
        }


def draw(
    histogram: Histogram, state: SearchState, *, base: str | None = None, days: Days | None = None
) -> Strip:
    """The strip of a search: every bar leads to the same search within its year.

    ``days``: only the part between them, every unit of it, empty or not.
    """
    base = reverse("search:search") if base is None else base
    bars = histogram.contiguous() if days is None else _between(histogram, *days)
    selection = _selection(state)
    drawn = tuple(_drawn(bars, histogram.unit, state, base, selection))
    anytime = state.without_dates()
    roughly = anytime.changed(dated=next(dated for dated, unit in DATED.items() if unit == histogram.unit))
    undated = anytime.changed(dated=UNDATED)
    return Strip(
        unit=histogram.unit,
        bars=drawn,
        ticks=tuple(_ticks(bars, histogram.unit)),
        roughly=histogram.roughly,
        undated=histogram.undated,
        total=histogram.total,
        first=_end_label(bars[0].start, histogram.unit) if bars else "",
        last=_end_label(bars[-1].end, histogram.unit) if bars else "",
        roughly_url=f"{base}?{roughly.query_string}",
        undated_url=f"{base}?{undated.query_string}",
        has_selection=selection is not None,
        state=state,
    )


def holdings_strip(*, unit: str = "", **narrow: str) -> Strip | None:
    """The strip of the public holdings, or of the part where index fields have these values.

    ``holdings_strip(collections="sino-japanese-relations")``; ``unit="decade"`` for the long view. None when
    the engine cannot answer or nothing has a date: the page then goes without.
    """
    names = {facet.field: facet.name for facet in FACETS}
    state = SearchState()
    for field_name, value in narrow.items():
        state = state.add(names[field_name], value)
    try:
        strip = draw(ask(state, unit=unit), state)
    except EngineError:
        return None
    return None if strip.is_empty else strip


def ask(state: SearchState, *, unit: str = "") -> Histogram:
    """The histogram of a search's documents, asked of the engine by itself. Raises EngineError."""
    query = build_query(state).where(DOCUMENTS_ONLY)
    counted = query.histogram(unit or "year").histogram_counts()
    if not unit and counted and len(counted.contiguous()) > BARS_AT_MOST:
        counted = query.histogram("decade").histogram_counts()
    return counted or Histogram(unit or "year")


def days_closer(state: SearchState, years: Histogram) -> Days | None:
    """The part of the years that was asked for, where it is short enough to be drawn by months: whole years."""
    if not years.bars or state.undated:
        return None
    earliest, latest = state.date_range
    first, last = earliest or years.bars[0].start, latest or years.bars[-1].end
    if first > last or last.year - first.year >= MONTHS_IN_YEARS:
        return None
    # Whole years, so that a month stands among the others.
    return date(first.year, 1, 1), date(last.year, 12, 31)


def closer(state: SearchState, years: Histogram | None) -> Strip | None:
    """A short range that was asked for, drawn by months; one search more. None where there is none to draw."""
    days = days_closer(state, years) if years and any(state.date_range) else None
    if days is None:
        return None
    try:
        strip = draw(ask(state, unit="month"), state, days=days)
    except EngineError:
        return None
    return None if strip.is_empty else strip


def _between(histogram: Histogram, earliest: date, latest: date) -> list[Bar]:
    unit = Unit(histogram.unit)
    known = {bar.start: bar for bar in histogram.bars}
    units = (unit.days(number) for number in range(unit.number(earliest), unit.number(latest) + 1))
    return [known.get(start) or Bar(start, end, 0, 0) for start, end in units]


def _end_label(day: date, unit: str) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT") if unit == "month" else str(day.year)


def _selection(state: SearchState) -> Days | None:
    earliest, latest = state.date_range
    if state.undated:
        return date.max, date.min
    if earliest is None and latest is None:
        return None
    return earliest or date.min, latest or date.max


def _drawn(
    bars: list[Bar], unit: str, state: SearchState, base: str, selection: Days | None
) -> Iterable[StripBar]:
    tallest = max((bar.certain + bar.possible for bar in bars), default=0)
    slot = 100 / len(bars) if bars else 0
    # Few bars would be as broad as doors: they keep a slim figure in the middle of their slot.
    width = min(slot * 0.78, 3.0)
    for place, bar in enumerate(bars):
        if not (bar.certain or bar.possible):
            continue
        certain = _pixels(bar.certain, tallest)
        cap = _pixels(bar.possible, tallest)
        label = label_of(bar, unit)
        yield StripBar(
            label=label,
            name=f"{label}: {counted(bar)}",
            url=f"{base}?{within(bar, unit, state).query_string}",
            certain=bar.certain,
            possible=bar.possible,
            is_selected=selection is None or (bar.start <= selection[1] and bar.end >= selection[0]),
            x=_percent(place * slot + (slot - width) / 2),
            width=_percent(width),
            middle=_percent((place + 0.5) * slot),
            slot_x=_percent(place * slot),
            slot_width=_percent(slot),
            y=BASELINE - certain,
            height=certain,
            cap_y=BASELINE - certain - cap,
            cap_height=cap,
        )


def _pixels(count: int, tallest: int) -> float:
    """A height that can be seen, however small its share."""
    return max(round(HEIGHT * count / tallest, 1), 1.5) if count else 0


def _percent(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") + "%"


def within(bar: Bar, unit: str, state: SearchState) -> SearchState:
    """The search within the bar's days, as its address says them: 1956, 1956-03."""
    if unit == "month":
        month = f"{bar.start:%Y-%m}"
        return state.within(month, month)
    return state.within(str(bar.start.year), str(bar.end.year))


def label_of(bar: Bar, unit: str) -> str:
    """1956, 1950s, March 1956."""
    if unit == "month":
        return date_format(bar.start, "YEAR_MONTH_FORMAT")
    return _("%(year)ss") % {"year": bar.start.year} if unit == "decade" else str(bar.start.year)


def counted(bar: Bar) -> str:
    """ "43 documents, and 6 that could be"."""
    documents = ngettext("%(count)s document", "%(count)s documents", bar.certain) % {"count": bar.certain}
    if not bar.possible:
        return documents
    if not bar.certain:
        could = ngettext(
            "%(count)s document that could be", "%(count)s documents that could be", bar.possible
        )
        return could % {"count": bar.possible}
    could = ngettext("and %(count)s that could be", "and %(count)s that could be", bar.possible)
    return f"{documents}, " + could % {"count": bar.possible}


def _ticks(bars: list[Bar], unit: str) -> Iterable[tuple[str, str, bool]]:
    """Round years under the axis; every other one gives way on a phone."""
    if not bars:
        return
    if unit == "month":
        yield from _month_ticks(bars)
        return
    years = 10 if unit == "decade" else 1
    first, last = bars[0].start.year // years * years, bars[-1].start.year
    count = (last - first) // years + 1
    step = next((s for s in _STEPS if s >= years and (last - first) // s < LABELS_AT_MOST), _STEPS[-1])
    for place in range(count):
        year = first + place * years
        if year % step == 0 or count == 1:
            yield _percent((place + 0.5) * 100 / count), str(year), bool(year // step % 2) and count > 7


def _month_ticks(bars: list[Bar]) -> Iterable[tuple[str, str, bool]]:
    """Names of months, as many as there is room for; of several years, the years."""
    several = bars[0].start.year != bars[-1].start.year
    for place, bar in enumerate(bars):
        label = str(bar.start.year) if several else date_format(bar.start, "M")
        if not several or bar.start.month == 1 or not place:
            yield _percent((place + 0.5) * 100 / len(bars)), label, not several and bool(place % 2)
