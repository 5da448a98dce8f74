"""Making the images of scans' pages, a few at a time, by whoever has the time.

There is no queue to keep: what is to be made is asked of the database, so that nothing
is forgotten, however a scan came in. A worker claims a scan, draws its next pages in a
process that may die of them (``documents.drawing``), notes what became of each, and
lets go of it. A page that cannot be drawn is noted and not tried again; what failed for
another reason (a full disk, a missing file) is tried again some times.
"""

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import PageImages, Scan
from documents.models.page_images import folder_of
from records.uploads import MAX_PIXELS, MAX_RATIO

logger = logging.getLogger(__name__)

# To be raised when pages are drawn in another way: then all are made anew.
RECIPE = 1
PAGES_AT_MOST = 2000
PAGES_AT_ONCE = 8
FAILURES_AT_MOST = 5
PAGE_SECONDS = 90  # kept by the program that draws
CLAIM = timedelta(seconds=PAGE_SECONDS * (PAGES_AT_ONCE + 2))
DRAWING = Path(__file__).with_name("drawing.py")
BROKEN, SLOW, TOO_LARGE = "broken", "slow", "too-large"
# Somebody wants the worker to end: nothing is said of the page in hand.
_STOPPED = (-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)
_claims = count(1)
TIDY_SECONDS = 3600
_tidied = 0.0  # by this worker, on the monotonic clock


def problem_name(problem: str) -> str:
    """Why a page cannot be shown, as a sentence."""
    sentences = {
        BROKEN: _("This page is broken in the file."),
        SLOW: _("This page takes too long to draw."),
        TOO_LARGE: _("This page is too large to draw."),
    }
    return sentences.get(problem, "")


@dataclass(frozen=True)
class Step:
    """What was done in one go: the scan, how many pages were tried, what was wrong with which, why it ended early."""

    scan: Scan
    tried: int = 0
    problems: tuple[tuple[int, str], ...] = ()
    refused: str = ""  # the file as a whole cannot be opened
    error: str = ""


@dataclass
class _Drawn:
    """What the program that draws said, and how it ended."""

    total: int | None = None
    pages: list[dict[str, Any]] = field(default_factory=list)
    refused: str = ""
    error: str = ""


# What is to be made


def waiting(now: datetime | None = None) -> QuerySet[Scan]:
    """Scans whose images are not all made, and which it is time to try; the newest first."""
    now = now or timezone.now()
    no_row = Q(page_images=None)
    other = ~Q(page_images__sha256=F("sha256")) | ~Q(page_images__recipe=RECIPE)
    unfinished = Q(page_images__is_done=False, page_images__failures__lt=FAILURES_AT_MOST)
    free = Q(page_images__claimed_until=None) | Q(page_images__claimed_until__lte=now)
    due = Q(page_images__retry_at=None) | Q(page_images__retry_at__lte=now)
    scans = Scan.objects.filter(no_row | (free & (other | (unfinished & due))))
    return scans.order_by("-pk")


def _claim(scans: QuerySet[Scan]) -> tuple[Scan, PageImages] | None:
    """Take a scan in hand; None if there is none to take."""
    token = f"{socket.gethostname()[:12]}-{os.getpid()}-{threading.get_ident() % 10**6}-{next(_claims)}"[:40]
    for scan in scans.iterator(chunk_size=20):
        try:
            with transaction.atomic():
                row, _created = PageImages.objects.get_or_create(scan=scan)
        except IntegrityError:
            continue  # taken away a moment ago
        now = timezone.now()
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        mine = PageImages.objects.filter(pk=row.pk)
        if not mine.filter(free).update(claimed_by=token, claimed_until=now + CLAIM):
            continue
        row.refresh_from_db()
        if (row.sha256, row.recipe) != (scan.sha256, RECIPE):
            row.sha256, row.recipe = scan.sha256, RECIPE
            row.pages, row.total, row.problem, row.is_done = [], 0, "", False
            row.failures, row.last_error, row.retry_at = 0, "", None
            row.save()
        elif row.is_done:
            mine.filter(claimed_by=token).update(claimed_by="", claimed_until=None)
            continue  # another worker was here between the look and the claim
        return scan, row
    return None


# Making it


def make_some(scans: QuerySet[Scan] | None = None) -> Step | None:
    """Make the next few images that are wanted, of ``scans`` or of all; None if none are."""
    claimed = _claim(waiting() if scans is None else waiting() & scans)
    if claimed is None:
        return None
    scan, row = claimed
    try:
        folder = Path(default_storage.path(row.folder))
        folder.mkdir(parents=True, exist_ok=True)
        drawn = _draw(Path(scan.file.path), folder, first=len(row.pages) + 1)
    except OSError as error:
        drawn = _Drawn(error=str(error))
    _note(row, drawn)
    before = len(row.pages) - len(drawn.pages)
    problems = [
        (before + number, page["problem"])
        for number, page in enumerate(drawn.pages, start=1)
        if "problem" in page
    ]
    for number, problem in problems:
        logger.warning("scan %s, page %s has no image: %s", scan.pk, number, problem)
    if drawn.refused or drawn.error:
        logger.warning("scan %s has no page images: %s", scan.pk, drawn.refused or drawn.error)
    return Step(scan, len(drawn.pages), tuple(problems), drawn.refused, drawn.error)


def work() -> int:
    """A step, for the worker that has others' work to do, too: how much was done, 0 if nothing waits."""
    global _tidied
    if make_some() is not None:
        return 1
    if time.monotonic() - _tidied > TIDY_SECONDS:
        _tidied = time.monotonic()
        remove_orphans()
    return 0


def _note(row: PageImages, drawn: _Drawn) -> None:
    """Write down what became of a claim, and let go of it, if it is still ours."""
    row.pages = [*row.pages, *drawn.pages]
    if drawn.total is not None:
        row.total = min(drawn.total, PAGES_AT_MOST)
    row.problem = drawn.refused
    row.is_done = bool(drawn.refused) or (drawn.total is not None and len(row.pages) >= row.total)
    row.last_error = drawn.error[:2000]
    row.failures, row.retry_at = 0, None
    if drawn.error:
        row.failures = PageImages.objects.values_list("failures", flat=True).get(pk=row.pk) + 1
        row.retry_at = timezone.now() + timedelta(minutes=2**row.failures)
    written = {
        name: getattr(row, name)
        for name in ("pages", "total", "problem", "is_done", "last_error", "failures", "retry_at")
    }
    PageImages.objects.filter(pk=row.pk, claimed_by=row.claimed_by).update(
        **written, claimed_by="", claimed_until=None
    )


def _draw(path: Path, folder: Path, first: int) -> _Drawn:
    """Have the next pages of a file drawn. Raises OSError where there is no such file."""
    path.stat()
    last = min(first + PAGES_AT_ONCE - 1, PAGES_AT_MOST)
    numbers = [str(number) for number in (first, last, MAX_PIXELS, MAX_RATIO)]
    command = [sys.executable, "-I", str(DRAWING), str(path), str(folder), *numbers]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaints:
        try:
            code = subprocess.run(  # noqa: S603 (our own program; nothing of a visitor's is in the command)
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=complaints,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},  # no key and no password goes along
                start_new_session=True,
                timeout=CLAIM.total_seconds() - PAGE_SECONDS / 2,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -signal.SIGALRM
        said.seek(0)
        drawn = _understood(said.read().decode("utf-8", "replace"))
        complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - 1000))
        complaint = complaints.read().decode("utf-8", "replace").strip()
    if code in _STOPPED:
        drawn.error = ""
    elif code < 0:
        # It died, of the file or of the page that it said nothing of.
        problem = SLOW if code in (-signal.SIGALRM, -signal.SIGPROF) else BROKEN
        if drawn.total is None:
            drawn.refused = problem
        else:
            drawn.pages.append({"problem": problem})
    elif code > 0:
        drawn.error = complaint.rpartition("\n")[2] or f"the program that draws ended with {code}"
    elif drawn.total == 0:
        drawn.refused = BROKEN
    elif not (drawn.refused or drawn.pages):
        drawn.error = "the program that draws said nothing"
    return drawn


def _understood(said: str) -> _Drawn:
    drawn = _Drawn()
    for line in said.splitlines():
        try:
            words = json.loads(line)
        except ValueError:
            break  # cut off where the program died
        if "pages" in words:
            drawn.total = int(words["pages"])
        elif "refused" in words:
            drawn.refused = str(words["refused"])
        elif "problem" in words:
            drawn.pages.append({"problem": str(words["problem"])})
        else:
            drawn.pages.append({"width": int(words["width"]), "height": int(words["height"])})
    return drawn


# Looking after what was made


def forget(scans: QuerySet[Scan], *, only_with_problems: bool = False) -> int:
    """Have the images of these scans made anew (or of those only where something went wrong); how many."""
    rows = PageImages.objects.filter(scan__in=scans)
    if only_with_problems:
        bad = [
            row.pk
            for row in rows.iterator()
            if row.problem or row.failures or any("problem" in page for page in row.pages)
        ]
        rows = PageImages.objects.filter(pk__in=bad)
    return rows.update(recipe=0, failures=0, retry_at=None)


def forget_lost() -> int:
    """Have those made anew whose files are gone, as after restoring a database without them; how many."""
    made = PageImages.objects.filter(is_done=True, problem="", recipe=RECIPE)
    lost = [
        row.pk for row in made.only("scan_id", "sha256").iterator() if not default_storage.exists(row.folder)
    ]
    return PageImages.objects.filter(pk__in=lost).update(recipe=0)


def remove_orphans() -> int:
    """Remove the images of scans that were taken away or replaced; how many folders."""
    found = list(_folders())
    # Asked after the folders: a row is there before its folder is.
    known = {folder_of(*key) for key in PageImages.objects.values_list("scan_id", "sha256").iterator()}
    orphans = [name for name in found if name not in known]
    for name in orphans:
        shutil.rmtree(default_storage.path(name), ignore_errors=True)
    return len(orphans)


def _folders() -> Iterator[str]:
    root = Path(default_storage.path("pages"))
    for folder in root.glob("[0-9][0-9]/*"):
        yield folder.relative_to(root.parent).as_posix()
