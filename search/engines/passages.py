"""Cutting passages from original texts around what was searched, and marking it.

Neutral to the engine: it is given the conditions, the texts, and how English words are stemmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from search import tree
from search.engines.results import Passage, Segments
from search.text import LocatedWords, is_cjk, rough, words

Stems = Callable[[Iterable[str]], Mapping[str, str]]
#: A span of the original text and which of the patterns it meets.
Span = tuple[int, int, int]

#: Longer paragraphs are looked at piece by piece.
_PIECE = 4000
#: Pieces of one text that are looked at closely; the others only for whether a word is in them.
_CLOSELY = 3
#: Which part of a word each of these conditions names.
_INSIDE: Mapping[type[tree.Node], str] = {
    tree.StartsWith: "prefix",
    tree.EndsWith: "end",
    tree.Contains: "part",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one word must be: this word, of this stem, or beginning, ending with, containing this."""

    how: str
    what: str

    def meets(self, word: str, stem_of: Mapping[str, str]) -> bool:
        if self.how == "word":
            return word == self.what
        if self.how == "stem":
            return stem_of.get(word) == self.what
        if self.how == "prefix":
            return word.startswith(self.what)
        return word.endswith(self.what) if self.how == "end" else self.what in word

    @property
    def seed(self) -> str:
        """Letters that every word has that meets this step."""
        return self.what if self.how != "stem" else self.what[: max(2, len(self.what) - 1)]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words one after the other, in these fields only (None: in all that are searched)."""

    steps: tuple[Step, ...]
    field: str


def patterns_of(node: tree.Node, stem_of: Stems) -> list[Pattern]:
    """What a query looks for, as patterns of words; what it refuses is left out."""
    found: list[Pattern] = []
    for leaf, negated in node.leaves():
        if not negated:
            found += _patterns(leaf, stem_of)
    return list(dict.fromkeys(found))


def loosened(patterns: Sequence[Pattern]) -> list[Pattern]:
    """The words of the patterns, each by itself."""
    return list(
        dict.fromkeys(Pattern((step,), pattern.field) for pattern in patterns for step in pattern.steps)
    )


def _patterns(leaf: tree.Node, stem_of: Stems) -> list[Pattern]:
    if isinstance(leaf, tree.Words):
        return [pattern for chunk in leaf.text.split() for pattern in _chunk(leaf.field, chunk, stem_of)]
    if isinstance(leaf, tree.Phrase):
        return _run(leaf.field, words(leaf.text))
    if isinstance(leaf, tree.Prefix):
        return _run(leaf.field, words(leaf.text), last="prefix")
    if isinstance(leaf, tree.Near):
        return [Pattern((Step("word", word),), leaf.field) for word in words(leaf.text)]
    if isinstance(leaf, tree.StartsWith | tree.EndsWith | tree.Contains):
        chunks = [words(chunk) for chunk in leaf.text.split()]
        inside = _INSIDE[type(leaf)]
        return [pattern for chunk in chunks for pattern in _run(leaf.field, chunk, last=inside)]
    return []


def _chunk(field: str, chunk: str, stem_of: Stems) -> list[Pattern]:
    folded = words(chunk)
    stem = stem_of(folded).get(folded[0]) if len(folded) == 1 else None
    return [Pattern((Step("stem", stem),), field)] if stem else _run(field, folded)


def _run(field: str, folded: Sequence[str], last: str = "word") -> list[Pattern]:
    if not folded:
        return []
    how = "word" if is_cjk(folded[-1]) else last
    steps = [Step("word", word) for word in folded[:-1]] + [Step(how, folded[-1])]
    return [Pattern(tuple(steps), field)]


class Marker:
    """Finds a query's patterns in the texts of one field."""

    def __init__(
        self,
        patterns: Sequence[Pattern],
        field: str,
        stem_of: Stems,
        plain: bool = True,
        keeps_beginning: bool = True,
        also: Collection[str] = (),
    ) -> None:
        """``plain``: a query without a field looks through this one. ``keeps_beginning``: stems begin as words do.

        ``also``: other fields that have these texts, too.
        """
        self.patterns = [
            pattern
            for pattern in patterns
            if pattern.field == field or pattern.field in also or (plain and pattern.field == tree.CONTENT)
        ]
        self.stem_of = stem_of
        self.keeps_beginning = keeps_beginning
        self.field = field
        self.seeds = [pattern.steps[0].seed for pattern in self.patterns]

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def spans(self, text: str) -> list[Span]:
        """Where the patterns stand in a text, in order, the longer first where two begin together."""
        found = LocatedWords(text)
        heads = {step.seed[:2] for pattern in self.patterns for step in pattern.steps if step.how == "stem"}
        stem_of = self.stem_of(
            [word for word in found.words if word[:2] in heads or (heads and not self.keeps_beginning)]
        )
        spans: list[Span] = []
        for number, pattern in enumerate(self.patterns):
            spans += _places(found, pattern.steps, stem_of, number)
        return sorted(spans, key=lambda span: (span[0], -span[1]))

    def found(self, text: str) -> list[Span]:
        """As ``spans``, but quick to say that there are none."""
        return self.spans(text) if self._may_hold(rough(text)) else []

    def whole(self, text: str) -> Segments:
        """The whole text, marked."""
        return cut(text, self.found(text), 0, len(text))

    def _may_hold(self, folded: str) -> int:
        """How many of the patterns may be in a text, given as ``rough`` folds it; never too few."""
        return sum(seed in folded for seed in self.seeds)

    def passages(self, value_index: int, text: str, length: int) -> list[tuple[float, int, Passage]]:
        """(score, position, passage): the best of each promising piece of a text."""
        folded = rough(text)
        if not self._may_hold(folded):
            return []
        promising: list[tuple[int, int, int, str]] = []
        for paragraph, begin, piece, roughly in _pieces(text, folded):
            held = self._may_hold(roughly)
            if held:
                promising.append((-held, paragraph, begin, piece))
            if len(promising) > 50 * _CLOSELY:
                break
        best = []
        for _held, paragraph, begin, piece in sorted(promising)[:_CLOSELY]:
            spans = self.spans(piece)
            if spans:
                score, start, end = _window(piece, spans, length)
                passage = Passage(
                    field=self.field,
                    value_index=value_index,
                    paragraph=paragraph,
                    segments=cut(piece, spans, start, end),
                    cut_before=start > 0 or not _begins_paragraph(text, begin),
                    cut_after=end < len(piece) or not _ends_paragraph(text, begin + len(piece)),
                )
                best.append((score, begin + start, passage))
        return best


def _places(found: LocatedWords, steps: Sequence[Step], stem_of: Mapping[str, str], n: int) -> list[Span]:
    first, rest = steps[0], steps[1:]
    places = []
    good = {word for word in set(found.words) if first.meets(word, stem_of)}
    for position, word in enumerate(found.words if good else ()):
        if word not in good:
            continue
        following = found.words[position + 1 : position + len(steps)]
        if len(following) == len(rest) and all(
            step.meets(other, stem_of) for step, other in zip(rest, following, strict=True)
        ):
            places.append((*found.place(position, position + len(rest)), n))
    return places


def _pieces(text: str, folded: str) -> Iterable[tuple[int, int, str, str]]:
    """(paragraph from 1, offset, piece, the same folded) of a text and what ``rough`` makes of it.

    Long paragraphs come in several pieces.
    """
    offset = 0
    paragraphs = zip(text.split("\n"), folded.split("\n"), strict=True)
    for number, (paragraph, roughly) in enumerate(paragraphs, start=1):
        begin = 0
        while len(paragraph) - begin > _PIECE:
            end = paragraph.rfind(" ", begin + _PIECE // 2, begin + _PIECE) + 1 or begin + _PIECE
            piece = paragraph[begin:end]
            yield number, offset + begin, piece, rough(piece)
            begin = end
        if rest := paragraph[begin:]:
            yield number, offset + begin, rest, rough(rest) if begin else roughly
        offset += len(paragraph) + 1


def _begins_paragraph(text: str, begin: int) -> bool:
    return begin == 0 or text[begin - 1] == "\n"


def _ends_paragraph(text: str, end: int) -> bool:
    return end >= len(text) or text[end] == "\n"


def _window(text: str, spans: Sequence[Span], length: int) -> tuple[float, int, int]:
    """(score, start, end) of the stretch with most of what was searched; different words count most."""
    best = (0.0, 0, 0)
    for first, (start, _, _) in enumerate(spans):
        inside = [span for span in spans[first:] if span[1] - start <= length]
        if inside:
            score = 10.0 * len({span[2] for span in inside}) + len(inside) ** 0.5
            if score > best[0]:
                best = (score, start, max(span[1] for span in inside))
    if not best[0]:  # one match longer than the passage
        best = (10.0, spans[0][0], spans[0][1])
    score, start, end = best
    spare = max(0, length - (end - start)) // 2
    # What is not used on one side is there for the other.
    begin = max(0, start - max(spare, length - (len(text) - start)))
    stop = min(len(text), max(end, begin + length))
    return score, _word_start(text, begin, start), _word_end(text, stop, end)


def _word_start(text: str, begin: int, latest: int) -> int:
    """The first place from ``begin`` on where a word starts."""
    if begin == 0 or text[begin - 1].isspace():
        return begin
    space = re.compile(r"\s+").search(text, begin, min(latest, begin + 40))
    if space:
        return space.end()
    while begin < latest and unicodedata.combining(text[begin]):
        begin += 1
    return begin


def _word_end(text: str, stop: int, earliest: int) -> int:
    """The last place up to ``stop`` where a word ends."""
    if stop == len(text) or text[stop].isspace():
        return stop
    space = text.rfind(" ", max(earliest, stop - 40), stop)
    if space > earliest:
        return space
    while stop < len(text) and unicodedata.combining(text[stop]):
        stop += 1
    return stop


def cut(text: str, spans: Iterable[Span], start: int, end: int) -> Segments:
    """The text from start to end as segments; overlapping spans are marked as one."""
    segments: Segments = []
    position = start
    for first, last, _ in spans:
        first, last = max(first, position), min(last, end)
        if last <= first:
            continue
        if first > position:
            segments.append((text[position:first], False))
        segments.append((text[first:last], True))
        position = last
    if position < end:
        segments.append((text[position:end], False))
    return segments
