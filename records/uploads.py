"""Uploads are what their bytes say they are, or they are refused with a sentence."""

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

logger = logging.getLogger(__name__)

IMAGE_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}
PDF = "application/pdf"
# Only what a browser draws without running anything is shown in a page; all else is a download.
SHOWN_IN_PAGE = frozenset({PDF, "image/jpeg", "image/png", "image/gif", "image/webp"})
# What is larger, or longer than so many times its breadth, is refused, and not drawn where it is a page of a file.
MAX_PIXELS = 200_000_000
MAX_RATIO = 40
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow warns from there, and refuses what is twice as large
COUNTING = Path(__file__).with_name("counting.py")


@dataclass(frozen=True)
class FileFacts:
    """What was found in a file: its media type, bytes, pages (1 for an image) and SHA-256 (hex)."""

    media_type: str
    size: int
    pages: int
    sha256: str


def examine(upload: BinaryIO, *, allow_pdf: bool = True) -> FileFacts:
    """Look inside an upload. Raises ValidationError, saying what to do, for what is not a sound image or PDF."""
    upload.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := upload.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
        if size > settings.UPLOAD_LIMIT_BYTES:
            raise ValidationError(
                _("The file is larger than %(limit)s; split it into several files."),
                params={"limit": filesizeformat(settings.UPLOAD_LIMIT_BYTES)},
            )
    if not size:
        raise ValidationError(_("The file is empty; upload it again."))
    upload.seek(0)
    head = upload.read(1024)
    if head.lstrip().startswith(b"%PDF-"):
        if not allow_pdf:
            raise ValidationError(_("This is a PDF; upload an image (JPEG, PNG, GIF or WebP) here."))
        media_type, pages = PDF, _pdf_pages(upload)
    else:
        media_type, pages = _image(upload, head)
    upload.seek(0)
    return FileFacts(media_type, size, pages, digest.hexdigest())


def _pdf_pages(upload: BinaryIO) -> int:
    said = _said_of(upload)
    if said == "locked":
        raise ValidationError(_("The PDF is locked with a password; upload it without one."))
    if not said.isdecimal() or not int(said):
        raise ValidationError(
            _("The PDF is broken and cannot be opened; save it anew from the program that made it.")
        )
    return int(said)


def _said_of(upload: BinaryIO) -> str:
    """What the program that counts says of a PDF; nothing where it died of it."""
    with tempfile.TemporaryFile() as copy:  # an upload may be in memory alone
        upload.seek(0)
        shutil.copyfileobj(upload, copy)
        copy.seek(0)
        done = subprocess.run(  # noqa: S603 (our own program; nothing of a visitor's is in the command)
            [sys.executable, "-I", str(COUNTING)],
            stdin=copy,
            capture_output=True,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},  # no key and no password goes along
            start_new_session=True,
            check=False,
        )
    said = done.stdout.decode("ascii", "replace").strip()
    if not said.isdecimal():
        complaint = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        logger.info(
            "Refused a PDF: %s", said or complaint or f"the program that counts ended with {done.returncode}"
        )
    return said


def _image(upload: BinaryIO, head: bytes) -> tuple[str, int]:
    upload.seek(0)
    try:
        with Image.open(upload) as image:
            media_type = IMAGE_TYPES.get(image.format or "")
            frames = getattr(image, "n_frames", 1) if media_type == "image/tiff" else 1
            if max(image.size) > MAX_RATIO * min(image.size):
                raise ValidationError(
                    _("The image is more than %(ratio)s times as long as it is broad; cut it into pieces."),
                    params={"ratio": MAX_RATIO},
                )
            image.load()
    except UnidentifiedImageError:
        media_type = None
    except Image.DecompressionBombError as error:
        raise ValidationError(_("The image has more than 200 million pixels; make it smaller.")) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("The image is broken and cannot be opened; save it anew.")) from error
    if media_type is None:
        found = _kind(head)
        if found in IMAGE_TYPES.values():
            raise ValidationError(_("The image is broken and cannot be opened; save it anew."))
        raise ValidationError(
            _("This is not a PDF or an image (JPEG, PNG, TIFF, GIF, WebP), but %(found)s."),
            params={"found": found},
        )
    return media_type, frames


def _kind(head: bytes) -> str:
    try:
        return puremagic.from_string(head, mime=True) or _("a file of another kind")
    except (puremagic.PureError, ValueError):
        return _("a file of another kind")


def validate_image(upload: BinaryIO) -> None:
    """A validator for portraits and collection images."""
    if getattr(upload, "_committed", False):
        return
    examine(upload, allow_pdf=False)
