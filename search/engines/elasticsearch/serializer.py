"""JSON as it goes to the engine and comes from it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from elasticsearch.serializer import JsonSerializer

from search.engines.values import jsonable

_encoder = msgspec.json.Encoder(enc_hook=jsonable)


def to_json(value: Any) -> bytes:
    """One line of JSON in UTF-8. TypeError for what cannot be written."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        # Half of a surrogate pair becomes a question mark.
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=jsonable)
        return written.encode("utf-8", "replace")


class Serializer(JsonSerializer):
    """The client's, ten times as fast: answers carry whole texts, from which passages are cut."""

    def json_dumps(self, data: Any) -> bytes:
        return to_json(data)

    def json_loads(self, data: bytes) -> Any:
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError as error:  # the client knows another
            raise ValueError(str(error)) from error
