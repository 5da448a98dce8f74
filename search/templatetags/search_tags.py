"""The search band of every page, and the few sums that the search templates need."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.figures import figures
from search.completion import COMPLETED
from search.engines.results import Segments, marked_html
from search.facets import FACETS_BY_NAME, Facet, FacetValue
from search.histogram import Strip
from search.rows import FOR_DATES, JOINS, OPERATORS, ROW_FIELDS, FilterRow
from search.state import EVERYTHING, SCOPES, SearchState

register = template.Library()

_CHOICE = (
    '<span class="choice-row{not_class}">'
    '<label class="choice"><input type="checkbox"{form} name="{facet}" value="{value}" id="{facet}-{value}"{chosen}>'
    '<span class="choice-label" dir="auto">{label}{path}</span><span class="choice-count">{count}</span></label>'
    '<label class="choice-not"><input type="checkbox"{form} name="{facet}" value="{not_value}" id="not-{facet}-{value}"'
    '{excluded}><span>{not_word}<span class="visually-hidden" dir="auto"> {label}</span></span></label></span>'
)

_WITHIN = (
    '<details class="branch" id="{id}"{open}><summary><span class="visually-hidden">{summary}</span></summary>'
    '<ul role="list">{items}</ul></details>'
)
_BAR = (
    '<a href="{url}" rel="nofollow" aria-label="{name}"{selected}>'
    '<rect class="slot" x="{bar.slot_x}" width="{bar.slot_width}" y="0" height="{height}"/>{certain}{possible}'
    '<text class="strip-said" x="100%" y="12">{name}</text></a>\n'
)
_RECT = '<rect class="{kind}" x="{bar.x}" width="{bar.width}" y="{y}" height="{height}"/>'
_BAR_ROW = (
    '<tr><th scope="row"><a href="{url}" rel="nofollow">{label}</a></th>'
    "<td>{certain}</td><td>{possible}</td></tr>\n"
)


@register.inclusion_tag("search/snippets/band.html", takes_context=True)
def search_band(
    context: Context, collection: Any = None, scope: str = EVERYTHING, large: bool = False, **own: Any
) -> dict[str, Any]:
    """The box, its scope and its filter rows.

    ``collection`` (with ``slug`` and ``title``) makes "This collection" the place to search in; so does a
    ``person``, ``place``, ``subject`` or ``archive`` (with ``slug`` and ``name``) of which a page is. Otherwise
    ``scope`` is preselected. On a page with a ``state`` in its context the band shows that search. ``large``:
    as the home page has it.
    """
    asked = context.get("state")
    is_search = isinstance(asked, SearchState)
    here = SearchState(scope=f"collection:{collection.slug}" if collection else scope)
    state: SearchState = asked if isinstance(asked, SearchState) else here
    title = collection.title if collection else _collection_title(context, state)
    scopes = [(name, str(label)) for name, label in SCOPES.items()]
    if state.collection:
        scopes.insert(0, (state.scope, _("This collection")))
    selected, placeholder = state.scope, _("Name, place, phrase, year")
    if state.collection and title:
        placeholder = _("Search in %(collection)s") % {"collection": title}
    for name, record in () if is_search else own.items():
        label, placeholder = _of_a_page(name, record.name)
        selected = f"{name}:{record.slug}"
        scopes.insert(0, (selected, label))
    drawn = context.get("drawn_controls") or ()
    return {
        "state": state,
        "scopes": scopes,
        "selected_scope": selected,
        "placeholder": placeholder,
        "rows": state.rows,
        "blank_row": FilterRow(),
        "joins": list(JOINS.items()),
        "operators": [(name, label, name in FOR_DATES) for name, label in OPERATORS.items()],
        "row_fields": [(name, label) for name, (label, _field) in ROW_FIELDS.items()],
        "hidden": state.hidden("q", "in", "f", *drawn) if is_search else [],
        "large": large,
        "completed": COMPLETED,
        # The timeline takes the same search as the search page.
        "action": context.get("search_action") or reverse("search:search"),
    }


def _of_a_page(kind: str, name: str) -> tuple[str, str]:
    """How the place to search in is called on the page of a person, a place, a subject, an archive; and in the box."""
    label, placeholder = {
        "person": (_("With this person"), _("Search in documents with %(name)s")),
        "place": (_("On this place"), _("Search in documents on %(name)s")),
        "subject": (_("On this subject"), _("Search in documents on %(name)s")),
        "archive": (_("From this archive"), _("Search in documents from %(name)s")),
    }[kind]
    return label, placeholder % {"name": name}


def _collection_title(context: Context, state: SearchState) -> str:
    labels = getattr(context.get("page"), "labels", None) or {}
    return labels.get(FACETS_BY_NAME["collection"].name, {}).get(state.collection, "")


@register.filter
def marked(segments: Segments) -> SafeString:
    """Text in pieces with what was searched in <mark>. A page of hits has hundreds of pieces."""
    return SafeString(marked_html(segments, "mark"))


@register.simple_tag
def choice(item: FacetValue, facet: Facet, form: str = "") -> SafeString:
    """A value of a facet: choose it, or exclude it. ``form``: the id of the form, if it stands outside."""
    return SafeString(_Choices(facet, form).drawn(item))


@register.simple_tag
def choices(items: Iterable[FacetValue], facet: Facet, form: str = "") -> SafeString:
    """Values of a facet as items of a list, each as ``choice``, those within another under it.

    Not a template: a page has eighty of them, which took a third of the time that it is drawn in.
    """
    return SafeString(_Choices(facet, form).listed(items))


class _Choices:
    """Draws values of one facet."""

    def __init__(self, facet: Facet, form: str) -> None:
        self.facet = facet
        self.form = f' form="{escape(form)}"' if form else ""
        self.not_word = escape(pgettext("excluding a value", "not"))
        self.in_figures = figures()

    def listed(self, items: Iterable[FacetValue]) -> str:
        return "".join(f"<li>{self.drawn(item)}{self._within(item)}</li>\n" for item in items)

    def drawn(self, item: FacetValue) -> str:
        return _CHOICE.format(
            facet=self.facet.name,
            value=escape(item.value),
            not_value=escape(item.excluded_value),
            label=escape(item.label),
            path=f' <span class="choice-path">{escape(item.path)}</span>' if item.path else "",
            count=self.in_figures(item.count),
            not_word=self.not_word,
            form=self.form,
            chosen=" checked" if item.is_chosen else "",
            excluded=" checked" if item.is_excluded else "",
            not_class=" is-excluded" if item.is_excluded else "",
        )

    def _within(self, item: FacetValue) -> str:
        if not item.children:
            return ""
        return _WITHIN.format(
            id=f"within-{self.facet.name}-{escape(item.value)}",
            open=" open" if item.is_open else "",
            summary=escape(_("Within %(label)s") % {"label": item.label}),
            items=self.listed(item.children),
        )


@register.simple_tag
def bars(strip: Strip) -> SafeString:
    """The bars of a strip with their caps, as links. Not a template, as ``choices`` is not."""
    return SafeString(
        "".join(
            _BAR.format(
                bar=bar,
                url=escape(bar.url),
                name=escape(bar.name),
                selected=' class="on"' if bar.is_selected else "",
                height=strip.height,
                certain=_RECT.format(kind="bar", bar=bar, y=bar.y, height=bar.height) if bar.certain else "",
                possible=_RECT.format(kind="cap", bar=bar, y=bar.cap_y, height=bar.cap_height)
                if bar.possible
                else "",
            )
            for bar in strip.bars
        )
    )


@register.simple_tag
def bar_rows(strip: Strip) -> SafeString:
    """The same as rows of a table: the unit, what is certainly in it, what could be."""
    in_figures = figures()
    return SafeString(
        "".join(
            _BAR_ROW.format(
                url=escape(bar.url),
                label=escape(bar.label),
                certain=in_figures(bar.certain),
                possible=in_figures(bar.possible),
            )
            for bar in strip.bars
        )
    )
