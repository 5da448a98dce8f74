"""The reader: scans and texts in panes, paragraphs that correspond on one line."""

from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.cards import Card, card_of
from documents.choices import TextKind
from documents.models import Document, PageImages, Scan, Text
from documents.models.page_images import Page
from documents.page_images import problem_name
from records.paragraphs import Block, marked_blocks, numbered_blocks
from search.marking import SearchMarks

# The stylesheet knows grids of so many rows; rows that stay empty have no height.
ROW_STEPS = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)


def anchor_of(kind: str, language: str, script: str = "", number: int = 1) -> str:
    """What the addresses of a text's paragraphs begin with: "translation-eng", then "-p12".

    ``number`` counts texts of one kind and language; the first has none in its name.
    """
    parts = [kind, language, script.lower(), "" if number == 1 else str(number)]
    return "-".join(part for part in parts if part)


@dataclass(frozen=True)
class TextPane:
    """A transcript or translation with its paragraphs. ``is_first``: its paragraphs answer to plain #p12 too."""

    text: Text
    anchor: str
    is_first: bool
    is_shown: bool
    marks: SearchMarks | None = None

    @cached_property
    def blocks(self) -> list[Block]:
        """Its paragraphs, with what was searched marked."""
        blocks = numbered_blocks(self.text.content)
        if self.marks is None:
            return blocks
        language = "-".join(part for part in (self.text.language, self.text.script) if part)
        return marked_blocks(blocks, partial(self.marks.find, self.text.kind, language))

    @property
    def label(self) -> str:
        """As its button says: "Transcript, Russian"."""
        return f"{self.text.get_kind_display()}, {self.text.language_name}"


@dataclass(frozen=True)
class ScanPage:
    """A page of a scan. ``number`` counts through all scans of the document, from 1."""

    scan: Scan
    page: Page
    number: int

    @property
    def anchor(self) -> str:
        return f"scan-p{self.number}"

    @property
    def problem(self) -> str:
        return problem_name(self.page.problem)

    def _address(self, size: str) -> str:
        kwargs = {"record_id": self.scan.document.record_id, "pk": self.scan.pk, "number": self.page.number}
        return reverse("documents:page_image", kwargs=kwargs | {"size": size})

    @property
    def large(self) -> str:
        return self._address("large")

    @property
    def small(self) -> str:
        return self._address("small")


@dataclass(frozen=True)
class ScanFile:
    """A file and the images that there are of its pages. ``refused``: there will be none."""

    scan: Scan
    pages: tuple[ScanPage, ...]
    refused: bool = False

    @property
    def unmade(self) -> int:
        """How many pages have no image yet."""
        return 0 if self.refused else max(self.scan.pages - len(self.pages), 0)


@dataclass(frozen=True)
class ScanPane:
    """All scans of the document."""

    files: tuple[ScanFile, ...]
    is_shown: bool
    anchor: str = "scan"

    @property
    def pages(self) -> int:
        return sum(file.scan.pages for file in self.files)

    @property
    def has_images(self) -> bool:
        return any(page.page.is_made for file in self.files for page in file.pages)

    @property
    def label(self) -> str:
        """ "Scan, 6 pages"."""
        return _("Scan, %(pages)s") % {
            "pages": ngettext("%(count)d page", "%(count)d pages", self.pages) % {"count": self.pages}
        }


@dataclass(frozen=True)
class Reader:
    """Everything that can be read of a document."""

    scan: ScanPane | None
    texts: tuple[TextPane, ...]
    searched: str = ""  # the words that are marked

    @property
    def panes(self) -> list[ScanPane | TextPane]:
        return [*([self.scan] if self.scan else []), *self.texts]

    @property
    def has_marks(self) -> bool:
        """Whether something is marked in the texts that are shown."""
        lines = (
            line for pane in self.texts if pane.is_shown for block in pane.blocks for line in block.lines
        )
        return bool(self.searched) and any("<mark" in line.html for line in lines)

    @property
    def card(self) -> Card | None:
        """The image that stands for the document elsewhere."""
        return card_of([file.scan for file in self.scan.files]) if self.scan else None

    @property
    def rows(self) -> int:
        """The size of the grid that has a line for every paragraph; 0 where the texts do not correspond.

        Corresponding texts have as many blocks as one another, or nearly so: a heading more does no harm,
        but where half is missing, number 40 here is not number 40 there.
        """
        sizes = [len(pane.blocks) for pane in self.texts if pane.blocks]
        if len(sizes) < 2 or min(sizes) < 0.8 * max(sizes):
            return 0
        return next((step for step in ROW_STEPS if step > max(sizes)), 0)


def reader_of(document: Document, marks: SearchMarks | None = None) -> Reader:
    """The reader of a document that was asked for with ``for_page()``; nothing is fetched here.

    ``marks``: what to mark in the texts. The first transcript and the first translation are shown at once; the scan where there is neither.
    """
    panes: list[TextPane] = []
    seen: dict[str, int] = {}
    kinds_shown: set[str] = set()
    # Transcripts before translations; a sort keeps the order within each.
    for text in sorted(document.texts.all(), key=lambda text: text.kind != TextKind.TRANSCRIPT):
        name = anchor_of(text.kind, text.language, text.script)
        seen[name] = seen.get(name, 0) + 1
        shown = text.kind not in kinds_shown and bool(text.content)
        if shown:
            kinds_shown.add(text.kind)
        panes.append(
            TextPane(
                text=text,
                anchor=anchor_of(text.kind, text.language, text.script, seen[name]),
                is_first=not panes,
                is_shown=shown,
                marks=marks,
            )
        )
    files = _files(document)
    scan_pane = ScanPane(files, is_shown=not kinds_shown) if files else None
    return Reader(scan_pane, tuple(panes), marks.words if marks else "")


def _files(document: Document) -> tuple[ScanFile, ...]:
    files: list[ScanFile] = []
    number = 0
    for scan in document.scans.all():
        scan.document = document
        images: PageImages | None = getattr(scan, "page_images", None)
        known = images.known_pages() if images else []
        pages = tuple(ScanPage(scan, page, number + page.number) for page in known)
        refused = images is not None and images.is_done and not known and images.sha256 == scan.sha256
        files.append(ScanFile(scan, pages, refused))
        number += max(scan.pages, len(pages))
    return tuple(files)
