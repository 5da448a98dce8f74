"""What an index of ours looks like inside Elasticsearch, made from the declared fields.

A document has its values by what they are for: ``text.title`` the folded words (exact for phrases,
``text.title.stem`` for words in English inflections), ``lang.transcript.rus`` the same words stemmed in
their own language, ``exact.places`` facet values, ``folded.places`` their folded forms with the value
behind, ``names.names`` what a reader's typing is completed to, ``typed.pages`` numbers, dates and sort keys,
``span`` the date as numbers of months, years and decades for the histogram. Text is folded before it comes
here, so the analyzers only part it at spaces.
``stored`` and ``original`` are given back and never searched; of the rest nothing is kept in the source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from search.engines.elasticsearch.languages import LANGUAGES, has_languages
from search.fields import FieldInfo, Kind

#: Raise it when documents or the folding change: an index of another version asks to be rebuilt.
VERSION = 1
#: Words between two values of one field, so that no phrase and no nearness runs from one into the next.
GAP = 100
#: Between the folded form of a facet value and the value itself; folding leaves no such character.
BEHIND = "\x1f"
#: Units of the histogram, and in ``span`` the number of the unit that a date surely lies in.
UNITS = ("year", "month", "decade")

_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "keyword"},
    "integer": {"type": "long"},
    "float": {"type": "double"},
    "boolean": {"type": "boolean"},
    "date": {"type": "date", "format": "strict_date"},
    "datetime": {"type": "date", "format": "strict_date_optional_time"},
}


# Only counted, never searched; made ready when a change is, not when the first reader types.
_NAMES = {"type": "keyword", "index": False, "eager_global_ordinals": True}


def analysis() -> dict[str, Any]:
    """Analyzers that part folded text at spaces and stem it."""
    # Only words of plain Latin letters are English; of 1950s the s stays.
    not_english = {"type": "keyword_marker", "keywords_pattern": ".*[^a-z].*|.{0,2}"}
    filters: dict[str, Any] = {"not_english": not_english}
    chains: dict[str, list[str]] = {"folded": [], "english": ["not_english", "porter_stem"]}
    for code, language in LANGUAGES.items():
        filters[f"stem_{code}"] = dict(language.filter)
        for number, (ending, written) in enumerate(language.endings):
            filters[f"{code}_{number}"] = {
                "type": "pattern_replace",
                "pattern": f"{ending}$",
                "replacement": written,
            }
        chains[code] = [*(f"{code}_{number}" for number in range(len(language.endings))), f"stem_{code}"]
    analyzers = {
        name: {"type": "custom", "tokenizer": "whitespace", "filter": chain} for name, chain in chains.items()
    }
    return {"filter": filters, "analyzer": analyzers}


def mapping(described: Mapping[str, FieldInfo]) -> dict[str, Any]:
    """The mapping that the declared fields ask for, with its own fingerprint."""
    properties = {
        "id": {"type": "keyword"},
        "ct": {"type": "keyword"},
        "pk": {"type": "keyword"},
        "key": {"type": "long"},
        "boost": {"type": "float", "index": False},
        "text": _object(_texts(described)),
        "lang": _object(_in_languages(described)),
        "exact": _object({name: {"type": "keyword"} for name in _named(described, Kind.EXACT)}),
        "folded": _object({name: {"type": "keyword"} for name in _named(described, Kind.EXACT)}),
        "typed": _object(_typed(described)),
        "names": _object({name: dict(_NAMES) for name in _named(described, Kind.NAMES)}),
        "span": _object({name: {"type": "integer"} for name in ("first", "last", *UNITS)}),
        "spell": {"type": "text", "analyzer": "folded", "index_options": "docs", "norms": False},
        "like": {
            "type": "text",
            "analyzer": "english",
            "index_options": "freqs",
            "norms": False,
            "term_vector": "yes",
        },
        "stored": {"type": "object", "enabled": False},
        "original": {"type": "object", "enabled": False},
    }
    made = {
        "dynamic": False,
        "_source": {"includes": ["id", "ct", "pk", "stored", "original"]},
        "properties": properties,
    }
    return {**made, "_meta": {"fingerprint": fingerprint(made), "version": VERSION}}


def fingerprint(made: Mapping[str, Any]) -> str:
    """By this a changed declaration is noticed."""
    written = json.dumps([made, analysis(), VERSION], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "dynamic": False, "properties": dict(properties)}


def _named(described: Mapping[str, FieldInfo], kind: Kind) -> list[str]:
    return sorted(name for name, info in described.items() if info.kind is kind)


def _texts(described: Mapping[str, FieldInfo]) -> dict[str, Any]:
    stem = {"type": "text", "analyzer": "english", "index_options": "freqs"}
    return {
        name: {
            "type": "text",
            "analyzer": "folded",
            "position_increment_gap": GAP,
            "fields": {"stem": stem},
        }
        for name in _named(described, Kind.TEXT)
    }


def _in_languages(described: Mapping[str, FieldInfo]) -> dict[str, Any]:
    return {
        name: _object(
            {code: {"type": "text", "analyzer": code, "index_options": "freqs"} for code in LANGUAGES}
        )
        for name in _named(described, Kind.TEXT)
        if has_languages(described[name], described)
    }


def _typed(described: Mapping[str, FieldInfo]) -> dict[str, Any]:
    typed = {name: _TYPES[described[name].type] for name in _named(described, Kind.TYPED)}
    sortable = [name for name in _named(described, Kind.TEXT) if described[name].sortable]
    return typed | {name: {"type": "keyword"} for name in sortable}
