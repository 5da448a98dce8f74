"""The names that a document is found by, so that a hit can say which it was."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from documents.gathering import Gathered, Named, PersonRow
from search.reasons import Ground


def grounds_of(record: Any, found: Gathered, dates: list[str]) -> list[list[Any]]:
    """Everything that a document is found by besides its title and texts, as the index stores it.

    ``dates``: its date as written, then in other words.
    """
    repository = record.repository
    grounds = [
        *_people(found),
        *(Ground("place", path[0].name, path[0].slug, _names(path[1:])) for path in found.place_paths),
        *(Ground("subject", each.name, each.slug) for each in found.subjects),
        *(Ground("type", each.name, each.slug) for each in found.types),
        *(Ground("language", each.name, each.slug) for each in found.languages),
    ]
    if repository:
        others = (repository.short_name, repository.city, repository.country)
        grounds.append(Ground("archive", repository.name, repository.slug, tuple(filter(None, others))))
    grounds += (Ground("collection", each.name, each.slug) for each in found.collection_names)
    if record.classification:
        grounds.append(Ground("classification", record.classification.name, record.classification.slug))
    if dates:
        years = (word for each in dates[1:] for word in each.split() if word.isdigit() and len(word) == 4)
        grounds.append(Ground("date", dates[0], others=tuple(dict.fromkeys(years))))
    if record.archival_reference:
        grounds.append(Ground("reference", record.archival_reference))
    if record.reference_code:
        grounds.append(Ground("code", record.reference_code))
    grounds.append(Ground("record", str(record.record_id)))
    grounds += (Ground("publisher", each.name) for each in found.publishers)
    grounds += (Ground("donor", each.name) for each in found.donors)
    credits = [record.translator_credit, *(text.credit for text in found.texts)]
    grounds += (Ground("credit", each) for each in dict.fromkeys(credits) if each)
    grounds += (Ground("caption", scan.caption) for scan in found.scans if scan.caption)
    return [ground.as_stored() for ground in grounds]


def _people(found: Gathered) -> Iterable[Ground]:
    """One for each person, with all their roles."""
    roles: dict[PersonRow, list[str]] = defaultdict(list)
    for role, person in found.participants:
        roles[person].append(role)
    for person, held in roles.items():
        yield Ground("person", person.names[0], person.slug, person.names[1:], tuple(held))


def _names(terms: Iterable[Named]) -> tuple[str, ...]:
    return tuple(term.name for term in terms)
