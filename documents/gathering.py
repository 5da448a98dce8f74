"""Everything about a batch of documents, gathered in a fixed number of queries.

Prefetching by Django makes a manager and a queryset for each document and relation, which
takes longer than the queries; the index wants names and slugs, and takes them as rows.
What is deleted between two of the queries is left out: that it went makes the documents stale again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import models

from archive_site.collections.models import Collection
from archive_site.collections.search_indexes import PublishedAbove
from documents.models import Classification, Document, Participation, Place, Repository, Scan, Text
from people.models import Person, VariantName
from records.trees import nodes_above, upward


class Named(NamedTuple):
    """A term of an authority list; of a language, ``slug`` is the code."""

    slug: str
    name: str


class TextRow(NamedTuple):
    kind: str
    language: str
    script: str
    content: str
    credit: str


class ScanRow(NamedTuple):
    caption: str


class PersonRow(NamedTuple):
    """A participant: every name, the authorised one first."""

    slug: str
    names: tuple[str, ...]


class Gathered:
    """What hangs on one document, in its order."""

    def __init__(self) -> None:
        self.collections: list[Collection] = []
        self.collection_slugs: list[str] = []
        self.collection_titles: list[str] = []
        self.collection_names: list[Named] = []  # both of each
        self.places: list[Named] = []  # with the wider ones
        self.place_paths: list[list[Named]] = []  # each place, then what it lies in, one after the other
        self.subjects: list[Named] = []
        self.types: list[Named] = []
        self.languages: list[Named] = []
        self.publishers: list[Named] = []
        self.donors: list[Named] = []
        self.participants: list[tuple[str, PersonRow]] = []  # role and person
        self.texts: list[TextRow] = []
        self.scans: list[ScanRow] = []


def gather(documents: Sequence[Any]) -> None:
    """Hangs a ``Gathered`` on each document, and what a line of a list needs where it is looked for."""
    keys = _written(document.pk for document in documents)
    gathered = {document.pk: Gathered() for document in documents}
    for name in ("subjects", "types", "publishers", "donors"):
        for key, slug, label in _linked(name, keys, "slug", "name"):
            getattr(gathered[key], name).append(Named(slug, label))
    for key, code, label in _linked("languages", keys, "code", "name"):
        gathered[key].languages.append(Named(code, label))
    _gather_places(keys, gathered)
    _gather_collections(keys, gathered)
    _gather_people(keys, gathered)
    texts = Text.objects.filter(document__in=keys).order_by("kind", "order", "pk")
    for key, *row in texts.values_list("document_id", *TextRow._fields):
        gathered[key].texts.append(TextRow(*row))
    scans = Scan.objects.filter(document__in=keys).order_by("order", "pk")
    for key, caption in scans.values_list("document_id", "caption"):
        gathered[key].scans.append(ScanRow(caption))
    for name, model in (("classification", Classification), ("repository", Repository)):
        terms = model.objects.in_bulk({getattr(each, f"{name}_id") for each in documents} - {None})
        for document in documents:
            # Past Django's descriptor, which would look each of them over.
            document._state.fields_cache[name] = terms.get(getattr(document, f"{name}_id"))
    for document in documents:
        found = document.gathered = gathered[document.pk]
        document._prefetched_objects_cache = {
            "collections": found.collections,
            "texts": found.texts,
            "scans": found.scans,
        }


def _written(keys: Iterable[int]) -> models.Func:
    """Keys for an ``__in``, as figures in the query: to bind each takes longer than a dozen such queries run."""
    figures = ", ".join(str(int(key)) for key in keys) or "NULL"
    return models.Func(template="(%(figures)s)", figures=figures, output_field=models.BigIntegerField())


def _linked(name: str, keys: models.Func, *fields: str) -> Iterable[tuple[Any, ...]]:
    """Rows (document, these fields of the other side) of a many-to-many field, in the other side's order."""
    field: Any = Document._meta.get_field(name)
    other = field.m2m_reverse_field_name()
    ordering = [f"{other}__{term}" for term in field.related_model._meta.ordering]
    rows = field.remote_field.through.objects.filter(document__in=keys).order_by(*ordering)
    return rows.values_list("document_id", *(f"{other}__{each}" for each in fields))


def _gather_places(keys: models.Func, gathered: dict[int, Gathered]) -> None:
    links = list(_linked("places", keys, "pk"))
    nodes = nodes_above(Place, {place for _key, place in links}, "slug", "name")
    parents = {place: node[0] for place, node in nodes.items()}
    for key, place in links:
        path = [Named(*nodes[each][1:]) for each in upward(place, parents) if each in nodes]
        if not path:
            continue
        gathered[key].place_paths.append(path)
        places = gathered[key].places
        places += [named for named in path if named not in places]


def _gather_collections(keys: models.Func, gathered: dict[int, Gathered]) -> None:
    links = list(_linked("collections", keys, "pk"))
    own = {collection for _key, collection in links}
    above = PublishedAbove(own)
    shown = Collection.objects.only("slug", "title", "is_published").in_bulk(own)
    for key, collection in links:
        if collection not in shown:
            continue
        found = gathered[key]
        found.collections.append(shown[collection])
        found.collection_slugs += [s for s in above.slugs(collection) if s not in found.collection_slugs]
        found.collection_titles += [t for t in above.titles(collection) if t not in found.collection_titles]
        named = map(Named, above.slugs(collection), above.titles(collection))
        found.collection_names += [each for each in named if each not in found.collection_names]


def _gather_people(keys: models.Func, gathered: dict[int, Gathered]) -> None:
    participations = Participation.objects.filter(document__in=keys).order_by("role", "order", "pk")
    rows = list(participations.values_list("document_id", "role", "person_id"))
    wanted = {person for _key, _role, person in rows}
    names: dict[int, list[str]] = defaultdict(list)
    variants = VariantName.objects.filter(person__in=_written(wanted)).order_by("pk")
    for person, name in variants.values_list("person_id", "name"):
        names[person].append(name)
    people = {
        person: PersonRow(slug, (name, *(each for each in names[person] if each != name)))
        for person, slug, name in Person.objects.filter(pk__in=_written(wanted)).values_list(
            "pk", "slug", "name"
        )
    }
    for key, role, person in rows:
        if person in people:
            gathered[key].participants.append((role, people[person]))
