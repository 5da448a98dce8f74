"""Which encoding a file is in: its byte order mark, else UTF-8, else a guess that is told to the user."""

import codecs
from dataclasses import dataclass
from typing import Self

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interchange.problems import FileError, shown
from interchange.readers.latin import FAMILY, likeliest, stands_alone
from interchange.readers.source import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheets and catalogues write; the hundred others of Python only make a guess worse.
_CANDIDATES = [
    "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "koi8_u",
    "cp866", "iso8859_2", "iso8859_5", "gb18030", "big5", "cp932", "shift_jis", "euc_jp", "euc_kr", "cp949",
    "mac_roman", "mac_cyrillic",
]  # fmt: skip
_CHUNK = 1 << 20
_SAMPLE = 48 * 1024
_EXAMPLE = 80


@dataclass(frozen=True)
class Encoding:
    """A Python codec, and what to tell the user about it."""

    codec: str
    notice: str = ""

    @classmethod
    def given(cls, name: str) -> Self:
        """The encoding that the user named. Raises FileError where there is none of that name."""
        try:
            codec = codecs.lookup(name).name
        except LookupError as error:
            raise FileError(
                _("there is no encoding “%(name)s”; write one such as utf-8, windows-1251 or gb18030")
                % {"name": name}
            ) from error
        return cls("utf-8-sig" if codec == "utf-8" else codec)


def find_encoding(source: Source) -> Encoding:
    """The file's encoding. Reads the file through once where it has no byte order mark."""
    head = source.head()
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec)
    wide = _utf16_without_mark(head)
    if wide:
        return Encoding(
            wide, _("The file has no byte order mark; it looks like %(codec)s.") % {"codec": wide}
        )
    if _is_utf8(source):
        return Encoding("utf-8")
    sample, lines, sound_lines = _foreign_sample(source)
    # Letters of another encoding make UTF-8 by accident only: a file where half the lines do so is UTF-8.
    if sound_lines * 2 >= lines:
        notice = ngettext(
            "The file is UTF-8, but %(count)s of its lines is not; its row is rejected.",
            "The file is UTF-8, but %(count)s of its lines are not; their rows are rejected.",
            lines - sound_lines,
        )
        return Encoding("utf-8", notice % {"count": lines - sound_lines})
    return _guess(sample)


def _utf16_without_mark(head: bytes) -> str:
    if head[1::2].count(0) > 0.3 * len(head) / 2 and head[::2].count(0) == 0:
        return "utf-16-le"
    if head[::2].count(0) > 0.3 * len(head) / 2 and head[1::2].count(0) == 0:
        return "utf-16-be"
    return ""


def _is_utf8(source: Source) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open() as stream:
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _foreign_sample(source: Source) -> tuple[bytes, int, int]:
    """Lines with other than ASCII in them, up to 48 KiB; how many such lines there are, and how many are UTF-8."""
    sample, lines, sound = bytearray(), 0, 0
    with source.open() as stream:
        for line in stream:
            if line.isascii():
                continue
            lines += 1
            try:
                line.decode("utf-8")
                sound += 1
            except UnicodeDecodeError:
                if len(sample) < _SAMPLE:
                    sample += line[: _SAMPLE - len(sample)]
    return bytes(sample), lines, sound


def _guess(sample: bytes) -> Encoding:
    match = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    if match is None:
        raise FileError(
            _("The encoding of the file cannot be told; save it as UTF-8, or name it with --encoding.")
        )
    latin = match.encoding in FAMILY or stands_alone(sample)
    guess = likeliest(sample, match.encoding) if latin else match.encoding
    # The superset, so that a letter outside the narrower set does not spoil a row.
    codec = {"shift_jis": "cp932", "euc_kr": "cp949", "gb2312": "gb18030"}.get(guess, guess)
    return Encoding(
        codec,
        _(
            "The file is not UTF-8. Guessed encoding: %(codec)s, which reads: “%(example)s”. If letters are wrong "
            "there, name the right one with --encoding, or save the file as UTF-8."
        )
        % {"codec": codec, "example": _example(sample, codec)},
    )


def _example(sample: bytes, codec: str) -> str:
    """The beginning of the line with most letters beyond ASCII, cut so that one of them is seen."""
    lines = sample.decode(codec, "replace").splitlines()[:200]
    line = max(lines, key=lambda text: sum(not sign.isascii() for sign in text[:1000]))
    first = next((place for place, sign in enumerate(line) if not sign.isascii()), 0)
    start = max(0, first - _EXAMPLE // 2)
    return shown(line[start : start + _EXAMPLE])
