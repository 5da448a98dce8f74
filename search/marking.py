"""Where a record's texts have what was searched: the words of the search that a reader came from.

The same words are meant as in the passages of a hit: any inflected form, a phrase as a
phrase, and nothing of what the search refused.
"""

from collections.abc import Sequence
from functools import partial

from search.engines.elasticsearch.languages import language_of, stems_in
from search.engines.passages import Marker, loosened, patterns_of
from search.query import read_words, tree_of
from search.state import SearchState
from search.tree import And, Node

#: Places in a text; more would only make the page heavy.
MARKS_AT_MOST = 1000
#: Beginning and end of each place in a text, in order, none within another.
Spans = list[tuple[int, int]]


class SearchMarks:
    """Finds the words of a search in texts."""

    def __init__(self, words: str, condition: Node) -> None:
        """``words``: the search as a reader would write it."""
        self.words = words
        self._condition = condition

    def find(self, field: str, language: str, lines: Sequence[str]) -> list[Spans]:
        """The places in each line of a text. ``field``: transcript or translation; ``language``: "rus", "chi-Hans".

        A phrase that no line has whole runs on from one to the next: then its words are marked.
        """
        for loosely in (False, True):
            marker = self._marker(field, language, loosely=loosely)
            left = MARKS_AT_MOST
            found: list[Spans] = []
            for line in lines if marker else ():
                spans = _spans(marker, line)[:left]
                left -= len(spans)
                found.append(spans)
            if left < MARKS_AT_MOST:
                return found
        return [[] for _line in lines]

    def _marker(self, field: str, language: str, *, loosely: bool) -> Marker:
        known = language_of(language)
        stems = partial(stems_in, known)
        patterns = patterns_of(self._condition, stems)
        return Marker(
            loosened(patterns) if loosely else patterns,
            field,
            stems,
            keeps_beginning=known is None or known.keeps_beginning,
        )


def _spans(marker: Marker, line: str) -> Spans:
    spans: Spans = []
    place = 0
    for text, is_marked in marker.whole(line):
        if is_marked:
            spans.append((place, place + len(text)))
        place += len(text)
    return spans


def search_marks(state_text: str) -> SearchMarks | None:
    """What to mark for a search as an address carries it (``s``); None where it has no words."""
    if not state_text:
        return None
    state = SearchState.parse_text(state_text)
    # What dates are asked for, and the names of authority lists, are no words of a text.
    rows = [
        row for row in state.asking_rows if not (row.is_negative or row.days or row.undated or row.called)
    ]
    conditions = [read_words(state).tree, *(tree_of(row) for row in rows)]
    words = " ".join(each for each in (state.words, *(row.value for row in rows)) if each)
    return SearchMarks(words, And(tuple(conditions))) if words else None
