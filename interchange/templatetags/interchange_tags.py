"""Links to what can be taken away of a search: files, and feeds."""

from typing import Any

from django import template
from django.urls import reverse

from interchange.exports import LIMIT, MEDIA_TYPES
from interchange.feeds import title_of
from interchange.references import FORMATS
from interchange.results import documents_only
from search.state import SearchState

register = template.Library()

_LABELS = {"csv": "CSV", "json": "JSON", **{name: each.label for name, each in FORMATS.items()}}
_FEEDS = {"atom": ("Atom", "application/atom+xml"), "json": ("JSON Feed", "application/feed+json")}


def _search(state: SearchState | None, facets: dict[str, str]) -> SearchState | None:
    """The search of documents that is meant, from its first hit on."""
    if state is None:
        state = SearchState(chosen=tuple(facets.items()))
    found = documents_only(state)
    return found.changed(per_page=SearchState().per_page, view="") if found else None


def _address(view: str, name: str, state: SearchState) -> str:
    query = state.query_string
    return reverse(f"interchange:{view}", args=[name]) + (f"?{query}" if query else "")


@register.inclusion_tag("interchange/snippets/take_away.html")
def take_away(total: int, state: SearchState | None = None, **facets: str) -> dict[str, Any]:
    """Files and feeds of a search, given as a state or by its facets: ``{% take_away total person=person.slug %}``."""
    search = _search(state, facets)
    if search is None or not total:
        return {}
    return {
        "files": [(_LABELS[name], _address("export", name, search)) for name in MEDIA_TYPES],
        "feeds": [
            (label, _address("feed", name, search.changed(sort="")))
            for name, (label, _type) in _FEEDS.items()
        ],
        "limit": LIMIT if total > LIMIT else 0,
    }


@register.simple_tag
def list_files(query: str) -> list[tuple[str, str]]:
    """(label, address) of the files of a research list; ``query`` carries one that is not the reader's own."""
    addresses = {name: reverse("interchange:list_export", args=[name]) for name in MEDIA_TYPES}
    return [
        (str(_LABELS[name]), f"{address}?{query}" if query else address)
        for name, address in addresses.items()
    ]


@register.inclusion_tag("interchange/snippets/feed_links.html")
def feed_links(state: SearchState | None = None, **facets: str) -> dict[str, Any]:
    """The feeds of a search, for the head of its page, where feed readers look for them."""
    search = _search(state, facets)
    if search is None:
        return {}
    search = search.changed(sort="")
    return {
        "title": title_of(search),
        "feeds": [
            (media_type, label, _address("feed", name, search))
            for name, (label, media_type) in _FEEDS.items()
        ],
    }
