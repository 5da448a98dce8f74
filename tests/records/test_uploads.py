"""Uploads are told by their bytes; what cannot be kept is refused with a sentence that says what to do."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from pypdf import PdfWriter

from records.uploads import examine
from tests.factories import image_bytes, pdf_bytes

FILES = Path(__file__).with_name("files")


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        examine(io.BytesIO(content))
    return " ".join(caught.value.messages)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def test_the_pages_of_a_pdf_are_counted_and_the_file_is_left_at_its_beginning() -> None:
    upload = io.BytesIO(pdf_bytes(3))
    facts = examine(upload)
    assert (facts.media_type, facts.pages) == ("application/pdf", 3)
    assert upload.tell() == 0


@pytest.mark.parametrize("name", ["owner-aes128.pdf", "owner-aes256.pdf"])
def test_a_pdf_that_opens_without_a_password_is_taken_though_it_is_encrypted(name: str) -> None:
    assert examine(io.BytesIO((FILES / name).read_bytes())).pages == 2


def test_a_pdf_that_asks_for_a_password_is_refused() -> None:
    assert "locked with a password" in refusal((FILES / "user-aes256.pdf").read_bytes())


def test_a_broken_pdf_is_refused() -> None:
    assert "PDF is broken" in refusal(b"%PDF-1.7\nnothing of the kind")


def test_a_pdf_without_pages_is_refused() -> None:
    out = io.BytesIO()
    PdfWriter().write(out)
    assert "PDF is broken" in refusal(out.getvalue())


def test_a_pdf_that_ends_the_program_which_counts_is_refused(monkeypatch, tmp_path) -> None:
    program = tmp_path / "dies.py"
    program.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr("records.uploads.COUNTING", program)
    assert "PDF is broken" in refusal(pdf_bytes())


def test_the_program_that_counts_is_told_no_secret(monkeypatch, tmp_path) -> None:
    program = tmp_path / "tells.py"
    program.write_text("import os; print(9 if 'SECRET_KEY' in os.environ else 1)")
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setattr("records.uploads.COUNTING", program)
    assert examine(io.BytesIO(pdf_bytes())).pages == 1


def test_too_large_an_image_is_not_called_broken() -> None:
    assert "more than 200 million pixels" in refusal(png_of(20_001, 10_000))
    assert "more than 200 million pixels" in refusal(png_of(100_000, 100_000))


def test_a_strip_that_no_page_is_as_long_as_is_refused() -> None:
    for width, height in ((60_000, 1), (1, 60_000), (401, 10)):
        strip = io.BytesIO()
        Image.new("1", (width, height)).save(strip, "PNG")
        assert "more than 40 times as long" in refusal(strip.getvalue())
    scroll = io.BytesIO()
    Image.new("1", (400, 10)).save(scroll, "PNG")
    assert examine(scroll).pages == 1


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_image_of_the_size_allowed_is_not_called_too_large() -> None:
    assert "broken" in refusal(png_of(20_000, 10_000))  # for it is cut off
    assert examine(io.BytesIO(image_bytes("PNG"))).media_type == "image/png"
