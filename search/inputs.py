"""What comes in from an address, made harmless before anything reads it."""

import unicodedata

# Signs that a script needs within words (joiners) or that set a direction; every other format character goes.
_KEPT = frozenset("\u200c\u200d")
_REMOVED = frozenset({"Cc", "Cs", "Cf", "Co", "Cn"})


def tidy(text: str, length: int) -> str:
    """The text without control characters and needless space, at most ``length`` characters; tidying twice changes nothing."""
    spaced = " ".join(text.split())
    kept = "".join(c for c in spaced if c in _KEPT or unicodedata.category(c) not in _REMOVED)
    return " ".join(kept[:length].split())


def whole_number(text: str, *, least: int, most: int, otherwise: int) -> int:
    """The number that the text says, held between ``least`` and ``most``; ``otherwise`` where it says none."""
    figures = text.strip()
    if not (figures.isascii() and figures.isdigit()):
        return otherwise
    # Python refuses to read thousands of figures, and nobody means such a number.
    return most if len(figures) > 18 else min(max(int(figures), least), most)
