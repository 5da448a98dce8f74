"""How names and texts are written: what makes two spellings one name, and what no text holds."""

import re
import unicodedata
from functools import lru_cache

# What no text holds: control characters but for tabs, line ends and the page breaks of text recognition, and the two
# overrides of the direction of writing, by which a title can be made to read as another.
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e]")
TRAILING = " ,;:"  # what may follow a name and is no part of it
_QUOTES = str.maketrans("‘’ʼ`´“”„«»‐‑‒–—−", "''''" + "'" + '"' * 5 + "-" * 6)


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """What two spellings have in common that are one name: case, spaces, width, kinds of quotes and dashes."""
    folded = unicodedata.normalize("NFKC", name).translate(_QUOTES).casefold()
    return re.sub(r"\s+", " ", folded).strip(TRAILING)
