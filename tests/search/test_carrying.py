"""A search within another page's address."""

import zlib
from base64 import urlsafe_b64encode
from urllib.parse import quote_plus

import pytest
from django.conf import settings

from records.entries import Entry
from search.carrying import CARRIED_AT_MOST, pack, unpack
from search.hits import address_in
from search.state import WORDS_LENGTH, SearchState

CHINESE = "中华人民共和国外交部档案馆关于苏联大使与毛泽东主席会谈纪要"


@pytest.mark.parametrize(
    "words", ["peace", 'title:"open door" a&b=c;d +100% #1', "Ёлка и мир", CHINESE, "𠀀𠮷", "é=%C3", "سلام"]
)
def test_what_was_packed_is_read_again(words):
    state = SearchState(words=words, chosen=(("language", "rus"), ("subject", "peace")), sort="title")
    assert SearchState.parse_text(pack(state.query_string)) == state
    longer = SearchState(words=" ".join([words] * 8))
    assert SearchState.parse_text(pack(longer.query_string)) == longer


def test_a_short_search_stays_readable():
    assert pack("q=peace") == "q=peace"


def test_a_long_search_in_any_script_fits_into_a_hits_address():
    words = "".join(chr(0x4E00 + 37 * number % 20_000) for number in range(WORDS_LENGTH))
    state = SearchState(words=words)
    assert len(f"/search/?{state.query_string}") < settings.ADDRESS_BYTES
    entry = Entry(url="/documents/10001/a-title/", title="A title")
    address = address_in(entry, state, 7)
    assert "s=" in address
    assert len(address) < 2500 < len(quote_plus(state.query_string))


def test_a_search_that_no_address_has_room_for_is_left_behind():
    hexes = "&".join(
        f"person={zlib.crc32(str(n).encode()):x}{n}{zlib.adler32(b'%d' % n):x}" for n in range(900)
    )
    assert pack(hexes) == ""
    entry = Entry(url="/documents/10001/a-title/", title="A title")
    state = SearchState.parse_text("q=peace")
    object.__setattr__(state, "chosen", tuple(("person", part[7:]) for part in hexes.split("&")))
    assert address_in(entry, state, 7) == entry.url


def bomb() -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (
        urlsafe_b64encode(deflate.compress(b"q=" + b"x" * 1_000_000) + deflate.flush()).decode().rstrip("=")
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "x" * CARRIED_AT_MOST,
        "x" * 100_000,
        "ключ",
        "\x00\ud800",
        pack(f"q={CHINESE * 9}")[:-3],
        bomb(),
    ],
    ids=["nothing", "a letter", "letters", "too long", "not ASCII", "no text", "cut short", "a bomb"],
)
def test_what_was_never_packed_is_an_empty_search(text):
    assert unpack(text) == ""
    assert SearchState.parse_text(text) == SearchState()
