"""Authority records as readers browse them: from A to Z, or as a tree, with the documents of each counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest

from records.alphabet import Directory, filing_key
from records.paging import page_of
from records.tallies import Tally, document_counts
from records.trees import lineage, upward

NAMES_PER_PAGE = 60


@dataclass(frozen=True)
class Name:
    """A record in an alphabetical list."""

    record: Any
    count: int


@dataclass(frozen=True)
class Listing:
    """One page of an alphabetical list. ``total``: names under every letter."""

    directory: Directory
    page: Page
    names: list[Name]

    @property
    def total(self) -> int:
        return sum(count for _letter, count in self.directory.letters)


def alphabetical(
    request: HttpRequest, records: Any, *, name_field: str = "name", counts: Mapping[int, int] | None = None
) -> Listing:
    """The page of ``records`` that ``?letter=`` and ``?page=`` name: three queries, and those of its prefetches.

    ``counts``: their documents, where they have been counted already.
    """
    names = records.order_by().values_list("pk", name_field)
    directory = Directory.of(names, request.GET.get("letter", ""))
    page = page_of(request, directory.keys, NAMES_PER_PAGE)
    keys = list(page.object_list)
    found = records.in_bulk(keys)
    if counts is None:
        counts = document_counts(records.model, request.user, keys)
    return Listing(directory, page, [Name(found[key], counts.get(key, 0)) for key in keys if key in found])


@dataclass(frozen=True)
class Branch:
    """A record in a tree, with what lies below it. ``tally`` is of the whole branch."""

    record: Any
    tally: Tally
    children: list["Branch"] = field(default_factory=list)


def branches(records: Iterable[Any], tallies: Mapping[int, Tally], *, by_name: bool = True) -> list[Branch]:
    """The records as a tree, in their own order or by name; one whose parent is not among them moves up. One query."""
    ordered = sorted(records, key=lambda r: (filing_key(str(r)), r.pk)) if by_name else list(records)
    grown = {record.pk: Branch(record, tallies.get(record.pk, Tally())) for record in ordered}
    parents = lineage(type(ordered[0])) if ordered else {}
    top: list[Branch] = []
    for record in ordered:
        above = next((pk for pk in upward(record.pk, parents)[1:] if pk in grown), None)
        (grown[above].children if above is not None else top).append(grown[record.pk])
    return top
