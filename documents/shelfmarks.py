"""An archival reference understood: fonds, inventory, file and pages, where its form is known.

``read_shelfmark("RGANI, f. 5, op. 30, d. 116, ll. 4-9")`` has the path fonds 5, inventory 30, file 116, and
the leaves 4-9. The key of a path is the same however the shelfmark is spelt, so that the documents of one
file, or of one fonds, can be told. Where the form is not known nothing is guessed: the whole reference,
without its pages, is the key.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from documents import shelfmark_forms as forms
from documents.shelfmark_forms import Found

# Between the steps of a key; it stands in an address as it is.
STEP = "~"
KEY_LENGTH = 200
WHOLE = "ref"
# What a step of each level is called.
LEVELS: dict[str, Promise | str] = {
    forms.GROUP: _("record group %(value)s"),
    forms.FONDS: _("fonds %(value)s"),
    forms.SERIES: _("series %(value)s"),
    forms.NAME: "%(value)s",
    forms.OPIS: _("inventory (opis) %(value)s"),
    forms.BUNDLE: _("bundle %(value)s"),
    forms.PAPKA: _("folder (papka) %(value)s"),
    forms.LOT: _("lot %(value)s"),
    forms.ACCESSION: _("accession %(value)s"),
    forms.JOB: _("job %(value)s"),
    forms.BOX: _("box %(value)s"),
    forms.VOLUME: _("volume %(value)s"),
    forms.FOLDER: _("folder %(value)s"),
    forms.DECIMAL: _("decimal file %(value)s"),
    forms.SUBJECT: _("subject file %(value)s"),
    forms.FILE: _("file %(value)s"),
    forms.NUMBER: _("number %(value)s"),
    forms.TITLE: _("“%(value)s”"),
    forms.REST: "%(value)s",
    WHOLE: "%(value)s",
}
_BESIDE: dict[str, Promise | str] = {
    forms.PERIOD: _("Central Files %(value)s"),
    forms.ITEM: _("document %(value)s"),
}
# Names, of which case is all that may differ; the others are codes, in which hyphens and spaces mean little.
_NAMED = {forms.TITLE, forms.NAME, forms.REST, WHOLE}
_CLOSED_UP = {forms.FONDS, forms.FILE}
_NUMBERS = {forms.LOT, forms.ACCESSION, forms.JOB}
# What a reader would call a file, a folder of papers.
_FILES = {forms.FILE, forms.FOLDER, forms.DECIMAL, forms.SUBJECT, forms.TITLE}

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_QUOTES = re.compile("[’‘ʹ`]")
_PAGES_AT_END = re.compile(
    r"[,;:]\s+(?:pages?|pp?|folios?|fols?|leaf|leaves|ll?|bl|лл?)\b\.?\s*\d+[\d\s,-]*(?:ob\.?|об\.?)?$",
    re.IGNORECASE,
)
_LEVEL_OF_KEY = re.compile(r"([a-z]+)-(.+)", re.DOTALL)
_FIRST_LETTERS = re.compile(r"(?<![\w'])[^\W\d_]")
# NSC, PRC: three letters or more without a vowel are no word.
_ABBREVIATION = re.compile(r"\b(?!mrs\b)[bcdfghjklmnpqrstvwxz]{3,5}\b")
_IDLE = re.compile(r"\s|(?<=[a-z])\.")  # C.C. al P.C.R. and CC al PCR
_A_LETTER_APART = re.compile(r"(?<=\d)[\s-]+(?=[a-z]\b)|(?<=\b[a-z])[\s-]+(?=\d)")


@dataclass(frozen=True)
class Step:
    """One step down into an archive. ``key`` is that of the whole path to it; ``level`` as in ``LEVELS``."""

    level: str
    value: str
    key: str

    @property
    def label(self) -> str:
        """ "inventory (opis) 30"."""
        return _label(self.level, self.value)


@dataclass(frozen=True)
class Shelfmark:
    """A reference as it was read: the path from the fonds to the file, and what is not part of it."""

    path: tuple[Step, ...]
    rest: tuple[Found, ...] = ()

    @property
    def beside(self) -> list[str]:
        """The period of the file, the document and the place in it, in the reader's language: "leaves 4–9"."""
        return [_in_words(found) for found in self.rest]

    @property
    def key(self) -> str:
        """The key of the whole path; "" where there is none, or it is too long to be kept."""
        key = self.path[-1].key if self.path else ""
        return key if len(key) <= KEY_LENGTH else ""

    @property
    def is_understood(self) -> bool:
        return bool(self.path) and self.path[0].level != WHOLE

    @property
    def names_a_file(self) -> bool:
        """Whether the path ends at a file, and not at a box, a lot or a fonds that holds many."""
        return bool(self.path) and self.path[-1].level in _FILES

    def spellings(self) -> list[str]:
        """The path as others write it, for those who look for it: "f. 5 op. 30", "fond 5 opis 30"."""
        if not self.is_understood:
            return []
        written = (
            [f"{names[step.level]} {step.value}" for step in self.path if step.level in names]
            for names in (forms.ABBREVIATIONS, forms.WORDS)
        )
        return [" ".join(steps) for steps in written if len(steps) > 1]


@lru_cache(maxsize=10_000)  # the documents of a file have its reference in common
def read_shelfmark(reference: str) -> Shelfmark:
    """The parts of a reference. An empty one has no path."""
    text = _tidied(reference)
    if not text:
        return Shelfmark(())
    found = forms.read(text) or [Found(WHOLE, _PAGES_AT_END.sub("", text))]
    key = ""
    path = []
    for each in found:
        if each.level in LEVELS:
            key = STEP.join(filter(None, (key, f"{each.level}-{_folded(each)}")))
            path.append(Step(each.level, each.value, key))
    rest = [each for each in found if each.level in _BESIDE]
    rest += [each for each in found if each.level in (forms.PAGES, forms.LEAVES)]
    return Shelfmark(tuple(path), tuple(rest))


def file_key(reference: str) -> str:
    """The key of the file that a reference names; "" for an empty one."""
    return read_shelfmark(reference).key


def keys_to(key: str) -> list[str]:
    """The keys of all steps of a path, the widest first, itself last."""
    steps = key.split(STEP) if key else []
    return [STEP.join(steps[: number + 1]) for number in range(len(steps))]


def file_value(archive: str, key: str) -> str:
    """A file of one archive, given by its slug, as the index and addresses have it: "rgani~f-5~op-30~d-116"."""
    return f"{archive}{STEP}{key}"


def label_of_key(key: str) -> str:
    """A path in words, made of its key alone: "fonds 5, inventory (opis) 30, file 116"; "" for what is no key."""
    labels = []
    for step in key.split(STEP):
        match = _LEVEL_OF_KEY.fullmatch(step)
        if match is None or match[1] not in LEVELS:
            return ""
        value = match[2].upper() if match[1] not in _NAMED else _capitalised(match[2])
        labels.append(_label(match[1], value))
    return ", ".join(labels)


def _label(level: str, value: str) -> str:
    return str(LEVELS[level]) % {"value": value}


def _in_words(found: Found) -> str:
    """ "leaves 4–9". The leaves of a file are numbered, on their fronts; its pages seldom are."""
    if found.level in _BESIDE:
        value = _ranged(found.value) if found.level == forms.PERIOD else found.value
        return str(_BESIDE[found.level]) % {"value": value}
    number = 2 if re.search(r"\d\D+\d", found.value) else 1
    leaves = ngettext("leaf %(numbers)s", "leaves %(numbers)s", number)
    pages = ngettext("page %(numbers)s", "pages %(numbers)s", number)
    return (leaves if found.level == forms.LEAVES else pages) % {"numbers": _ranged(found.value)}


def _ranged(figures: str) -> str:
    return re.sub(r"(?<=\w)\s*-\s*(?=\d)", "–", figures)


def _tidied(text: str) -> str:
    """Compatibility forms, every dash a hyphen, every space one space, nothing between parts at the end."""
    text = _QUOTES.sub("'", unicodedata.normalize("NFKC", text).replace(STEP, "-"))
    return " ".join(_DASHES.sub("-", text).split()).strip(" ,;.")


def _folded(found: Found) -> str:
    value = found.value.casefold().strip(" .,;:")
    if found.level in _NAMED:
        return value
    # Б and B, 1-B and 1B, 64 D 199 and 64D199, CHICOM - US and CHICOM-US are one.
    value = re.sub(r"\s*-\s*", "-", anyascii(value).casefold().replace(STEP, "-"))
    if found.level in _NUMBERS:
        return re.sub(r"[\s-]", "", value)
    return _IDLE.sub("", _A_LETTER_APART.sub("", value)) if found.level in _CLOSED_UP else value


def _capitalised(value: str) -> str:
    value = _ABBREVIATION.sub(lambda letters: letters[0].upper(), value)
    return _FIRST_LETTERS.sub(lambda letter: letter[0].upper(), value)
