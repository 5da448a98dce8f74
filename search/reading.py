"""Words and rows as they were understood, remembered: a page has a hundred searches a step away from its own,
all of the same words. Notes are in the reader's language.
"""

from functools import lru_cache

from search.grammar import ParsedQuery, parse
from search.rows import WORD_FIELDS, FilterRow
from search.tree import Node, Prefix


@lru_cache(maxsize=128)
def parsed_words(words: str, _language: str | None) -> ParsedQuery:
    """The words of the box."""
    return parse(words, WORD_FIELDS)


@lru_cache(maxsize=128)
def parsed_row(row: FilterRow, stars: int, _language: str | None) -> ParsedQuery:
    """A filter row that may use so many stars."""
    return row.parsed(stars)


def stars_in(tree: Node) -> int:
    """How many words with a star a query has."""
    return sum(isinstance(leaf, Prefix) for leaf, _negated in tree.leaves())
