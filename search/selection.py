"""What an address chooses and excludes in the facets, read and put in order."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from search.facets import EXCLUDED, FACETS, FACETS_BY_NAME, NONE, Facet
from search.inputs import tidy

VALUE_LENGTH = 250
VALUES_AT_MOST = 50
#: Facets with a value of which one can search in for good; in others it is chosen like any other value.
WHOLE_SCOPES = ("collection",)
#: Every parameter that belongs to a facet.
FACET_PARTS = (*FACETS_BY_NAME, *(facet.match_name for facet in FACETS if facet.is_multiple))
#: Those that have boxes beside the hits.
OFFERED_PARTS = tuple(
    part
    for facet in FACETS
    if facet.is_offered
    for part in (facet.name, facet.match_name)
    if part in FACET_PARTS
)
Pair = tuple[str, str]  # facet name, value


def selected(parameters: QueryDict) -> dict[str, Any]:
    """``chosen``, ``excluded`` and ``match_all`` of a search; a value that is both is excluded."""
    chosen: set[Pair] = set()
    excluded: set[Pair] = set()
    match_all = []
    own_facet, _colon, own_value = parameters.get("in", "").partition(":")
    for facet in FACETS:
        texts = parameters.getlist(facet.name)[:VALUES_AT_MOST]
        if facet.name == own_facet and facet.name not in WHOLE_SCOPES:
            # The band of a person's page, say, searches in the documents of that person.
            texts = [own_value, *texts]
        wanted, refused = _values(facet, texts)
        chosen |= wanted - refused
        excluded |= refused
        if facet.is_multiple and wanted - refused and parameters.get(facet.match_name) == "all":
            match_all.append(facet.name)
    return {"chosen": in_order(chosen), "excluded": in_order(excluded), "match_all": tuple(match_all)}


def _values(facet: Facet, texts: Iterable[str]) -> tuple[set[Pair], set[Pair]]:
    wanted: set[Pair] = set()
    refused: set[Pair] = set()
    for text in texts:
        value = tidy(text, VALUE_LENGTH)
        if bare := value.removeprefix(EXCLUDED).strip():
            side = refused if value.startswith(EXCLUDED) else wanted
            side.add((facet.name, read_value(facet, bare)))
    return wanted, refused


def read_value(facet: Facet | str, value: str) -> str:
    """A value as the index has it."""
    return value if value == NONE else FACETS_BY_NAME[str(facet)].read(value)


def in_order(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Each once, in the facets' order; the bucket of those without a value last of its facet."""
    places = {facet.name: place for place, facet in enumerate(FACETS)}
    return tuple(sorted(set(pairs), key=lambda pair: (places[pair[0]], pair[1] == NONE, pair[1])))
