"""The columns that this archive reads and writes, each declared once.

The importers, the exporter and the mapping all read these declarations;
``docs/importing.md`` prints them.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from records.languages import read_language


class Kind(Enum):
    """What stands in a column."""

    KEY = auto()  # knows the record again
    FIELD = auto()  # one value of the model, as the admin would take it
    DATE = auto()  # a partial date
    DAY = auto()
    MOMENT = auto()
    FLAG = auto()
    TERM = auto()  # one name from an authority list
    TERMS = auto()
    ROLE = auto()  # people in one role
    LINK = auto()  # another record of the same kind
    LINKS = auto()
    VARIANTS = auto()
    TEXT = auto()
    CREDIT = auto()


MANY = frozenset({Kind.TERMS, Kind.ROLE, Kind.LINKS, Kind.VARIANTS})


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, what stands in it, and the model's field (or the role) it fills."""

    name: str
    kind: Kind
    field: str = ""

    @property
    def many(self) -> bool:
        return self.kind in MANY

    @property
    def attribute(self) -> str:
        return self.field or self.name


@dataclass(frozen=True)
class TextColumn(Column):
    """A transcript or translation, or its credit: ``transcript.chi-Hans``, ``translation.eng.2.credit``."""

    text_kind: str = "transcript"
    language: str = ""
    script: str = ""
    number: int = 1

    @property
    def text_key(self) -> str:
        """The name of the text itself, whether this is its credit or not."""
        return text_column_name(self.text_kind, self.language, self.script, self.number)


_TEXT_NAME = re.compile(
    r"(transcript|translation)\.([A-Za-z]+)(?:-([A-Za-z]{4}))?(?:\.([2-9]|[1-9]\d))?(\.credit)?",
    re.IGNORECASE,
)


def text_column_name(kind: str, language: str, script: str = "", number: int = 1) -> str:
    """The column of a text: ``transcript.chi-Hans``; a second of the same kind and language ends in ``.2``."""
    name = f"{kind}.{language}-{script}" if script else f"{kind}.{language}"
    return name if number == 1 else f"{name}.{number}"


def _text_column(name: str) -> TextColumn | None:
    """The column of a text that this name means; ValueError where its language is none."""
    match = _TEXT_NAME.fullmatch(name)
    if not match:
        return None
    kind, language, script, number, credit = match.groups()
    language = read_language(language.lower())
    kind, script, number = kind.lower(), (script or "").capitalize(), int(number or 1)
    key = text_column_name(kind, language, script, number)
    if credit:
        return TextColumn(f"{key}.credit", Kind.CREDIT, "", kind, language, script, number)
    return TextColumn(key, Kind.TEXT, "", kind, language, script, number)


class Layout:
    """The columns of one kind of record."""

    def __init__(self, name: str, columns: tuple[Column, ...], *, with_texts: bool = False) -> None:
        self.name = name
        self.columns = {column.name: column for column in columns}
        self.with_texts = with_texts

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    def find(self, name: str) -> Column | None:
        """The column of that name: capitals do not matter, nor spaces for underscores.

        ValueError, saying what to write, for a text in an unknown language.
        """
        plain = name.strip()
        found = self.columns.get(plain) or self.columns.get("_".join(plain.lower().split()))
        if found is None and self.with_texts:
            found = _text_column(plain)
        return found

    def nearest(self, name: str) -> str:
        """The column that was probably meant; empty where none is near."""
        near = difflib.get_close_matches(name.lower(), self.columns, n=1, cutoff=0.7)
        return near[0] if near else ""


DOCUMENTS = Layout(
    "documents",
    (
        Column("record_id", Kind.KEY),
        Column("reference_code", Kind.KEY),
        Column("title", Kind.FIELD),
        Column("date", Kind.DATE),
        Column("summary", Kind.FIELD),
        Column("types", Kind.TERMS),
        Column("languages", Kind.TERMS),
        Column("collections", Kind.TERMS),
        Column("creators", Kind.ROLE, "creator"),
        Column("addressees", Kind.ROLE, "addressee"),
        Column("present", Kind.ROLE, "present"),
        Column("mentioned", Kind.ROLE, "mentioned"),
        Column("contributors", Kind.ROLE, "contributor"),
        Column("places", Kind.TERMS),
        Column("subjects", Kind.TERMS),
        Column("repository", Kind.TERM),
        Column("archival_reference", Kind.FIELD),
        Column("source_note", Kind.FIELD),
        Column("translator_credit", Kind.FIELD),
        Column("classification", Kind.TERM),
        Column("declassification_authority", Kind.FIELD),
        Column("declassification_date", Kind.FIELD),
        Column("withheld", Kind.FIELD),
        Column("rights", Kind.TERMS),
        Column("publishers", Kind.TERMS),
        Column("donors", Kind.TERMS),
        Column("related", Kind.LINKS),
        Column("attached_to", Kind.LINK),
        Column("status", Kind.FIELD),
        Column("withdrawal_note", Kind.FIELD),
        Column("public_from", Kind.DAY),
        Column("first_published", Kind.MOMENT),
    ),
    with_texts=True,
)

PEOPLE = Layout(
    "people",
    (
        Column("kind", Kind.FIELD),
        Column("name", Kind.KEY),
        Column("sort_name", Kind.FIELD),
        Column("slug", Kind.KEY),
        Column("date", Kind.DATE),
        Column("variant_names", Kind.VARIANTS),
        Column("biography", Kind.FIELD),
        Column("wikidata", Kind.FIELD),
        Column("viaf", Kind.FIELD),
        Column("lcnaf", Kind.FIELD),
    ),
)

COLLECTIONS = Layout(
    "collections",
    (
        Column("title", Kind.KEY),
        Column("slug", Kind.KEY),
        Column("parent", Kind.LINK),
        Column("short_description", Kind.FIELD),
        Column("description", Kind.FIELD),
        Column("image_alt", Kind.FIELD),
        Column("featured", Kind.FLAG),
        Column("is_published", Kind.FLAG),
        Column("order", Kind.FIELD),
    ),
)
