"""The timeline: a search in order of date, its documents under the years and months they are of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from records.dating import DateCertainty
from records.entries import Entry
from search import histogram, results
from search.engines.errors import EngineError
from search.engines.histogram import Bar, Histogram
from search.histogram import BARS_AT_MOST, Strip, counted, within
from search.hits import Hit
from search.query import build_query
from search.results import ResultPage
from search.state import DATE, DOCUMENTS, TIMELINE, SearchState

PER_PAGE = 50


@dataclass(frozen=True)
class TimelineState(SearchState):
    """A search for documents as the timeline shows it: always by date, always so many a page."""

    per_page: int = PER_PAGE

    @classmethod
    def parse(cls, parameters: QueryDict) -> Self:
        state = super().parse(parameters)
        scope = state.scope if state.collection else DOCUMENTS
        return replace(state, scope=scope, sort="", per_page=PER_PAGE, view="")

    @classmethod
    def of(cls, state: SearchState) -> Self:
        """The same search on the same page."""
        return cls.parse(QueryDict(state.query_string))

    @property
    def order(self) -> str:
        return DATE

    def pairs(self) -> Iterator[tuple[str, str]]:
        return (pair for pair in super().pairs() if pair[0] not in ("sort", "per_page", "view"))

    @property
    def as_list(self) -> SearchState:
        """The same search as the search page lists it."""
        parts = {each.name: getattr(self, each.name) for each in fields(SearchState)}
        return SearchState(**{**parts, "sort": DATE}).changed(page=self.page)


@dataclass(frozen=True)
class Heading:
    """Where a document stands: ``year`` None for the undated; ``month`` 1 to 12, or one of those below."""

    year: int | None
    month: int = 0


MONTH_UNKNOWN, ROUGHLY = 0, -1  # as ``Heading.month``: the year is sure, or not even that
EARLIER = Heading(0, ROUGHLY)  # begins before the range that was asked for
UNDATED = Heading(None, ROUGHLY)


@dataclass(frozen=True)
class Section:
    """Documents of one month, or those of which the month (or the year) is not sure."""

    heading: Heading
    label: str
    hits: list[Hit]
    counted: str = ""
    query_string: str = ""


@dataclass(frozen=True)
class Group:
    """What stands under one year. ``is_continued``: from the page before."""

    heading: Heading
    label: str
    sections: list[Section]
    counted: str = ""
    query_string: str = ""
    is_continued: bool = False


@dataclass(frozen=True)
class Timeline:
    """One page of the timeline. ``closer``: the range that was asked for, drawn by smaller units.

    ``earlier``, ``later``: label and query string of the year or month beside the one on the page.
    """

    page: ResultPage
    groups: list[Group]
    closer: Strip | None = None
    earlier: tuple[str, str] | None = None
    later: tuple[str, str] | None = None


def timeline(state: TimelineState, user: Any) -> Timeline:
    """The page of the timeline that this user sees. A few searches, however many documents."""
    page = results.run(state.as_list, user, seen_in=TIMELINE)
    panels = (replace(panel, all_url=_back_here(panel.all_url)) for panel in page.panels)
    page = replace(page, state=state, panels=tuple(panels))
    if page.years is None:
        return Timeline(page, Grouping(state).of(page.hits))
    try:
        query = build_query(state)
        counts = Grouping(state, page.years, query.histogram("month").histogram_counts())
        before = query[page.first - 2 : page.first - 1] if page.first > 1 and page.hits else []
        strip = page.strip and histogram.draw(_drawable(page.years, state), state, base=_base())
    except EngineError:
        return Timeline(page, Grouping(state).of(page.hits))
    return Timeline(
        replace(page, strip=strip),
        counts.of(page.hits, after=Entry.from_stored(before[0].entry) if before else None),
        counts.closer(),
        *counts.beside(),
    )


def _base() -> str:
    return reverse("search:timeline")


def _back_here(url: str) -> str:
    """The page of all values of a facet, which is to lead back to the timeline."""
    return f"{url}&at=timeline" if url else ""


def _drawable(years: Histogram, state: SearchState) -> Histogram:
    """The years, or decades where they are too many."""
    return histogram.ask(state) if len(years.contiguous()) > BARS_AT_MOST else years


@dataclass(frozen=True)
class Grouping:
    """Puts hits under their years and months, with what the whole search has of each."""

    state: TimelineState
    years: Histogram | None = None
    months: Histogram | None = None

    def heading_of(self, entry: Entry) -> Heading:
        first, last = entry.date_earliest, entry.date_latest
        start = first or last
        if start is None:
            return UNDATED
        asked_from = self.state.date_range[0]
        if asked_from and start < asked_from and start.year < asked_from.year:
            return EARLIER
        is_sure = entry.date_certainty != DateCertainty.UNCERTAIN
        if not (first and last and is_sure and first.year == last.year):
            return Heading(start.year, ROUGHLY)
        return Heading(start.year, start.month if first.month == last.month else MONTH_UNKNOWN)

    def of(self, hits: Iterable[Hit], after: Entry | None = None) -> list[Group]:
        """The groups of a page, in order; ``after`` is the last entry of the page before."""
        found: dict[int | None, dict[int, list[Hit]]] = {}
        for hit in hits:
            heading = self.heading_of(hit.entry)
            found.setdefault(heading.year, {}).setdefault(heading.month, []).append(hit)
        last = self.heading_of(after) if after else None
        return [
            self._group(year, sections, is_continued=last is not None and last.year == year)
            for year, sections in found.items()
        ]

    def closer(self) -> Strip | None:
        """The range that was asked for, by month where it is short, by year where all are drawn by decades."""
        if not (self.years and self.months and self.years.bars) or self.state.undated:
            return None
        if days := histogram.days_closer(self.state, self.years):
            return histogram.draw(self.months, self.state, base=_base(), days=days)
        earliest, latest = self.state.date_range
        first, last = earliest or self.years.bars[0].start, latest or self.years.bars[-1].end
        is_long = len(self.years.contiguous()) > BARS_AT_MOST
        if is_long and 0 <= last.year - first.year < BARS_AT_MOST:
            return histogram.draw(self.years, self.state, base=_base(), days=(first, last))
        return None

    def beside(self) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
        """The years, or months, with documents before and after the one that was asked for."""
        for counts in (self.years, self.months):
            bars = counts.bars if counts else []
            for place, bar in enumerate(bars):
                if counts and (bar.start, bar.end) == self.state.date_range:
                    before = bars[place - 1] if place else None
                    after = bars[place + 1] if place + 1 < len(bars) else None
                    return self._way(before, counts.unit), self._way(after, counts.unit)
        return None, None

    def _way(self, bar: Bar | None, unit: str) -> tuple[str, str] | None:
        if bar is None:
            return None
        return histogram.label_of(bar, unit), within(bar, unit, self.state).query_string

    def _group(self, year: int | None, found: dict[int, list[Hit]], *, is_continued: bool) -> Group:
        heading = Heading(year, ROUGHLY)
        # What is known least stands first, as it does in order of date.
        sections = [self._section(Heading(year, month), found[month]) for month in sorted(found)]
        if heading in (UNDATED, EARLIER):
            label = _("Undated") if heading == UNDATED else _("Begun earlier")
            return Group(heading, label, sections, is_continued=is_continued)
        bar = self._bar(self.years, date(year or 1, 1, 1))
        return Group(
            heading,
            str(year),
            sections,
            counted=counted(bar) if bar else "",
            query_string=self.state.within(str(year), str(year)).query_string,
            is_continued=is_continued,
        )

    def _section(self, heading: Heading, hits: list[Hit]) -> Section:
        if heading == UNDATED:
            return Section(heading, "", hits)
        if heading == EARLIER:
            return Section(heading, "", hits)
        if heading.month == ROUGHLY:
            return Section(heading, _("Roughly dated"), hits)
        if heading.month == MONTH_UNKNOWN:
            return Section(heading, _("Month not known"), hits)
        first = date(heading.year or 1, heading.month, 1)
        bar = self._bar(self.months, first)
        month = f"{first:%Y-%m}"
        return Section(
            heading,
            date_format(first, "YEAR_MONTH_FORMAT"),
            hits,
            # Not those that could be: all of a year would stand again at each of its months.
            counted=counted(replace(bar, possible=0)) if bar else "",
            query_string=self.state.within(month, month).query_string,
        )

    def _bar(self, counts: Histogram | None, start: date) -> Bar | None:
        """The bar that begins on a day, where the range that was asked for leaves it whole."""
        earliest, latest = self.state.date_range
        bar = next((each for each in counts.bars if each.start == start), None) if counts else None
        if bar is None or (earliest and bar.start < earliest) or (latest and bar.end > latest):
            return None
        return replace(bar, possible=0) if self.state.certain else bar
