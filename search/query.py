"""From a search to its query: the only place where one is made."""

from collections.abc import Iterable
from dataclasses import replace

from search.facets import FACETS, FACETS_BY_NAME, NONE
from search.grammar import ParsedQuery
from search.labels import values_called
from search.outbox import hidden_ids
from search.queryset import ArchiveQuerySet
from search.rows import FilterRow, Join
from search.state import (
    COLLECTIONS,
    DATE,
    DATE_DESCENDING,
    DOCUMENTS,
    EVERYTHING,
    PEOPLE,
    TITLE,
    SearchState,
)
from search.tree import (
    And,
    Called,
    Everything,
    Exact,
    In,
    Missing,
    Node,
    Not,
    Or,
    Roughly,
    Undated,
    all_of,
    any_of,
)

_KINDS = {DOCUMENTS: "document", COLLECTIONS: "collection", PEOPLE: "person"}
# Each is made total by the engine, which adds the record's own key.
_ORDERS: dict[str, tuple[str, ...]] = {
    DATE: ("date_sort", "date_span"),
    DATE_DESCENDING: ("-date_sort", "date_span"),
    TITLE: ("title_sort",),
}
DOCUMENTS_ONLY = Exact("kind", "document")
UNDATED = And((DOCUMENTS_ONLY, Missing("date_earliest"), Missing("date_latest")))


def read_words(state: SearchState) -> ParsedQuery:
    """The words of the box as they were understood, with notes on what was assumed."""
    return state.parsed


def build_query(state: SearchState) -> ArchiveQuerySet:
    """The query of this search: words, rows, scope, facets, dates, order; not yet asked, not yet sliced.

    Records that are about to leave the public are excluded, whatever the index still says.
    """
    query = ArchiveQuerySet().exclude_ids(hidden_ids())
    words = replace(read_words(state), tree=_of_documents(read_words(state).tree))
    rows = [(row, _of_documents(tree)) for row, tree in row_conditions(state)]
    if any(row.join == Join.OR for row, _tree in rows):
        query = query.where(_joined(words.tree, rows))
    else:
        # Read as a reader's query, so that a spelling is suggested for its words.
        query = query.read(words)
        for _row, tree in rows:
            query = query.where(tree)
    query = _narrowed(_in_scope(query, state), state)
    if state.undated:
        query = query.where(UNDATED)
    else:
        if state.roughly_by:
            query = query.where(all_of(DOCUMENTS_ONLY, Roughly(state.roughly_by)))
        earliest, latest = state.date_range
        query = query.overlapping(earliest, latest, certain=state.certain)
    order = _ORDERS.get(state.order)
    return query.order_by(*order) if order else query


def tree_of(row: FilterRow) -> Node:
    """The conditions of a filter row: its words, each in the row's field. Names are as they were written."""
    return row.parsed().tree


def row_conditions(state: SearchState) -> list[tuple[FilterRow, Node]]:
    """The rows with their conditions. Names are looked up in the catalogue: one query for each row that has one."""
    return [(row, _named(parsed.tree)) for row, parsed in state.parsed_rows]


def _named(tree: Node) -> Node:
    """With the values in the place of what they are called."""
    if isinstance(tree, Not):
        return Not(_named(tree.child))
    if isinstance(tree, Called):
        return In(FACETS_BY_NAME[tree.facet].field, tuple(values_called(tree.facet, tree.name)))
    return tree


def _of_documents(tree: Node) -> Node:
    """With what an engine knows in the place of "undated": people and collections are not that."""
    if isinstance(tree, And | Or):
        return type(tree)(tuple(_of_documents(child) for child in tree.children))
    if isinstance(tree, Not):
        return Not(_of_documents(tree.child))
    return UNDATED if isinstance(tree, Undated) else tree


def _narrowed(query: ArchiveQuerySet, state: SearchState) -> ArchiveQuerySet:
    """By what is chosen and excluded in the facets."""
    for facet in FACETS:
        chosen, excluded = _indexed(state.values(facet)), _indexed(state.exclusions(facet))
        if chosen:
            query = query.choose(facet.field, chosen, match="all" if state.matches_all(facet) else "any")
        if excluded:
            query = query.refuse(facet.field, excluded)
    if any(value == NONE for _facet, value in (*state.chosen, *state.excluded)):
        # People and collections have no values in any facet, and would all be among those without.
        query = query.where(DOCUMENTS_ONLY)
    return query


def _indexed(values: Iterable[str]) -> list[str | None]:
    return [None if value == NONE else value for value in values]


def _joined(words: Node, rows: list[tuple[FilterRow, Node]]) -> Node:
    """Read from top to bottom: each row is joined to all that stands above it."""
    above = words
    for row, tree in rows:
        if row.join == Join.OR:
            # A search that begins with "or" has nothing above it to choose from.
            above = tree if isinstance(above, Everything) else any_of(above, tree)
        else:
            above = all_of(above, tree)
    return above


def _in_scope(query: ArchiveQuerySet, state: SearchState) -> ArchiveQuerySet:
    if state.collection:
        return query.where(all_of(DOCUMENTS_ONLY, Exact("collections", state.collection)))
    if state.scope == EVERYTHING:
        return query
    return query.where(Exact("kind", _KINDS[state.scope]))
