"""What is taken home of a list on paper or by the clipboard: citations in one style, and the texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from django.db.models import Prefetch
from django.db.models.functions import Length
from django.http import HttpRequest
from django.utils.safestring import SafeString

from documents.citing import cited_in
from documents.models import Document, Participation, Text
from documents.querysets import DocumentQuerySet
from documents.styles import Style
from records.alphabet import filing_key
from records.paragraphs import Block, numbered_blocks

IN_ORDER = ("az",)
# Some hundred printed pages; a browser takes a while to set more.
CHARACTERS_AT_MOST = 400_000
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Cited:
    """A document with its citation, safe HTML."""

    document: Document
    html: SafeString


def for_citation(documents: DocumentQuerySet) -> DocumentQuerySet:
    """With everything that a citation says; a fixed number of queries."""
    participations = Participation.objects.select_related("person").order_by("role", "order", "pk")
    return documents.select_related("repository").prefetch_related(
        "types", "languages", "collections", Prefetch("participations", queryset=participations)
    )


def citations_of(
    request: HttpRequest, documents: Sequence[Document], style: Style, order: str
) -> list[Cited]:
    """The documents as the style cites them: in their order, or (``az``) as a bibliography stands."""
    cited = [Cited(document, cited_in(request, document, style)) for document in documents]
    return sorted(cited, key=lambda each: filing_key(plain(each.html))) if order == "az" else cited


def plain(html: str) -> str:
    """A citation without its italics and link."""
    return unescape(_TAG.sub("", html))


@dataclass(frozen=True)
class PrintedText:
    """A text on the sheet; ``blocks`` is None for one that is too long for it."""

    text: Text
    blocks: list[Block] | None


def texts_of(documents: Sequence[Document]) -> dict[int, list[PrintedText]]:
    """The texts of these documents by their keys, whole ones up to ``CHARACTERS_AT_MOST`` in all; two queries."""
    place = {document.pk: number for number, document in enumerate(documents)}
    texts = Text.objects.filter(document__in=place).exclude(content="")
    known = texts.defer("content").annotate(characters=Length("content")).order_by("kind", "order", "pk")
    room, printed = CHARACTERS_AT_MOST, []
    ordered = sorted(known, key=lambda text: place[text.document_id])
    for text in ordered:
        if text.characters <= room:
            room -= text.characters
            printed.append(text.pk)
    contents = dict(texts.filter(pk__in=printed).values_list("pk", "content"))
    found: dict[int, list[PrintedText]] = {}
    for text in ordered:
        blocks = numbered_blocks(contents[text.pk]) if text.pk in contents else None
        found.setdefault(text.document_id, []).append(PrintedText(text, blocks))
    return found
