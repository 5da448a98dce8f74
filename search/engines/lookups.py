"""Haystack's lookups as conditions, by what the field is for."""

from __future__ import annotations

import base64
import datetime
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone
from haystack import inputs
from haystack.constants import DJANGO_ID

from search import tree
from search.engines.errors import UnknownFieldError, UnknownLookupError, UnsupportedQueryError
from search.fields import IDENTITY, FieldInfo, Kind

_RANGES = {
    "gt": {"low": True, "include": False},
    "gte": {"low": True, "include": True},
    "lt": {"low": False, "include": False},
    "lte": {"low": False, "include": True},
}
_INSIDE = {"startswith": tree.StartsWith, "endswith": tree.EndsWith, "contains": tree.Contains}


def condition(
    field: str, lookup: str, value: Any, described: dict[str, FieldInfo], *, missing: bool = False
) -> tree.Node:
    """One ``field__lookup=value`` as a condition.

    ``missing``: None among the values of ``in`` stands for documents without any. The lookup "query" is
    the text of a query facet: a value, ``[a TO b]`` or ``begin*``.
    """
    if lookup == "query":
        return _query_text(field, str(value), described)
    if field == tree.CONTENT:
        return _text_condition(field, lookup, value, pieces="word", sortable=False)
    if field in IDENTITY or field == "pk":
        return _identity_condition(DJANGO_ID if field == "pk" else field, lookup, value)
    info = described.get(field)
    if info is None:
        raise UnknownFieldError(f"no index class declares a field {field}")
    if info.kind in (Kind.STORED, Kind.NAMES):
        raise UnsupportedQueryError(f"{field} is only stored, it cannot be searched")
    if info.kind is Kind.TEXT:
        return _text_condition(field, lookup, value, pieces=info.pieces, sortable=info.sortable)
    return _value_condition(info, lookup, value, missing=missing)


def _text_condition(field: str, lookup: str, value: Any, *, pieces: str, sortable: bool) -> tree.Node:
    if lookup == "in":
        return tree.any_of(*(tree.Phrase(field, str(_plain(one))) for one in _several(value)))
    if lookup == "content":
        return _typed_words(field, value, pieces)
    if lookup == "exact":
        return tree.Phrase(field, str(_plain(value)))
    if lookup in _INSIDE:
        return _INSIDE[lookup](field, str(_plain(value)))
    if lookup == "fuzzy":
        return tree.Fuzzy(field, str(_plain(value)))
    if not sortable:
        raise UnsupportedQueryError(f"{field} is text without an order; {lookup} needs sortable=True")
    return _range(field, lookup, value, str)


_AUTO_QUERY = re.compile(r'"(?P<phrase>[^"]*)"|(?P<not>(?<!\S)-)?(?P<word>[^\s"]+)')


def _typed_words(field: str, value: Any, pieces: str) -> tree.Node:
    """Words of an input type: Clean, Exact, Not, AutoQuery, PythonData, or plain text."""
    text = str(_plain(value))
    if isinstance(value, inputs.Exact):
        return tree.Phrase(field, text)
    if isinstance(value, inputs.Not):
        return tree.Not(tree.Words(field, text))
    if isinstance(value, inputs.AutoQuery):
        parts: list[tree.Node] = []
        for found in _AUTO_QUERY.finditer(text):
            if found["phrase"] is not None:
                parts.append(tree.Phrase(field, found["phrase"]))
            elif found["not"]:
                parts.append(tree.Not(tree.Words(field, found["word"])))
            else:
                parts.append(tree.Words(field, found["word"]))
        return tree.all_of(*parts)
    if isinstance(value, inputs.AltParser):
        raise UnsupportedQueryError(f"there is no parser {value.parser_name} here")
    if pieces == "prefix":
        return tree.StartsWith(field, text)
    if pieces == "infix":
        return tree.Contains(field, text)
    return tree.Words(field, text)


def _identity_condition(field: str, lookup: str, value: Any) -> tree.Node:
    if lookup in ("content", "exact"):
        return tree.In(field, (str(_plain(value)),))
    if lookup == "in":
        return tree.In(field, tuple(str(_plain(one)) for one in _several(value)))
    raise UnsupportedQueryError(f"{field} is an identity: it can be equal or in a list, not {lookup}")


def _value_condition(info: FieldInfo, lookup: str, value: Any, *, missing: bool) -> tree.Node:
    field = info.name

    def converted(one: Any) -> Any:
        return convert(info, one)

    if lookup == "in":
        values = [_plain(one) for one in _several(value)]
        found = tree.In(field, tuple(converted(one) for one in values if one is not None))
        if missing and None in values:
            return tree.any_of(found, tree.Missing(field)) if found.values else tree.Missing(field)
        return found
    if lookup in ("content", "exact"):
        if isinstance(value, inputs.Not):
            return tree.Not(tree.Exact(field, converted(_plain(value))))
        plain = _plain(value)
        return tree.Missing(field) if plain is None else tree.Exact(field, converted(plain))
    if lookup in _RANGES or lookup == "range":
        return _range(field, lookup, value, converted)
    if info.type != "string":
        raise UnsupportedQueryError(f"{field} holds a {info.type}; {lookup} is for text")
    if lookup == "fuzzy":
        return tree.Fuzzy(field, str(_plain(value)))
    if lookup in _INSIDE:
        return _INSIDE[lookup](field, str(_plain(value)))
    raise UnknownLookupError(f"{field}__{lookup}: {lookup} is no lookup")


def _range(field: str, lookup: str, value: Any, converted: Any) -> tree.Node:
    if lookup == "range":
        bounds = list(_several(value))
        if len(bounds) != 2:
            raise UnsupportedQueryError(f"{field}__range wants two bounds, not {len(bounds)}")
        low, high = (None if _plain(one) is None else converted(_plain(one)) for one in bounds)
        return tree.Range(field, low, high)
    side = _RANGES[lookup]
    bound = converted(_plain(value))
    if side["low"]:
        return tree.Range(field, low=bound, include_low=side["include"])
    return tree.Range(field, high=bound, include_high=side["include"])


def _plain(value: Any) -> Any:
    return value.query_string if isinstance(value, inputs.BaseInput) else value


def _several(value: Any) -> Iterable[Any]:
    value = _plain(value)
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [value]
    return list(value)


def convert(info: FieldInfo, value: Any) -> Any:
    """A value in the type of its field; UnsupportedQueryError with the cure if it has none."""
    try:
        return _CONVERTERS[info.type](value)
    except (TypeError, ValueError, KeyError) as error:
        raise UnsupportedQueryError(
            f"{info.name} holds a {info.type}, and {value!r} is none ({error})"
        ) from error


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return datetime.date.fromisoformat(str(value)[:10])


def _datetime(value: Any) -> datetime.datetime:
    """With a zone, always: what has none is in the site's own."""
    if not isinstance(value, datetime.datetime):
        if isinstance(value, datetime.date):
            value = datetime.datetime(value.year, value.month, value.day)
        else:
            value = datetime.datetime.fromisoformat(str(value))
    return timezone.make_aware(value) if timezone.is_naive(value) else value


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        return {"true": True, "1": True, "t": True, "false": False, "0": False, "f": False}[value.lower()]
    return bool(value)


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "string": str,
    "integer": int,
    "float": float,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
}

_SPAN = re.compile(r"^\[\s*(\S+)\s+TO\s+(\S+)\s*\]$", re.IGNORECASE)


def _query_text(field: str, text: str, described: dict[str, FieldInfo]) -> tree.Node:
    span = _SPAN.match(text)
    if span:
        bounds = [None if bound == "*" else bound for bound in span.groups()]
        return condition(field, "range", bounds, described)
    if text.endswith("*"):
        return condition(field, "startswith", text[:-1], described)
    return condition(field, "exact", text.strip('"'), described)


# -- what ``narrow(SQ(...))`` of a stock SearchQuerySet hands on: text, so it is made readable again

_OPEN, _CLOSE = "\u27e6", "\u27e7"
_PIECE = re.compile(rf"{_OPEN}([A-Za-z0-9_=-]+){_CLOSE}|(NOT|AND|OR)\b|([()])|\s+")


def encode_fragment(field: str, lookup: str, value: Any) -> str:
    """A condition as text that ``decode_fragment`` reads."""
    name = type(value).__name__ if isinstance(value, inputs.BaseInput) else None
    plain = _plain(value)
    if hasattr(plain, "__iter__") and not isinstance(plain, str):
        plain = [_encodable(_plain(one)) for one in plain]
    written = json.dumps([field, lookup, name, _encodable(plain)])
    return f"{_OPEN}{base64.urlsafe_b64encode(written.encode()).decode()}{_CLOSE}"


def _encodable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def decode_fragment(text: str, described: dict[str, FieldInfo]) -> tree.Node | None:
    """The conditions of fragments joined with AND, OR, NOT and parentheses; None if it is no such text."""
    if _OPEN not in text:
        return None
    pieces: list[Any] = []
    position = 0
    while position < len(text):
        found = _PIECE.match(text, position)
        if found is None:
            raise UnsupportedQueryError(f"{text!r} mixes conditions and other text")
        position = found.end()
        if found[1]:
            field, lookup, name, value = json.loads(base64.urlsafe_b64decode(found[1]))
            if name is not None:
                value = getattr(inputs, name, inputs.Clean)(value)
            pieces.append(condition(field, lookup, value, described))
        elif found[2] or found[3]:
            pieces.append(found[2] or found[3])
    node, rest = _joined(pieces)
    if rest:
        raise UnsupportedQueryError(f"{text!r} is not closed where it opens")
    return node


def _joined(pieces: list[Any]) -> tuple[tree.Node, list[Any]]:
    """Conditions up to a closing parenthesis; Haystack joins one level by one word only."""
    parts: list[tree.Node] = []
    connector, negated = "AND", False
    while pieces and pieces[0] != ")":
        piece, *pieces = pieces
        if piece == "NOT":
            negated = True
            continue
        if piece in ("AND", "OR"):
            connector = piece
            continue
        if piece == "(":
            piece, pieces = _joined(pieces)
            pieces = pieces[1:]
        parts.append(tree.Not(piece) if negated else piece)
        negated = False
    return (tree.all_of(*parts) if connector == "AND" else tree.any_of(*parts)), pieces
