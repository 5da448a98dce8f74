"""From an object to the document that is sent. The slow part of indexing."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.indexes import SearchIndex

from search.engines.completion import keys_of
from search.engines.elasticsearch.languages import has_languages, language_of, languages_field
from search.engines.elasticsearch.schema import BEHIND, UNITS
from search.engines.elasticsearch.serializer import to_json
from search.engines.histogram import Unit
from search.engines.lookups import convert
from search.engines.values import clean, listed, term, typed_value
from search.fields import IDENTITY, FieldInfo, Kind
from search.text import fold, is_cjk, words

#: The words by which others like it are found: so many of the most frequent.
_TELLING = 80
#: Texts that may be names: these come in many documents.
_NAME_LENGTH = 100
#: Longer sort keys are cut: the engine takes no term of more than 32,766 bytes.
_KEY_LIMIT = 8_000


@dataclass(frozen=True, slots=True)
class Document:
    """What is sent of one object: its id and the JSON of its fields, one line."""

    id: str
    body: bytes


def document_of(index: SearchIndex, obj: Any, described: Mapping[str, FieldInfo]) -> Document:
    """The document of one object. Whatever its index class raises goes through; SkipDocument too."""
    prepared = index.full_prepare(obj)
    made = _Fields(described)
    for name, value in prepared.items():
        info = described.get(name)
        if info is not None and name not in IDENTITY:
            made.add(info, value, prepared.get(languages_field(name)))
    key = clean(str(prepared[DJANGO_ID]))
    body = {
        "id": clean(str(prepared[ID])),
        "ct": prepared[DJANGO_CT],
        "pk": key,
        **({"key": int(key)} if key.isdecimal() and len(key) < 19 else {}),
        **({"boost": float(prepared["boost"])} if _is_boosted(prepared, described) else {}),
        **made.parts(),
    }
    return Document(body["id"], to_json(body))


def _is_boosted(prepared: Mapping[str, Any], described: Mapping[str, FieldInfo]) -> bool:
    return "boost" not in described and bool(prepared.get("boost"))


class _Fields:
    """The fields of one document, sorted by what they are for."""

    def __init__(self, described: Mapping[str, FieldInfo]) -> None:
        self.described = described
        self.text: dict[str, list[str]] = {}
        self.lang: dict[str, dict[str, list[str]]] = {}
        self.exact: dict[str, list[str]] = {}
        self.typed: dict[str, Any] = {}
        self.names: dict[str, list[str]] = {}
        self.stored: dict[str, Any] = {}
        self.original: dict[str, list[str]] = {}
        self.counted: Counter[str] = Counter()

    def add(self, info: FieldInfo, value: Any, languages: Any) -> None:
        values = listed(value)
        if info.kind is Kind.TEXT:
            self._add_text(info, [str(one) for one in values], languages or ())
        elif info.kind is Kind.EXACT:
            self.exact[info.name] = list(dict.fromkeys(term(convert(info, one)) for one in values))
        elif info.kind is Kind.TYPED and values:
            written = typed_value(convert(info, values[0]))
            self.typed[info.name] = written[:_KEY_LIMIT] if isinstance(written, str) else written
        elif info.kind is Kind.NAMES:
            self.names[info.name] = list(keys_of(values))
        if info.stored and value is not None:
            self.stored[info.name] = values if info.multi else value

    def _add_text(self, info: FieldInfo, values: Sequence[str], languages: Sequence[Any]) -> None:
        folded = [_words_of_a_name(one) if len(one) <= _NAME_LENGTH else words(one) for one in values]
        self.text[info.name] = [" ".join(found) for found in folded]
        if info.in_content:
            for found in folded:
                self.counted.update(found)
        if info.highlighted and not info.stored:
            self.original[info.name] = list(values)
        if info.sortable and values:
            self.typed[info.name] = " ".join(folded[0])[:_KEY_LIMIT]
        if has_languages(info, self.described):
            for one, written in zip(self.text[info.name], languages, strict=False):
                language = language_of(written)
                if language is not None:
                    self.lang.setdefault(info.name, {}).setdefault(language.code, []).append(one)

    def parts(self) -> dict[str, Any]:
        folded = {name: [_findable(one) for one in values] for name, values in self.exact.items()}
        found = {
            "text": self.text,
            "lang": self.lang,
            "exact": self.exact,
            "folded": folded,
            "typed": self.typed,
            "names": self.names,
            "span": self._span(),
            "spell": _spelled(self.counted),
            "like": " ".join(_telling(self.counted)),
            "stored": self.stored,
            "original": self.original,
        }
        return {name: value for name, value in found.items() if value}

    def _span(self) -> dict[str, int]:
        """The months that the date reaches from and to, and the units that it surely lies in."""
        days = {name: self.typed.get(f"date_{name}") for name in ("earliest", "latest")}
        bounds = {name: datetime.date.fromisoformat(day) for name, day in days.items() if day}
        month = Unit("month")
        first = month.number(bounds["earliest"]) if "earliest" in bounds else None
        last = month.number(bounds["latest"]) if "latest" in bounds else None
        if first is not None and last is not None:
            last = max(first, last)
        span = {name: number for name, number in (("first", first), ("last", last)) if number is not None}
        if first is not None and last is not None and not self.typed.get("date_uncertain"):
            for name in UNITS:
                number = number_in(name, first)
                if number == number_in(name, last):
                    span[name] = number
        return span


def _spelled(counted: Iterable[str]) -> str:
    """The words that a misspelt one may stand for."""
    alphabetic = [word for word in counted if word.isalpha()]
    spelled = " ".join(alphabetic)
    return spelled if spelled.isascii() else " ".join(word for word in alphabetic if not is_cjk(word))


def _telling(counted: Mapping[str, int]) -> list[str]:
    """The most frequent words that are not short, as often as their weight."""
    # Most words of a document come once, and need no sorting.
    often = [each for each in counted.items() if each[1] > 1]
    often.sort(key=itemgetter(1), reverse=True)
    once = (each for each in counted.items() if each[1] == 1)
    alphabetic = (each for each in chain(often, once) if each[0].isalpha())
    telling: list[str] = []
    for word, count in islice(alphabetic, 2 * _TELLING):
        if len(word) > 3 or not word.isascii():
            telling += [word] * count.bit_length()
    return telling


@lru_cache(maxsize=50_000)  # the same people, places and subjects are named again and again
def _words_of_a_name(text: str) -> list[str]:
    return words(text)


@lru_cache(maxsize=100_000)  # as are the values
def _findable(value: str) -> str:
    """A facet value with its folded form before it."""
    return f"{fold(value)}{BEHIND}{value}"


def number_in(unit: str, month: int) -> int:
    """The number of the unit that a month lies in."""
    return month if unit == "month" else month // 12 if unit == "year" else month // 120
