"""A language in which every translated message is in brackets, and a search for what is not.

The site speaks a language whose own words (names of months and languages, by locale) are in Greek or Arabic letters,
and every message that goes through gettext comes back as ⟦message⟧. Records for such a test have their data in other
letters than Latin ones too. What is then left of Latin letters outside brackets was never offered to a translator.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.test import override_settings
from django.utils.translation import trans_real
from lxml import etree, html
from lxml.html import HtmlElement

OPEN, CLOSE = "⟦", "⟧"
# What is called so in every language.
NAMES = re.compile(
    r"https?://\S+|\b(?:RIS|BibTeX|CSL-JSON|CSL|JSON|CSV|PDF|JPEG|PNG|JSON Feed|Feed|Atom|Chicago|MLA|APA|Wikidata|VIAF|LCNAF|BSD|URL|ID|KB|MB|Natural Earth|D[0-9]+|RSS|DOI)\b"
)
_LATIN = re.compile(r"[A-Za-z]{2,}")
_ATTRIBUTES = ("aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt", "label", "data-done", "data-words")  # fmt: skip
# Scripts fill these words in; all other data attributes are addresses and numbers.
_WORDS_IN_DATA = re.compile(r"\s|^[A-Z]")
_TOKENS = {"data-completed"}  # lists of names of fields
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "br",
    "cite",
    "code",
    "em",
    "i",
    "kbd",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "sup",
    "time",
}


class Pseudo:
    """What Django asks of a translation, for every message there is."""

    def __init__(self, language: str) -> None:
        self._language = language

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message.rpartition(chr(4))[2]}{CLOSE}"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)

    def language(self) -> str:
        return self._language

    to_language = language


@contextmanager
def pseudo_language(code: str = "el") -> Iterator[None]:
    """While the context lasts the whole site, in every thread, speaks in brackets; dates and numbers as ``code``."""
    pseudo: Any = Pseudo(code)
    before = getattr(trans_real._active, "value", None)
    with (
        override_settings(LANGUAGE_CODE=code, LANGUAGES=[(code, "Pseudo")]),
        patch.object(trans_real, "translation", lambda _language: pseudo),
        patch.object(trans_real, "_default", pseudo),
    ):
        trans_real._active.value = pseudo
        try:
            yield
        finally:
            if before is None:
                del trans_real._active.value
            else:
                trans_real._active.value = before


def without_brackets(text: str) -> str:
    """What of a text stands outside brackets, which may stand in one another."""
    depth, outside = 0, []
    for sign in text:
        if sign == OPEN:
            depth += 1
        elif sign == CLOSE:
            depth = max(0, depth - 1)
            outside.append(" ")
        elif not depth:
            outside.append(sign)
    return "".join(outside)


def untranslated(page: str, *, data: str = "") -> list[str]:
    """Words of a page that were not offered to a translator: each with where it stands.

    ``data``: an XPath of elements whose words are the archive's own, or of another language on purpose.
    """
    tree = html.document_fromstring(page)
    for element in tree.xpath(f"{data or 'self::nothing'} | //script | //style | //comment()"):
        element.drop_tree()
    found = [*_attributes(tree), *_texts(tree)]
    return [
        f"{place}: {text}" for place, text in found if _LATIN.search(NAMES.sub("", without_brackets(text)))
    ]


def _attributes(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for element in tree.iter():
        for name, value in element.items():
            is_button = element.tag == "input" and element.get("type") in ("submit", "button")
            is_told = element.get("name", element.get("property")) in ("description", "og:image:alt")
            for_scripts = name.startswith("data-") and name not in _TOKENS and _WORDS_IN_DATA.search(value)
            words = name in _ATTRIBUTES or for_scripts
            if words or (name == "value" and is_button) or (name == "content" and is_told):
                yield f"{_name(element)}[{name}]", value


def _texts(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Running text, from the end of one block to the next: a message may have elements within its brackets."""
    run: list[str] = []
    place = ""

    def ended() -> Iterator[tuple[str, str]]:
        text = " ".join("".join(run).split())
        run.clear()
        if text:
            yield place, text

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_block = element.tag not in _INLINE
        if is_block:
            yield from ended()
            place = _name(element if event == "start" else element.getparent())
        if text := element.text if event == "start" else element.tail:
            run.append(text)
    yield from ended()


def _name(element: HtmlElement | None) -> str:
    if element is None:
        return ""
    return f"{element.tag}.{element.get('class')}" if element.get("class") else str(element.tag)
