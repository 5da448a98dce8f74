"""What the conditions of the box and the filter rows ask for, in words: "Zhou or Mao", "Title: peace"."""

from datetime import date
from functools import reduce

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dates import Certainty, PartialDate
from dates.explaining import print_range
from search.rows import ANYWHERE, ROW_FIELDS, FilterRow, Operator
from search.tree import CONTENT, And, Near, Node, Not, Or, Overlap, Phrase, Prefix, Undated, Words

_LABELS = {field: label for label, field in ROW_FIELDS.values()}


def row_in_words(row: FilterRow, *, certain: bool = False) -> str:
    """What a filter row asks for: "Title: peace", "a date that could be 1955", or ``certain``ly is."""
    if days := row.days:
        # A row that refuses dates refuses those that could be.
        return days_in_words(*days, certain=certain and not row.is_negative)
    if row.undated:
        return _undated_in_words()
    value = row.value
    if row.operator in (Operator.IS, Operator.IS_NOT):
        value = _("exactly “%(value)s”") % {"value": value}
    return value if row.field == ANYWHERE else _in_field(row.field_label, value)


def condition_in_words(node: Node, *, alone: bool = True) -> str:
    """What a condition of the box asks for; empty for one that no box can ask for.

    One that is not ``alone`` stands in parentheses where it is made of several.
    """
    if isinstance(node, And | Or):
        pair = _("%(one)s and %(other)s") if isinstance(node, And) else _("%(one)s or %(other)s")
        each = (condition_in_words(child, alone=False) for child in node.children)
        joined = reduce(lambda one, other: pair % {"one": one, "other": other}, each)
        return joined if alone else f"({joined})"
    if isinstance(node, Not):
        return _("not %(condition)s") % {"condition": condition_in_words(node.child, alone=False)}
    if isinstance(node, Overlap):
        return days_in_words(node.earliest, node.latest, certain=node.certain)
    if isinstance(node, Undated):
        return _undated_in_words()
    if not isinstance(node, Words | Phrase | Prefix | Near):
        return ""
    return _said(node) if node.field == CONTENT else _in_field(_LABELS[node.field], _said(node))


def _said(node: Words | Phrase | Prefix | Near) -> str:
    if isinstance(node, Words):
        return node.text
    if isinstance(node, Prefix):
        return f"{node.text}*"
    quoted = _("“%(phrase)s”") % {"phrase": node.text}
    if isinstance(node, Phrase):
        return quoted
    return _("%(words)s at most %(distance)s words apart") % {"words": quoted, "distance": node.distance}


def days_in_words(earliest: date | None, latest: date | None, *, certain: bool = False) -> str:
    """What a range of days asks for: "a date that could be 1955 to 1957"."""
    asked = _("a date that is certainly %(dates)s") if certain else _("a date that could be %(dates)s")
    return asked % {"dates": range_in_words(earliest, latest)}


def range_in_words(earliest: date | None, latest: date | None) -> str:
    """The days themselves: "1955 to 1957", "1956 or later"."""
    covered = PartialDate("", "", earliest, latest, Certainty.CERTAIN)
    return print_range(covered, get_language() or "en")


def _undated_in_words() -> str:
    return _in_field(ROW_FIELDS["date"][0], _("undated"))


def _in_field(label: str | Promise, value: str) -> str:
    return _("%(field)s: %(value)s") % {"field": label, "value": value}
