"""Values of index fields as both engines write them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise


def listed(value: Any) -> list[Any]:
    """The values that count: neither None nor empty text."""
    if type(value) is list:  # nearly always
        return [one for one in value if one is not None and one != ""]
    if value is None:
        return []
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        value = [value]
    return [one for one in value if one is not None and one != ""]


def clean(text: str) -> str:
    """Text that can be stored: half of a surrogate pair becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def term(value: Any) -> str:
    """An exact value as the text that it is stored and compared as."""
    if isinstance(value, bool):
        return "true" if value else "false"
    written = typed_value(value)
    return written if isinstance(written, str) else str(written)


def typed_value(value: Any) -> Any:
    """A typed value as it is sorted: dates and times as ISO text, times in UTC."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def jsonable(value: Any) -> Any:
    """What JSON has no word for, as it is stored; TypeError for what cannot be."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, str):  # of a subclass, which some encoders do not know
        return str.__str__(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} {value!r} cannot be stored in the index")
