"""How words of other languages than English are brought to their stems, in the index and for marking.

A text is stemmed in its own language where its index class says which that is: the field ``transcript``
has its languages in the stored field ``transcript_languages``, value by value, as ``rus`` or ``chi-Hans``.
The stemmers get folded words, on both sides alike.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import snowballstemmer

from search.engines.elasticsearch.stemmers import OWN
from search.engines.sqlite.stems import stems as english_stems
from search.fields import FieldInfo, Kind


@dataclass(frozen=True, slots=True)
class Language:
    """``filter`` is the engine's token filter; ``marked_by`` the stemmer here that comes closest to it.

    ``keeps_beginning``: it takes nothing off the front of a word. ``left_alone``: words of so many letters
    are not stemmed. ``endings`` give folded words the letters back that their stemmer knows the ending by,
    and where it does not know them as one, the plural of the singular.
    """

    code: str  # ISO 639-2/B
    script: str
    filter: Mapping[str, str]
    marked_by: str = ""
    endings: tuple[tuple[str, str], ...] = ()
    keeps_beginning: bool = True
    left_alone: int = 2

    def restored(self, word: str) -> str:
        """A folded word with the ending that its stemmer knows."""
        for ending, written in self.endings:
            if word.endswith(ending):
                return word.removesuffix(ending) + written
        return word


def _snowball(code: str, name: str, script: str = "LATIN", **more: Any) -> Language:
    made = {"type": "snowball", "language": name.capitalize()}
    return Language(code, script, made, **{"marked_by": name, **more})


def _other(code: str, name: str, script: str = "LATIN", **more: Any) -> Language:
    return Language(code, script, {"type": "stemmer", "language": name}, **more)


_SPANISH = (("cion", "ción"), ("sion", "sión"))
_CATALAN = (("cions", "ció"), ("sions", "sió"), ("cio", "ció"), ("sio", "sió"))
_CZECH = tuple(
    (written.translate(str.maketrans("áéíýů", "aeiyu")), written)
    for written in ("ých", "ými", "ého", "ému", "ách", "ům", "ám", "ým", "ím")
)
_LATVIAN = (("em", "ēm"),)
_PORTUGUESE = (("coes", "ção"), ("soes", "são"), ("cao", "ção"), ("sao", "são"), ("oes", "ão"), ("ao", "ão"))

#: English is not among them: whatever is written in plain Latin letters is stemmed as English besides.
LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        _snowball("arm", "armenian", "ARMENIAN"),
        _snowball("cat", "catalan", endings=_CATALAN),
        _snowball("dan", "danish"),
        _snowball("dut", "dutch", marked_by="dutch_porter"),
        _snowball("fin", "finnish"),
        _snowball("fre", "french"),
        _snowball("ger", "german"),
        _snowball("hun", "hungarian"),
        _snowball("ita", "italian"),
        _snowball("lit", "lithuanian"),
        _snowball("nor", "norwegian"),
        _snowball("por", "portuguese", endings=_PORTUGUESE),
        _snowball("rum", "romanian"),
        _snowball("rus", "russian", "CYRILLIC"),
        _snowball("spa", "spanish", endings=_SPANISH),
        _snowball("swe", "swedish"),
        _snowball("tur", "turkish"),
        _other("ara", "arabic", "ARABIC", marked_by="light arabic", keeps_beginning=False),
        _other("bul", "bulgarian", "CYRILLIC", marked_by="light bulgarian"),
        _other("cze", "czech", marked_by="light czech", endings=_CZECH),
        _other("est", "estonian", marked_by="estonian"),
        _other("gre", "greek", "GREEK", marked_by="greek", left_alone=3),
        _other("hin", "hindi", "DEVANAGARI", marked_by="light hindi"),
        _other("ind", "indonesian", marked_by="indonesian", keeps_beginning=False),
        _other("lav", "latvian", marked_by="light latvian", endings=_LATVIAN),
        _other("per", "persian", "ARABIC", marked_by="light persian"),
    )
}


def languages_field(name: str) -> str:
    """The stored field that says which language each value of this one is in."""
    return f"{name}_languages"


def has_languages(info: FieldInfo, described: Mapping[str, FieldInfo]) -> bool:
    beside = described.get(languages_field(info.name))
    return info.kind is Kind.TEXT and beside is not None and beside.kind is Kind.STORED


def language_of(written: Any) -> Language | None:
    """The language of ``rus`` or ``srp-Cyrl``; None for one that has no stemmer here."""
    return LANGUAGES.get(str(written or "").partition("-")[0])


def languages_written_like(word: str) -> list[Language]:
    """The languages whose script this folded word is in."""
    script = unicodedata.name(word[0], "").partition(" ")[0] if word else ""
    return [language for language in LANGUAGES.values() if language.script == script]


class _Local(threading.local):
    """Stemmers keep the word that they are at, so each thread has its own."""

    def __init__(self) -> None:
        self.stemmers: dict[str, Any] = {name: stemmer() for name, stemmer in OWN.items()}

    def __getitem__(self, name: str) -> Any:
        if name not in self.stemmers:
            self.stemmers[name] = snowballstemmer.stemmer(name)
        return self.stemmers[name]


_stemmers = _Local()


def stems_in(language: Language | None, words: Iterable[str]) -> dict[str, str]:
    """The stem of each word as a text of this language is searched: its own, else the English one."""
    words = set(words)
    found = english_stems(words)
    if language is None or not language.marked_by:
        return found
    stemmer = _stemmers[language.marked_by]
    own = {
        word for word in words if len(word) > language.left_alone and language in languages_written_like(word)
    }
    return found | {word: stemmer.stemWord(language.restored(word)) for word in own}
