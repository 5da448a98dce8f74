"""From an object to the row of its document. The slow part of indexing; it needs no lock."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.indexes import SearchIndex

from search.engines.lookups import convert
from search.engines.sqlite.schema import Layout
from search.fields import IDENTITY, FieldInfo, Kind
from search.text import fold, words

#: Between the values of one field, so that no phrase runs from one into the next.
GAP = "_"


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it will be written; every string is folded, converted and free of surrogates."""

    id: str
    ct: str
    pk: str
    boost: float
    typed: Mapping[str, Any]
    exact: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]  # folded words, GAP between values
    originals: tuple[tuple[str, int, str], ...]  # field, number of the value, text
    body: str  # JSON of the stored fields


def prepare(index: SearchIndex, obj: Any, layout: Layout, described: Mapping[str, FieldInfo]) -> Row:
    """The row of one object. Whatever its index class raises goes through; SkipDocument too."""
    prepared = index.full_prepare(obj)
    texts, exact, typed, stored = {}, {}, {}, {}
    originals: list[tuple[str, int, str]] = []
    for name, value in prepared.items():
        info = described.get(name)
        if info is None or name in IDENTITY:
            continue
        values = _values(value)
        if info.kind is Kind.TEXT and name in layout.text:
            written = [clean(str(one)) for one in values]
            texts[name] = f" {GAP} ".join(" ".join(words(one)) for one in written)
            if name in layout.originals:
                originals += ((name, number, one) for number, one in enumerate(written))
            if name in layout.typed and written:
                typed[name] = fold(written[0])
        elif info.kind is Kind.EXACT and name in layout.exact:
            exact[name] = tuple(dict.fromkeys(term(convert(info, one)) for one in values))
        elif info.kind is Kind.TYPED and name in layout.typed and values:
            typed[name] = typed_value(convert(info, values[0]))
        if info.stored and value is not None:
            stored[name] = values if info.multi else value
    return Row(
        id=clean(prepared[ID]),
        ct=prepared[DJANGO_CT],
        pk=clean(prepared[DJANGO_ID]),
        boost=float(prepared.get("boost") or 1.0) if "boost" not in described else 1.0,
        typed=typed,
        exact=exact,
        texts=texts,
        originals=tuple(originals),
        body=json.dumps(stored, default=_jsonable, separators=(",", ":")),
    )


def _values(value: Any) -> list[Any]:
    """The values that count: neither None nor empty text."""
    if value is None:
        return []
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        value = [value]
    return [one for one in value if one is not None and one != ""]


def clean(text: str) -> str:
    """Text that SQLite can store: half of a surrogate pair becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def term(value: Any) -> str:
    """An exact value as the text that it is stored and compared as."""
    if isinstance(value, bool):
        return "true" if value else "false"
    written = typed_value(value)
    return written if isinstance(written, str) else str(written)


def typed_value(value: Any) -> Any:
    """A typed value as SQLite sorts it: dates and times as ISO text, times in UTC."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return clean(value) if isinstance(value, str) else value


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} {value!r} cannot be stored in the index")
