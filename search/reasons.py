"""Why a hit is here, where its title and passages do not show it: the name that the words of the search met.

"Мао Цзэдун is Mao Zedong, addressee"; "Beijing is in China". Worked out from what the index gives back with the
hit, the same for every engine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from search.engines.passages import Marker, Pattern, patterns_of
from search.engines.results import Segments, joined, marked_html
from search.engines.sqlite.stems import stems
from search.facets import ROLE_LABELS
from search.state import SearchState
from search.text import words
from search.tree import And

LINES_AT_MOST = 2
# Of an inflected word so much at least is like the one that was searched.
BEGINNING_AT_LEAST = 3


@dataclass(frozen=True)
class Ground:
    """A name that a record is found by. ``key``: its slug or code.

    ``others``: what else finds it: variant names of a person or an archive, the wider places of a place.
    ``roles``: what a person has to do with the document.
    """

    kind: str
    name: str
    key: str = ""
    others: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def as_stored(self) -> list[Any]:
        """Plain JSON values, for the index."""
        return [self.kind, self.name, self.key, list(self.others), list(self.roles)]

    @classmethod
    def from_stored(cls, stored: Sequence[Any]) -> Self:
        """The ground that ``as_stored`` made the values of."""
        kind, name, key, others, roles = stored
        return cls(kind, name, key, tuple(others), tuple(roles))

    @property
    def role_names(self) -> str:
        """ "creator, mentioned"."""
        return ", ".join(str(ROLE_LABELS.get(role, role)) for role in self.roles)


def grounds_of(result: Any) -> tuple[Ground, ...]:
    """What the index gave back with a hit; nothing from an index that is older than grounds are."""
    return tuple(Ground.from_stored(stored) for stored in getattr(result, "grounds", None) or ())


# The index field that a kind of name is searched in, where it is called otherwise. A date and a marking stand
# on the line for all to see: those alone need no sentence.
_FIELDS = {
    "name": "person",
    "date": "date_written",
    "code": "reference",
    "part-of": "text",
    "publisher": "text",
    "donor": "text",
    "credit": "text",
    "caption": "text",
}
_ON_THE_LINE = ("date", "classification")


class Reasons:
    """Finds the reasons of the hits of one search."""

    def __init__(self, state: SearchState) -> None:
        condition = And((state.parsed.tree, *(parsed.tree for _row, parsed in state.parsed_rows)))
        self.patterns = patterns_of(condition, stems)
        self._markers: dict[tuple[str, tuple[str, ...]], Marker] = {}
        self._met: dict[tuple[str, tuple[str, ...], str], frozenset[Pattern]] = {}

    def of(self, shown: Iterable[Segments], grounds: Sequence[Ground]) -> tuple[SafeString, ...]:
        """Sentences (HTML) for what is searched and is not marked in what is ``shown``; none where all is."""
        marked = {
            word for segments in shown for text, is_marked in segments if is_marked for word in words(text)
        }
        missing = {pattern for pattern in self.patterns if not _is_among(pattern, marked)}
        lines: list[SafeString] = []
        while missing and len(lines) < LINES_AT_MOST:
            best = max(
                (
                    (len(missing & self._meets(ground, name)), -place, -number)
                    for place, ground in enumerate(grounds)
                    for number, name in enumerate((ground.name, *ground.others))
                ),
                default=(0, 0, 0),
            )
            if not best[0]:
                break
            ground = grounds[-best[1]]
            name = (ground.name, *ground.others)[-best[2]]
            missing -= self._meets(ground, name)
            if name != ground.name or ground.kind not in _ON_THE_LINE:
                lines.append(_sentence(ground, name, self._marked(ground, name)))
        return tuple(lines)

    def _marker(self, ground: Ground) -> Marker:
        key = (_FIELDS.get(ground.kind, ground.kind), ground.roles)
        if key not in self._markers:
            # The names of those who wrote are a field of their own besides.
            self._markers[key] = Marker(self.patterns, key[0], stems, also=ground.roles)
        return self._markers[key]

    def _meets(self, ground: Ground, name: str) -> frozenset[Pattern]:
        # The same people are in most hits of a page.
        key = (ground.kind, ground.roles, name)
        if key not in self._met:
            marker = self._marker(ground)
            self._met[key] = frozenset(marker.patterns[number] for _start, _end, number in marker.found(name))
        return self._met[key]

    def _marked(self, ground: Ground, name: str) -> SafeString:
        marked = marked_html(joined(self._marker(ground).whole(name)), "mark")
        return SafeString(f"<bdi>{marked}</bdi>")


def _is_among(pattern: Pattern, marked: set[str]) -> bool:
    """Whether these marked words show a pattern: each of its words, or one that begins like it (an inflected form)."""
    stem_of = stems(marked)
    return all(
        any(
            step.meets(word, stem_of)
            or word.startswith(step.what[: max(BEGINNING_AT_LEAST, len(step.what) - 2)])
            for word in marked
        )
        for step in pattern.steps
    )


def _sentence(ground: Ground, name: str, marked: SafeString) -> SafeString:
    is_other = name != ground.name
    known = format_html("<bdi>{}</bdi>", ground.name)
    if ground.kind == "person":
        if is_other:
            return _filled(
                _("%(variant)s is %(name)s, %(roles)s"), variant=marked, name=known, roles=ground.role_names
            )
        return _filled(_("%(label)s: %(value)s"), label=capfirst(ground.role_names), value=marked)
    if ground.kind == "place" and is_other:
        return _filled(_("%(place)s is in %(wider)s"), place=known, wider=marked)
    if ground.kind == "date":
        return _filled(_("%(year)s is within its date"), year=marked)
    return _filled(_("%(label)s: %(value)s"), label=_label(ground.kind), value=marked)


def _filled(sentence: str, **parts: str) -> SafeString:
    filled = escape(sentence) % {name: conditional_escape(part) for name, part in parts.items()}
    return mark_safe(filled)  # noqa: S308 - the sentence and each part are escaped


def _label(kind: str) -> str:
    labels = {
        "name": _("Also called"),
        "place": _("Place"),
        "subject": _("Subject"),
        "type": _("Type"),
        "language": _("Original language"),
        "archive": _("Archive"),
        "reference": _("Reference"),
        "code": _("Reference code"),
        "record": _("Record"),
        "collection": _("Collection"),
        "part-of": _("Part of"),
        "publisher": _("Published by"),
        "donor": _("Given by"),
        "credit": _("Credit"),
        "caption": _("Scan"),
    }
    return labels.get(kind, kind)
