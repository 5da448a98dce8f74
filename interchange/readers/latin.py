"""Which of the encodings of Latin script a text is in: told by whether its letters are those of one language."""

import codecs
import re

# The letters beyond ASCII of the languages that each encoding was made for. Where two fit equally the first is taken.
_WESTERN = (
    "áéíóúüñªº",  # Spanish
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüßé",  # German
    "àáâãçéêíóôõúª",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "åäöæøéü",  # the Scandinavian languages, Finnish
    "áéèëïíóöü",  # Dutch
)
_CENTRAL = (
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîşţ",  # Romanian
    "čćđšž",  # Croatian, Serbian, Slovene
)
_ALPHABETS = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "cp1254": ("çğıöşüâîû",),  # Turkish
    "mac_roman": _WESTERN,
    "iso8859_2": _CENTRAL,
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),  # Lithuanian, Latvian, Estonian
}
FAMILY = frozenset(_ALPHABETS) | {"cp1258"}  # Vietnamese, which short Western texts are taken for
_SIGNS = frozenset("“”„‘’‚«»‹›–—…•·°§©®€£¡¿½¼¾†\u00a0")


def stands_alone(sample: bytes) -> bool:
    """Whether bytes beyond ASCII come by ones and twos, as accents and signs do: no text of East Asia, nor in Cyrillic."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    return sum(length for length in runs if length > 2) < 0.1 * sum(runs)


def likeliest(sample: bytes, guess: str) -> str:
    """The encoding of this family in which most letters make sense; the guess where none does better than it."""
    lines = sample.splitlines()
    scores = {codec: _score(lines, codec, alphabets) for codec, alphabets in _ALPHABETS.items()}
    best = max(scores, key=lambda codec: scores[codec])  # the first among equals
    return best if scores[best] > 0 and scores[best] >= scores.get(guess, 0) else guess


def _score(lines: list[bytes], codec: str, alphabets: tuple[str, ...]) -> float:
    """Letters that make sense less those that do not; each line may be in another of the languages."""
    return sum(
        max(_line_score(text, alphabet) for alphabet in alphabets)
        for text in (codecs.decode(line, codec, "replace") for line in lines)
    )


def _line_score(text: str, alphabet: str) -> float:
    score = 0.0
    for place, sign in enumerate(text):
        if sign.isascii():
            continue
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if sign in _SIGNS:
            score += 1 if _makes_sense(sign, before.isalpha(), after.isalpha()) else -1
        elif sign.lower() not in alphabet or (sign.isupper() and before.islower()):
            score -= 1
        else:
            score += 1
    return score


def _makes_sense(sign: str, after_letter: bool, before_letter: bool) -> bool:
    """Within a word only apostrophes, at one end of it no dash: there it is a letter of another encoding."""
    if sign in "–—":
        return after_letter == before_letter
    return sign in "’·" or not (after_letter and before_letter)
