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

from search.engines.sqlite.stems import stems as english_stems
from search.fields import FieldInfo, Kind


@dataclass(frozen=True, slots=True)
class Language:
    """``filter`` is the token filter of the engine; ``marked_by`` the stemmer here that comes closest to it."""

    code: str  # ISO 639-2/B
    script: str
    filter: Mapping[str, str]
    marked_by: str = ""


def _snowball(code: str, name: str, script: str = "LATIN") -> Language:
    return Language(code, script, {"type": "snowball", "language": name.capitalize()}, name)


def _other(code: str, name: str, script: str = "LATIN", marked_by: str = "") -> Language:
    return Language(code, script, {"type": "stemmer", "language": name}, marked_by)


#: English is not among them: whatever is written in plain Latin letters is stemmed as English besides.
LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        _snowball("ara", "arabic", "ARABIC"),
        _snowball("arm", "armenian", "ARMENIAN"),
        _snowball("cat", "catalan"),
        _snowball("dan", "danish"),
        _snowball("dut", "dutch"),
        _snowball("fin", "finnish"),
        _snowball("fre", "french"),
        _snowball("ger", "german"),
        _snowball("hun", "hungarian"),
        _snowball("ita", "italian"),
        _snowball("lit", "lithuanian"),
        _snowball("nor", "norwegian"),
        _snowball("por", "portuguese"),
        _snowball("rum", "romanian"),
        _snowball("rus", "russian", "CYRILLIC"),
        _snowball("spa", "spanish"),
        _snowball("swe", "swedish"),
        _snowball("tur", "turkish"),
        _other("bul", "bulgarian", "CYRILLIC"),
        _other("cze", "czech", marked_by="czech"),
        _other("est", "estonian", marked_by="estonian"),
        _other("gre", "greek", "GREEK", marked_by="greek"),
        _other("hin", "hindi", "DEVANAGARI", marked_by="hindi"),
        _other("ind", "indonesian", marked_by="indonesian"),
        _other("lav", "latvian"),
        _other("per", "persian", "ARABIC", marked_by="persian"),
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
        self.stemmers: dict[str, Any] = {}


_local = _Local()


def stems_in(language: Language | None, words: Iterable[str]) -> dict[str, str]:
    """The stem of each word as a text of this language is searched: its own, else the English one."""
    words = set(words)
    found = english_stems(words)
    if language is None or not language.marked_by:
        return found
    stemmer = _local.stemmers.get(language.marked_by)
    if stemmer is None:
        stemmer = _local.stemmers[language.marked_by] = snowballstemmer.stemmer(language.marked_by)
    own = {word for word in words if len(word) > 2 and language in languages_written_like(word)}
    return found | {word: stemmer.stemWord(word) for word in own}
