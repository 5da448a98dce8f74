"""From a row of the file to values that can be written: every cell read and checked, nothing stored yet."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from dates import DateError, PartialDate, print_date, read_date
from interchange import cells
from interchange.columns import Column, Kind, Layout, TextColumn
from interchange.mapping import Mapping
from interchange.problems import CellError, Problem, shown
from interchange.readers import Row
from interchange.resolve import Authority, Reference
from interchange.rules import MISSING, Rule


@dataclass
class Draft:
    """A row on its way: ``given`` as the mapping took it from the file, ``payload`` as it will be written.

    ``payload`` holds JSON values by column; ``links`` the records it names; ``names`` the names of authority
    records that may be new; ``pk`` the record that it is already, if any.
    """

    row: int
    given: dict[str, Any] = field(default_factory=dict)
    payload: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    names: list[tuple[Authority, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    pk: int | None = None
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, message: str, value: Any = None) -> None:
        """Note a problem with a column; the value is the one in the file unless another is given."""
        value = self.given.get(column, "") if value is None else value
        self.problems.append(Problem(self.row, column, shown(value), message))


def stored_form(date: PartialDate, written: str) -> list[Any]:
    """A date as JSON: written, EDTF, bounds, certainty, supplied."""
    bounds = [bound.isoformat() if bound else None for bound in (date.earliest, date.latest)]
    return [written, date.edtf, *bounds, date.certainty.value, date.supplied]


class Checker:
    """Reads the cells of one kind of record. An importer gives it its authority lists by column."""

    def __init__(
        self,
        layout: Layout,
        model: type[models.Model],
        mapping: Mapping,
        authorities: dict[str, Authority],
        *,
        create_terms: bool,
        keep_unread_dates: bool,
    ) -> None:
        self.layout, self.model, self.mapping = layout, model, mapping
        self.authorities = authorities
        self.create_terms, self.keep_unread_dates = create_terms, keep_unread_dates
        self._rules: dict[tuple[str, ...], list[Rule]] = {}
        self.seen: set[str] = set()
        self.columns: set[str] = set()
        self.unused: dict[str, None] = {}

    def rules(self, names: tuple[str, ...], place: str) -> list[Rule]:
        """The rules for a row with these columns. Raises MappingError for columns that nobody knows."""
        if names not in self._rules:
            rules, unused = self.mapping.rules_for(names)
            self.mapping.refuse_unused(unused, place)
            self.unused.update(dict.fromkeys(unused))
            self.seen.update(names)
            self.columns.update(rule.column.name for rule in rules)
            self._rules[names] = rules
        return self._rules[names]

    def take(self, row: Row) -> Draft:
        """What the mapping takes from a row; the cells are not read yet."""
        draft = Draft(row.number)
        if row.problem:
            draft.problems.append(Problem(row.number, "", row.excerpt, row.problem))
            return draft
        for rule in self.rules(tuple(row.cells), _("row %(row)s") % {"row": row.number}):
            try:
                value = rule.value(row.cells)
            except ValueError as error:
                draft.refuse(rule.column.name, str(error))
                continue
            if value is not MISSING:
                draft.given[rule.column.name] = value
        return draft

    def read(self, draft: Draft) -> None:
        """Read every cell but the keys into the draft's payload, its links and its problems."""
        for name, value in draft.given.items():
            column = self.layout.find(name)
            assert column is not None  # noqa: S101 (rules name only columns of the layout)
            if column.kind is Kind.KEY:
                continue
            try:
                self._read_cell(draft, column, value)
            except CellError as error:
                draft.refuse(name, str(error))

    def _read_cell(self, draft: Draft, column: Column, value: Any) -> None:
        match column.kind:
            case Kind.FIELD:
                self._read_field(draft, column, value)
            case Kind.DATE:
                self._read_date(draft, column, value)
            case Kind.DAY:
                day = cells.read_day(value, self.mapping.date_order)
                draft.payload[column.name] = day.isoformat() if day else None
            case Kind.MOMENT:
                moment = cells.read_moment(value)
                if moment:  # an empty one says nothing: it is never unsaid
                    draft.payload[column.name] = moment.isoformat()
            case Kind.FLAG:
                draft.payload[column.name] = cells.read_flag(value)
            case Kind.TERM:
                name = cells.read_text(value)
                draft.payload[column.name] = self._refer(draft, column, name) if name else None
            case Kind.TERMS | Kind.ROLE:
                references = self._references(draft, column, cells.read_list(value))
                draft.payload[column.name] = list(dict.fromkeys(references))
            case Kind.LINK:
                target = cells.read_text(value)
                draft.links[column.name] = [target] if target else []
            case Kind.LINKS:
                draft.links[column.name] = list(dict.fromkeys(cells.read_list(value)))
            case Kind.VARIANTS:
                variants = [cells.read_variant(text) for text in cells.read_list(value)]
                draft.payload[column.name] = list({variant[0]: variant for variant in variants}.values())
            case Kind.TEXT:
                draft.payload[column.name] = cells.read_text(value)
            case Kind.CREDIT:
                assert isinstance(column, TextColumn)  # noqa: S101 (only texts have credits)
                draft.payload[column.name] = self._clean(self._text_credit, cells.read_text(value))

    @property
    def _text_credit(self) -> Any:
        texts: Any = self.model._meta.get_field("texts")
        return texts.related_model._meta.get_field("credit")

    def _read_field(self, draft: Draft, column: Column, value: Any) -> None:
        model_field: Any = self.model._meta.get_field(column.attribute)
        text = cells.read_text(value)
        if not text and not model_field.blank:
            if not model_field.has_default():
                raise CellError(_("is empty; every record needs one"))
            return  # status, kind, order: an empty cell leaves what stands there, or the default
        draft.payload[column.name] = self._clean(model_field, text)

    def _clean(self, model_field: models.Field, text: str) -> Any:
        if isinstance(model_field, models.CharField):
            text = cells.one_line(text)
        if model_field.choices and text:
            for value, label in model_field.flatchoices:
                if text.casefold() in (str(value).casefold(), str(label).casefold()):
                    return str(value)
            known = ", ".join(str(value) for value, _label in model_field.flatchoices)
            raise CellError(
                _("is none of the values possible here; write one of %(known)s") % {"known": known}
            )
        try:
            return model_field.clean(text, None)
        except ValidationError as error:
            raise CellError(" ".join(error.messages)) from error

    def _read_date(self, draft: Draft, column: Column, value: Any) -> None:
        text = cells.read_text(value)
        model_field: Any = self.model._meta.get_field("date_display")
        text = self._clean(model_field, text)
        try:
            draft.payload[column.name] = self._dated(text)
        except DateError as error:
            if not self.keep_unread_dates and not self._is_kept_already(draft.pk, text):
                raise CellError(str(error)) from error
            draft.payload[column.name] = {"unread": text}

    def _dated(self, text: str) -> list[Any]:
        order = self.mapping.date_order
        date = read_date(text, date_order=order)
        if order is None:
            return stored_form(date, text)
        try:
            plain = read_date(text)
        except DateError:
            plain = None
        # What only the mapping's order made clear is kept in words that are clear by themselves.
        same = plain is not None and (plain.edtf, plain.earliest) == (date.edtf, date.earliest)
        return stored_form(date, text if same else print_date(date, "en"))

    def _is_kept_already(self, pk: int | None, text: str) -> bool:
        """Whether a curator has this very date still to settle: then the row changes nothing about it."""
        if pk is None:
            return False
        return self.model._base_manager.filter(pk=pk, date_display=text, date_certainty="unread").exists()

    def _references(self, draft: Draft, column: Column, names: list[str]) -> list[Reference]:
        references = []
        for name in names:
            try:
                references.append(self._refer(draft, column, name))
            except CellError as error:
                draft.refuse(column.name, str(error), name)
        return references

    def _refer(self, draft: Draft, column: Column, name: str) -> Reference:
        authority = self.authorities[column.name]
        reference = authority.refer(name, create=self.create_terms)
        if isinstance(reference, str):
            draft.names.append((authority, name))
        return reference
