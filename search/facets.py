"""The facets, each declared once.

A facet's name is its URL parameter; parsing, narrowing, counting, labels and
drawing all read this declaration.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from records.languages import read_language

Label = str | Promise


class Order(StrEnum):
    """In what order a facet lists its values."""

    COUNT = "count"
    FIXED = "fixed"  # as ``Facet.values`` has them


@dataclass(frozen=True)
class Facet:
    """One way to narrow a search.

    ``field`` is the index field that holds the values (slugs or codes); ``phrase`` leads to a value in the
    sentence of the search ("146 documents *in* Russian"); ``all_label`` takes the number of all values.
    """

    name: str
    label: Label
    field: str
    phrase: Label
    all_label: Label
    size: int = 5
    order: Order = Order.COUNT
    values: tuple[str, ...] = ()  # every value there is, in order, where these are fixed
    is_open: bool = True
    read: Callable[[str], str] = (
        str.lower
    )  # from a value as an address has it to the value as the index has it
    in_sentence: Mapping[str, Label] | None = (
        None  # what values are called after ``phrase``, if not as in the list
    )

    def __str__(self) -> str:
        return self.name

    @property
    def is_listed(self) -> bool:
        """Whether it can have more values than it shows, and so a page of its own."""
        return not self.values


def _language(text: str) -> str:
    """ "rus" for RUS, ru and Russian; what is no language as it is."""
    try:
        return read_language(text.lower())
    except ValueError:
        return text.lower()


HAS_LABELS: dict[str, Label] = {
    "scan": _("Scan"),
    "transcript": _("Transcript"),
    "translation": _("Translation"),
}

FACETS: tuple[Facet, ...] = (
    Facet(
        "language",
        _("Original language"),
        "languages",
        phrase=_("in"),
        all_label=ngettext_lazy("All %(count)s language", "All %(count)s languages", "number"),
        read=_language,
    ),
    Facet(
        "person",
        _("People"),
        "people",
        phrase=_("naming"),
        all_label=ngettext_lazy("All %(count)s person", "All %(count)s people", "number"),
    ),
    Facet(
        "place",
        _("Places"),
        "places",
        phrase=_("about the place"),
        all_label=ngettext_lazy("All %(count)s place", "All %(count)s places", "number"),
    ),
    Facet(
        "collection",
        _("Collection"),
        "collections",
        phrase=_("in the collection"),
        all_label=ngettext_lazy("All %(count)s collection", "All %(count)s collections", "number"),
    ),
    Facet(
        "archive",
        _("Archive"),
        "archives",
        phrase=_("kept at"),
        all_label=ngettext_lazy("All %(count)s archive", "All %(count)s archives", "number"),
    ),
    Facet(
        "type",
        _("Document type"),
        "types",
        phrase=_("of the type"),
        all_label=ngettext_lazy("All %(count)s type", "All %(count)s types", "number"),
        size=8,
        is_open=False,
    ),
    Facet(
        "subject",
        _("Subjects"),
        "subjects",
        phrase=_("on the subject"),
        all_label=ngettext_lazy("All %(count)s subject", "All %(count)s subjects", "number"),
        is_open=False,
    ),
    Facet(
        "classification",
        _("Original classification"),
        "classifications",
        phrase=_("once classified"),
        all_label=ngettext_lazy("All %(count)s classification", "All %(count)s classifications", "number"),
        size=8,
        is_open=False,
    ),
    Facet(
        "has",
        _("Scan, transcript, translation"),
        "has",
        phrase=_("with"),
        all_label="",
        order=Order.FIXED,
        values=tuple(HAS_LABELS),
        is_open=False,
        in_sentence={
            "scan": _("a scan"),
            "transcript": _("a transcript"),
            "translation": _("a translation"),
        },
    ),
)

FACETS_BY_NAME: dict[str, Facet] = {facet.name: facet for facet in FACETS}


@dataclass(frozen=True)
class FacetValue:
    """A value as it is drawn: what it is called, how many documents have it, and whether it is chosen."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


def in_order(facet: Facet, values: Sequence[FacetValue]) -> list[FacetValue]:
    """The chosen ones first, then as the facet orders them; a total order."""
    if facet.order is Order.FIXED:
        places = {value: place for place, value in enumerate(facet.values)}
        return sorted(values, key=lambda item: (places.get(item.value, len(places)), item.value))
    return sorted(
        values, key=lambda item: (not item.is_chosen, -item.count, item.label.casefold(), item.value)
    )
