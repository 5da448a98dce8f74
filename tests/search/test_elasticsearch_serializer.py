"""JSON as it goes to the engine and comes from it."""

import datetime
import json
from decimal import Decimal

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from elastic_transport import SerializationError

from search.engines.elasticsearch.serializer import Serializer, to_json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, 1.5, None, True, "é毛\u2028\u0007"]}, {"a": [1, 1.5, None, True, "é毛\u2028\u0007"]}),
        ([SafeString("x"), gettext_lazy("Search")], ["x", "Search"]),
        ({"day": datetime.date(1955, 1, 2), "at": datetime.time(3, 4)}, {"day": "1955-01-02", "at": "03:04:00"}),
        ((Decimal("1.50"), {"one"}), ["1.50", ["one"]]),
        ({"broken": "a\ud800b"}, {"broken": "a?b"}),
        (10**30, 10**30),
    ],
)  # fmt: skip
def test_values_are_written_as_one_line(value, expected):
    written = to_json(value)
    assert b"\n" not in written
    assert json.loads(written) == expected


def test_what_cannot_be_written_is_an_error():
    with pytest.raises(TypeError, match="object"):
        to_json({"a": object()})


def test_what_is_no_json_is_the_clients_own_error():
    assert Serializer().loads(b'{"a": [1]}') == {"a": [1]}
    assert Serializer().loads(b"") is None
    for broken in (b'{"a":', b"<html>", b'"\xff"'):
        with pytest.raises(SerializationError):
            Serializer().loads(broken)
