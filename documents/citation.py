"""What is cited of a document, as CSL-JSON: the one place from which every style and format takes it.

CSL-JSON is described at https://docs.citationstyles.org/ (schema csl-data.json, version 1.0.2).
"""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from dates import PartialDate, print_date
from dates.expressions import Single, Span
from dates.points import Point, Unit
from dates.printing import expression_of
from documents.choices import Role
from documents.models import Document
from people.choices import PersonKind
from people.models import Person
from people.sort_names import SortName, read_sort_name
from records.addresses import absolute_url
from records.dating import DateCertainty
from records.languages import bcp47

VERSION = "version"  # the parameter of an address that says which day's record was cited
_COUNTED = (Unit.DAY, Unit.MONTH, Unit.YEAR)
_CREDIT = re.compile(r"(?:re)?translat(?:ed|ion)\b.*?\bby\s+(?P<names>.+)", re.IGNORECASE | re.DOTALL)
_NAMES_JOINED = re.compile(r"\s*(?:,\s*and\s+|\s+and\s+|\s*&\s*|\s*,\s*)")
# "Meeting at 4:30 p.m.", "Talks in the U.S.S.R.": a stop that is part of a word, not the end of a sentence.
_ABBREVIATION = re.compile(r"(?:\b\w\.){2,}$")
# A name begins and ends with a capital letter's word, or is in a script that has no capitals.
_PARTICLES = frozenset(
    ("al", "bin", "da", "de", "del", "della", "den", "der", "di", "du", "el", "ibn",
     "la", "le", "of", "ten", "ter", "und", "van", "von", "y", "zu")
)  # fmt: skip


def permanent_address(request: HttpRequest | None, document: Document) -> str:
    """The address that never changes: without the title in it, which may be put right one day."""
    return absolute_url(request, reverse("documents:short", args=[document.record_id]))


def cited_address(request: HttpRequest | None, document: Document) -> str:
    """The permanent address with the record's version, so that it can tell later that the record has changed."""
    query = urlencode({VERSION: version_of(document).isoformat()})
    return f"{permanent_address(request, document)}?{query}"


def version_of(document: Document) -> date:
    """The day of the record's last change: what a citation names as its version."""
    return timezone.localdate(document.changed)


def changed_since(document: Document, version: str) -> date | None:
    """The day of the version that was cited, where the record has changed after it; None else."""
    try:
        cited = parse_date(version)
    except ValueError:  # 2026-02-30
        return None
    return cited if cited and cited < version_of(document) else None


def csl_item(document: Document, address: str, accessed: date) -> dict[str, Any]:
    """The document as a CSL-JSON item, cited by ``address`` and seen on the day ``accessed``.

    Ask for documents with repository, types, languages, collections and participations__person: nothing else is
    fetched. What is not known is left out.
    """
    # Archival material of any kind is a manuscript to CSL; its personal_communication is left out of bibliographies.
    item: dict[str, Any] = {
        "id": f"record-{document.record_id}",
        "type": "manuscript",
        "title": cited_title(document.title),
        "author": [name_of(person) for person in creators(document)],
        "issued": issued(document),
        "genre": ", ".join(each.name for each in document.types.all()),
        **_archive(document),
        "collection-title": next(
            (each.title for each in document.collections.all() if each.is_published), ""
        ),
        "translator": translators(document.translator_credit),
        "publisher": settings.SITE_NAME,
        "source": settings.SITE_NAME,
        "URL": address,
        "accessed": {"date-parts": [[accessed.year, accessed.month, accessed.day]]},
        "language": next((bcp47(each.code) for each in document.languages.all()), ""),
        "abstract": document.summary,
        "note": _note(document),
    }
    return {name: value for name, value in item.items() if value}


def cited_title(title: str) -> str:
    """The title in one line, without the mark at its end that every style sets anew."""
    line = " ".join(title.split())
    return line if _ABBREVIATION.search(line) else line.rstrip(" .,")


def creators(document: Document) -> list[Person]:
    """Who wrote it, in the order of the source."""
    return [each.person for each in document.participations.all() if each.role == Role.CREATOR]


def name_of(person: Person) -> dict[str, str]:
    """A name for CSL: in its parts where the sort name shows which is the family's, whole otherwise."""
    parts = read_sort_name(person.sort_name) if person.kind == PersonKind.PERSON else None
    if parts is not None:
        return {part: name for part, name in parts._asdict().items() if name}
    return {"literal": person.name}


def filed_name(name: dict[str, str]) -> str:
    """A name of CSL in one line, the family's first: "Haig, Alexander, Jr."; as it is where it has no parts."""
    return name.get("literal") or ", ".join(name[part] for part in SortName._fields if part in name)


def translators(credit: str) -> list[dict[str, str]]:
    """The names in "Translated for the archive by A. Smith and Li Hua"; none where it is not sure what is a name."""
    match = _CREDIT.fullmatch(credit.strip())
    if match is None:
        return []
    names = [name for name in _NAMES_JOINED.split(match["names"].rstrip(" .")) if name]
    return [{"literal": name} for name in names] if all(map(_is_name, names)) else []


def _is_name(text: str) -> bool:
    words = text.split()
    # "Translated by Yang Yang, revised by ..." has a word in small letters where a name has none.
    return 0 < len(words) < 6 and all(not word[0].islower() or word in _PARTICLES for word in words)


def issued(document: Document) -> dict[str, Any] | None:
    """The date for CSL: in numbers where CSL can say it so, in words else; None where there is none."""
    dated = document.partial_date
    if dated.is_undated:
        # A date that could not be read is still what the document says.
        unread = document.date_certainty == DateCertainty.UNREAD
        return {"literal": document.date_display} if unread else None
    return _in_numbers(dated) or {"literal": print_date(dated, "en")}


def _in_numbers(dated: PartialDate) -> dict[str, Any] | None:
    """The date as ``date-parts``; None for what CSL has no numbers for.

    It knows a day, month, year or season, a range of these, and "circa": no brackets, no "perhaps", no open end.
    """
    expression = expression_of(dated)
    points = expression.points()
    if dated.supplied or not points or any(point.uncertain or point.tail for point in points):
        return None
    found: dict[str, Any]
    if isinstance(expression, Single) and expression.point.unit is Unit.SEASON:
        found = {"date-parts": [[expression.point.year]], "season": expression.point.season - 20}
    elif any(point.unit not in _COUNTED for point in points):
        return None
    elif isinstance(expression, Single):
        found = {"date-parts": [_parts(expression.point)]}
    elif isinstance(expression, Span) and len(points) == 2 and not expression.vague:
        found = {"date-parts": [_parts(point) for point in points]}
    else:
        return None
    if any(point.approximate for point in points):
        found["circa"] = True
    return found


def _parts(point: Point) -> list[int]:
    return [part for part in (point.year, point.month, point.day) if part]


def _archive(document: Document) -> dict[str, str]:
    repository, reference = document.repository, document.archival_reference
    if repository is None:
        return {"archive_location": reference}
    name = repository.short_name or repository.name
    # Many shelfmarks begin with the archive's name; it is said once.
    rest = reference.removeprefix(name)
    return {
        "archive": name,
        "archive-place": ", ".join(part for part in (repository.city, repository.country) if part),
        "archive_location": rest.lstrip(" ,:;") if rest[:1] in (" ", ",", ":", ";") else reference,
    }


def _note(document: Document) -> str:
    """The record and its version; and whom to thank, where that is more than a translator's name."""
    sentences = [
        f"{settings.SITE_NAME}, record {document.record_id}, version of {version_of(document).isoformat()}."
    ]
    credit = document.translator_credit.strip()
    if credit and not translators(credit):
        sentences.append(f"{credit.rstrip('.')}.")
    return " ".join(sentences)
