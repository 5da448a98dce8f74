"""The base of every index class: what is public, what an entry is made of, and on what it hangs."""

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Cast
from haystack import indexes
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SkipDocument
from haystack.utils import get_model_ct

from records.dating import by_date
from records.entries import Entry
from records.naming import Named
from search.dependences import DependsOn
from search.fallback import Lookups, narrowed_by_state
from search.fields import SortField, StoredField, TextField
from search.state import DATE, DATE_DESCENDING, SearchState
from search.text import words

__all__ = ["ArchiveIndex", "DependsOn", "named_rows", "sort_key", "text_of"]

BATCH = 200


class ArchiveIndex(indexes.SearchIndex):
    """What the index holds of one model: an entry for each record that everybody may see.

    A subclass is ``Indexable`` too, and says ``model_label``, ``with_all_that_is_indexed`` and ``fields_of``.
    """

    text = TextField(document=True, stored=False)
    kind = SortField()
    title = TextField(weight=8, heading=True, highlighted=True)
    title_sort = SortField()
    entry = StoredField()
    grounds = StoredField()  # the names that it is found by (search.reasons.Ground)
    stamp = StoredField()  # a hash of all the rest: by it check_index tells what is stale

    model_label: ClassVar[str] = ""
    # What else makes entries stale than the record itself.
    depends_on: ClassVar[Sequence[DependsOn]] = ()
    # The date before which a record is not public, if its model has one.
    release_field: ClassVar[str] = ""
    # While the engine is down: where the database looks for words, by index field; facets that it can narrow by.
    fallback_lookups: ClassVar[Lookups] = {}
    fallback_facets: ClassVar[Mapping[str, str]] = {}
    fallback_title: ClassVar[str] = "title"

    # What a subclass says

    def with_all_that_is_indexed(self, records: QuerySet) -> QuerySet:
        """The records with everything that ``fields_of`` reads, in a fixed number of queries."""
        raise NotImplementedError

    def complete(self, records: Sequence[Any]) -> None:
        """What one batch of records shares and no prefetch brings, fetched once for all of them."""

    def fields_of(self, record: Any) -> dict[str, Any]:
        """The entry: index field to value. Asks the database for nothing."""
        raise NotImplementedError

    def entry_of(self, record: Any) -> Entry:
        """The record as a line of a list."""
        raise NotImplementedError

    def facet_records(self, name: str) -> Named | None:
        """The records whose slugs a facet's values are; None for other values, and for a facet of another index."""
        return None

    def facet_labels(self, name: str, values: Iterable[str]) -> dict[str, str]:
        """What other values of a facet are called, in at most one query; empty for a facet of another index."""
        return {}

    def facet_values(self, name: str, text: str) -> Iterable[str]:
        """The values of a facet that have exactly this name, or are this; what the public may not see is none."""
        return ()

    def public_names(self, kind: str, values: Iterable[str]) -> QuerySet | None:
        """Rows (name, kind, value, sort, number) of those of a facet's values, or of titles, that everybody may see now.

        One query, not yet asked, as ``named_rows`` makes it; None for a kind of another index.
        """
        return None

    # What Haystack asks

    def get_model(self) -> type[Model]:
        return apps.get_model(self.model_label)

    def visible_to(self, user: Any) -> QuerySet:
        """The records that this user may see; None is the public."""
        model: Any = self.get_model()
        return model._default_manager.visible_to(user)

    def index_queryset(self, using: str | None = None) -> QuerySet:
        return self.with_all_that_is_indexed(self.visible_to(None))

    def get_updated_field(self) -> str:
        return "changed"

    def full_prepare(self, obj: Any, with_string_facet: bool = True) -> dict[str, Any]:
        """The entry of a record as the engine gets it, stamped. SkipDocument for one that is gone."""
        if not self.is_gone(obj) and not getattr(obj, "_is_complete", False):
            # Somebody's own instance is neither trusted nor changed.
            obj = self.records([obj.pk])[0]
        if self.is_gone(obj):
            raise SkipDocument(f"{obj._meta.label_lower} {obj.pk} is not public")
        fields = {name: value for name, value in self.fields_of(obj).items() if value not in (None, "", [])}
        fields["entry"] = self.entry_of(obj).as_stored()
        fields["stamp"] = _stamp(fields)
        model = self.get_model()
        key = str(obj.pk)
        self.prepared_data = {
            ID: f"{get_model_ct(model)}.{key}",
            DJANGO_CT: get_model_ct(model),
            DJANGO_ID: key,
        }
        self.prepared_data |= fields
        return self.prepared_data

    prepare = full_prepare

    # What the outbox, rebuilds and checks ask

    def records(self, keys: Iterable[Any]) -> list[Any]:
        """The records with these keys, ready to be prepared; one that is not public as its own ghost.

        A constant number of queries. What is handed to ``backend.update`` removes the ghosts.
        """
        wanted = {str(key): key for key in keys}
        found = list(
            self.with_all_that_is_indexed(self.visible_to(None).filter(pk__in=list(wanted.values())))
        )
        self._complete(found)
        model: Any = self.get_model()
        for record in found:
            del wanted[str(record.pk)]
        ghosts = [model(pk=model._meta.pk.to_python(key)) for key in wanted]
        for ghost in ghosts:
            ghost._is_gone = True
        return found + ghosts

    def is_gone(self, record: Any) -> bool:
        """Whether this stands for a record that the index must not have."""
        return getattr(record, "_is_gone", False)

    def batches(self, size: int = BATCH, after: int = 0) -> Iterator[list[Any]]:
        """Every public record, ready to be prepared, by key; those behind a key ``after``."""
        last = after
        while True:
            public = self.visible_to(None).filter(pk__gt=last).order_by("pk")
            batch = list(self.with_all_that_is_indexed(public)[:size])
            if not batch:
                return
            last = batch[-1].pk
            self._complete(batch)
            yield batch

    def _complete(self, records: Sequence[Any]) -> None:
        self.complete(records)
        for record in records:
            record._is_complete = True

    # What the search page asks

    @property
    def is_dated(self) -> bool:
        """Whether its records have dates to search by, as the index knows them; others are not called undated."""
        return "date_earliest" in self.fields

    def fallback_queryset(self, state: SearchState) -> QuerySet:
        """Public records by the database alone, in the order asked for; ``entry_of`` makes lines of them."""
        found = narrowed_by_state(self.visible_to(None), state, self.fallback_lookups, self.fallback_facets)
        if self.is_dated and state.order in (DATE, DATE_DESCENDING):
            ordered = found.order_by(*by_date(descending=state.order == DATE_DESCENDING))
        else:
            ordered = found.order_by(F(self.fallback_title).asc(), "pk")
        return self.for_entries(ordered)

    def for_entries(self, records: QuerySet) -> QuerySet:
        """The records with what ``entry_of`` reads."""
        return self.with_all_that_is_indexed(records)


def named_rows(
    kind: str,
    records: QuerySet,
    values: Iterable[str],
    value: str,
    name: str,
    *,
    sort: str = "",
    number: str = "",
) -> QuerySet:
    """Rows (name, kind, value, sort, number) of the records whose ``value`` is one of these.

    All alike, so that they can be joined. ``sort`` is the field that tells organisations from persons, of a
    title its document's date; ``number`` that of the document's record number.
    """

    def text(field: str) -> Any:
        return Cast(field, CharField()) if field else Value("", CharField())

    shown = records.filter(**{f"{value}__in": list(values)}).order_by()
    named = shown.annotate(
        _kind=Value(kind, CharField()), _value=text(value), _sort=text(sort), _number=text(number)
    )
    return named.values_list(name, "_kind", "_value", "_sort", "_number")


def _stamp(fields: Mapping[str, Any]) -> str:
    # Format 2 of marshal writes texts as they are, and equal values alike, whatever objects they share: to
    # quote them, as JSON and repr do, takes longer than all the rest.
    digest = blake2b(digest_size=12)
    for name, value in sorted(fields.items()):
        try:
            written = marshal.dumps((name, value), 2)
        except ValueError:  # of a type of its own: a date, a lazy string
            parts = value if isinstance(value, list) else (value,)
            written = "\x1f".join([name, *map(str, parts), "\x1e"]).encode("utf-8", "replace")
        digest.update(written)
    return digest.hexdigest()


def sort_key(title: str) -> str:
    """A key to sort titles by: folded words, without the punctuation at the front."""
    return " ".join(words(title))[:200]


def text_of(parts: Iterable[str | None]) -> str:
    """Names and notes that have no field of their own, one a line."""
    return "\n".join(part for part in parts if part)
