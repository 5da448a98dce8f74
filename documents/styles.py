"""A citation in the styles that historians are asked for, by the official style files in ``documents/csl/``."""

import calendar
import json
import threading
from dataclasses import dataclass
from functools import cache as once
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from documents import csl_processor
from documents.csl_processor import StyleSheet

_FOLDER = Path(__file__).parent / "csl"
# What makes a citation of an item: when it changes, what is kept is none of its.
_MADE_BY = (*sorted(_FOLDER.glob("*.csl")), Path(csl_processor.__file__), Path(__file__))
_KEPT = 24 * 60 * 60  # seconds; the day seen is part of a citation
_SEASONS = {1: "spring", 2: "summer", 3: "autumn", 4: "winter"}


@dataclass(frozen=True)
class Style:
    """A way to cite. ``is_note``: the form of a footnote, not that of a bibliography."""

    name: str
    label: str | Promise
    file: str
    is_note: bool = False


_CHICAGO = "chicago-notes-bibliography-access-dates.csl"
STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("chicago-note", _("Chicago, note"), _CHICAGO, is_note=True),
        Style("chicago", _("Chicago, bibliography"), _CHICAGO),
        Style("mla", _("MLA"), "modern-language-association.csl"),
        Style("apa", _("APA"), "apa.csl"),
    )
}
DEFAULT = "chicago-note"
_sheets = threading.local()


def style_named(name: str) -> Style:
    """The style of this name; the usual one for any other."""
    return STYLES.get(name, STYLES[DEFAULT])


def formatted(item: dict[str, Any], style: Style) -> SafeString:
    """A CSL-JSON item as the style writes it: HTML with nothing but italics, about 25 ms, kept for a day."""
    item = _for_style(item, style)
    written = json.dumps([_edition(), style.name, item], sort_keys=True).encode()
    key = f"citation:{blake2b(written, digest_size=16).hexdigest()}"
    known = cache.get(key)
    if known is None:
        sheet = _sheet(style.file)
        known = str(sheet.note(item) if style.is_note else sheet.entry(item))
        cache.set(key, known, _KEPT)
    return mark_safe(known)  # noqa: S308 (escaped by the processor)


@once
def _edition() -> str:
    """A mark of the style files, of what reads them, and of the library beneath."""
    digest = blake2b(version("citeproc-py").encode(), digest_size=8)
    for path in _MADE_BY:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sheet(file: str) -> StyleSheet:
    sheets = _sheets.__dict__
    if file not in sheets:
        sheets[file] = StyleSheet(_FOLDER / file)
    return sheets[file]


def _for_style(item: dict[str, Any], style: Style) -> dict[str, Any]:
    """The item without what is for reference managers alone, and with what processor and style cannot do yet done."""
    item = {name: value for name, value in item.items() if name not in ("abstract", "note", "source")}
    if item.get("genre", "").casefold() == item.get("title", "").casefold():
        del item["genre"]  # "“Editorial Note,” Editorial Note,"
    # A style puts titles of English works in capitals; one whose language is not known stays as it is written.
    item.setdefault("language", "und")
    issued = item.get("issued", {})
    if "season" in issued:
        # Some styles ask for the month alone, where the processor finds no season.
        said = f"{_SEASONS[issued['season']]} {issued['date-parts'][0][0]}"
        item["issued"] = {"literal": f"circa {said}" if issued.get("circa") else said}
    elif style.is_note and issued.get("circa"):
        # Chicago's note has brackets of its own for such a date, and then no comma before the publisher.
        item["issued"] = {"literal": f"[{'–'.join(map(_in_words, issued['date-parts']))}?]"}
    return item


def _in_words(parts: list[int]) -> str:
    """ "1955", "May 1955", "May 6, 1955"."""
    year, month, day = (*parts, 0, 0)[:3]
    if not month:
        return str(year)
    return f"{calendar.month_name[month]} {day}, {year}" if day else f"{calendar.month_name[month]} {year}"
