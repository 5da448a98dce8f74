"""A reader's query, read without fail.

    Zhou Japan            both words          "open door"      as written
    Zhou OR Mao, Zhou | Mao                   "peace treaty"~5 near each other
    Zhou NOT Japan, Zhou -Japan               Ceau*            beginning
    (Zhou OR Mao) Japan                       title:peace, person:"Zhou Enlai", title:(peace OR war)
    year:1956, year:1956..1958, year:1956-02.. dates, date:undated

AND binds tighter than OR. What cannot be meant so (a quotation mark without its partner, an
operator without its word) is read as plain words, and a note says what was assumed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from django.utils.translation import gettext as _

from search import tree
from search.daterange import is_undated, read_range, written_range
from search.text import is_cjk, tokens, words

#: As the field of a query's name: a range of dates (``year:1956..1958``), or that there is none.
DATES = "\N{WATCH}dates"

LENGTH_LIMIT = 1000
TERM_LIMIT = 40
DEPTH_LIMIT = 10
DISTANCE_LIMIT = 50
# Each may stand for thousands of words, and the engine reads the lists of all of them.
PREFIX_LIMIT = 8
# "between 14 January 1950 and May 1951" has seven.
DATE_WORDS_LIMIT = 8

# What keyboards of other scripts write for the same signs, character for character.
_SIGNS = str.maketrans(
    "“”„‟«»＂「」『』（）：＊｜＆－＋～！",
    '"""""""""""():*|&-+~!',
)
_GEMATRIA = re.compile('(?<=[א-ת])"(?=[א-ת])')
_LEXER = re.compile(
    r"""(?P<space>\s+)
    |"(?P<phrase>[^"]*)"(?:~(?P<near>\d{1,9})|(?P<star>\*))?
    |(?P<quote>")
    |(?P<open>\()|(?P<close>\))
    |(?P<and>AND(?![^\s()"|])|&+)
    |(?P<or>OR(?![^\s()"|])|\|+)
    |(?P<not>NOT(?![^\s()"|])|[-!])
    |(?P<plus>\+)
    |(?P<field>[^\W\d_]\w*):\s*
    |(?P<word>[^\s"()|]+)""",
    re.VERBOSE,
)


def _as_word(text: str) -> str:
    """A word that printing must not turn into an operator."""
    return text.lower() if text.upper() in ("AND", "OR", "NOT") else text


@dataclass
class _Piece:
    kind: str  # word, phrase, open, close, and, or, not, field
    text: str
    start: int
    end: int
    near: int | None = None
    star: bool = False
    raw: str = ""  # with its punctuation, which means something in a range of dates


@dataclass(frozen=True)
class ParsedQuery:
    """A reader's query: as typed, as a tree, and what was assumed (translated sentences).

    ``spans`` are the parts of ``text`` that are words to look for. ``str()`` prints the query so that
    it reads again as the same tree; false if nothing was asked.
    """

    text: str
    tree: tree.Node
    notes: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return written(self.tree, self.fields)

    def __bool__(self) -> bool:
        return not isinstance(self.tree, tree.Everything)


def parse(text: str, fields: Mapping[str, str] | None = None, *, stars: int = PREFIX_LIMIT) -> ParsedQuery:
    """Read a query. ``fields``: the reader's name of a field -> index field, or DATES. Never fails.

    ``stars``: how many words may stand for all that begin so.
    """
    return _Reader(text, fields or {}, stars).read()


class _Reader:
    def __init__(self, text: str, fields: Mapping[str, str], stars: int) -> None:
        self.text = text
        self.stars = stars
        self.fields = fields
        self.by_name = {name.casefold(): target for name, target in fields.items()}
        self.notes: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.terms = 0

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def read(self) -> ParsedQuery:
        text = self.text
        if len(text) > LENGTH_LIMIT:
            text = text[:LENGTH_LIMIT]
            self.note(
                _("The query is very long; only its first %(count)s characters are searched.")
                % {"count": LENGTH_LIMIT}
            )
        self.pieces = self.balanced(self.lexed(text))
        self.settle_operators()
        self.position = 0
        found = self.either(tree.CONTENT, negated=False)
        if isinstance(found, tree.Everything) and text.strip() and text.strip() not in ("*", "*:*"):
            self.note(_("There is no word to search for in this query."))
        return ParsedQuery(self.text, found, tuple(self.notes), tuple(self.spans), self.fields)

    # -- pieces

    def lexed(self, text: str) -> list[_Piece]:
        signs = _GEMATRIA.sub("״", text.translate(_SIGNS))
        pieces: list[_Piece] = []
        position = 0
        while position < len(signs):
            found = _LEXER.match(signs, position)
            assert found is not None  # noqa: S101 - every character is a space, a sign or part of a word
            kind = found.lastgroup or "word"
            start, end = found.span()
            if kind == "field" and found["field"].casefold() not in self.by_name:
                end = found.end("field") + 1
                if signs[end : end + 2] != "//":
                    self.note(
                        _("There is no field “%(name)s” to search in; it is read as a word.")
                        % {"name": found["field"]}
                    )
                pieces.append(_Piece("word", _as_word(text[start : end - 1]), start, end - 1))
            elif kind in ("near", "star", "phrase"):
                inside = text[found.start("phrase") : found.end("phrase")]
                near = int(found["near"]) if found["near"] else None
                pieces.append(_Piece("phrase", inside, start, end, near, bool(found["star"])))
            elif kind == "quote":
                self.note(_("A quotation mark has no partner; the words after it are read as plain words."))
            elif kind == "field":
                pieces.append(_Piece("field", found["field"].casefold(), start, end))
            elif kind == "word":
                pieces += self.words_of(text[start:end], signs[start:end], start)
            elif kind not in ("space", "plus"):
                if found[0] in ("-", "!", "&") and signs[end : end + 1].isspace():
                    # A dash between spaces is punctuation; an ampersand there means "and", as no sign does.
                    pass
                else:
                    pieces.append(_Piece(kind, text[start:end], start, end))
            position = end
        return pieces

    def words_of(self, text: str, signs: str, start: int) -> list[_Piece]:
        """The words of a run without spaces, parted at colons and at stars within."""
        pieces = []
        if re.search(r"\*.*[^\W_]", signs):
            self.note(_("A star stands for letters at the end of a word only; elsewhere it is ignored."))
        for part in re.finditer(r"[^:*]+(\*(?![^:*]*[^\W_]))?", signs):
            star = part[1] is not None
            end = part.end() - star
            found = tokens(text[part.start() : end])
            if not found:
                continue
            first, last = part.start() + found[0].start, part.start() + found[-1].end
            inside = text[first:last]
            if words(inside) != [token.word for token in found]:
                inside = text[part.start() : end]
            raw = text[part.start() : end]
            pieces.append(_Piece("word", _as_word(inside), start + first, start + last, star=star, raw=raw))
        return pieces

    def balanced(self, pieces: list[_Piece]) -> list[_Piece]:
        """The pieces without parentheses that lack a partner, hold nothing or lie too deep."""
        opened: list[_Piece] = []
        dropped: set[int] = set()
        for piece in pieces:
            if piece.kind == "open":
                opened.append(piece)
                if len(opened) > DEPTH_LIMIT:
                    self.note(
                        _("Parentheses are nested too deeply; the innermost are ignored."),
                    )
            elif piece.kind == "close":
                if not opened:
                    dropped.add(id(piece))
                    self.note(_("A parenthesis has no partner; it is ignored."))
                elif len(opened) > DEPTH_LIMIT:
                    dropped |= {id(opened.pop()), id(piece)}
                else:
                    opened.pop()
        if opened:
            dropped |= {id(piece) for piece in opened}
            self.note(_("A parenthesis has no partner; it is ignored."))
        kept: list[_Piece] = []
        for piece in pieces:
            if id(piece) in dropped or (piece.kind == "phrase" and not words(piece.text)):
                continue
            if piece.kind == "close" and kept and kept[-1].kind == "open":
                kept.pop()
                continue
            kept.append(piece)
        return kept

    def settle_operators(self) -> None:
        """Operators and field names without what they apply to become words."""
        starts = ("word", "phrase", "open", "not", "field")
        following = ""
        for piece in reversed(self.pieces):
            needed = ("word", "phrase", "open") if piece.kind == "field" else starts
            if piece.kind in ("not", "field") and following not in needed:
                self.demote(piece)
            following = piece.kind
        before = ""
        for number, piece in enumerate(self.pieces):
            after = self.pieces[number + 1].kind if number + 1 < len(self.pieces) else ""
            if piece.kind in ("and", "or") and (
                before not in ("word", "phrase", "close") or after not in starts
            ):
                self.demote(piece)
            if piece.kind != "gone":
                before = piece.kind
        self.pieces = [piece for piece in self.pieces if piece.kind != "gone"]

    def demote(self, piece: _Piece) -> None:
        if not piece.text[0].isalpha():
            piece.kind = "gone"
            return
        self.note(
            _("“%(word)s” stands alone here; it is read as a word to search for.") % {"word": piece.text}
        )
        piece.kind = "word"
        piece.text = piece.text.lower()

    # -- from pieces to the tree

    def kind(self) -> str:
        return self.pieces[self.position].kind if self.position < len(self.pieces) else ""

    def either(self, target: str, *, negated: bool) -> tree.Node:
        """One or more lists of conditions with OR between."""
        parts = [self.every(target, negated=negated)]
        while self.kind() == "or":
            self.position += 1
            parts.append(self.every(target, negated=negated))
        asked = [part for part in parts if not isinstance(part, tree.Everything)]
        if not asked:
            return tree.Everything()
        joined = tree.any_of(*asked)
        if len(asked) > 1 and any(isinstance(part, tree.And) for part in asked):
            self.note(
                _("AND binds more tightly than OR, so this is read as %(query)s.")
                % {"query": written(joined, self.fields)}
            )
        return joined

    def every(self, target: str, *, negated: bool) -> tree.Node:
        parts = []
        while self.kind() not in ("", "or", "close"):
            if self.kind() == "and":
                self.position += 1
            else:
                parts.append(self.operand(target, negated=negated))
        return tree.all_of(*parts)

    def operand(self, target: str, *, negated: bool) -> tree.Node:
        if self.kind() == "not":
            return self.negation(target, negated=negated)
        piece = self.pieces[self.position]
        self.position += 1
        if piece.kind == "field":
            return self.operand(self.by_name[piece.text], negated=negated)
        if piece.kind == "open":
            inner = self.either(target, negated=negated)
            self.position += 1
            return inner
        self.terms += 1
        if self.terms > TERM_LIMIT:
            self.note(
                _("The query has very many words; only the first %(count)s are searched.")
                % {"count": TERM_LIMIT}
            )
            return tree.Everything()
        return self.leaf(piece, target, negated=negated)

    def negation(self, target: str, *, negated: bool) -> tree.Node:
        """An operand behind any number of signs that negate: two of them are none."""
        is_negation = False
        while self.kind() == "not":
            is_negation = not is_negation
            self.position += 1
        inner = self.operand(target, negated=negated != is_negation)
        if isinstance(inner, tree.Everything) or not is_negation:
            return inner
        return inner.child if isinstance(inner, tree.Not) else tree.Not(inner)

    def leaf(self, piece: _Piece, target: str, *, negated: bool) -> tree.Node:
        if target == DATES:
            condition = self.dates(piece)
            if condition is not None:
                return condition
            self.note(
                _("“%(text)s” is no date or range of years such as 1956..1958; it is read as a word.")
                % {"text": piece.text}
            )
            target = tree.CONTENT
        if not negated and not piece.star:
            self.spans.append((piece.start, piece.end))
        folded = words(piece.text)
        if piece.star:
            if is_cjk(folded[-1]) or len(folded[-1]) < 2:
                if not is_cjk(folded[-1]):
                    self.note(_("A star needs at least two letters before it; here it is ignored."))
            elif self.stars <= 0:
                self.note(
                    _("At most %(count)s words of a search can end with a star; the other stars are ignored.")
                    % {"count": PREFIX_LIMIT}
                )
            else:
                self.stars -= 1
                return tree.Prefix(target, piece.text)
        if piece.kind == "word":
            return tree.Words(target, piece.text)
        if piece.near is not None and len(folded) > 1:
            if piece.near > DISTANCE_LIMIT:
                self.note(_("Words are searched at most %(count)s words apart.") % {"count": DISTANCE_LIMIT})
            return tree.Near(target, piece.text, min(piece.near, DISTANCE_LIMIT))
        return tree.Phrase(target, piece.text)

    def dates(self, piece: _Piece) -> tree.Node | None:
        """What a piece asks for as a date, by itself or with words behind it that complete it: date:spring 1955."""
        condition = _dated(piece.raw or piece.text)
        if condition is not None or piece.kind != "word" or piece.star:
            return condition
        near = self.pieces[self.position : self.position + DATE_WORDS_LIMIT - 1]
        behind = list(takewhile(lambda other: other.kind == "word" and not other.star, near))
        for count in range(len(behind), 0, -1):
            condition = _dated(" ".join(each.raw for each in (piece, *behind[:count])))
            if condition is not None:
                self.position += count
                return condition
        return None


def _dated(text: str) -> tree.Node | None:
    """The condition that a date, a range of dates, or the word for none of them is."""
    dates = read_range(text)
    if dates is not None:
        return tree.Overlap(*dates)
    return tree.Undated() if is_undated(text) else None


def written(node: tree.Node, fields: Mapping[str, str] | None = None) -> str:
    """A tree of a reader's query as the reader would type it, every grouping shown."""
    names = {target: name for name, target in reversed(list((fields or {}).items()))}
    return _written(node, names)


def _written(node: tree.Node, names: Mapping[str, str], *, inner: bool = False) -> str:
    if isinstance(node, tree.And | tree.Or):
        connector = " " if isinstance(node, tree.And) else " OR "
        joined = connector.join(_written(child, names, inner=True) for child in node.children)
        return f"({joined})" if inner else joined
    if isinstance(node, tree.Not):
        return f"NOT {_written(node.child, names, inner=True)}"
    if isinstance(node, tree.Overlap):
        return f"{names.get(DATES, 'year')}:{written_range(node.earliest, node.latest)}"
    if isinstance(node, tree.Undated):
        return f"{names.get(DATES, 'year')}:undated"
    if not isinstance(node, tree.Words | tree.Phrase | tree.Prefix | tree.Near):
        return ""
    prefix = "" if node.field == tree.CONTENT else f"{names.get(node.field, node.field)}:"
    if isinstance(node, tree.Words):
        return prefix + node.text
    if isinstance(node, tree.Near):
        return f'{prefix}"{node.text}"~{node.distance}'
    if isinstance(node, tree.Phrase):
        return f'{prefix}"{node.text}"'
    quoted = re.search(r'[\s()|:*&!+"-]', node.text) or _as_word(node.text) != node.text
    return f'{prefix}"{node.text}"*' if quoted else f"{prefix}{node.text}*"
