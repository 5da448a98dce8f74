"""Long lists in pages of twenty."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 20


def page_of(request: HttpRequest, records: Sequence[Any] | Any, per_page: int = PER_PAGE) -> Page:
    """The page that ``?page=`` names; the first for what is no number, the last for what is too high."""
    return Paginator(records, per_page).get_page(request.GET.get("page"))
