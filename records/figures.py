"""Numbers in the reader's way of writing them, on pages and in sentences alike."""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from django.utils.translation import get_language


def in_figures(value: int | Decimal) -> str:
    """16702 as "16,702", "16.702" or "16 702"."""
    return _written(value, _language())


def figures() -> Callable[[int | Decimal], str]:
    """``in_figures`` for many numbers in one language, which takes longer to ask for than to write one."""
    language = _language()
    return lambda value: _written(value, language)


@lru_cache(maxsize=20_000, typed=True)  # a page of a search has some hundred of them, small ones above all
def _written(value: int | Decimal, language: str) -> str:
    return format_decimal(value, locale=_locale(language))


def reader_locale() -> Locale:
    """Babel's locale of the language in use; English where it knows none."""
    return _locale(_language())


def _language() -> str:
    return get_language() or "en"


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
