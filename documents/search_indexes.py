"""Documents in the search index."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from haystack import indexes

from dates import PartialDate, print_date
from documents.choices import Role, TextKind
from documents.entries import entry_of
from documents.gathering import Gathered, TextRow, gather
from documents.grounds import grounds_of
from documents.models import Classification, Document, DocumentType, Place, Repository, Subject
from documents.names import names_of, public_names
from documents.reader import anchor_of
from documents.shelfmarks import STEP, file_value, keys_to, label_of_key, read_shelfmark
from people.models import Person
from records.dating import DateCertainty
from records.entries import Entry
from records.html import plain_text
from records.languages import language_codes, language_name
from records.naming import Named, names_by_slug
from search.facets import FACETS_BY_NAME, PARTICIPANT, ROLE_LABELS, in_role, role_and_person
from search.fields import ExactField, NamesField, StoredField, TextField, TextsField
from search.indexes import ArchiveIndex, DependsOn, sort_key, text_of

LABELLED = {
    "place": Place,
    "subject": Subject,
    "archive": Repository,
    "type": DocumentType,
    "classification": Classification,
}
NAMES_IN_THE_DATABASE = ("people__name", "people__variant_names__name")
OF_VISIBILITY = ("status", "public_from")
YEARS_IN_WORDS = 10
RECORD = "record_id__iexact"


class DocumentIndex(ArchiveIndex, indexes.Indexable):
    """One entry for a document: its texts, its names in every spelling, and what it is narrowed by."""

    summary = TextField(weight=3, highlighted=True, stored=False)
    transcript = TextsField(highlighted=True, stored=False)
    transcript_languages = StoredField()
    transcript_anchors = StoredField()
    translation = TextsField(highlighted=True, stored=False)
    translation_languages = StoredField()
    translation_anchors = StoredField()
    person = TextsField(weight=4, stored=False)
    # The same names by role: they count once in a plain search.
    creator = TextsField(stored=False, searched=False)
    addressee = TextsField(stored=False, searched=False)
    present = TextsField(stored=False, searched=False)
    contributor = TextsField(stored=False, searched=False)
    mentioned = TextsField(stored=False, searched=False)
    place = TextsField(weight=3, stored=False)
    subject = TextsField(weight=3, stored=False)
    archive = TextsField(stored=False)
    reference = TextsField(weight=2, stored=False)
    source = TextField(highlighted=True, stored=False)
    collection = TextsField(stored=False)
    type = TextsField(stored=False)
    classification = TextField(stored=False)
    language = TextsField(stored=False, searched=False)  # with its code, which is a word of other languages
    record = TextField(weight=4, stored=False)  # its number, as a word
    date_written = TextsField(stored=False)  # its date in words and in years, for those who type one

    collections = ExactField(stored=False)
    people = ExactField(stored=False)
    participants = ExactField(stored=False)  # role:slug
    places = ExactField(stored=False)
    subjects = ExactField(stored=False)
    archives = ExactField(stored=False)
    files = ExactField(stored=False)  # the archival file, and the fonds and series that it is in
    languages = ExactField(stored=False)
    types = ExactField(stored=False)
    classifications = ExactField(stored=False)
    has = ExactField(stored=False)
    names = NamesField()

    date_earliest = indexes.DateField(null=True)
    date_latest = indexes.DateField(null=True)
    date_uncertain = indexes.BooleanField(null=True)
    dated = indexes.BooleanField(null=True)
    date_sort = indexes.DateField(null=True)
    date_span = indexes.IntegerField(null=True)
    record_id = indexes.IntegerField(null=True)
    public_since = indexes.DateTimeField(null=True)  # feeds are in its order

    model_label = "documents.Document"
    release_field = "public_from"
    depends_on = (
        DependsOn("documents.Text", "document"),
        DependsOn("documents.Scan", "document"),
        DependsOn("documents.Participation", "document"),
        DependsOn("people.Person", "documents"),
        DependsOn("people.VariantName", "person__documents"),
        DependsOn("collections.Collection", "documents"),
        DependsOn("documents.Place", "documents"),
        DependsOn("documents.Subject", "documents"),
        DependsOn("documents.DocumentType", "documents"),
        DependsOn("documents.Language", "documents"),
        DependsOn("documents.Publisher", "documents"),
        DependsOn("documents.Donor", "documents"),
        DependsOn("documents.Repository", "documents"),
        DependsOn("documents.Classification", "documents"),
        # A person whom only hidden documents name is hidden with them.
        DependsOn("documents.Participation", "person", stale="people.Person"),
        DependsOn("documents.Document", "people", stale="people.Person", only=OF_VISIBILITY),
    )
    fallback_lookups = {
        "content": (
            "title",
            "summary",
            "date_display",
            "people__name",
            "people__variant_names__name",
            RECORD,
        ),
        "title": ("title",),
        "summary": ("summary",),
        **dict.fromkeys(("person", *Role.values), NAMES_IN_THE_DATABASE),
        "place": ("places__name", "places__parent__name"),
        "subject": ("subjects__name",),
        "archive": ("repository__name", "repository__short_name"),
        "reference": ("reference_code", "archival_reference"),
        "source": ("source_note",),
        "collection": ("collections__title",),
        "type": ("types__name",),
        "classification": ("classification__name",),
        "language": ("languages__name", "languages__code"),
        "record": (RECORD,),
        "date_written": ("date_display",),
    }
    fallback_facets = {
        "collection": "collections__slug",
        "person": "people__slug",
        "place": "places__slug",
        "subject": "subjects__slug",
        "archive": "repository__slug",
        "language": "languages__code",
        "type": "types__slug",
        "classification": "classification__slug",
    }

    def with_all_that_is_indexed(self, records: QuerySet) -> QuerySet:
        return records  # all that hangs on them is gathered for a batch at once

    def complete(self, records: Sequence[Document]) -> None:
        gather(records)

    def for_entries(self, records: Any) -> QuerySet:
        return records.for_list()

    def entry_of(self, record: Document) -> Entry:
        return entry_of(record)

    def fields_of(self, record: Any) -> dict[str, Any]:
        found: Gathered = record.gathered
        texts = [(text, plain_text(text.content)) for text in found.texts]
        dates = date_in_words(record)
        return {
            "kind": "document",
            "title": record.title,
            "title_sort": sort_key(record.title),
            "summary": record.summary,
            "source": record.source_note,
            **_reference(record),
            **_texts(TextKind.TRANSCRIPT, texts),
            **_texts(TextKind.TRANSLATION, texts),
            **_people(found),
            **_dates(record),
            **_terms(record, found),
            "record": str(record.record_id),
            "date_written": dates,
            "grounds": grounds_of(record, found, dates),
            "has": sorted({text.kind for text in found.texts} | ({"scan"} if found.scans else set())),
            "names": list(names_of(record, found)),
            "record_id": record.record_id,
            "public_since": record.public_since,
            "text": text_of(
                [
                    *(
                        term.name
                        for terms in (found.languages, found.publishers, found.donors)
                        for term in terms
                    ),
                    record.translator_credit,
                    *(text.credit for text in found.texts),
                    *(scan.caption for scan in found.scans),
                ]
            ),
        }

    def facet_records(self, name: str) -> Named | None:
        return Named(LABELLED[name]) if name in LABELLED else None

    def facet_labels(self, name: str, values: Iterable[str]) -> dict[str, str]:
        if name == "language":
            known = language_codes()
            return {code: language_name(code) for code in values if code in known}
        if name == "file":
            return _file_labels(values)
        return _participant_labels(values) if name == PARTICIPANT else {}

    def facet_values(self, name: str, text: str) -> Iterable[str]:
        if name == "language":
            return self.facet_labels(name, [FACETS_BY_NAME[name].read(text)])
        if name == PARTICIPANT:
            role, person = role_and_person(text)
            people = Person.objects.visible_to(None).called(person).values_list("slug", flat=True)
            return [in_role(role, slug) for slug in people]
        if name not in LABELLED:
            return ()
        called = Q(name__iexact=text) | Q(slug=text.lower())
        if name == "archive":
            called |= Q(short_name__iexact=text)
        return LABELLED[name].objects.visible_to(None).filter(called).values_list("slug", flat=True)

    def public_names(self, kind: str, values: Iterable[str]) -> QuerySet | None:
        return public_names(kind, values)


@lru_cache(maxsize=20_000)  # an archive has the same days again and again
def _in_english(date: PartialDate) -> str:
    return print_date(date, "en")


def date_in_words(record: Any) -> list[str]:
    """The date as written and as it is read, in English, and the years it covers where they are few.

    So one dated "[19]56?", "July 1956" or "1955-1957" is found by what a reader types of it.
    """
    if not (record.date_earliest or record.date_latest):
        return [record.date_display] if record.date_display else []
    words = [record.date_display, _in_english(record.partial_date)]
    if record.date_earliest and record.date_latest:
        first, last = record.date_earliest.year, record.date_latest.year
        if last - first < YEARS_IN_WORDS:
            words.append(" ".join(f"{year:04}" for year in range(first, last + 1)))
    return list(dict.fromkeys(words))


def _texts(kind: str, texts: Sequence[tuple[TextRow, str]]) -> dict[str, Any]:
    """The texts of one kind; beside each its language, as chi-Hans, and the anchor of its paragraphs."""
    seen: Counter[str] = Counter()
    plains, languages, anchors = [], [], []
    for text, plain in texts:
        if text.kind != kind:
            continue
        language = f"{text.language}-{text.script}" if text.script else text.language
        seen[language.lower()] += 1  # those that are a file only are counted on the page too
        if plain:
            plains.append(plain)
            languages.append(language)
            anchors.append(anchor_of(kind, text.language, text.script, seen[language.lower()]))
    return {str(kind): plains, f"{kind}_languages": languages, f"{kind}_anchors": anchors}


def _people(found: Gathered) -> dict[str, Any]:
    people = dict.fromkeys(person for _role, person in found.participants)
    by_role: dict[str, list[str]] = {role: [] for role in Role.values}
    for role, person in found.participants:
        by_role[role] += person.names
    return {
        "person": list(dict.fromkeys(name for person in people for name in person.names)),
        "people": [person.slug for person in people],
        "participants": [in_role(role, person.slug) for role, person in found.participants],
        **by_role,
    }


def _dates(record: Document) -> dict[str, Any]:
    return {
        "date_earliest": record.date_earliest,
        "date_latest": record.date_latest,
        "date_uncertain": record.date_certainty == DateCertainty.UNCERTAIN,
        "dated": bool(record.date_earliest or record.date_latest),
        "date_sort": record.date_sort,
        "date_span": record.date_span,
    }


def _reference(record: Document) -> dict[str, Any]:
    shelfmark = read_shelfmark(record.archival_reference)
    archive = record.repository
    return {
        "reference": [record.reference_code, record.archival_reference, *shelfmark.spellings()],
        "files": [file_value(archive.slug, key) for key in keys_to(shelfmark.key)] if archive else [],
    }


def _file_labels(values: Iterable[str]) -> dict[str, str]:
    """ "RGANI, fonds 5, inventory (opis) 30". Made of the value itself, for an archive that everybody may see."""
    steps = {value: value.partition(STEP) for value in values}
    shown = Repository.objects.visible_to(None).filter(slug__in={slug for slug, _sep, _key in steps.values()})
    names = {slug: short or name for slug, short, name in shown.values_list("slug", "short_name", "name")}
    labels = {value: (names.get(slug), label_of_key(key)) for value, (slug, _sep, key) in steps.items()}
    return {value: f"{archive}, {label}" for value, (archive, label) in labels.items() if archive and label}


def _participant_labels(values: Iterable[str]) -> dict[str, str]:
    """ "Zhou Enlai (present)"; for people whom everybody may see, in roles that there are."""
    parted = {value: role_and_person(value) for value in values}
    names = names_by_slug({PARTICIPANT: (Named(Person), {slug for _role, slug in parted.values()})})[
        PARTICIPANT
    ]
    return {
        value: _("%(name)s (%(role)s)") % {"name": names[slug], "role": ROLE_LABELS[role]}
        for value, (role, slug) in parted.items()
        if slug in names and role in ROLE_LABELS
    }


def _terms(record: Document, found: Gathered) -> dict[str, Any]:
    repository = record.repository
    kept = (repository.name, repository.short_name, repository.city, repository.country) if repository else ()
    return {
        "collection": found.collection_titles,
        "collections": found.collection_slugs,
        "place": [place.name for place in found.places],
        "places": [place.slug for place in found.places],
        "subject": [subject.name for subject in found.subjects],
        "subjects": [subject.slug for subject in found.subjects],
        "archive": [part for part in kept if part],
        "archives": [repository.slug] if repository else [],
        "language": [f"{language.name} {language.slug}" for language in found.languages],
        "languages": [language.slug for language in found.languages],
        "type": [each.name for each in found.types],
        "types": [each.slug for each in found.types],
        "classification": record.classification.name if record.classification else "",
        "classifications": [record.classification.slug] if record.classification else [],
    }
