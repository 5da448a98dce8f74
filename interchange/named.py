"""Records that are known by a name and by the slug of their address: people and collections."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from interchange.base import Importer
from interchange.cells import one_line, read_text
from interchange.checking import Draft
from interchange.problems import CellError
from interchange.resolve import Authority
from records.spelling import fold


class NamedImporter(Importer):
    """A row is the record with its slug, if it gives one, else the record with its name in any spelling.

    A row that gives both may give the record another name.
    """

    name_field: ClassVar[str]

    def make_own_list(self) -> Authority:
        """Every record of this kind that is there already."""
        return Authority(self.model, name_field=self.name_field)

    def standing(self) -> models.QuerySet:
        """The records that a row can be; not those that were merged into others."""
        return self.model._base_manager.all()

    def make_authorities(self) -> dict[str, Authority]:
        self.own = self.make_own_list()
        return {}

    def read_keys(self, draft: Draft) -> None:
        for column in (self.name_field, "slug"):
            try:
                text = one_line(read_text(draft.given.get(column)))
                if not text:
                    continue
                field: Any = self.model._meta.get_field(column)
                field.run_validators(text)
            except CellError as error:
                draft.refuse(column, str(error))
            except ValidationError as error:
                draft.refuse(column, " ".join(error.messages))
            else:
                draft.payload[column] = text
                draft.keys.append(f"{column}:{fold(text)}")
        if not draft.keys and not draft.problems:
            draft.refuse(self.name_field, _("is empty; every record needs one"))

    def blame(self, draft: Draft, message: str) -> tuple[str, str]:
        return (self.name_field if self.name_field in draft.payload else "slug"), message

    def identify(self, payloads: list[dict[str, Any]]) -> list[Any]:
        """Keys or conflicts; names are asked of the database again, spellings of the list read at the start."""
        names = [payload[self.name_field] for payload in payloads if self.name_field in payload]
        slugs = [payload["slug"] for payload in payloads if "slug" in payload]
        rows = (
            self.standing()
            .filter(models.Q(**{f"{self.name_field}__in": names}) | models.Q(slug__in=slugs))
            .values_list("pk", self.name_field, "slug")
        )
        by_name, by_slug = {}, {}
        for pk, name, slug in rows:
            by_name[name], by_slug[slug] = pk, pk
        return [self._identity(payload, by_name, by_slug) for payload in payloads]

    def _identity(
        self, payload: dict[str, Any], by_name: dict[str, int], by_slug: dict[str, int]
    ) -> int | str | None:
        name, slug = payload.get(self.name_field, ""), payload.get("slug", "")
        known_by_slug = by_slug.get(slug) if slug else None
        try:
            known_by_name = (by_name.get(name) or self.own.find_named(name)) if name else None
            other = self.own.find(name) if name and not known_by_name else None
        except CellError as error:
            return str(error)
        survivor = 0 if known_by_slug else self.own.survivor(slug)
        if survivor:
            return _("the record “%(slug)s” was merged into “%(name)s”; write that one's slug or name") % {
                "slug": slug,
                "name": self.own.name_of(survivor),
            }
        if known_by_slug:
            if known_by_name and known_by_name != known_by_slug:
                return _("is the name of another record, “%(slug)s”; correct the name or the slug") % {
                    "slug": self.own.slug_of(known_by_name)
                }
            return known_by_slug
        if known_by_name and slug:
            return _("has the slug “%(slug)s”; write that, or leave the slug empty") % {
                "slug": self.own.slug_of(known_by_name)
            }
        if other and self.own.slug_of(other) != name:
            return (
                _(
                    "is another name of “%(name)s”; write that name, or give a slug to make a record of its own"
                )
                % {"name": self.own.name_of(other)}
                if not slug
                else None
            )
        return known_by_name

    def check(self, draft: Draft) -> None:
        """A slug finds a record, but makes none without a name."""
        given = self.name_field in draft.given and self.name_field not in draft.payload
        if given and draft.keys and draft.pk is None and not draft.problems:
            draft.refuse(self.name_field, _("is empty; every record needs one"))

    def new_record(self, payload: dict[str, Any]) -> Any:
        return self.model(
            **{self.name_field: payload.get(self.name_field, ""), "slug": payload.get("slug", "")}
        )

    def assign_keys(self, record: Any, payload: dict[str, Any]) -> None:
        name = payload.get(self.name_field)
        if "slug" in payload and name and getattr(record, self.name_field).strip() != name:
            setattr(record, self.name_field, name)

    def before_insert(self, records: list[Any]) -> None:
        for record in records:
            if not record.slug:
                record.slug = self.own.new_slug(getattr(record, self.name_field))
