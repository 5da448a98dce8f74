"""Completing what a reader types: people, places, subjects, titles and the like, as far as they lead to public records.

The engine names what visible documents have; the database is asked once whether that may be seen now.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from haystack import connections
from haystack.exceptions import SearchBackendError

from records.figures import in_figures
from records.slugs import slug_of
from search.dependences import index_for, indexed_models
from search.engines.completion import Completion, Typed
from search.engines.errors import EngineRestingError
from search.facets import FACETS_BY_NAME, ROLE_LABELS
from search.inputs import tidy
from search.query import build_query
from search.rows import ANYWHERE, FilterRow, Operator
from search.state import COLLECTIONS, PEOPLE, WORDS_LENGTH, SearchState
from search.text import fold

logger = logging.getLogger(__name__)

#: What a name can be the name of, by the facet or the field of a row that it belongs to.
KINDS: dict[str, Promise] = {
    "person": gettext_lazy("Person"),
    "place": gettext_lazy("Place"),
    "subject": gettext_lazy("Subject"),
    "collection": gettext_lazy("Collection"),
    "archive": gettext_lazy("Archive"),
    "language": gettext_lazy("Language"),
    "type": gettext_lazy("Document type"),
    "classification": gettext_lazy("Classification"),
}
TITLE = "title"
LABELS = {
    **KINDS,
    "organisation": gettext_lazy("Organisation"),
    TITLE: gettext_lazy("Document"),
    "titles": gettext_lazy("Title"),
}
COMPLETED = (*KINDS, *ROLE_LABELS, TITLE, ANYWHERE)
# The scopes of the box that look for records themselves, not for documents about them.
_OWN_PAGES = {PEOPLE: ("person", "people:person"), COLLECTIONS: ("collection", "collections:collection")}

AT_MOST, TITLES_AT_LEAST = 8, 2
#: So much must have been typed: letters, of which a Chinese character counts for two.
ENOUGH, ENOUGH_FOR_TITLES = 2, 3
#: Whoever types does not wait longer for the engine, in seconds.
PATIENCE = 1


@dataclass(frozen=True)
class Suggestion:
    """One line of the list.

    ``name`` is the authorised name, ``text`` says what it was found as. Choosing it leads to ``url``, or where
    that is empty adds ``parameters`` to the search.
    """

    name: str
    text: str
    kind: str
    detail: str
    url: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


def complete(text: str, field: str, state: SearchState) -> list[Suggestion]:
    """What a reader may mean who has typed this into the box (``field`` is empty), or into a row of this field.

    Only what leads to public documents of the search as it stands without its words. Nothing while the engine
    is down. Two queries to the database: what is hidden, and what may be named; one more for a row that names
    a value of the catalogue, and while the index is late.
    """
    typed = Typed(tidy(text, WORDS_LENGTH))
    kinds, titles = _wanted(field, state.scope, typed)
    if not (kinds or titles) or typed.size < ENOUGH:
        return []
    in_box = not field
    within = build_query(_searched(state) if in_box else SearchState()).query.build_request()
    backend = connections["default"].get_backend()
    try:
        with backend.time_limit(PATIENCE):
            found = backend.complete(typed.text, kinds, titles, AT_MOST, within)
    except SearchBackendError as error:
        level = logging.DEBUG if isinstance(error, EngineRestingError) else logging.WARNING
        logger.log(level, "nothing is completed while the search engine cannot answer: %s", error)
        return []
    public = _public_names(found)
    lines: dict[bool, list[Suggestion]] = {False: [], True: []}
    for one in found:
        shown = public.get(_key(one))
        if shown is None:
            continue
        if one.kind == TITLE:
            lines[True].append(_title(one, shown, in_box))
            continue
        text = _found_as(one, shown.name, typed)
        line = Suggestion(shown.name, text, str(LABELS[shown.sort or one.kind]), _documents(one))
        lines[False].append(_leading(line, one, state) if in_box else _of_field(line, field))
    return _mixed(lines[False], lines[True])


def _wanted(field: str, scope: str, typed: Typed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of names, and of titles, that are completed there."""
    titles = (TITLE,) if typed.size >= ENOUGH_FOR_TITLES else ()
    if field == ANYWHERE:
        return tuple(KINDS), ()
    if field in ROLE_LABELS:
        return ("person",), ()
    if field:
        return ((field,) if field in KINDS else ()), (titles if field == TITLE else ())
    if scope in _OWN_PAGES:
        return (_OWN_PAGES[scope][0],), ()
    return tuple(KINDS), titles


def _searched(state: SearchState) -> SearchState:
    if state.scope in _OWN_PAGES:
        return SearchState()
    return state.changed(words="", sort="")


def _key(one: Completion) -> tuple[str, str]:
    """What the database knows a completion by: a title by the key of its first document."""
    return one.kind, one.value or one.document.rpartition(".")[2]


class Public(NamedTuple):
    """What everybody may see: ``sort`` tells an organisation from a person, of a title it is the date."""

    name: str
    sort: str
    number: str  # of a title's record


def _public_names(found: Iterable[Completion]) -> Mapping[tuple[str, str], Public]:
    """What everybody may see of these now, by kind and value. One query."""
    values: dict[str, list[str]] = defaultdict(list)
    for one in found:
        kind, value = _key(one)
        values[kind].append(value)
    asked: list[QuerySet] = []
    for model in indexed_models():
        for kind, wanted in values.items():
            records = index_for(model).public_names(kind, wanted)
            if records is not None:
                asked.append(records)
    if not asked:
        return {}
    rows = asked[0].union(*asked[1:], all=True)
    return {(kind, value): Public(name, sort, number) for name, kind, value, sort, number in rows}


def _of_field(line: Suggestion, field: str) -> Suggestion:
    """A row of one kind of names need not say which."""
    return line if field in (ANYWHERE, "person", *ROLE_LABELS) else replace(line, kind="")


def _title(one: Completion, shown: Public, in_box: bool) -> Suggestion:
    """One document by its page, several that are called the same by a search for the title."""
    name = shown.name
    if one.count == 1:
        url = reverse("documents:document", args=[shown.number, slug_of(name)])
        line = Suggestion(name, name, str(LABELS[TITLE]), shown.sort, url)
    else:
        row = FilterRow(field=TITLE, value=one.names[0], operator=Operator.IS)
        line = Suggestion(name, name, str(LABELS["titles"]), _documents(one), parameters=(("f", str(row)),))
    return line if in_box else replace(line, kind="", url="", parameters=())


def _leading(line: Suggestion, one: Completion, state: SearchState) -> Suggestion:
    """Where a name in the box leads."""
    if state.scope in _OWN_PAGES:
        return replace(line, url=reverse(_OWN_PAGES[state.scope][1], args=[one.value]))
    facet = FACETS_BY_NAME[one.kind]
    chosen = state.values(facet)
    # Who has chosen one person and types another wants the documents with both.
    is_second = facet.is_multiple and len(chosen) == 1 and one.value not in chosen
    both = ((facet.match_name, "all"),) if is_second else ()
    return replace(line, parameters=((facet.name, one.value), *both))


def _documents(one: Completion) -> str:
    documents = ngettext("%(count)s document", "%(count)s documents", one.count)
    return documents % {"count": in_figures(one.count)}


def _found_as(one: Completion, name: str, typed: Typed) -> str:
    """The name; where it does not begin so itself, with the spelling that does."""
    if typed.meets(f" {fold(name)}"):
        return name
    return _("%(spelling)s is %(name)s") % {"spelling": one.names[0], "name": name}


def _mixed(names: list[Suggestion], titles: list[Suggestion]) -> list[Suggestion]:
    """Names first, and room for some titles."""
    shown = names[: AT_MOST - min(len(titles), TITLES_AT_LEAST)]
    return [*shown, *titles[: AT_MOST - len(shown)]]


@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """What is typed (``q``) into the box, or into a row of a ``field``, completed, as JSON; the rest is the search."""
    parameters = request.GET.copy()
    text = parameters.pop("q", [""])[-1]
    field = parameters.pop("field", [""])[-1]
    lines = complete(text, field, SearchState.parse(parameters)) if field in ("", *COMPLETED) else []
    status = ngettext("%(count)s suggestion", "%(count)s suggestions", len(lines)) % {"count": len(lines)}
    response = JsonResponse(
        {"status": status if lines else "", "suggestions": [vars(line) for line in lines]}
    )
    # The reader's own browser alone: what is withdrawn is offered to nobody from a store between.
    response["Cache-Control"] = "private, max-age=60"
    response["X-Robots-Tag"] = "noindex"
    return response
