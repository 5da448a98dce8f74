"""Numbers in the reader's way of writing them, on pages and in sentences alike."""

from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from django.utils.translation import get_language


def in_figures(value: int | Decimal) -> str:
    """16702 as "16,702", "16.702" or "16 702"."""
    return format_decimal(value, locale=reader_locale())


def reader_locale() -> Locale:
    """Babel's locale of the language in use; English where it knows none."""
    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
