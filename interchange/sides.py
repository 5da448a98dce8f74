"""What hangs on a record in tables of its own: terms, participants, texts, variant names. Compared and written in bulk."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, Protocol

from django.db import connections, models, router

from interchange.columns import TextColumn, text_column_name
from interchange.resolve import Authority, Reference
from records.html import to_html
from search.outbox import note_ids

INSERTED_AT_ONCE = 500


class Side(Protocol):
    """One such table. ``load`` reads what there is, ``compare`` says what must change, ``write`` changes it."""

    columns: frozenset[str]

    def load(self, pks: list[int], columns: set[str]) -> None: ...

    def compare(self, pk: int | None, payload: Mapping[str, Any]) -> Any:
        """The change that the payload asks for; None for none."""
        ...

    def references(self, change: Any) -> Iterable[tuple[Authority, Reference]]:
        """The authority records that a change needs."""
        ...

    def write(self, changes: list[tuple[Any, Any]]) -> None:
        """Carry out changes: (record, change), the records having keys."""
        ...


def quietly(model: type[models.Model]) -> models.QuerySet:
    """The rows of a table, through a queryset that tells no index: the record that they hang on does, once."""
    return models.QuerySet(model)


def insert(model: type[models.Model], names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Insert rows of a side table, given as the values (numbers and texts) of these fields, which are all it has.

    Building a model for each and asking every field for its value takes four times as long.
    """
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(quote(field.column) for field in fields)
    marks = f"({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), INSERTED_AT_ONCE):
            chunk = rows[start : start + INSERTED_AT_ONCE]
            sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608 (names of our own)
            cursor.execute(sql + ", ".join([marks] * len(chunk)), [value for row in chunk for value in row])


class TermsSide:
    """A plain many-to-many relation: types, places, subjects and so on."""

    def __init__(self, model: type[models.Model], name: str, authority: Authority) -> None:
        relation: Any = model._meta.get_field(name)
        self.columns = frozenset({name})
        self._name, self._authority = name, authority
        self._through = relation.remote_field.through
        self._names = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        self._own, self._other = f"{self._names[0]}_id", f"{self._names[1]}_id"
        self._now: dict[int, set[int]] = {}

    def load(self, pks: list[int], columns: set[str]) -> None:
        self._now = {}
        if self._name in columns and pks:
            rows = quietly(self._through).filter(**{f"{self._own}__in": pks})
            for own, other in rows.values_list(self._own, self._other):
                self._now.setdefault(own, set()).add(other)

    def compare(self, pk: int | None, payload: Mapping[str, Any]) -> list[Reference] | None:
        if self._name not in payload:
            return None
        wanted = payload[self._name]
        now = self._now.get(pk, set()) if pk else set()
        return None if {self._authority.key(reference) for reference in wanted} == now else wanted

    def references(self, change: list[Reference]) -> Iterable[tuple[Authority, Reference]]:
        return [(self._authority, reference) for reference in change]

    def write(self, changes: list[tuple[Any, list[Reference]]]) -> None:
        rows, gone = [], models.Q()
        for record, wanted in changes:
            keys = {self._authority.key(reference) for reference in wanted}
            now = self._now.get(record.pk, set())
            rows += [
                (record.pk, key) for key in sorted(key for key in keys if key is not None and key not in now)
            ]
            if now - keys:
                gone |= models.Q(**{self._own: record.pk, f"{self._other}__in": now - keys})
        if gone:
            quietly(self._through).filter(gone).delete()
        insert(self._through, self._names, rows)


class ParticipantsSide:
    """People in roles, in the order of the source."""

    def __init__(self, model: type[models.Model], roles: Mapping[str, str], authority: Authority) -> None:
        self._model = model
        self._roles = dict(roles)  # column -> role
        self.columns = frozenset(roles)
        self._authority = authority
        self._now: dict[tuple[int, str], list[int]] = {}

    def load(self, pks: list[int], columns: set[str]) -> None:
        self._now = {}
        roles = [role for column, role in self._roles.items() if column in columns]
        if roles and pks:
            rows = quietly(self._model).filter(document_id__in=pks, role__in=roles)
            ordered = rows.order_by("role", "order", "pk").values_list("document_id", "role", "person_id")
            for document, role, person in ordered:
                self._now.setdefault((document, role), []).append(person)

    def compare(self, pk: int | None, payload: Mapping[str, Any]) -> dict[str, list[Reference]] | None:
        changed = {}
        for column, role in self._roles.items():
            if column not in payload:
                continue
            wanted = payload[column]
            now = self._now.get((pk, role), []) if pk else []
            if [self._authority.key(reference) for reference in wanted] != now:
                changed[role] = wanted
        return changed or None

    def references(self, change: dict[str, list[Reference]]) -> Iterable[tuple[Authority, Reference]]:
        return [(self._authority, reference) for wanted in change.values() for reference in wanted]

    def write(self, changes: list[tuple[Any, dict[str, list[Reference]]]]) -> None:
        rows, gone = [], models.Q()
        people: set[Any] = set()
        for record, roles in changes:
            for role, wanted in roles.items():
                before = self._now.get((record.pk, role), [])
                if before:
                    gone |= models.Q(document_id=record.pk, role=role)
                keys = dict.fromkeys(self._authority.key(reference) for reference in wanted)
                rows += [(record.pk, key, role, order) for order, key in enumerate(keys)]
                people |= keys.keys() ^ set(before)
        if gone:
            quietly(self._model).filter(gone).delete()
        insert(self._model, ("document", "person", "role", "order"), rows)
        # Whom a public document names is public. Of the record the index is told, of the people by nobody else.
        person: Any = self._model._meta.get_field("person")
        note_ids(f"{person.related_model._meta.label_lower}.{key}" for key in sorted(people))


class TextsSide:
    """Transcripts and translations, each known by kind, language, script, and number where there are several."""

    def __init__(self, model: type[models.Model], columns: Iterable[TextColumn]) -> None:
        self._model = model
        self._texts = {column.text_key: column for column in columns}
        self.columns = frozenset(self._texts) | {f"{key}.credit" for key in self._texts}
        self._now: dict[tuple[int, str], Any] = {}

    def load(self, pks: list[int], columns: set[str]) -> None:
        self._now = {}
        if pks and self._texts:
            rows = (
                quietly(self._model)
                .filter(document_id__in=pks)
                .order_by("document_id", "kind", "order", "pk")
            )
            for key, text in number_texts(rows):
                if key in self._texts:
                    self._now[text.document_id, key] = text

    def compare(self, pk: int | None, payload: Mapping[str, Any]) -> dict[str, dict[str, str]] | None:
        changed = {}
        for key in self._texts:
            wanted = {}
            if key in payload:
                wanted["content"] = payload[key]
            if f"{key}.credit" in payload:
                wanted["credit"] = payload[f"{key}.credit"]
            if wanted and self._differs(self._now.get((pk, key)) if pk else None, wanted):
                changed[key] = wanted
        return changed or None

    @staticmethod
    def _differs(text: Any, wanted: dict[str, str]) -> bool:
        if text is None:
            return bool(wanted.get("content"))  # a credit alone makes no text
        content = wanted.get("content", text.content)
        same = content in (text.content, text.content.strip()) or to_html(content) == text.content
        return not same or wanted.get("credit", text.credit) != text.credit

    def references(self, change: Any) -> Iterable[tuple[Authority, Reference]]:
        return ()

    def write(self, changes: list[tuple[Any, dict[str, dict[str, str]]]]) -> None:
        made, altered, gone = [], [], []
        for record, texts in changes:
            for key, wanted in texts.items():
                text = self._now.get((record.pk, key))
                if text is None:
                    made.append(self._make(record, self._texts[key], wanted))
                elif wanted.get("content") == "" and not text.file:
                    gone.append(text.pk)
                else:
                    if "content" in wanted and wanted["content"] != text.content.strip():
                        text.content = to_html(wanted["content"])
                    text.credit = wanted.get("credit", text.credit)
                    altered.append(text)
        if gone:
            quietly(self._model).filter(pk__in=gone).delete()
        if altered:
            quietly(self._model).bulk_create(
                altered, update_conflicts=True, unique_fields=["id"], update_fields=["content", "credit"]
            )
        insert(self._model, self._fields, made)

    _fields = ("document", "kind", "language", "script", "content", "credit", "order", "direction", "file")

    @staticmethod
    def _make(record: Any, column: TextColumn, wanted: dict[str, str]) -> tuple[Any, ...]:
        content, credit = to_html(wanted.get("content", "")), wanted.get("credit", "")
        return (
            record.pk,
            column.text_kind,
            column.language,
            column.script,
            content,
            credit,
            column.number - 1,
            "",
            "",
        )


def number_texts(texts: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    """Texts with the names of their columns. They come sorted by document, kind, order and key."""
    for _document, group in groupby(texts, key=lambda text: text.document_id):
        counts: dict[str, int] = {}
        for text in group:
            name = text_column_name(text.kind, text.language, text.script)
            counts[name] = counts.get(name, 0) + 1
            yield text_column_name(text.kind, text.language, text.script, counts[name]), text


class VariantsSide:
    """The variant names of a person, in order."""

    columns = frozenset({"variant_names"})

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        self._now: dict[int, list[list[str]]] = {}

    def load(self, pks: list[int], columns: set[str]) -> None:
        self._now = {}
        if "variant_names" in columns and pks:
            rows = quietly(self._model).filter(person_id__in=pks).order_by("person_id", "pk")
            for person, *variant in rows.values_list("person_id", "name", "language", "scheme"):
                self._now.setdefault(person, []).append(variant)

    def compare(self, pk: int | None, payload: Mapping[str, Any]) -> list[list[str]] | None:
        if "variant_names" not in payload:
            return None
        wanted = [list(variant) for variant in payload["variant_names"]]
        return None if wanted == (self._now.get(pk, []) if pk else []) else wanted

    def references(self, change: Any) -> Iterable[tuple[Authority, Reference]]:
        return ()

    def write(self, changes: list[tuple[Any, list[list[str]]]]) -> None:
        old = [record.pk for record, _wanted in changes if record.pk in self._now]
        if old:
            quietly(self._model).filter(person_id__in=old).delete()
        rows = [(record.pk, *variant) for record, wanted in changes for variant in wanted]
        insert(self._model, ("person", "name", "language", "scheme"), rows)
