"""From a search to its query: the only place where one is made."""

from search.facets import FACETS
from search.grammar import ParsedQuery
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
from search.tree import And, Everything, Exact, Missing, Node, Not, all_of, any_of

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
    words = read_words(state)
    rows = [(row, parsed.tree) for row, parsed in state.parsed_rows]
    if any(row.join == Join.OR for row, _tree in rows):
        query = query.where(_joined(words.tree, rows))
    else:
        # Read as a reader's query, so that a spelling is suggested for its words.
        query = query.read(words)
        for row, tree in rows:
            query = query.where(Not(tree) if row.join == Join.NOT else tree)
    query = _in_scope(query, state)
    for facet in FACETS:
        if values := state.values(facet):
            query = query.choose(facet.field, values)
    if state.undated:
        query = query.where(UNDATED)
    else:
        earliest, latest = state.date_range
        query = query.overlapping(earliest, latest, certain=state.certain)
    order = _ORDERS.get(state.order)
    return query.order_by(*order) if order else query


def tree_of(row: FilterRow) -> Node:
    """The conditions of a filter row: its words, each in the row's field."""
    return row.parsed().tree


def _joined(words: Node, rows: list[tuple[FilterRow, Node]]) -> Node:
    """Read from top to bottom: each row is joined to all that stands above it."""
    above = words
    for row, tree in rows:
        if row.join == Join.OR:
            # A search that begins with "or" has nothing above it to choose from.
            above = tree if isinstance(above, Everything) else any_of(above, tree)
        else:
            above = all_of(above, Not(tree) if row.join == Join.NOT else tree)
    return above


def _in_scope(query: ArchiveQuerySet, state: SearchState) -> ArchiveQuerySet:
    if state.collection:
        return query.where(all_of(DOCUMENTS_ONLY, Exact("collections", state.collection)))
    if state.scope == EVERYTHING:
        return query
    return query.where(Exact("kind", _KINDS[state.scope]))
