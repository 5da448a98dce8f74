"""From an object to the row of its document. The slow part of indexing; it needs no lock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.indexes import SearchIndex

from search.engines.completion import keys_of
from search.engines.lookups import convert
from search.engines.sqlite.schema import Layout
from search.engines.values import clean, jsonable, listed, term, typed_value
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
    names: tuple[str, ...]  # keys (search.engines.completion)
    body: str  # JSON of the stored fields


def prepare(index: SearchIndex, obj: Any, layout: Layout, described: Mapping[str, FieldInfo]) -> Row:
    """The row of one object. Whatever its index class raises goes through; SkipDocument too."""
    prepared = index.full_prepare(obj)
    texts, exact, typed, stored = {}, {}, {}, {}
    originals: list[tuple[str, int, str]] = []
    names: tuple[str, ...] = ()
    for name, value in prepared.items():
        info = described.get(name)
        if info is None or name in IDENTITY:
            continue
        values = listed(value)
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
        elif info.kind is Kind.NAMES and name in layout.names:
            names += keys_of(values)
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
        names=names,
        body=json.dumps(stored, default=jsonable, separators=(",", ":")),
    )
