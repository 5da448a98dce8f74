"""Long lists in pages of twenty."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 20


def page_of(request: HttpRequest, records: Sequence[Any] | Any, per_page: int = PER_PAGE) -> Page:
    """The page that ``?page=`` names; the first for what is no number, the last for what is too high."""
    return Paginator(records, per_page).get_page(request.GET.get("page"))


def pager_numbers(page: int, pages: int) -> list[int]:
    """The pages that a pager names: the first, the last, those around this one; 0 stands for those left out."""
    shown = {1, pages, *range(page - 2, page + 3)}
    if page <= 3:
        shown |= {2, 3, 4}
    numbers = sorted(number for number in shown if 1 <= number <= pages)
    named = []
    for number, following in pairwise([*numbers, None]):
        named.append(number)
        if following == number + 2:
            named.append(number + 1)  # a gap of one page is no wider than its sign
        elif following and following > number + 2:
            named.append(0)
    return named
