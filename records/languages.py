"""Languages as the archive stores them (ISO 639-2/B) and as the web wants them (BCP 47).

``iso639-2b.tsv`` holds the standard's codes. A script, where it matters, is an
ISO 15924 code ("Hans", "Arab").
"""

from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

UNDETERMINED = "und"
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"})
_RIGHT_TO_LEFT_TAGS = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})


@cache
def _table() -> dict[str, tuple[str, str]]:
    lines = (Path(__file__).parent / "iso639-2b.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {code: (tag, name) for code, tag, name in rows}


def language_codes() -> dict[str, str]:
    """Every ISO 639-2/B code with its English name."""
    return {code: name for code, (_tag, name) in _table().items()}


def validate_language(code: str) -> None:
    """Refuse what is no ISO 639-2/B code; a BCP 47 tag or an English name is answered with its code."""
    if code in _table():
        return
    cure = _code_meant_by(code)
    if cure:
        raise ValidationError(
            _("“%(given)s” is no ISO 639-2/B code; write “%(code)s”."), params={"given": code, "code": cure}
        )
    raise ValidationError(
        _("“%(given)s” is no ISO 639-2/B code; write three letters, such as eng, chi or rus."),
        params={"given": code},
    )


@cache
def _meanings() -> dict[str, str]:
    meanings: dict[str, str] = {}
    for code, (tag, name) in _table().items():
        for spelling in (tag, name):
            meanings.setdefault(spelling.casefold(), code)
    # ISO 639-2/T differs from /B in twenty codes; Babel does not know them, but BCP 47 keeps the two-letter one.
    for terminology, tag in {
        "zho": "zh", "deu": "de", "fra": "fr", "ces": "cs", "ell": "el", "fas": "fa", "hye": "hy", "isl": "is",
        "kat": "ka", "mkd": "mk", "mri": "mi", "msa": "ms", "mya": "my", "nld": "nl", "ron": "ro", "slk": "sk",
        "sqi": "sq", "bod": "bo", "cym": "cy", "eus": "eu",
    }.items():  # fmt: skip
        meanings[terminology] = meanings[tag]
    return meanings


def _code_meant_by(text: str) -> str:
    return _meanings().get(text.strip().casefold(), "")


def read_language(text: str) -> str:
    """The ISO 639-2/B code that a code, a BCP 47 tag or an English name means.

    Raises ValueError, saying what to write, when it means none.
    """
    wanted = text.strip()
    if wanted in _table():
        return wanted
    code = _code_meant_by(wanted)
    if not code:
        raise ValueError(
            _(
                "“%(given)s” is no language; write an ISO 639-2/B code such as eng, chi or rus, or its English name"
            )
            % {"given": text}
        )
    return code


def code_meant_by(text: str) -> str:
    """The ISO 639-2/B code that a text means, as ``read_language`` takes it; empty when it means none."""
    wanted = text.strip().casefold()
    return wanted if wanted in _table() else _code_meant_by(wanted)


def bcp47(code: str, script: str = "") -> str:
    """The value of a ``lang`` attribute: ``bcp47("chi", "Hans")`` is ``zh-Hans``; empty for an unknown code."""
    if code not in _table() or code == UNDETERMINED:
        return ""
    tag = _table()[code][0]
    return f"{tag}-{script}" if script else tag


def language_name(code: str) -> str:
    """The language's name in the reader's language."""
    if code not in _table():
        return code
    tag, english = _table()[code]
    locale = _locale(get_language() or "en")
    return (locale.languages.get(tag) if locale else None) or english


@cache
def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def direction(code: str, script: str = "") -> str:
    """Either rtl or ltr: by the script if one is given, else by the language's usual one."""
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if bcp47(code) in _RIGHT_TO_LEFT_TAGS else "ltr"
