"""Imports documents."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive_site.collections.models import Collection
from documents.choices import Status
from documents.models import Document, Language, Participation, Repository, Text
from documents.numbers import note_record_id, reserve_record_ids
from interchange.base import Importer
from interchange.cells import one_line, read_text
from interchange.checking import Draft
from interchange.columns import DOCUMENTS, Kind, TextColumn
from interchange.people import people_authority
from interchange.problems import CellError
from interchange.resolve import Authority
from interchange.sides import ParticipantsSide, Side, TermsSide, TextsSide, number_texts
from interchange.writing import Planned
from records.languages import read_language

# The next record ids are counted from the highest: a slip of the keyboard must not use them up.
HIGHEST_RECORD_ID = 999_999_999
# A BCP 47 tag that says more than the language: zh-Hans, pt-BR, zh-Hant-TW.
_TAG = re.compile(r"([A-Za-z]{2,3})(?=-)(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?")


def _short_names(model: type[models.Model]) -> Callable[[], Iterable[tuple[int, str]]]:
    """The short names of repositories; other lists have none."""
    if model is not Repository:
        return lambda: ()
    return lambda: Repository._base_manager.exclude(short_name="").values_list("pk", "short_name")


class LanguageAuthority(Authority):
    """Languages are known by code; a BCP 47 tag or an English name means its code. None is ever added."""

    def load(self) -> None:
        self._codes = dict(Language.objects.values_list("code", "pk"))
        self._slugs: dict[str, int] = {}

    def refer(self, text: str, *, create: bool) -> int:
        try:
            tag = _TAG.fullmatch(text.strip())
            return self._codes[read_language(tag[1].lower() if tag else text)]
        except (ValueError, KeyError) as error:
            several = re.split(r"\s*[;,/]\s*", text.strip())
            if len(several) > 1 and all(part and part in self._codes for part in several):
                raise CellError(
                    _("“%(name)s” is no language; several are separated by “|”: %(several)s")
                    % {"name": text, "several": "|".join(several)}
                ) from error
            raise CellError(
                _("“%(name)s” is no language; write an ISO 639-2/B code such as eng, chi or rus")
                % {"name": text}
            ) from error


class DocumentImporter(Importer):
    """Documents are known by record id or by reference code; a new one needs a title."""

    layout = DOCUMENTS
    model = Document
    required = "title"
    parent_field, related_field = "attached_to", "related"
    target_prefixes = ("code:", "id:")
    highest_number = 0

    def make_authorities(self) -> dict[str, Authority]:
        authorities: dict[str, Authority] = {}
        for column in self.layout:
            if column.kind not in (Kind.TERM, Kind.TERMS):
                continue
            relation: Any = Document._meta.get_field(column.attribute)
            model = relation.related_model
            if model is Collection:
                authorities[column.name] = Authority(model, name_field="title", make=self._new_collection)
            elif model is Language:
                authorities[column.name] = LanguageAuthority(model)
            else:
                authorities[column.name] = Authority(model, others=_short_names(model))
        people = people_authority(self.mapping.organisations)
        return authorities | {column.name: people for column in self.layout if column.kind is Kind.ROLE}

    def _new_collection(self, title: str) -> Collection:
        """A collection that only its title is known of: as public as the documents that come with it."""
        return Collection(title=title, is_published=self.status == Status.PUBLISHED)

    def make_sides(self) -> list[Side]:
        roles = {column.name: column.field for column in self.layout if column.kind is Kind.ROLE}
        terms: list[Side] = [
            TermsSide(Document, column.name, self.authorities[column.name])
            for column in self.layout
            if column.kind is Kind.TERMS
        ]
        people = self.authorities["creators"]
        return [*terms, ParticipantsSide(Participation, roles, people), TextsSide(Text, self._text_columns())]

    def _text_columns(self) -> list[TextColumn]:
        columns = (self.layout.find(name) for name in self.columns_seen)
        return [column for column in columns if isinstance(column, TextColumn)]

    # Identity

    def read_keys(self, draft: Draft) -> None:
        try:
            number = read_text(draft.given.get("record_id"))
        except CellError as error:
            draft.refuse("record_id", str(error))
            number = ""
        if number:
            if not (number.isdecimal() and number.isascii() and 0 < int(number) <= HIGHEST_RECORD_ID):
                draft.refuse(
                    "record_id", _("is no record id; write a whole number of up to nine figures, or nothing")
                )
            else:
                draft.payload["record_id"] = int(number)
                draft.keys.append(f"id:{int(number)}")
        try:
            code = one_line(read_text(draft.given.get("reference_code")))
            Document._meta.get_field("reference_code").run_validators(code or "-")
        except CellError as error:
            draft.refuse("reference_code", str(error))
            return
        except ValidationError as error:
            draft.refuse("reference_code", " ".join(error.messages))
            return
        if code:
            draft.payload["reference_code"] = code
            draft.keys.append(f"code:{code}")
        if not draft.keys and not draft.problems:
            draft.refuse(
                "reference_code",
                _(
                    "is empty, and so is record_id; write one, by which the next import finds the record again"
                ),
            )

    def blame(self, draft: Draft, message: str) -> tuple[str, str]:
        return ("reference_code" if "reference_code" in draft.payload else "record_id"), message

    def identify(self, payloads: list[dict[str, Any]]) -> list[Any]:
        ids = [payload["record_id"] for payload in payloads if "record_id" in payload]
        codes = [payload["reference_code"] for payload in payloads if "reference_code" in payload]
        found = Document._base_manager.filter(
            models.Q(record_id__in=ids) | models.Q(reference_code__in=codes)
        )
        rows = list(found.values_list("pk", "record_id", "reference_code"))
        by_id = {record_id: (pk, record_id, code) for pk, record_id, code in rows}
        by_code = {code: (pk, record_id, code) for pk, record_id, code in rows if code}
        return [self._identity(payload, by_id, by_code) for payload in payloads]

    @staticmethod
    def _identity(
        payload: dict[str, Any], by_id: dict[Any, Any], by_code: dict[Any, Any]
    ) -> int | str | None:
        known_by_id = by_id.get(payload.get("record_id", 0))
        known_by_code = by_code.get(payload.get("reference_code", ""))
        if known_by_code and "record_id" in payload and known_by_code != known_by_id:
            return _(
                "belongs to record %(known)s, not to %(given)s; correct record_id, or leave it empty"
            ) % {
                "known": known_by_code[1],
                "given": payload["record_id"],
            }
        if known_by_id and known_by_id[2] and payload.get("reference_code", known_by_id[2]) != known_by_id[2]:
            # Numbers that another archive gave: its record 7 is not ours, and must not overwrite it.
            return _(
                "is not the code of record %(known)s, which is “%(code)s”; correct one of the two, or leave "
                "record_id empty if this is another record"
            ) % {"known": known_by_id[1], "code": known_by_id[2]}
        known = known_by_id or known_by_code
        return known[0] if known else None

    def find_targets(self, targets: list[str]) -> dict[str, int]:
        numbers = {
            int(text): text for text in targets if text.isascii() and text.isdecimal() and len(text) < 10
        }
        found: dict[str, int] = {}
        for number, pk in Document._base_manager.filter(record_id__in=numbers).values_list("record_id", "pk"):
            found[numbers[number or 0]] = pk
        by_code = Document._base_manager.filter(reference_code__in=targets).values_list(
            "reference_code", "pk"
        )
        return found | {code: pk for code, pk in by_code if code}

    def check(self, draft: Draft) -> None:
        self._check_credits(draft)
        self._check_withdrawal(draft)

    def _check_credits(self, draft: Draft) -> None:
        """Note credits of texts that neither the row nor the record has: they are left out, and that is said.

        No reason to reject the row: an export names the credits of texts whose files it does not carry.
        """
        for name, credit in draft.payload.items():
            column = self.layout.find(name) if credit and name.endswith(".credit") else None
            if not isinstance(column, TextColumn) or draft.payload.get(column.text_key):
                continue
            emptied = column.text_key in draft.payload
            texts = Text._base_manager.filter(document=draft.pk).order_by("kind", "order", "pk")
            stands = dict(number_texts(texts)).get(column.text_key) if draft.pk else None
            if stands is None or (emptied and not stands.file):
                self.lone_credits.append((draft.row, name))

    def _check(self) -> None:
        self.lone_credits: list[tuple[int, str]] = []
        super()._check()
        if self.lone_credits:
            row, name = self.lone_credits[0]
            count = len(self.lone_credits)
            self.report.notices.append(
                ngettext(
                    "%(count)s credit is left out, because there is no text that it could stand under: row %(row)s, "
                    "%(name)s.",
                    "%(count)s credits are left out, because there are no texts that they could stand under; the first: "
                    "row %(row)s, %(name)s.",
                    count,
                )
                % {"count": count, "row": row, "name": name}
            )

    def _check_withdrawal(self, draft: Draft) -> None:
        """What the admin asks of a withdrawal: that the record was public, and a note for its readers."""
        if draft.payload.get("status") != Status.WITHDRAWN:
            return
        known = Document._base_manager.values("status", "withdrawal_note", "first_published")
        now = known.filter(pk=draft.pk).first() if draft.pk else None
        if now and now["status"] == Status.WITHDRAWN:
            return
        stands = {**(now or {}), **draft.payload}
        if not stands.get("withdrawal_note"):
            message = _(
                "is empty; say in a sentence why the record was withdrawn, and what stands in its place"
            )
            draft.refuse("withdrawal_note", message)
        if not stands.get("first_published"):
            draft.refuse("status", _("was never public; write draft, or give the day in first_published"))

    # Writing

    def admitted(self, draft: Draft) -> None:
        self.highest_number = max(self.highest_number, draft.payload.get("record_id", 0))

    def new_record(self, payload: dict[str, Any]) -> Document:
        return Document(
            record_id=payload.get("record_id"),
            reference_code=payload.get("reference_code"),
            status=self.status,
        )

    def assign_keys(self, record: Document, payload: dict[str, Any]) -> None:
        record.reference_code = payload.get("reference_code", record.reference_code)

    def complete(self, record: Document) -> None:
        if record.status == Status.PUBLISHED and record.first_published is None:
            record.first_published = timezone.now()

    def before_insert(self, records: list[Document]) -> None:
        if self.highest_number:  # no row without a number may take one that a later row brings along
            note_record_id(self.highest_number)
        unnumbered = [record for record in records if record.record_id is None]
        if unnumbered:
            for record, number in zip(unnumbered, reserve_record_ids(len(unnumbered)), strict=True):
                record.record_id = number

    def written(self, planned: list[Planned]) -> None:
        self.report.drafts += sum(plan.is_new and plan.record.status == Status.DRAFT for plan in planned)
