"""The search as a sentence, each part of which can be taken out.

"146 documents with both [Zhou] and [Japan] in [Russian] that could be from [1955 to 1961]"
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from records.figures import in_figures
from search.facets import FACETS, NONE, Facet
from search.grammar import written
from search.labels import Labels, values_called
from search.rows import WORD_FIELDS, FilterRow, Join
from search.state import COLLECTIONS, DOCUMENTS, EVERYTHING, PEOPLE, SearchState
from search.tree import And, Everything, Not, all_of
from search.wording import condition_in_words, range_in_words, row_in_words

#: More conditions than this are shown as they were typed: a sentence that was pasted into the box stays one.
CONDITIONS_AT_MOST = 6

_ROUGHLY = {
    "year": gettext_lazy("roughly dated, of no one year for sure"),
    "month": gettext_lazy("roughly dated, of no one month for sure"),
    "decade": gettext_lazy("roughly dated, of no one decade for sure"),
}


@dataclass(frozen=True)
class Part:
    """Some words of the sentence; with ``without`` they are a part that can be removed.

    ``is_negative``: what it says is what is not to be there.
    """

    text: str
    without: SearchState | None = None
    is_negative: bool = False

    @property
    def query_string(self) -> str:
        return self.without.query_string if self.without else ""


def counted(total: int, scope: str) -> str:
    """ "146 documents", "No person"."""
    number = {"count": in_figures(total)}
    if not total:
        return {COLLECTIONS: _("No collection"), PEOPLE: _("No person"), EVERYTHING: _("Nothing")}.get(
            scope, _("No document")
        )
    if scope == COLLECTIONS:
        return ngettext("%(count)s collection", "%(count)s collections", total) % number
    if scope == PEOPLE:
        return ngettext("%(count)s person", "%(count)s people", total) % number
    if scope == EVERYTHING:
        return ngettext("%(count)s record", "%(count)s records", total) % number
    return ngettext("%(count)s document", "%(count)s documents", total) % number


def named_values(state: SearchState) -> dict[str, list[str]]:
    """The facet values that the sentence names, by facet."""
    named: dict[str, list[str]] = {}
    for facet, value in (*state.chosen, *state.excluded):
        if value != NONE:
            named.setdefault(facet, []).append(value)
    if state.collection:
        named.setdefault("collection", []).append(state.collection)
    return named


def sentence_of(state: SearchState, total: int, labels: Labels) -> list[Part]:
    """The sentence above the hits."""
    return [Part(counted(total, state.scope)), *_narrowing(state, labels, total)]


def plain_sentence(state: SearchState, total: int, labels: Labels) -> str:
    """The same for a page's title and for a screen reader."""
    return " ".join(part.text for part in sentence_of(state, total, labels))


def removable_parts(state: SearchState, labels: Labels) -> list[Part]:
    """What one could do without."""
    return [part for part in _narrowing(state, labels) if part.without]


def unknown_values(state: SearchState, labels: Labels) -> list[str]:
    """A sentence for each value that was asked for and that is none of the archive's."""
    found = _("%(facet)s: the archive has no “%(value)s”, so nothing is found with it.")
    left_out = _("%(facet)s: the archive has no “%(value)s”, so nothing is left out with it.")
    return [
        (left_out if value in state.exclusions(facet) else found) % {"facet": facet.label, "value": value}
        for facet in FACETS
        for value in named_values(state).get(facet.name, ())
        if value not in labels.get(facet.name, {})
    ]


def unknown_names(state: SearchState) -> list[str]:
    """A sentence for each filter row that asks for a name which none of the archive's values has."""
    sentence = _(
        "%(field)s: nothing in the archive is called exactly “%(value)s”; “contains” looks for its words."
    )
    return [
        sentence % {"field": row.field_label, "value": row.value}
        for row in state.asking_rows
        if (called := row.called) and not values_called(called.facet, called.name)
    ]


def _narrowing(state: SearchState, labels: Labels, total: int = 2) -> Iterator[Part]:
    yield from _words(state)
    yield from _rows(state)
    if state.collection:
        label = labels.get("collection", {}).get(state.collection, state.collection)
        yield Part(_("in this collection:"))
        yield Part(label, state.changed(scope=DOCUMENTS))
    for facet in FACETS:
        joint = _("and") if state.matches_all(facet) else _("or")
        for number, value in enumerate(state.values(facet)):
            if number or value != NONE:
                yield Part(joint if number else str(facet.phrase))
            yield Part(_named(facet, value, labels), state.remove(facet, value))
        for value in state.exclusions(facet):
            text = str(facet.with_some)
            if value != NONE:
                text = str(facet.without) % {"value": _named(facet, value, labels)}
            yield Part(text, state.remove(facet, value))
    yield from _dates(state, total)


def _named(facet: Facet, value: str, labels: Labels) -> str:
    if value == NONE:
        return str(facet.with_none)
    if facet.in_sentence and value in facet.in_sentence:
        return str(facet.in_sentence[value])
    return labels.get(facet.name, {}).get(value, value)


def _words(state: SearchState) -> Iterator[Part]:
    """The words of the box as they were read; each condition can be taken out of them. What is not to be there comes last."""
    asked = state.parsed.tree
    conditions = asked.children if isinstance(asked, And) else (asked,)
    if isinstance(asked, Everything) or len(conditions) > CONDITIONS_AT_MOST:
        if state.words:
            yield Part(_("with"))
            yield Part(state.words, state.without_words())
        return
    alone = len(conditions) == 1 and not state.asking_rows
    wanted: list[Part] = []
    refused: list[Part] = []
    for number, condition in enumerate(conditions):
        negative = isinstance(condition, Not)
        rest = all_of(*conditions[:number], *conditions[number + 1 :])
        said = condition_in_words(condition.child if isinstance(condition, Not) else condition, alone=alone)
        part = Part(said, state.changed(words=written(rest, WORD_FIELDS)), negative)
        (refused if negative else wanted).append(part)
    for number, part in enumerate(wanted):
        both = len(wanted) == 2 and not state.asking_rows
        yield Part(_("and") if number else _("with both") if both else _("with"))
        yield part
    for number, part in enumerate(refused):
        yield Part(_("or") if number else _("but not") if wanted else _("without"))
        yield part


def _rows(state: SearchState) -> Iterator[Part]:
    asked, either = bool(state.words), False
    for number, row in enumerate(state.rows):
        if row not in state.asking_rows:
            continue
        yield Part(_joint(row, asked=asked, either=either))
        yield Part(row_in_words(row, certain=state.certain), state.remove_row(number), row.is_negative)
        asked, either = True, either or (asked and row.join == Join.OR)


def _joint(row: FilterRow, *, asked: bool, either: bool) -> str:
    """What leads to a row. ``asked``: something stands before it; ``either``: an "or" is among that."""
    if asked and row.join == Join.OR:
        return _("or without") if row.is_negative else _("or")
    if either:
        # "A or B and C" would be read as if C went with B alone.
        return _("and of all these none with") if row.is_negative else _("and of all these only with")
    if row.is_negative:
        return _("but not") if asked else _("without")
    return _("and") if asked else _("with")


def _dates(state: SearchState, total: int) -> Iterator[Part]:
    number = total or 1  # "No document that is"
    if state.undated:
        yield Part(ngettext("that is", "that are", number))
        yield Part(_("undated"), state.without_dates())
        return
    if state.roughly_by:
        yield Part(ngettext("that is", "that are", number))
        yield Part(str(_ROUGHLY[state.roughly_by]), state.changed(dated=""))
    earliest, latest = state.date_range
    if earliest is None and latest is None:
        return
    certainly = ngettext("that is certainly from", "that are certainly from", number)
    yield Part(certainly if state.certain else ngettext("that could be from", "that could be from", number))
    # As the boxes were read, not as they were typed: who wrote "before 1949" sees what it was taken for.
    yield Part(range_in_words(earliest, latest), state.without_dates())
