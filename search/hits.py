"""A hit as it is drawn: the record's stored line, with what was found marked in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dates.explaining import print_range
from records.dating import DateCertainty
from records.entries import Entry
from records.languages import bcp47, direction, language_name
from search.carrying import pack
from search.engines.results import Segments, joined
from search.facets import ROLE_LABELS
from search.reasons import Ground, Reasons, grounds_of
from search.state import EVERYTHING, SearchState

PASSAGES_AT_MOST = 2
_SOURCES = {
    "transcript": gettext_lazy("Transcript"),
    "translation": gettext_lazy("Translation"),
    "source": gettext_lazy("Source note"),
    "biography": gettext_lazy("Biography"),
    "description": gettext_lazy("Description"),
}
PEOPLE_AT_MOST = 2


@dataclass(frozen=True)
class FoundPassage:
    """A piece of a text with what was found in it, where it stands, and the language it is set in.

    ``url`` leads to its paragraph on the record's page, where that is known.
    """

    segments: Segments
    source: str
    url: str = ""
    lang: str = ""
    dir: str = ""
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True)
class EntryInRange(Entry):
    """A line whose date may lie outside the range that was asked for; the gutter says so."""

    @property
    def date_note(self) -> str:
        if self.date_certainty == DateCertainty.CERTAIN:
            return _("could be in this range")
        covered = print_range(self.partial_date, get_language() or "en")
        if self.date_certainty == DateCertainty.UNCERTAIN:
            return _("date uncertain: %(range)s") % {"range": covered}
        return _("could be in this range: %(range)s") % {"range": covered}


@dataclass(frozen=True)
class Hit:
    """One line of the result."""

    entry: Entry
    kind: str = "document"
    title_segments: Segments = field(default_factory=list)
    summary_segments: Segments = field(default_factory=list)
    passages: tuple[FoundPassage, ...] = ()
    reasons: tuple[SafeString, ...] = ()  # why it is here, where nothing above shows it
    grounds: tuple[Ground, ...] = ()  # the names that it is found by

    # The columns of a table

    @property
    def types(self) -> str:
        return ", ".join(self._names("type"))

    @property
    def languages(self) -> str:
        """Of the original, in the reader's language."""
        return ", ".join(language_name(each.key) for each in self.grounds if each.kind == "language")

    @property
    def reference(self) -> str:
        """The shelfmark in the archive that keeps the original."""
        return next(self._names("reference"), "")

    @property
    def people(self) -> list[str]:
        """Those who wrote, received or met first; who is only mentioned last. No more than fit."""
        return self._people[:PEOPLE_AT_MOST]

    @property
    def more_people(self) -> int:
        return len(self._people[PEOPLE_AT_MOST:])

    @property
    def _people(self) -> list[str]:
        people = [each for each in self.grounds if each.kind == "person"]
        places = {role: place for place, role in enumerate(ROLE_LABELS)}
        people.sort(key=lambda each: min((places.get(role, 0) for role in each.roles), default=0))
        return [each.name for each in people]

    def _names(self, kind: str) -> Iterator[str]:
        return (each.name for each in self.grounds if each.kind == kind)


def address_in(entry: Entry, state: SearchState, number: int) -> str:
    """The record's address, with the search and the place in it, so that its page can lead on in the result.

    Without both where the search is too long for an address.
    """
    place = {"n": str(number)}
    if text := state.on_page(1).query_string:
        packed = pack(text)
        if not packed:
            return entry.url
        place = {"s": packed, **place}
    return f"{entry.url}?{urlencode(place)}"


def collections_of(entry: Entry) -> list[str]:
    """The slugs of the collections that a line names: their addresses end with them."""
    return [url.rstrip("/").rpartition("/")[2] for _title, url in entry.collections]


def collections_in(result: Any) -> Iterator[str]:
    """The slugs of all collections that a result names, its own and the wider ones."""
    yield from collections_of(Entry.from_stored(result.entry))
    yield from (ground.key for ground in grounds_of(result) if ground.kind == "collection")


def hit_of(
    result: Any,
    state: SearchState,
    number: int,
    collections: Mapping[str, str],
    reasons: Reasons | None = None,
) -> Hit:
    """The hit that a search result (highlighted, with its stored fields) is drawn as. Asks for nothing.

    ``collections``: titles by slug of those that everybody may see now, whatever the stored line says.
    ``reasons``: those of this search.
    """
    kind = result.kind or "document"
    entry = Entry.from_stored(result.entry)
    if kind == "document" and _may_lie_outside(entry, state):
        entry = EntryInRange.from_stored(result.entry)
    seen = zip(collections_of(entry), entry.collections, strict=True)
    entry = replace(
        entry, collections=tuple((collections[slug], url) for slug, (_t, url) in seen if slug in collections)
    )
    if kind == "document":
        entry = replace(entry, url=address_in(entry, state, number))
    else:
        entry = _with_section(entry, kind, state)
    passages = list(getattr(result, "passages", None) or ())
    summary = next((passage for passage in passages if passage.field == "summary"), None)
    others = [passage for passage in passages if passage.field != "summary"]
    title = joined(getattr(result, "title_segments", None) or [])
    others = others[:PASSAGES_AT_MOST]
    shown = [title, *(passage.segments for passage in (summary, *others) if passage)]
    grounds = [
        ground for ground in grounds_of(result) if ground.kind != "collection" or ground.key in collections
    ]
    return Hit(
        entry=entry,
        kind=kind,
        title_segments=title if any(marked for _text, marked in title) else [],
        summary_segments=_with_cuts(summary) if summary else [],
        passages=tuple(_found(result, passage, entry.url) for passage in others),
        reasons=reasons.of(shown, grounds) if reasons else (),
        grounds=tuple(grounds),
    )


def plain_hit(entry: Entry, kind: str, state: SearchState) -> Hit:
    """The hit that a record's own line is drawn as, where no engine has found it."""
    return Hit(entry if kind == "document" else _with_section(entry, kind, state), kind)


def _with_section(entry: Entry, kind: str, state: SearchState) -> Entry:
    """Among documents a name alone would not say what it is the name of."""
    if state.scope != EVERYTHING:
        return entry
    return replace(entry, note=" · ".join(part for part in (_section(kind), entry.note) if part))


def _may_lie_outside(entry: Entry, state: SearchState) -> bool:
    earliest, latest = state.date_range
    if state.undated or (earliest is None and latest is None):
        return False
    before = earliest is not None and (entry.date_earliest is None or entry.date_earliest < earliest)
    after = latest is not None and (entry.date_latest is None or entry.date_latest > latest)
    return before or after or entry.date_certainty == DateCertainty.UNCERTAIN


def _section(kind: str) -> str:
    """The part of the archive that a hit other than a document is from, as the navigation has it."""
    return {"person": _("People"), "collection": _("Collections")}.get(kind, "")


def _with_cuts(passage: Any) -> Segments:
    before = [("… ", False)] if passage.cut_before else []
    return [*before, *joined(passage.segments), *([(" …", False)] if passage.cut_after else [])]


def _found(result: Any, passage: Any, address: str) -> FoundPassage:
    language, _hyphen, script = _language(result, passage).partition("-")
    lang = bcp47(language, script) if language else ""
    return FoundPassage(
        segments=joined(passage.segments),
        source=_source(passage, language),
        url=_url(result, passage, address),
        lang=lang,
        dir=direction(language, script) if language else "",
        cut_before=passage.cut_before,
        cut_after=passage.cut_after,
    )


def _language(result: Any, passage: Any) -> str:
    return _beside(result, passage, "languages")


def _url(result: Any, passage: Any, address: str) -> str:
    anchor = _beside(result, passage, "anchors")
    return f"{address}#{anchor}-p{passage.paragraph}" if anchor else ""


def _beside(result: Any, passage: Any, what: str) -> str:
    """What the index stores beside the text that a passage is from; nothing of other fields."""
    stored = getattr(result, f"{passage.field}_{what}", None) or ()
    return stored[passage.value_index] if passage.value_index < len(stored) else ""


def _source(passage: Any, language: str) -> str:
    """ "Translation, English, paragraph 14"."""
    name = str(_SOURCES.get(passage.field, ""))
    if passage.field not in ("transcript", "translation"):
        return name
    named = (
        _("%(text)s, %(language)s") % {"text": name, "language": language_name(language)}
        if language
        else name
    )
    return _("%(text)s, paragraph %(number)s") % {"text": named, "number": passage.paragraph}
