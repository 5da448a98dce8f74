"""Counts the pages of a PDF. Run as a program of its own, never in the site's process.

Uploads come from outside, and opening a PDF means trusting a large library with it. So
this runs alone: isolated (``python -I``, hence no import from the archive), without the
site's environment, with limits of time and memory that the system enforces.

    python -I counting.py < FILE

prints the number of pages, or ``locked`` (it cannot be read without a password) or ``broken``.
"""

import resource
import signal
import sys
from contextlib import suppress

import pypdfium2
import pypdfium2.raw

SECONDS = 30  # of the processor, which may have other work, too
SECONDS_IN_ALL = 60
MEMORY_BYTES = 2 * 1024**3


def limit_self() -> None:
    """Bounds that hold even inside a library that has run away: the system ends this process."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS knows RLIMIT_AS and does not keep it; there, time is the limit.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(SECONDS_IN_ALL)


def main() -> str:
    try:
        return str(len(pypdfium2.PdfDocument(sys.stdin.buffer)))
    except pypdfium2.PdfiumError as error:
        return "locked" if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD else "broken"


if __name__ == "__main__":
    limit_self()
    sys.stdout.write(main())
