"""How an index class says what its fields are for.

    class DocumentIndex(indexes.SearchIndex, indexes.Indexable):
        text = TextField(document=True, stored=False)           # searched
        title = TextField(weight=10, heading=True, highlighted=True)
        transcript = TextsField(stored=False, highlighted=True)  # several long texts
        person = TextsField(stored=False)                        # names, searched as text
        people = ExactField()                                    # facet values, compared letter by letter
        title_sort = SortField()                                 # a key made for sorting
        date_earliest = indexes.DateField(null=True)             # typed: equal, ranges, sort
        thumbnail = StoredField()                                # only given back
        names = NamesField()                                     # offered while a reader types

Haystack's own fields work too: CharField and MultiValueField are text, a facet field
(also the one that ``faceted=True`` makes) is exact, numbers, dates and booleans are typed,
``indexed=False`` is stored only. Both engines read the same description.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from haystack import indexes
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.fields import FacetField, SearchField
from haystack.utils.loading import UnifiedIndex

#: Names that every hit has and that are no declared fields.
IDENTITY = (ID, DJANGO_CT, DJANGO_ID)


class Kind(Enum):
    TEXT = "text"  # searched by words and phrases
    EXACT = "exact"  # any number of values, compared whole; facets
    TYPED = "typed"  # one number, date, boolean or sort key: equal, ranges, sort
    STORED = "stored"  # only given back
    NAMES = "names"  # offered to complete what a reader types, and nothing else


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """What an engine needs to know of one index field."""

    name: str
    kind: Kind
    type: str  # "string", "integer", "float", "boolean", "date", "datetime"
    multi: bool
    stored: bool
    weight: float  # of a match in this text field, against the others
    searched: bool  # a plain search (content) looks here
    highlighted: bool  # passages are cut from here
    heading: bool  # the hit's title: marked whole, never cut
    sortable: bool
    pieces: str  # "word"; "prefix" and "infix" for Haystack's ngram fields

    @property
    def in_content(self) -> bool:
        return self.kind is Kind.TEXT and self.searched


class _Text:
    search_kind = Kind.TEXT

    def __init__(
        self,
        *,
        searched: bool = True,
        highlighted: bool = False,
        heading: bool = False,
        sortable: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("null", True)
        super().__init__(**kwargs)
        self.searched = searched
        self.highlighted = highlighted
        self.heading = heading
        self.sortable = sortable


class TextField(_Text, indexes.CharField):
    """One text, searched by words. ``weight`` counts its matches more.

    ``heading`` is the title of a hit, marked whole; from a ``highlighted`` field passages are cut;
    ``stored=False`` leaves the text out of the hit; ``searched=False`` leaves it to queries by field.
    """


class TextsField(_Text, indexes.MultiValueField):
    """Several texts (transcripts, names). A phrase never runs from one into the next."""


class ExactField(indexes.MultiValueField):
    """Values compared letter by letter, any number of them: facets and filters."""

    search_kind = Kind.EXACT

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        super().__init__(**kwargs)


class SortField(indexes.CharField):
    """A key made for sorting, compared as it is, code point by code point."""

    search_kind = Kind.TYPED

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        super().__init__(**kwargs)


class StoredField(indexes.SearchField):
    """Anything that JSON can hold, given back with the hit and never searched."""

    search_kind = Kind.STORED
    field_type = "json"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs["indexed"] = False
        super().__init__(**kwargs)


class NamesField(indexes.MultiValueField):
    """Names that a reader's typing is completed to: a list of (kind, value, name).

    ``("person", "mao-zedong", "毛泽东")``: in every spelling, each with the value that it stands for. A title,
    which stands for nothing but itself, has no value.
    """

    search_kind = Kind.NAMES

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs["stored"] = False
        super().__init__(**kwargs)


def describe_field(field: SearchField) -> FieldInfo:
    """One Haystack field as the engines see it. ImproperlyConfigured for what none of them can do."""
    kind = _kind_of(field)
    multi = bool(field.is_multivalued)
    single_text = kind is Kind.TEXT and not multi
    return FieldInfo(
        name=field.index_fieldname,
        kind=kind,
        type="float" if isinstance(field, indexes.DecimalField) else _TYPES.get(field.field_type, "string"),
        multi=multi,
        stored=bool(field.stored),
        weight=float(field.boost or 1.0),
        searched=getattr(field, "searched", True),
        highlighted=getattr(field, "highlighted", bool(field.document)) and kind is Kind.TEXT,
        heading=getattr(field, "heading", False),
        # Haystack's own text fields may be sorted by; ours say so.
        sortable=kind is Kind.TYPED or (single_text and getattr(field, "sortable", True)),
        pieces={"edge_ngram": "prefix", "ngram": "infix"}.get(field.field_type, "word"),
    )


_TYPES = {
    "integer": "integer",
    "float": "float",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}


def _kind_of(field: SearchField) -> Kind:
    declared = getattr(field, "search_kind", None)
    if declared is not None:
        return declared
    if not field.indexed:
        return Kind.STORED
    if field.field_type == "location":
        raise ImproperlyConfigured(
            f"index field {field.index_fieldname}: places on a map are not searched here"
        )
    if isinstance(field, FacetField):
        return Kind.EXACT
    if isinstance(field, indexes.DecimalField) or field.field_type in _TYPES:
        return Kind.TYPED
    return Kind.TEXT


def describe(unified_index: UnifiedIndex) -> dict[str, FieldInfo]:
    """Every field of every index class by its name.

    ImproperlyConfigured where two index classes declare one name for different purposes.
    """
    indexes_now = tuple(unified_index.get_indexes().values())
    remembered = getattr(unified_index, "_described_for_archive", None)
    if remembered is not None and remembered[0] == indexes_now:
        return remembered[1]
    described: dict[str, FieldInfo] = {}
    for index in indexes_now:
        for field in index.fields.values():
            info = describe_field(field)
            known = described.setdefault(info.name, info)
            if (known.kind, known.type) != (info.kind, info.type):
                raise ImproperlyConfigured(
                    f"index field {info.name} is {known.kind.value} ({known.type}) in one index class and "
                    f"{info.kind.value} ({info.type}) in {type(index).__name__}; give one of them another name"
                )
            if known != info:
                described[info.name] = _widest(known, info)
    unified_index._described_for_archive = (indexes_now, described)
    return described


def _widest(one: FieldInfo, other: FieldInfo) -> FieldInfo:
    """A field that serves both declarations."""
    return FieldInfo(
        name=one.name,
        kind=one.kind,
        type=one.type,
        multi=one.multi or other.multi,
        stored=one.stored or other.stored,
        weight=max(one.weight, other.weight),
        searched=one.searched or other.searched,
        highlighted=one.highlighted or other.highlighted,
        heading=one.heading or other.heading,
        sortable=one.sortable and other.sortable,
        pieces=one.pieces,
    )
