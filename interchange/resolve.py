"""Names in a file, and the authority records they mean. One spelling, one record."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from interchange.problems import CellError
from records.slugs import free_slug
from records.spelling import TRAILING, fold

# A key in the database, or the folded spelling of a record that is still to be made.
Reference = int | str


class Authority:
    """The records of one authority list by name, slug and other names, and those that an import adds.

    ``others`` yields (primary key, other name); ``moved`` tells where a merged record went.
    ``make`` gives an unsaved record for a new name.
    """

    def __init__(
        self,
        model: type[models.Model],
        *,
        name_field: str = "name",
        others: Callable[[], Iterable[tuple[int, str]]] = lambda: (),
        moved: Callable[[], dict[int, int]] = dict,
        make: Callable[[str], Any] | None = None,
    ) -> None:
        self.model, self.name_field = model, name_field
        self.label = str(model._meta.verbose_name)
        self._others, self._moved = others, moved
        self._make = make or (lambda name: model(**{name_field: name}))
        self._new: dict[str, str] = {}
        self._made: dict[str, int] = {}
        self._made_now: set[str] = set()
        self._inserted: set[str] = set()
        self.load()

    def load(self) -> None:
        """Read the list from the database."""
        self._exact: dict[str, int] = {}
        self._slugs: dict[str, int] = {}
        self._folded: dict[str, set[int]] = {}
        self._other: dict[str, set[int]] = {}
        self._names: dict[int, tuple[str, str]] = {}
        self._last = 0  # the highest key that was seen
        moved = self._moved()
        rows = self.model._base_manager.values_list("pk", self.name_field, "slug")
        for pk, name, slug in rows.iterator():
            self._add(moved.get(pk, pk), name, slug)
            self._last = max(self._last, pk)
            if pk not in moved:
                self._names[pk] = (name, slug)
        for pk, name in self._others():
            self._other.setdefault(fold(name), set()).add(moved.get(pk, pk))

    def _add(self, pk: int, name: str, slug: str) -> None:
        self._exact[name] = pk
        self._slugs[slug] = pk
        self._folded.setdefault(fold(name), set()).add(pk)

    def find(self, text: str) -> int | None:
        """The record that a name means, or None.

        An authorised name goes before a slug, and both before a variant name. Raises CellError where
        two records share the name.
        """
        return (
            self._exact.get(text)
            or self._slugs.get(text)
            or self._the_one(text, self._folded)
            or self._the_one(text, self._other)
        )

    def find_named(self, text: str) -> int | None:
        """The record whose authorised name this is, in any spelling; a merged record has none."""
        found = self._exact.get(text) or self._the_one(text, self._folded)
        return found if found and fold(self.name_of(found)) == fold(text) else None

    def _the_one(self, text: str, names: dict[str, set[int]]) -> int | None:
        meant = names.get(fold(text), set())
        if len(meant) < 2:
            return next(iter(meant), None)
        raise CellError(
            _("“%(name)s” may be %(records)s; write one of these names")
            % {"name": text, "records": _(" or ").join(sorted(f"“{self.name_of(pk)}”" for pk in meant))}
        )

    def name_of(self, pk: int) -> str:
        return self._names[pk][0] if pk in self._names else ""

    def slug_of(self, pk: int) -> str:
        return self._names[pk][1] if pk in self._names else ""

    def survivor(self, slug: str) -> int:
        """The record that the one with this slug was merged into; 0 if it was not."""
        pk = self._slugs.get(slug, 0)
        return 0 if self.slug_of(pk) in ("", slug) else pk

    def new_slug(self, name: str) -> str:
        """A slug that no record has, and that is not given again."""
        slug = free_slug(name, self._slugs.keys())
        self._slugs[slug] = 0
        return slug

    def refer(self, text: str, *, create: bool) -> Reference:
        """A reference to the record of that name, which is made later if it must be.

        Raises CellError where the name is unknown and none may be made, or where it can be no name.
        """
        found = self.find(text)
        if found:
            return found
        folded = fold(text)
        if not create:
            raise CellError(
                _(
                    "“%(name)s” is not among the archive's records of the kind “%(label)s”; correct the spelling, or add it first"
                )
                % {"name": text, "label": self.label}
            )
        if not folded:
            raise CellError(_("“%(name)s” is no name; write one with letters or figures") % {"name": text})
        if folded not in self._new:
            try:
                field: Any = self.model._meta.get_field(self.name_field)
                field.clean(text, None)
            except ValidationError as error:
                raise CellError(" ".join(error.messages)) from error
        return folded

    def expect(self, text: str) -> None:
        """Note the spelling under which a new record will be made: the first that an accepted row has."""
        self._new.setdefault(fold(text), " ".join(text.split()).rstrip(TRAILING))

    def key(self, reference: Reference) -> int | None:
        """The primary key of a reference, if its record exists already."""
        return reference if isinstance(reference, int) else self._made.get(reference)

    def make(self, references: Iterable[Reference]) -> None:
        """Make the records that these references still lack. Call in the transaction that needs them."""
        references = list(references)
        self.look_again(references)
        missing = self._lacking(references)
        if missing:
            self._made |= self._insert(missing)
            self._made_now.update(missing)
            self._inserted.update(missing)

    def look_again(self, references: Iterable[Reference]) -> None:
        """Find the records among these that somebody added since the list was read, in any spelling."""
        wanted = self._lacking(references)
        if not wanted:
            return
        # Those since the last look; one with an earlier key, whose transaction ended late, by its very name.
        added = models.Q(pk__gt=self._last) | models.Q(**{f"{self.name_field}__in": list(wanted.values())})
        rows = self.model._base_manager.filter(added).values_list("pk", self.name_field, "slug")
        for pk, name, slug in rows:
            self._last = max(self._last, pk)
            if name not in self._exact:
                self._add(pk, name, slug)
                self._names[pk] = (name, slug)
        for folded in wanted:
            if meant := self._folded.get(folded) or self._other.get(folded):
                self._made[folded] = min(meant)

    def _lacking(self, references: Iterable[Reference]) -> dict[str, str]:
        """The spellings of those among these that no record is known of, by their folded form."""
        return {r: self._new[r] for r in references if isinstance(r, str) and r not in self._made}

    @property
    def count_made(self) -> int:
        """How many records were made; in a dry run, how many would be."""
        return len(self._inserted)

    def _insert(self, missing: dict[str, str]) -> dict[str, int]:
        records: list[Any] = []
        for name in missing.values():
            record: Any = self._make(name)
            record.slug = self.new_slug(name)
            records.append(record)
        self.model._default_manager.bulk_create(records)
        for record in records:
            self._slugs[record.slug] = record.pk
        return {folded: record.pk for folded, record in zip(missing, records, strict=True)}

    def keep(self) -> None:
        """The transaction was committed: what was made in it stands."""
        self._made_now.clear()

    def forget(self, *, count: bool = False) -> None:
        """The transaction was rolled back. ``count``: what was made in it still counts, as in a dry run."""
        gone = {self._made.pop(reference) for reference in self._made_now}
        self._slugs = {slug: pk for slug, pk in self._slugs.items() if pk and pk not in gone}
        if not count:
            self._inserted -= self._made_now
        self._made_now.clear()
