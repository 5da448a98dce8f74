"""A search as one parameter of another page's address: short, whatever script it is written in.

A percent-encoded query string within a query string takes fifteen bytes for a Chinese character; packed it
takes two or three.
"""

import binascii
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from urllib.parse import quote_plus

from django.conf import settings

#: Characters of a packed search that an address may carry; one that takes more is left behind.
CARRIED_AT_MOST = 4000
_RAW_DEFLATE = -15
# What is printed there beyond ASCII is always whole UTF-8 sequences.
_BEYOND_ASCII = re.compile("(?:%[89A-F][0-9A-F])+")


@lru_cache(maxsize=500)  # every hit of a page carries the same search
def pack(query_string: str) -> str:
    """A query string as ``unpack`` reads it: as it is where that is shorter in an address, else deflated.

    Empty for one that no address has room for.
    """
    lean = _BEYOND_ASCII.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode(), query_string)
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    deflated = deflate.compress(lean.encode()) + deflate.flush()
    packed = urlsafe_b64encode(deflated).decode("ascii").rstrip("=")
    shorter = packed if len(packed) < len(quote_plus(query_string)) else query_string
    return shorter if len(shorter) <= CARRIED_AT_MOST else ""


def unpack(text: str) -> str:
    """The query string that was packed; empty for what never was one, or would swell beyond an address's length."""
    if "=" in text:  # of a name and its value; no packed text has it
        return text[: settings.ADDRESS_BYTES]
    if len(text) > CARRIED_AT_MOST:
        return ""
    inflate = zlib.decompressobj(_RAW_DEFLATE)
    try:
        packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        unpacked = inflate.decompress(packed, settings.ADDRESS_BYTES)
        return unpacked.decode() if inflate.eof else ""
    except (zlib.error, binascii.Error, UnicodeError):
        return ""
