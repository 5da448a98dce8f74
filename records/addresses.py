"""Addresses as they are cited: with the host, and for ever the same."""

from django.conf import settings
from django.http import HttpRequest


def absolute_url(request: HttpRequest | None, path: str) -> str:
    """``path`` with the host that citations carry: SITE_URL, or else the one the reader came by."""
    if settings.SITE_URL or request is None:
        return f"{settings.SITE_URL}{path}"
    return request.build_absolute_uri(path)
