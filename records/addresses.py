"""Addresses as they are cited: with the host, and for ever the same."""

import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse

# What stands in an address as it is.
_PLAIN = re.compile(r"[\w-]+", re.ASCII)


def absolute_url(request: HttpRequest | None, path: str) -> str:
    """``path`` with the host that citations carry: SITE_URL, or else the one the reader came by."""
    if settings.SITE_URL or request is None:
        return f"{settings.SITE_URL}{path}"
    return request.build_absolute_uri(path)


def address_of(name: str, *parts: int | str | None) -> str:
    """As ``reverse``, for lists: only the first address of a kind takes its time, the others are made after it.

    ``parts`` are numbers and slugs.
    """
    if None in parts or not all(_PLAIN.fullmatch(str(part)) for part in parts):
        return reverse(name, args=parts)
    kinds = tuple(type(part) for part in parts)
    return _pattern(name, kinds, get_script_prefix(), get_urlconf()) % parts


@lru_cache(maxsize=200)
def _pattern(name: str, kinds: tuple[type, ...], prefix: str, urlconf: str | None) -> str:
    """The address of a kind with a %s for each of its parts."""
    stand_ins = [
        kind(f"{place}{7_310_463_995}") if kind is int else f"stand-in-{place}-7310463995"
        for place, kind in enumerate(kinds, 1)
    ]
    pattern = reverse(name, args=stand_ins).replace("%", "%%")
    for stand_in in stand_ins:
        pattern = pattern.replace(str(stand_in), "%s")
    return pattern
