"""One folding of text for everything that is indexed and everything that is asked.

``words`` folds fast; ``tokens`` gives the same words with their places in the original, for
marking. What is folded, so that a reader need not type it as it is written:

- case, compatibility forms, full width (NFKC, casefold), digits of every script;
- marks over and under Latin, Greek, Cyrillic, Hebrew and Arabic letters; ё is е, but й, ї and ў are
  letters of their own on their keyboards and stay;
- letters that Unicode does not take apart: ø o, ł l, đ d, ß ss, æ ae, œ oe, þ th, ı i;
- Arabic: every alef is ا, ة is ه, ى and ی are ي, ک is ك; harakat and tatweel go. Hebrew: points go.

Han, kana and hangul characters are words of their own, so that a run of them is found by any part
of it. An apostrophe within a word is dropped (Ch'ing, Xi'an, O'Brien), an English possessive with
its s too, and after a French or Italian elision it separates (l'Europe). A hyphen separates; dots
between single letters are dropped (U.S.S.R.).
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

#: Longer words are cut; nobody types them.
WORD_LIMIT = 64

_APOSTROPHES = "'’‘ʼʻʹʾʿ`´′＇‛׳"
_ELISIONS = frozenset(
    [
        *("c", "d", "j", "l", "m", "n", "s", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"),
        *("all", "coll", "dall", "dell", "nell", "quell", "sull", "un"),
    ]
)
_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "ŧ": "t", "ŋ": "n", "ĸ": "k", "ſ": "s", "ƶ": "z", "ɨ": "i", "ʉ": "u",
    "й": "й", "ї": "ї", "ў": "ў",
    "ٱ": "ا", "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ھ": "ه", "ہ": "ه",
    "・": " ", "\u200b": " ", "\N{ARABIC TATWEEL}": "",
}  # fmt: skip

# Marks that go; those of other scripts (Devanagari vowels, Thai tones) are letters to their readers.
_DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_IS_CJK = re.compile(f"[{_CJK}]")
_HALF_WIDTH = re.compile("[\uff65-\uffdc]+")
# The dots between single letters. It begins with what is rare, which is looked for much faster.
_ACRONYM_DOT = re.compile(r"\.(?<=\b[^\W\d_]\.)(?=[^\W\d_]\b)")
_ASCII = bytes(range(0x80))
#: No more different characters of a text are replaced one after the other.
_FEW = 80
_GEMATRIA = re.compile('(?<=[א-ת])["״“”](?=[א-ת])')
_HEBREW_OR_HALF_WIDTH = re.compile("[א-ת\uff65-\uffdc]")


class _Folding(dict[int, str]):
    """What one character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    """Letters folded, what separates words as a space; apostrophes and dots are settled later."""
    if character in _APOSTROPHES:
        return "'"
    if character == ".":
        return "."
    special = _LETTERS.get(character.lower())
    if special is not None:
        return special
    if _DROPPED_MARKS.match(character):
        return ""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    compatible = unicodedata.normalize("NFKC", character)
    if compatible != character:
        return "".join(_FOLDING[ord(part)] for part in compatible)
    if _IS_CJK.match(character):
        return f" {character} "
    if category[0] == "M":
        return character
    if category[0] not in "LN":
        return " "
    folded = unicodedata.normalize("NFD", character.casefold())
    return "".join(
        _LETTERS.get(part, part)
        for part in folded
        if not _DROPPED_MARKS.match(part) and (part.isalnum() or unicodedata.category(part)[0] == "M")
    )


_FOLDING = _Folding()
#: What ASCII separates words with is kept, lines too.
_ROUGHLY = _Folding({code: chr(code).lower() for code in _ASCII})


def _prepare(text: str) -> str:
    """The text with its characters composed, which is all that the folding by character needs."""
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    others = _few_others(text)
    if not _HEBREW_OR_HALF_WIDTH.search(text if others is None else others):
        return text
    text = _HALF_WIDTH.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return _GEMATRIA.sub("'", text)


def _few_others(text: str) -> str | None:
    """The different characters beyond ASCII of a text that is mostly plain Latin; None if it is not, or has many."""
    encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded) > 1.1 * len(text):
        return None
    others = "".join(set(encoded.translate(None, _ASCII).decode("utf-8", "surrogatepass")))
    return others if len(others) <= _FEW else None


def _fold_characters(text: str, table: _Folding) -> str:
    """The text, prepared, with each of its characters folded; those of ASCII as ``table`` has them."""
    if not text.isascii():
        # When its few other characters are folded one by one, the rest of a Latin text goes at C speed.
        for sign in _few_others(text) or "":
            text = text.replace(sign, _FOLDING[ord(sign)])
    return text.translate(table)


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    folded = _fold_characters(_prepare(text), _FOLDING)
    if "." in folded:
        folded = _ACRONYM_DOT.sub("", folded).replace(".", " ")
    if "'" in folded:
        folded = _settle_apostrophes(folded)
    found = folded.split()
    if max(map(len, found), default=0) > WORD_LIMIT:
        found = [word[:WORD_LIMIT] if len(word) > WORD_LIMIT else word for word in found]
    return found


def _settle_apostrophes(folded: str) -> str:
    """The text with the words that have apostrophes as they are indexed; all others are left alone."""
    pieces = []
    done = 0
    while (place := folded.find("'", done)) >= 0:
        start = folded.rfind(" ", done, place) + 1 or done
        end = folded.find(" ", place)
        end = len(folded) if end < 0 else end
        pieces += [folded[done:start], *(f"{part} " for part in _parts(folded[start:end]))]
        done = end
    return "".join([*pieces, folded[done:]])


def _parts(word: str) -> list[str]:
    """The words that a word with apostrophes stands for: none, one, or two at an elision."""
    word = word.strip("'")
    before, apostrophe, after = word.partition("'")
    if apostrophe and before in _ELISIONS and len(after) > 1:
        return [before, *_parts(after)]
    if word.endswith("'s"):
        word = word[:-2]
    word = word.replace("'", "")
    return [word] if word else []


def fold(text: str) -> str:
    """The folded words with a space between: what two spellings of one name have in common."""
    return " ".join(words(text))


class Token(NamedTuple):
    """A folded word and where it stands in the original text."""

    word: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of ``words(text)``, each with its place in the text as given."""
    located = LocatedWords(text)
    return [Token(word, *located.place(number)) for number, word in enumerate(located.words)]


class LocatedWords:
    """The words of ``words(text)``, and where any of them stands in the text, worked out when it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        prepared, self._begins, self._ends = _prepare_with_places(text)
        self._origins: list[int] | range
        if prepared.isascii():
            folded, self._origins = prepared.translate(_FOLDING), range(len(prepared))
        else:
            folded, self._origins = _fold_with_places(prepared)
        if "." in folded:
            folded = _blank_dots(folded)
        found: list[tuple[str, int, int]] = []
        for match in re.finditer(r"\S+", folded):
            word = match[0]
            if "'" in word or _DOT in word:
                found += _parts_in_place(word, match.start())
            else:
                found.append((word, match.start(), match.end()))
        self._places = [(start, end) for _word, start, end in found]
        self.words = [word[:WORD_LIMIT] for word, _start, _end in found]

    def place(self, first: int, last: int | None = None) -> tuple[int, int]:
        """Where the word of this number begins in the text, and where it ends, or the ``last`` of several does."""
        start, end = self._places[first][0], self._places[first if last is None else last][1]
        if self._text.isascii():
            return start, end
        return self._begins[self._origins[start]], _end_of(self._text, self._ends[self._origins[end - 1]])


def _fold_with_places(prepared: str) -> tuple[str, list[int] | range]:
    """The characters folded, and for each of the result the place of what it was made of."""
    # Few become none or several, and move all behind them.
    movers = "".join(sign for sign in set(prepared) if len(_FOLDING[ord(sign)]) != 1)
    if not movers:
        return prepared.translate(_FOLDING), range(len(prepared))
    pieces: list[str] = []
    origins: list[int] = []
    place = 0
    for run in re.split(f"([{re.escape(movers)}])", prepared):
        pieces.append(run.translate(_FOLDING))
        origins += [place] * len(pieces[-1]) if run in movers else range(place, place + len(run))
        place += len(run)
    return "".join(pieces), origins


#: Stands for the dot of an acronym until its letters are joined.
_DOT = "\x00"


def _blank_dots(folded: str) -> str:
    """The dots of acronyms marked, all others as spaces; no character moves."""
    return _ACRONYM_DOT.sub(_DOT, folded).replace(".", " ")


def _parts_in_place(word: str, start: int) -> list[tuple[str, int, int]]:
    """``_parts`` with places: (word, start, end) in the folded text."""
    stripped = word.lstrip("'")
    start += len(word) - len(stripped)
    word = stripped.rstrip("'")
    bare = word.replace(_DOT, "")
    before, apostrophe, after = bare.partition("'")
    if apostrophe and before in _ELISIONS and len(after) > 1:
        cut = word.index("'")
        return [(before, start, start + cut), *_parts_in_place(word[cut + 1 :], start + cut + 1)]
    end = start + len(word)
    if bare.endswith("'s"):
        bare = bare[:-2]
    bare = bare.replace("'", "")
    return [(bare, start, end)] if bare else []


def _prepare_with_places(text: str) -> tuple[str, list[int] | range, list[int] | range]:
    """``_prepare``, and for each of its characters where its original begins and ends."""
    if text.isascii() or _prepare(text) == text:
        return text, range(len(text)), range(1, len(text) + 1)
    pieces: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        piece = _prepare(cluster[0])
        pieces.append(piece)
        if len(piece) == len(cluster[0]):
            begins += range(cluster.start(), cluster.end())
            ends += range(cluster.start() + 1, cluster.end() + 1)
        else:
            begins += [cluster.start()] * len(piece)
            ends += [cluster.end()] * len(piece)
    return _GEMATRIA.sub("'", "".join(pieces)), begins, ends


# What composes into one character: a letter with its marks, half-width kana with theirs, hangul jamo.
_CLUSTER = re.compile(
    "[\uff65-\uffdc][\uff9e\uff9f]?|[\u1100-\u11ff]+|.[\u0300-\u036f\u0483-\u05c7\u064b-\u065f\u0900-\u0dff\u3099\u309a]*",
    re.DOTALL,
)


def _end_of(text: str, end: int) -> int:
    """Where a word ends in the original: behind the marks that belong to its last character."""
    while (
        end < len(text)
        and text[end] > "\N{NOT SIGN}"  # none of the characters up to here is a mark
        and (unicodedata.combining(text[end]) or unicodedata.category(text[end]) == "Cf")
    ):
        end += 1
    return end


def is_cjk(text: str) -> bool:
    """Is there a character that stands for a word of its own?"""
    return bool(_IS_CJK.search(text))


def is_english(word: str) -> bool:
    """Is this folded word one whose inflected forms are searched? Letters of plain Latin, three or more."""
    return len(word) > 2 and word.isascii() and word.isalpha()


def rough(text: str) -> str:
    """The text folded quickly, for asking whether a word may be in it: never without one that is."""
    folded = _fold_characters(_prepare(text), _ROUGHLY)
    return folded.replace("'", "").replace("`", "").replace(".", "")
