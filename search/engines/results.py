"""Shapes of an answer that Haystack has no word for."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

Segments = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a hit's text around what was searched.

    ``segments`` are pieces of the original text, each with whether it is marked; plain text, so
    escape it. ``value_index`` counts the field's values from 0, ``paragraph`` the value's
    newline-separated paragraphs from 1. The cuts say whether text goes on before and after.
    """

    field: str
    value_index: int
    paragraph: int
    segments: Segments
    cut_before: bool = False
    cut_after: bool = False

    def __str__(self) -> str:
        return "".join(text for text, _ in self.segments)


def marked_html(segments: Segments, tag: str = "em") -> str:
    """Segments escaped, with a tag around the marked ones: the one that Haystack's ``highlighted`` has, or another."""
    return "".join(f"<{tag}>{escape(text)}</{tag}>" if marked else escape(text) for text, marked in segments)


def joined(segments: Segments) -> Segments:
    """Marked words with nothing but space between them as one mark, as a reader sees a phrase."""
    whole: Segments = []
    for text, is_marked in segments:
        if is_marked and len(whole) > 1 and whole[-2][1] and whole[-1][0].isspace():
            space, _unmarked = whole.pop()
            whole[-1] = (whole[-1][0] + space + text, True)
        else:
            whole.append((text, is_marked))
    return whole
