"""Stored text as it is read: in blocks, every paragraph with its number.

The numbers are those of ``records.html.paragraphs``, which the index and the
citations count by. The markup is written anew from a short list of tags, so that
what comes out is harmless whatever went in.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from html.parser import HTMLParser

from django.utils.safestring import SafeString, mark_safe

_INLINE = frozenset({"em", "strong", "i", "b", "u", "s", "sub", "sup", "a", "span"})
_BREAKS = frozenset({"p", "br", "hr", "blockquote", "ul", "ol", "li", "h2", "h3", "h4", "caption", "pre"})
_TABLE_PARTS = frozenset({"table", "thead", "tbody", "tr"})
_KEPT = {"a": ("href", "title"), "span": ("lang", "dir")}
_SCHEMES = ("http://", "https://", "mailto:", "/", "#")
# What a line looks like is told by the innermost of these that it stands in.
_KINDS = {
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "li": "item",
    "blockquote": "quote",
    "pre": "lines",
}


@dataclass(frozen=True)
class Line:
    """One numbered paragraph; ``cells`` holds its cells where it is a row of a table."""

    number: int
    html: SafeString
    cells: tuple[tuple[str, SafeString], ...] = ()  # tag (td or th) and content


@dataclass(frozen=True)
class Block:
    """What stands in one row of the reader: a paragraph, or a table with a paragraph for each row.

    ``kind`` is paragraph, heading, item, quote or table; ``lang`` and ``dir`` are its own, where it has any.
    """

    kind: str
    lines: tuple[Line, ...]
    lang: str = ""
    dir: str = ""

    @property
    def number(self) -> int:
        return self.lines[0].number


def numbered_blocks(html: str) -> list[Block]:
    """The blocks of a stored text, in order."""
    cutter = _Cutter()
    cutter.feed(html.replace("\n", " "))
    cutter.close()
    cutter.end_table()
    return cutter.blocks


# The markup of a line: tags, and what stands between them.
_PARTS = re.compile(r"<[^>]*>|[^<]+")


def plain_line(html: str) -> str:
    """The characters of a line's markup, as places in it are counted."""
    return "".join(unescape(part) for part in _PARTS.findall(html) if not part.startswith("<"))


def marked_line(html: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    """A line with ``<mark>`` around these places of its plain characters (in order, none within another).

    A place that runs across a tag is marked in pieces; all but the first have the class ``goes-on``.
    """
    out: list[str] = []
    position = 0
    waiting = list(reversed(spans))
    begun = False  # the place on top of the heap has a piece already
    for part in _PARTS.findall(html):
        if part.startswith("<"):
            out.append(part)
            continue
        text = unescape(part)
        start, end = position, position + len(text)
        while waiting and waiting[-1][0] < end:
            first, last = max(waiting[-1][0], start), min(waiting[-1][1], end)
            out.append(escape(text[start - position : first - position], quote=False))
            opening = '<mark class="goes-on">' if begun else "<mark>"
            out.append(f"{opening}{escape(text[first - position : last - position], quote=False)}</mark>")
            start = last
            begun = waiting[-1][1] > end
            if begun:
                break
            waiting.pop()
        out.append(escape(text[start - position :], quote=False))
        position = end
    return mark_safe("".join(out))  # noqa: S308 (the parts of what was safe, escaped again)


def marked_blocks(
    blocks: Sequence[Block], find: Callable[[list[str]], list[list[tuple[int, int]]]]
) -> list[Block]:
    """The blocks with marks at the places that ``find`` gives for their lines, and cells, as plain texts."""
    pieces = [html for block in blocks for line in block.lines for html in _pieces(line)]
    spans = iter(find([plain_line(html) for html in pieces]))
    return [replace(block, lines=tuple(_marked(line, spans) for line in block.lines)) for block in blocks]


def _pieces(line: Line) -> list[str]:
    return [cell for _tag, cell in line.cells] or [line.html]


def _marked(line: Line, spans: Iterator[list[tuple[int, int]]]) -> Line:
    if line.cells:
        cells = tuple((tag, marked_line(cell, next(spans))) for tag, cell in line.cells)
        return replace(line, cells=cells, html=mark_safe(" ".join(cell for _tag, cell in cells)))  # noqa: S308
    return replace(line, html=marked_line(line.html, next(spans)))


class _Cutter(HTMLParser):
    """Cuts at every block tag, closing the inline tags that are open and opening them again after it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._number = 0
        self._open: list[tuple[str, str]] = []  # inline: tag, its opening as written
        self._around: list[tuple[str, str, str]] = []  # block: tag, lang, dir
        self._markup: list[str] = []
        self._has_words = False
        self._cells: list[tuple[str, SafeString]] = []
        self._cell = ""
        self._rows: list[Line] = []
        self._in_table = 0

    def handle_data(self, data: str) -> None:
        if data.split():
            self._has_words = True
        self._markup.append(escape(data, quote=False))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _INLINE:
            opening = _opening(tag, attrs)
            self._open.append((tag, opening))
            self._markup.append(opening)
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = tag
        elif tag in _TABLE_PARTS:
            self._cut()
            if tag == "table":
                self._in_table += 1
        elif tag in _BREAKS:
            self._cut()
            if tag not in ("br", "hr"):
                given = dict(attrs)
                self._around.append((tag, given.get("lang") or "", given.get("dir") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _INLINE:
            if any(name == tag for name, _opening in self._open):
                self._close_inline(tag)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in _TABLE_PARTS:
            self._cut()
            if tag == "table" and self._in_table:
                self._in_table -= 1
                if not self._in_table:
                    self.end_table()
        elif tag in _BREAKS:
            self._cut()
            while any(name == tag for name, _lang, _dir in self._around):
                if self._around.pop()[0] == tag:
                    break

    def close(self) -> None:
        super().close()
        self._cut()

    def _close_inline(self, tag: str) -> None:
        reopened = []
        while self._open:
            name, opening = self._open.pop()
            self._markup.append(f"</{name}>")
            if name == tag:
                break
            reopened.append((name, opening))
        for name, opening in reversed(reopened):
            self._open.append((name, opening))
            self._markup.append(opening)

    def _take_markup(self) -> SafeString:
        closing = "".join(f"</{name}>" for name, _opening in reversed(self._open))
        markup = "".join(self._markup).strip() + closing
        self._markup = [opening for _name, opening in self._open]
        return mark_safe(markup)  # noqa: S308 (text escaped, tags and attributes from a list)

    def _end_cell(self) -> None:
        if self._cell:
            self._cells.append((self._cell, self._take_markup()))
        self._cell = ""

    def _cut(self) -> None:
        """A paragraph ends here, if one had begun."""
        self._end_cell()
        cells, self._cells = tuple(self._cells), []
        markup = self._take_markup()
        if not self._has_words:
            return
        self._has_words = False
        self._number += 1
        if cells:
            self._rows.append(Line(self._number, mark_safe(" ".join(c for _tag, c in cells)), cells))  # noqa: S308
            return
        self.end_table()
        kind = next(
            (_KINDS[tag] for tag, _lang, _dir in reversed(self._around) if tag in _KINDS), "paragraph"
        )
        lang = next((lang for _tag, lang, _dir in reversed(self._around) if lang), "")
        way = next((way for _tag, _lang, way in reversed(self._around) if way), "")
        self.blocks.append(Block(kind, (Line(self._number, markup),), lang, way))

    def end_table(self) -> None:
        if self._rows:
            self.blocks.append(Block("table", tuple(self._rows)))
            self._rows = []


def _opening(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    kept = [(name, value) for name, value in attrs if name in _KEPT.get(tag, ()) and value]
    kept = [(n, v) for n, v in kept if n != "href" or v.lower().startswith(_SCHEMES)]
    written = "".join(f' {name}="{escape(value)}"' for name, value in kept)
    return f"<{tag}{written}{' rel=' + chr(34) + 'noopener noreferrer' + chr(34) if tag == 'a' else ''}>"
