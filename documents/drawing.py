"""Draws pages of a PDF or an image as images. Run as a program of its own, never in the site's process.

The files come from outside, and drawing one means trusting large libraries with it. So
this runs alone: isolated (``python -I``, hence no import from the archive), without the
site's environment, with limits of time and memory that the system enforces. It dies of
a page that breaks it; ``documents.page_images`` sees which page that was, and goes on.

    python -I drawing.py FILE FOLDER FIRST LAST PIXELS RATIO

(images of at most so many pixels, pages at most so many times as long as broad)

prints a JSON object a line: ``{"pages": 12}`` or ``{"refused": "broken"}``, then for each
page ``{"page": 3, "width": 1697, "height": 2400}`` (pixels of the large image) or
``{"page": 3, "problem": "broken"}``.
"""

import json
import math
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
from PIL import Image, ImageOps

# The longer side in pixels: what the viewer shows, the strip of pages, and the card of a document.
LARGE, SMALL, CARD = 2400, 240, 800
# Words that a problem is told in; `documents.page_images` has a sentence for each.
BROKEN, TOO_LARGE = "broken", "too-large"

PAGE_SECONDS = 30  # of the processor, which may have other work, too
PAGE_SECONDS_IN_ALL = 90
MEMORY_BYTES = 2 * 1024**3
FILE_BYTES = 64 * 1024**2
ORIENTATION = 0x0112  # the tag of Exif and TIFF
_WEBP = {"format": "WEBP", "quality": 80, "method": 2}
_JPEG = {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True}

DrawPage = Callable[[int], Image.Image]


class Limits(NamedTuple):
    """What is larger, or longer than so many times its breadth, is no page."""

    pixels: int
    ratio: int


class PageError(Exception):
    """A page that cannot be drawn; its text is one of the words above."""


def limit_self() -> None:
    """Bounds that hold even inside a library that has run away."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS knows RLIMIT_AS and does not keep it; there, time is the limit.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def limit_time() -> None:
    """From now on. Nobody catches what comes then: the system ends this process, whatever it is at."""
    signal.setitimer(signal.ITIMER_PROF, PAGE_SECONDS)
    signal.alarm(PAGE_SECONDS_IN_ALL)


def open_pdf(path: Path, limits: Limits) -> tuple[int, DrawPage]:
    """The number of pages, and what draws one of them."""
    pdf = pypdfium2.PdfDocument(path)
    pdf.init_forms()  # a filled form is read with what was filled in

    def draw(number: int) -> Image.Image:
        page = pdf[number - 1]
        width, height = page.get_size()
        check_shape(width, height, limits)
        drawn: Image.Image = page.render(scale=LARGE / max(width, height)).to_pil()
        page.close()
        return drawn

    return len(pdf), draw


def open_image(path: Path, limits: Limits) -> tuple[int, DrawPage]:
    """The same for an image; one that moves has one page, a TIFF one for each of its images."""
    image = Image.open(path)
    pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1

    def draw(number: int) -> Image.Image:
        if pages > 1:
            image.seek(number - 1)
        check_shape(image.width, image.height, limits)
        if image.width * image.height > limits.pixels:
            raise PageError(TOO_LARGE)
        image.draft("RGB", (LARGE, LARGE))  # a large JPEG is read at a fraction of its size
        image.load()
        # A copy only where it must be: a large one costs as much again.
        return ImageOps.exif_transpose(image) if image.getexif().get(ORIENTATION, 1) != 1 else image

    return pages, draw


def check_shape(width: float, height: float, limits: Limits) -> None:
    if not (math.isfinite(width) and math.isfinite(height)) or min(width, height) <= 0:
        raise PageError(BROKEN)
    if max(width, height) > limits.ratio * min(width, height):
        raise PageError(TOO_LARGE)


def fitted(image: Image.Image, longest: int) -> Image.Image:
    """In eight bits a colour, on white, with the longer side at most so many pixels; never made larger."""
    if image.mode.startswith("I") or image.mode == "F":
        # 16 bits a pixel, as good scanners write; 32-bit values are taken to be 16-bit ones.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("LA", "PA", "P") or "transparency" in image.info:
        image = image.convert("RGBA")
    longer = max(image.size)
    if longer > longest:
        size = tuple(max(1, round(side * longest / longer)) for side in image.size)
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if image.mode == "RGBA":
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.getchannel("A"))
        return plain
    return image if image.mode == "L" else image.convert("RGB")


def save(image: Image.Image, path: Path, options: dict[str, Any]) -> None:
    """Under another name first: what has the right name is whole."""
    unfinished = path.with_suffix(".part")
    image.save(unfinished, **options)
    unfinished.replace(path)


def make_images(drawn: Image.Image, folder: Path, number: int) -> tuple[int, int]:
    """All sizes of one page; the width and height of the large one. The first page has a card besides."""
    profile = drawn.info.get("icc_profile") if drawn.mode == "RGB" else None
    large = fitted(drawn, LARGE)
    save(large, folder / f"{number}-large.webp", _WEBP | ({"icc_profile": profile} if profile else {}))
    if number == 1:
        save(fitted(large, CARD), folder / "1-card.jpg", _JPEG)
    save(fitted(large, SMALL), folder / f"{number}-small.webp", _WEBP)
    return large.size


def one_page(draw: DrawPage, number: int) -> Image.Image:
    """A page as drawn. Raises PageError where the page is to blame, and nobody else is."""
    try:
        return draw(number)
    except Image.DecompressionBombError as error:
        raise PageError(TOO_LARGE) from error
    except (pypdfium2.PdfiumError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise PageError(BROKEN) from error


def tell(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()  # what is drawn is known, whatever the next page does


def main(path: Path, folder: Path, first: int, last: int, limits: Limits) -> None:
    limit_self()
    Image.MAX_IMAGE_PIXELS = limits.pixels
    limit_time()
    with path.open("rb") as opened:
        is_pdf = b"%PDF-" in opened.read(1024)
    try:
        pages, draw = open_pdf(path, limits) if is_pdf else open_image(path, limits)
    except (pypdfium2.PdfiumError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        tell(refused=BROKEN)
        return
    tell(pages=pages)
    for number in range(first, min(last, pages) + 1):
        limit_time()
        try:
            drawn = one_page(draw, number)
            width, height = make_images(drawn, folder, number)
        except PageError as error:
            tell(page=number, problem=str(error))
        except MemoryError:
            tell(page=number, problem=TOO_LARGE)
        else:
            tell(page=number, width=width, height=height)


if __name__ == "__main__":
    _first, _last, _pixels, _ratio = map(int, sys.argv[3:])
    main(Path(sys.argv[1]), Path(sys.argv[2]), _first, _last, Limits(_pixels, _ratio))
