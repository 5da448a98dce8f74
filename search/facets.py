"""The facets, each declared once.

A facet's name is its URL parameter; parsing, narrowing, counting, labels and
drawing all read this declaration. ``language=rus`` chooses a value, ``language=-rus``
excludes it; the value ``_none`` stands for documents that have none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from records.languages import read_language

Label = str | Promise

#: The value of documents without any. No slug is made so.
NONE = "_none"
EXCLUDED = "-"  # before a value in an address


class Order(StrEnum):
    """In what order a facet lists its values."""

    COUNT = "count"
    FIXED = "fixed"  # as ``Facet.values`` has them


@dataclass(frozen=True)
class Facet:
    """One way to narrow a search.

    ``field`` is the index field that holds the values (slugs or codes); ``phrase`` leads to a value in the
    sentence of the search ("146 documents *in* Russian"), ``without`` is the same for one that is excluded;
    ``all_label`` takes the number of all values. ``none`` is what documents without a value are called in the
    list; ``with_none`` and ``with_some`` are the parts of the sentence that choose and exclude these.
    """

    name: str
    label: Label
    field: str
    phrase: Label
    all_label: Label
    without: Label
    none: Label
    with_none: Label
    with_some: Label
    size: int = 10
    order: Order = Order.COUNT
    values: tuple[str, ...] = ()  # every value there is, in order, where these are fixed
    is_open: bool = True
    is_multiple: bool = True  # a document can have several of its values
    is_tree: bool = False  # its values stand under one another
    is_offered: bool = True  # stands beside the hits; one that does not is come to by links
    read: Callable[[str], str] = (
        str.lower
    )  # from a value as an address has it to the value as the index has it
    in_sentence: Mapping[str, Label] | None = (
        None  # what values are called after ``phrase``, if not as in the list
    )

    def __str__(self) -> str:
        return self.name

    @property
    def match_name(self) -> str:
        """The parameter that says whether all of its chosen values are asked for: ``person-match=all``."""
        return f"{self.name}-match"

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


#: What a person can have to do with a document, those who acted first.
ROLE_LABELS: dict[str, Label] = {
    "creator": _("creator"),
    "addressee": _("addressee"),
    "present": _("present"),
    "contributor": _("contributor"),
    "mentioned": _("mentioned"),
}
PARTICIPANT = "participant"  # the facet of people in a role

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
        without=_("not in %(value)s"),
        none=_("No language given"),
        with_none=_("with no language given"),
        with_some=_("with a language given"),
        read=_language,
    ),
    Facet(
        "person",
        _("People"),
        "people",
        phrase=_("naming"),
        all_label=ngettext_lazy("All %(count)s person", "All %(count)s people", "number"),
        without=_("not naming %(value)s"),
        none=_("No person named"),
        with_none=_("with no person named"),
        with_some=_("with a person named"),
    ),
    Facet(
        PARTICIPANT,
        _("Participants"),
        "participants",
        phrase=_("with"),
        all_label=ngettext_lazy("All %(count)s participant", "All %(count)s participants", "number"),
        without=_("without %(value)s"),
        none=_("No participant named"),
        with_none=_("with no participant named"),
        with_some=_("with a participant named"),
        is_offered=False,
    ),
    Facet(
        "place",
        _("Places"),
        "places",
        phrase=_("about the place"),
        all_label=ngettext_lazy("All %(count)s place", "All %(count)s places", "number"),
        without=_("not about the place %(value)s"),
        none=_("No place named"),
        with_none=_("with no place named"),
        with_some=_("with a place named"),
        is_tree=True,
    ),
    Facet(
        "collection",
        _("Collection"),
        "collections",
        phrase=_("in the collection"),
        all_label=ngettext_lazy("All %(count)s collection", "All %(count)s collections", "number"),
        without=_("not in the collection %(value)s"),
        none=_("In no collection"),
        with_none=_("in no collection"),
        with_some=_("in a collection"),
        is_tree=True,
    ),
    Facet(
        "archive",
        _("Archive"),
        "archives",
        phrase=_("kept at"),
        all_label=ngettext_lazy("All %(count)s archive", "All %(count)s archives", "number"),
        without=_("not kept at %(value)s"),
        none=_("No archive given"),
        with_none=_("with no archive given"),
        with_some=_("with an archive given"),
        is_multiple=False,
    ),
    Facet(
        "file",
        _("Archival file"),
        "files",
        phrase=_("from"),
        all_label=ngettext_lazy("All %(count)s file", "All %(count)s files", "number"),
        without=_("not from %(value)s"),
        none=_("No file given"),
        with_none=_("with no file given"),
        with_some=_("with a file given"),
        is_multiple=False,
        is_offered=False,
    ),
    Facet(
        "type",
        _("Document type"),
        "types",
        phrase=_("of the type"),
        all_label=ngettext_lazy("All %(count)s type", "All %(count)s types", "number"),
        without=_("not of the type %(value)s"),
        none=_("No type given"),
        with_none=_("with no type given"),
        with_some=_("with a type given"),
        is_open=False,
    ),
    Facet(
        "subject",
        _("Subjects"),
        "subjects",
        phrase=_("on the subject"),
        all_label=ngettext_lazy("All %(count)s subject", "All %(count)s subjects", "number"),
        without=_("not on the subject %(value)s"),
        none=_("No subject given"),
        with_none=_("with no subject given"),
        with_some=_("with a subject given"),
        is_open=False,
    ),
    Facet(
        "classification",
        _("Original classification"),
        "classifications",
        phrase=_("once classified"),
        all_label=ngettext_lazy("All %(count)s classification", "All %(count)s classifications", "number"),
        without=_("not once classified %(value)s"),
        none=_("No classification given"),
        with_none=_("with no classification given"),
        with_some=_("with a classification given"),
        is_multiple=False,
        is_open=False,
    ),
    Facet(
        "has",
        _("Scan, transcript, translation"),
        "has",
        phrase=_("with"),
        all_label="",
        without=_("without %(value)s"),
        none=_("None of these"),
        with_none=_("with neither scan nor text"),
        with_some=_("with a scan or a text"),
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

OFFERED: tuple[Facet, ...] = tuple(facet for facet in FACETS if facet.is_offered)
FACETS_BY_NAME: dict[str, Facet] = {facet.name: facet for facet in FACETS}


def in_role(role: str, person: str) -> str:
    """A person in a role as the facet of participants has them: "present:zhou-enlai"."""
    return f"{role}:{person}"


def role_and_person(value: str) -> tuple[str, str]:
    """What ``in_role`` was made of."""
    role, _colon, person = value.partition(":")
    return role, person


@dataclass(frozen=True)
class FacetValue:
    """A value as it is drawn: what it is called, how many documents have it, whether it is chosen or excluded.

    In a tree ``children`` stand under it, to be seen at once if it ``is_open``; in a list cut out of a
    tree ``path`` names what it stands under.
    """

    value: str
    label: str
    count: int
    is_chosen: bool = False
    is_excluded: bool = False
    children: tuple["FacetValue", ...] = ()
    is_open: bool = False
    path: str = ""

    @property
    def excluded_value(self) -> str:
        """As an address says that it is excluded."""
        return f"{EXCLUDED}{self.value}"

    @property
    def is_set(self) -> bool:
        return self.is_chosen or self.is_excluded


def in_order(facet: Facet, values: Sequence[FacetValue]) -> list[FacetValue]:
    """The chosen ones first, then as the facet orders them; a total order."""
    if facet.order is Order.FIXED:
        places = {value: place for place, value in enumerate(facet.values)}
        return sorted(values, key=lambda item: (places.get(item.value, len(places)), item.value))
    return sorted(values, key=lambda item: (not item.is_set, -item.count, item.label.casefold(), item.value))
