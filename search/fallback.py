"""What the database can answer of a search while the engine is down: words, dates, and a few facets.

Slower and plainer: no ranking, no inflections, no folding of marks.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from records.dating import DateCertainty
from records.trees import TreeModel, descendant_ids
from search import tree
from search.dependences import index_for
from search.facets import FACETS, FACETS_BY_NAME, NONE
from search.query import read_words, row_conditions
from search.rows import Join
from search.state import SearchState

Lookups = Mapping[str, Sequence[str]]


def words_query(node: tree.Node, model: type[Model], lookups: Lookups) -> Q:
    """The conditions of a query as the database understands them.

    ``lookups``: by the name of an index field, where to look for its words; ``content`` for words without a
    field, and for fields of which the database knows nothing. A place that ends in ``__iexact`` is the whole word.
    """
    if isinstance(node, tree.And):
        return reduce(and_, (words_query(child, model, lookups) for child in node.children), Q())
    if isinstance(node, tree.Or):
        return reduce(or_, (words_query(child, model, lookups) for child in node.children))
    if isinstance(node, tree.Not):
        return ~words_query(node.child, model, lookups)
    if isinstance(node, tree.Nothing):
        return Q(pk__in=())
    if isinstance(node, tree.Overlap):
        return overlap_query(model, node.earliest, node.latest, certain=node.certain)
    if isinstance(node, tree.Undated):
        return undated_query(model)
    if isinstance(node, tree.In):
        return _having(model, lookups.get(node.field, ()), node.values)
    text = getattr(node, "text", "")
    if not text:
        return Q()
    wanted = [text] if isinstance(node, tree.Phrase) else text.split()
    places = lookups.get(getattr(node, "field", ""), ()) or lookups[tree.CONTENT]
    return reduce(and_, (_somewhere(word, model, places) for word in wanted), Q())


def _somewhere(word: str, model: type[Model], places: Sequence[str]) -> Q:
    # Each word in a query of its own: two words may stand in two names, and no record is counted twice.
    found = reduce(or_, (Q(**{_lookup(place): word}) for place in places))
    return Q(pk__in=model._default_manager.filter(found).order_by().values("pk"))


def _having(model: type[Model], places: Sequence[str], values: Iterable[Any]) -> Q:
    """Records with one of these values; all records where the database does not know the field."""
    found = [_among(model, place, list(values)) for place in places]
    if not found:
        return Q()
    return Q(pk__in=model._default_manager.filter(reduce(or_, found)).order_by().values("pk"))


def _among(model: type[Model], place: str, values: list[Any]) -> Q:
    """One of these values at a lookup, or something that stands under one of them in its tree."""
    relation, _sep, attribute = place.partition("__")
    related: Any = getattr(model._meta.get_field(relation), "related_model", None)
    if related is not None and issubclass(related, TreeModel):
        roots = related._base_manager.filter(**{f"{attribute}__in": values}).values_list("pk", flat=True)
        return Q(**{f"{relation}__in": descendant_ids(related, roots)})
    return Q(**{f"{place}__in": values})


def _lookup(place: str) -> str:
    return place if place.endswith("__iexact") else f"{place}__icontains"


def overlap_query(model: type[Model], earliest: Any, latest: Any, *, certain: bool) -> Q:
    """Records whose date could lie between two days (None is open), or with ``certain`` surely does."""
    if earliest is None and latest is None:
        return Q()
    if not index_for(model).is_dated:
        return Q(pk__in=())
    if certain:
        query = ~Q(date_certainty=DateCertainty.UNCERTAIN)
        query &= Q(date_earliest__gte=earliest) if earliest else Q()
        return query & (Q(date_latest__lte=latest) if latest else Q())
    query = Q(date_earliest__isnull=False) | Q(date_latest__isnull=False)
    query &= Q(date_latest=None) | Q(date_latest__gte=earliest) if earliest else Q()
    return query & (Q(date_earliest=None) | Q(date_earliest__lte=latest) if latest else Q())


def narrowed_by_state(
    records: QuerySet, state: SearchState, lookups: Lookups, facets: Mapping[str, str]
) -> QuerySet:
    """``records`` as far as a search narrows them in ways that the database knows.

    ``facets``: by a facet's name, the lookup that takes its values.
    """
    model = records.model
    known = {**lookups, **{FACETS_BY_NAME[name].field: (place,) for name, place in facets.items()}}
    asked = words_query(read_words(state).tree, model, known)
    for row, condition in row_conditions(state):
        query = words_query(condition, model, known)
        if row.join == Join.OR:
            asked = asked | query if asked else query
        else:
            asked &= query
    records = records.filter(asked)
    if state.undated:
        records = records.filter(undated_query(model))
    else:
        records = records.filter(overlap_query(model, *state.date_range, certain=state.certain))
        if state.roughly_by:
            records = records.filter(roughly_query(model, state.roughly_by))
    for query in _facet_conditions(state, model, facets):
        records = records.filter(query)
    return records


def undated_query(model: type[Model]) -> Q:
    """Records without a date, of a kind that has dates; those of another kind are not called undated."""
    return Q(date_earliest=None, date_latest=None) if index_for(model).is_dated else Q(pk__in=())


def roughly_query(model: type[Model], unit: str) -> Q:
    """Records with a date that surely lie in no one year (month, decade)."""
    if not index_for(model).is_dated:
        return Q(pk__in=())
    first, last = F("date_earliest__year"), "date_latest__year__lte"
    within = {
        "year": Q(**{last: first}),
        "month": Q(**{last: first, "date_latest__month__lte": F("date_earliest__month")}),
        "decade": Q(**{last: first - first % 10 + 9}),
    }[unit]
    both = Q(date_earliest__isnull=False, date_latest__isnull=False)
    dated = Q(date_earliest__isnull=False) | Q(date_latest__isnull=False)
    return dated & (Q(date_certainty=DateCertainty.UNCERTAIN) | ~both | ~within)


def _facet_conditions(state: SearchState, model: type[Model], facets: Mapping[str, str]) -> Iterator[Q]:
    """What is chosen and excluded, as far as the database knows it."""
    if not facets and state.chosen:
        yield Q(pk__in=())  # records of a kind that has no facets have none of the values
    if state.collection and "collection" in facets:
        yield _having(model, [facets["collection"]], [state.collection])
    for name, place in facets.items():

        def having(values: Iterable[str], place: str = place) -> Q:
            named = _having(model, [place], [value for value in values if value != NONE])
            if NONE not in values:
                return named
            some = model._default_manager.filter(**{f"{place}__isnull": False}).order_by().values("pk")
            return named | ~Q(pk__in=some)

        chosen, excluded = state.values(name), state.exclusions(name)
        if chosen and not state.matches_all(name):
            yield having(chosen)
        elif chosen:
            yield from (having([value]) for value in chosen)
        if excluded:
            yield ~having(excluded)


def left_aside(state: SearchState, facets: Collection[str]) -> tuple[str, ...]:
    """What the search asks for and the database cannot tell, by its label. ``facets``: those that it knows."""
    asked = {name for name, _value in (*state.chosen, *state.excluded)}
    asked |= {row.called.facet for row in state.asking_rows if row.called}
    return tuple(str(facet.label) for facet in FACETS if facet.name in asked - set(facets))
