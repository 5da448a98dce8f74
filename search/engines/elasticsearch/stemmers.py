"""Stemmers that the engine has and no library here: they find in a text the words that the engine found.

After the rules of Lucene's light stemmers for Czech (Dolamic and Savoy), Bulgarian (Nakov) and Latvian, and
of its Arabic one; a test asks the engine for the stems of true words and compares.
"""

from __future__ import annotations

from collections.abc import Sequence


def _without(word: str, rules: Sequence[tuple[int, int, Sequence[str]]]) -> str:
    """By the first rule that fits, (longer than this, so many letters off, one of these endings)."""
    for longer_than, off, endings in rules:
        if len(word) > longer_than and word.endswith(tuple(endings)):
            return word[:-off]
    return word


class Arabic:
    """Article and conjunction off the front, plural and gender off the end."""

    _FRONT = ("وال", "بال", "كال", "فال", "ال", "لل", "و")
    _END = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")

    def stemWord(self, word: str) -> str:  # noqa: N802 - as the library's stemmers call it
        for front in self._FRONT:
            if word.startswith(front) and len(word) - len(front) >= (3 if front == "و" else 2):
                word = word.removeprefix(front)
                break
        for end in self._END:
            if word.endswith(end) and len(word) - len(end) >= 2:
                word = word.removesuffix(end)
        return word


class Czech:
    """Endings of cases and possessives off; the consonants that change before them back."""

    _CASES = (
        (7, 5, ("atech",)),
        (6, 4, ("ětem", "etem", "atům")),
        (
            5,
            3,
            [
                "ech",
                "ich",
                "ích",
                "ého",
                "ěmi",
                "emi",
                "ému",
                "ěte",
                "ete",
                "ěti",
                "eti",
                "ího",
                "iho",
                "ími",
                "ímu",
                "imu",
                "ách",
                "ata",
                "aty",
                "ých",
                "ama",
                "ami",
                "ové",
                "ovi",
                "ými",
            ],
        ),
        (4, 2, ["em", "es", "ém", "ím", "ům", "at", "ám", "os", "us", "ým", "mi", "ou"]),
        (3, 1, tuple("aeiouůyáéíýě")),
    )
    _POSSESSIVES = ((5, 2, ("ov", "in", "ův")),)
    _LAST = {"c": "k", "č": "k", "z": "h", "ž": "h"}

    def stemWord(self, word: str) -> str:  # noqa: N802
        word = _without(_without(word, self._CASES), self._POSSESSIVES)
        if word.endswith(("čt", "št")):
            return word[:-2] + ("ck" if word[-2] == "č" else "sk")
        if word[-1:] in self._LAST:
            return word[:-1] + self._LAST[word[-1]]
        if word[-2:-1] == "e":
            return word[:-2] + word[-1]
        if len(word) > 2 and word[-2] == "ů":
            return word[:-2] + "o" + word[-1]
        return word


class Bulgarian:
    """The article off the end, then the plural, then what is left of the gender."""

    _ARTICLES = ((6, 3, ("ият",)), (5, 2, ("ът", "то", "те", "та", "ия")), (4, 2, ("ят",)))
    _CHANGED = {"ци": "к", "зи": "г"}

    def stemWord(self, word: str) -> str:  # noqa: N802
        if len(word) < 4:
            return word
        if len(word) > 5 and word.endswith("ища"):
            return word[:-3]
        word = self._singular(_without(word, self._ARTICLES))
        if len(word) > 3:
            word = word.removesuffix("я")
            word = word[:-1] if word.endswith(("а", "о", "е")) else word
        if len(word) > 4 and word.endswith("ен"):
            word = word[:-2] + "н"
        if len(word) > 5 and word[-2] == "ъ":
            word = word[:-2] + word[-1]
        return word

    def _singular(self, word: str) -> str:
        if len(word) > 6:
            if word.endswith(("овци", "ове")):
                return word[:-3]
            if word.endswith("еве"):
                return word[:-3] + "й"
        if len(word) > 5:
            if word.endswith("ища"):
                return word[:-3]
            if word.endswith("та"):
                return word[:-2]
            if word[-2:] in self._CHANGED:
                return word[:-2] + self._CHANGED[word[-2:]]
            if word[-3] == "е" and word[-1] == "и":
                return word[:-3] + "я" + word[-2]
        if len(word) > 4:
            if word.endswith("си"):
                return word[:-2] + "х"
            if word.endswith("и"):
                return word[:-1]
        return word


class Latvian:
    """The ending of the case off, and after some of them the softened consonant hard again."""

    #: (ending, more vowels than this in the word, whether a consonant was softened before it)
    _ENDINGS = (
        *((end, 3, False) for end in ("ajiem", "ajai")),
        *((end, 2, False) for end in ("ajam", "ajām", "ajos", "ajās")),
        ("iem", 2, True),
        *((end, 2, False) for end in ("ajā", "ais", "ai", "ei")),
        *((end, 1, False) for end in ("ām", "am", "ēm", "īm", "im", "um")),
        ("us", 1, True),
        *((end, 1, False) for end in ("as", "ās", "es")),
        ("os", 1, True),
        *((end, 1, False) for end in ("ij", "īs", "ēs", "is", "ie")),
        *((end, 1, True) for end in ("u", "a", "i")),
        *((end, 1, False) for end in ("e", "ā", "ē", "ī", "ū", "o")),
        *((end, 0, False) for end in ("s", "š")),
    )  # fmt: skip
    _VOWELS = frozenset("aāeēiīouū")
    _HARD = {"šņ": "sn", "žņ": "zn", "šļ": "sl", "žļ": "zl", "ļņ": "ln", "ļļ": "ll"}
    _LAST = {"č": "c", "ļ": "l", "ņ": "n"}

    def stemWord(self, word: str) -> str:  # noqa: N802
        vowels = sum(letter in self._VOWELS for letter in word)
        for ending, more_than, is_softened in self._ENDINGS:
            if vowels > more_than and len(word) >= len(ending) + 3 and word.endswith(ending):
                stem = word[: -len(ending)]
                return self._hard(stem, word[len(stem)]) if is_softened else stem
        return word

    def _hard(self, stem: str, following: str) -> str:
        if following == "u" and stem.endswith(("kš", "ņņ")):
            return stem[:-2] + ("kst" if stem.endswith("kš") else "nn")
        if stem.endswith(("pj", "bj", "mj", "vj")):
            return stem[:-1]
        if stem[-2:] in self._HARD:
            return stem[:-2] + self._HARD[stem[-2:]]
        return stem[:-1] + self._LAST.get(stem[-1], stem[-1])


class Persian:
    """Plurals, comparisons and the indefinite ending off, one after the other."""

    _ENDINGS = ("ات", "ان", "ترين", "تر", "يي", "ي", "ها")

    def stemWord(self, word: str) -> str:  # noqa: N802
        for ending in self._ENDINGS:
            if len(word) >= len(ending) + 2:
                word = word.removesuffix(ending)
        return word


class Hindi:
    """The longest ending of case, number and tense off."""

    _ENDINGS = (
        (6, 5, ["ाएंगी", "ाएंगे", "ाऊंगी", "ाऊंगा", "ाइयाँ", "ाइयों", "ाइयां"]),
        (5, 4, ["ाएगी", "ाएगा", "ाओगी", "ाओगे", "एंगी", "ेंगी", "एंगे", "ेंगे", "ूंगी", "ूंगा", "ातीं", "नाओं", "नाएं", "ताओं", "ताएं", "ियाँ", "ियों", "ियां"]),
        (4, 3, ["ाकर", "ाइए", "ाईं", "ाया", "ेगी", "ेगा", "ोगी", "ोगे", "ाने", "ाना", "ाते", "ाती", "ाता", "तीं", "ाओं", "ाएं", "ुओं", "ुएं", "ुआं"]),
        (3, 2, ["कर", "ाओ", "िए", "ाई", "ाए", "ने", "नी", "ना", "ते", "ीं", "ती", "ता", "ाँ", "ां", "ों", "ें"]),
        (2, 1, tuple("ोेूुीिा")),
    )  # fmt: skip

    def stemWord(self, word: str) -> str:  # noqa: N802
        return _without(word, self._ENDINGS)


OWN = {
    "light persian": Persian,
    "light hindi": Hindi,
    "light arabic": Arabic,
    "light czech": Czech,
    "light bulgarian": Bulgarian,
    "light latvian": Latvian,
}
