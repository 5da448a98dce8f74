"""What is new in a search, as Atom (RFC 4287) and as JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""

import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import rfc3339_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from documents.cards import Card, cards_of
from documents.choices import Role
from documents.models import Document
from documents.querysets import DocumentQuerySet
from interchange.results import find, in_order
from search.daterange import is_undated
from search.labels import labels_of
from search.sentence import named_values, sentence_of
from search.state import SearchState

ENTRIES = 50
NEWEST_FIRST = ("-public_since", "-record_id")
_ATOM = "http://www.w3.org/2005/Atom"
_MEDIA = "http://search.yahoo.com/mrss/"
# What XML 1.0 has no way to say.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
Address = Callable[[Document], str]


@dataclass(frozen=True)
class Entry:
    """A document in a feed. ``key`` is its permanent address and never changes; ``address`` is that of its page."""

    key: str
    address: str
    title: str
    dated: str
    edtf: str
    summary: str
    authors: tuple[str, ...]
    subjects: tuple[str, ...]
    published: datetime
    updated: datetime
    image: Card | None = None  # with a whole address

    @property
    def text(self) -> str:
        """The date as written and the summary, in plain words."""
        # A date that ends with a full stop, "3 p.m.", has that of the sentence.
        dated = (
            _("Dated %(date)s.") % {"date": self.dated.removesuffix(".")} if self.is_dated else _("Undated.")
        )
        return " ".join(part for part in (dated, self.summary) if part)

    @property
    def is_dated(self) -> bool:
        """Whether a date is given: "undated" and "n.d." are none."""
        return bool(self.dated) and not is_undated(self.dated)


@dataclass(frozen=True)
class Feed:
    """The newest documents of a search. ``page`` is the search itself, ``own`` the address of the feed."""

    title: str
    page: str
    own: str
    entries: Sequence[Entry] = field(default_factory=tuple)

    @cached_property
    def updated(self) -> datetime:
        """When anything in it changed last; the beginning of time while it is empty."""
        return max((entry.updated for entry in self.entries), default=datetime(1970, 1, 1, tzinfo=UTC))

    def atom(self) -> str:
        out = io.StringIO()
        xml: Any = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)

        def say(name: str, text: str, **attributes: str) -> None:
            xml.addQuickElement(name, _NO_XML.sub("", text), attributes)

        xml.startDocument()
        xml.startElement("feed", {"xmlns": _ATOM, "xmlns:media": _MEDIA})
        say("title", self.title)
        say("id", self.own)
        say("link", "", rel="self", type="application/atom+xml", href=self.own)
        say("link", "", rel="alternate", type="text/html", href=self.page)
        say("updated", rfc3339_date(self.updated))
        xml.startElement("author", {})
        say("name", settings.SITE_NAME)
        xml.endElement("author")
        for entry in self.entries:
            xml.startElement("entry", {})
            say("title", entry.title)
            say("id", entry.key)
            say("link", "", rel="alternate", type="text/html", href=entry.address)
            say("published", rfc3339_date(entry.published))
            say("updated", rfc3339_date(entry.updated))
            for name in entry.authors:
                xml.startElement("author", {})
                say("name", name)
                xml.endElement("author")
            for subject in entry.subjects:
                say("category", "", term=_NO_XML.sub("", subject))
            say("summary", entry.text, type="text")
            if (image := entry.image) is not None:
                size = {"width": str(image.width), "height": str(image.height)}
                say("media:thumbnail", "", url=image.url, **size)
            xml.endElement("entry")
        xml.endElement("feed")
        return out.getvalue()

    def json(self) -> str:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.page,
            "feed_url": self.own,
            "authors": [{"name": settings.SITE_NAME}],
            "items": [_json_item(entry) for entry in self.entries],
        }
        return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.key,
        "url": entry.address,
        "title": entry.title,
        "content_text": entry.text,
        "summary": entry.summary,
        "image": entry.image.url if entry.image else "",
        "date_published": rfc3339_date(entry.published),
        "date_modified": rfc3339_date(entry.updated),
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.subjects),
        # The document's own date, which no field of the format is for.
        "_archive": {"date": entry.dated, "edtf": entry.edtf},
    }
    return {name: value for name, value in item.items() if value}


def feed_of(
    state: SearchState,
    *,
    page: str,
    own: str,
    key: Address,
    address: Address,
    whole: Callable[[str], str],
) -> Feed:
    """The newest documents of a search of documents; ``whole`` makes an address of a path.

    Raises ``EngineError`` while the engine cannot answer.
    """
    found = find(state, ENTRIES, NEWEST_FIRST)
    cards = {pk: replace(card, url=whole(card.url)) for pk, card in cards_of(found.keys).items()}
    documents = in_order(found.keys, _with_all_to_feed)
    entries = tuple(_entry(each, key(each), address(each), cards.get(each.pk)) for each in documents)
    return Feed(title=title_of(state), page=page, own=own, entries=entries)


def title_of(state: SearchState) -> str:
    """ "Digital Archive: documents with Japan in Russian"."""
    parts = sentence_of(state, 0, labels_of(named_values(state)))[1:]
    what = " ".join([_("documents"), *(part.text for part in parts)]) if parts else _("new documents")
    return f"{settings.SITE_NAME}: {what}"


def _with_all_to_feed(documents: DocumentQuerySet) -> DocumentQuerySet:
    return documents.prefetch_related("subjects", "participations__person")


def _entry(document: Document, key: str, address: str, image: Card | None) -> Entry:
    published = document.public_since or document.created
    people = document.participations.all()
    return Entry(
        key=key,
        address=address,
        title=document.title,
        dated=document.date_display,
        edtf=document.date_edtf,
        summary=document.summary,
        authors=tuple(each.person.name for each in people if each.role == Role.CREATOR),
        subjects=tuple(each.name for each in document.subjects.all()),
        published=published,
        updated=max(published, document.changed),
        image=image,
    )
