"""True-looking records for tests: plain functions, one for each kind.

Whatever a test does not name gets a sensible value, other records can be given or
named ("Beijing" finds the place or makes it), and the same calls make the same
records. A document is published unless a test says otherwise.
"""

import io
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from PIL import Image
from pypdf import PdfWriter

from archive_site.collections.models import Collection
from documents.choices import Role, Status, TextKind
from documents.models import (
    Classification,
    Document,
    DocumentType,
    Language,
    Participation,
    Place,
    Repository,
    Scan,
    Subject,
    Text,
)
from people.choices import NameScheme, PersonKind
from people.models import Person, VariantName
from records.uploads import examine
from themes.models import Theme, TimelineEntry

_numbers = count(1)

# Name, then variants as (name, language, scheme).
PEOPLE: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Mao Zedong",
        (
            ("毛泽东", "chi", NameScheme.ORIGINAL),
            ("毛澤東", "chi", NameScheme.ORIGINAL),
            ("Mao Tse-tung", "chi", NameScheme.WADE_GILES),
            ("Мао Цзэдун", "rus", NameScheme.BGN_PCGN),
        ),
    ),
    (
        "Zhou Enlai",
        (("周恩来", "chi", NameScheme.ORIGINAL), ("Chou En-lai", "chi", NameScheme.WADE_GILES)),
    ),
    (
        "Nikita Khrushchev",
        (
            ("Никита Хрущёв", "rus", NameScheme.ORIGINAL),
            ("Nikita Chruschtschow", "ger", NameScheme.OTHER),
        ),
    ),
    ("Nicolae Ceaușescu", (("Nicolae Ceauşescu", "rum", NameScheme.ORIGINAL),)),
    (
        "Kim Il Sung",
        (("김일성", "kor", NameScheme.ORIGINAL), ("Kim Ir Sen", "rus", NameScheme.OTHER)),
    ),
    ("Gamal Abdel Nasser", (("جمال عبد الناصر", "ara", NameScheme.ORIGINAL),)),
    ("Willy Brandt", (("Herbert Frahm", "ger", NameScheme.PSEUDONYM),)),
    ("Henry Kissinger", ()),
)
TITLES = (
    "Telegram from Roshchin to Vyshinsky on Talks with Mao Zedong",
    "Memorandum of Conversation between Zhou Enlai and Ambassador Kato",
    "Record of a Meeting of the Politburo on Relations with Japan",
    "Letter to the Central Committee on the Supply of Coal",
    "Report of the Embassy in Beijing on the Border Treaty",
    "Note on the Visit of a Trade Delegation to Pyongyang",
    "Minutes of Talks on the Repatriation of Prisoners of War",
    "Diary Entry on the Negotiations in Geneva",
)
DATES = (
    "May 06, 1946",
    "November 9, 1986",
    "September, 1972",
    "circa 1955",
    "1955-1957",
    "1964-10-16",
    "[1956?]",
    "",
)
SUMMARIES = (
    "The ambassador reports that the other side is ready to sign a treaty, but asks for more time.",
    "Both sides speak of trade, of fishing rights, and of the prisoners who have not yet returned.",
    "The author weighs what a conference would cost, and advises against it.",
)
CHINESE_TEXT = "毛泽东会见苏联大使。\n双方就边界条约和贸易问题交换了意见。\n大使转达了苏共中央的问候，并询问日本代表团的行程。"
RUSSIAN_TEXT = (
    "Посол сообщил о беседе с товарищем Мао Цзэдуном.\nРечь шла о договоре, о торговле и о поставках угля."
)
GERMAN_TEXT = "Der Botschafter berichtet über das Gespräch.\nÜber den Vertrag und die Größe der Lieferungen wird verhandelt."
ARABIC_TEXT = "أبلغ السفير عن المحادثات.\nتناول الحديث المعاهدة والتجارة."
ENGLISH_TEXT = (
    "The Ambassador reported on the conversation with Comrade Mao Zedong.\n"
    "They spoke of the treaty, of trade and of deliveries of coal.\n"
    "He asked when the Japanese delegation would arrive."
)
_TEXT_IN = {
    "chi": CHINESE_TEXT,
    "rus": RUSSIAN_TEXT,
    "ger": GERMAN_TEXT,
    "ara": ARABIC_TEXT,
    "eng": ENGLISH_TEXT,
}


def _take(values: tuple[Any, ...], number: int) -> Any:
    return values[number % len(values)]


def make_person(
    name: str = "",
    variants: Iterable[str | tuple[str, str, str]] | None = None,
    *,
    date: str = "",
    **fields: Any,
) -> Person:
    """A person. ``variants``: names, or (name, language, scheme). The first ones asked for are well known."""
    if not name:
        known = [entry for entry in PEOPLE if not Person.objects.filter(name=entry[0]).exists()]
        name = known[0][0] if known else f"Ivan Petrov {next(_numbers)}"
    if variants is None:
        variants = dict(PEOPLE).get(name, ())
    person = Person.objects.create(name=name, date_display=date, **fields)
    for variant in variants:
        spelled, language, scheme = (variant, "", "") if isinstance(variant, str) else variant
        VariantName.objects.create(person=person, name=spelled, language=language, scheme=scheme)
    return person


def make_organisation(name: str = "", **fields: Any) -> Person:
    """A ministry, a party, an embassy."""
    name = name or f"Ministry of Foreign Affairs, Department {next(_numbers)}"
    return make_person(name, (), kind=PersonKind.ORGANISATION, **fields)


def make_collection(title: str = "", parent: Collection | str | None = None, **fields: Any) -> Collection:
    """A published collection."""
    if isinstance(parent, str):
        parent = the_collection(parent)
    title = title or f"Sino-Soviet Relations, Volume {next(_numbers)}"
    fields = {"is_published": True, "short_description": f"Documents on {title}.", **fields}
    return Collection.objects.create(title=title, parent=parent, **fields)


def make_place(name: str = "", parent: Place | str | None = None, **fields: Any) -> Place:
    """A place, within a wider one if ``parent`` is given."""
    if isinstance(parent, str):
        parent = the_place(parent)
    return Place.objects.create(name=name or f"Port {next(_numbers)}", parent=parent, **fields)


def make_subject(name: str = "") -> Subject:
    return Subject.objects.create(name=name or f"Border treaties, part {next(_numbers)}")


def make_repository(name: str = "", **fields: Any) -> Repository:
    """An archive that keeps originals."""
    return Repository.objects.create(name=name or f"State Archive of District {next(_numbers)}", **fields)


def _named(model: type, key: str, value: Any, **defaults: Any) -> Any:
    if not isinstance(value, str):
        return value
    record, _created = model.objects.get_or_create(**{key: value}, defaults=defaults)
    return record


def the_person(name: Any) -> Person:
    """The person of that name, made with the known variant names if there is none."""
    if not isinstance(name, str):
        return name
    return Person.objects.filter(name=name).first() or make_person(name)


def the_collection(title: Any) -> Collection:
    return _named(Collection, "title", title, is_published=True)


def the_place(name: Any) -> Place:
    return _named(Place, "name", name)


def the_subject(name: Any) -> Subject:
    return _named(Subject, "name", name)


def the_repository(name: Any) -> Repository:
    return _named(Repository, "name", name)


def the_type(name: Any) -> DocumentType:
    return _named(DocumentType, "name", name)


def the_classification(name: Any) -> Classification:
    return _named(Classification, "name", name)


def the_language(code: Any) -> Language:
    return _named(Language, "code", code, name=code)


def make_document(
    title: str = "",
    *,
    date: str | None = None,
    collections: Iterable[Any] = (),
    people: Mapping[str, Iterable[Any]] | None = None,
    places: Iterable[Any] = (),
    subjects: Iterable[Any] = (),
    types: Iterable[Any] = (),
    languages: Iterable[Any] = (),
    repository: Any = None,
    classification: Any = None,
    transcripts: Mapping[str, str] | Iterable[str] = (),
    translations: Mapping[str, str] | Iterable[str] = (),
    scans: int = 0,
    **fields: Any,
) -> Document:
    """A published document with what is asked for.

    ``date`` as written (one of several if None, "" for undated); ``people`` maps a role to people;
    ``transcripts`` and ``translations`` map a language code to a text, or list codes.
    """
    number = next(_numbers)
    fields = {
        "summary": _take(SUMMARIES, number),
        "status": Status.PUBLISHED,
        "reference_code": f"DA-{number:05d}",
        **fields,
    }
    document = Document.objects.create(
        title=title or f"{_take(TITLES, number)} ({number})",
        date_display=_take(DATES, number) if date is None else date,
        repository=the_repository(repository) if repository else None,
        classification=the_classification(classification) if classification else None,
        **fields,
    )
    for names, find, relation in (
        (collections, the_collection, document.collections),
        (places, the_place, document.places),
        (subjects, the_subject, document.subjects),
        (types, the_type, document.types),
        (languages, the_language, document.languages),
    ):
        found = [find(name) for name in names]
        if found:
            relation.add(*found)
    for role, names in (people or {}).items():
        for order, name in enumerate(names):
            take_part(document, name, role, order=order)
    for kind, texts in ((TextKind.TRANSCRIPT, transcripts), (TextKind.TRANSLATION, translations)):
        given = texts if isinstance(texts, Mapping) else dict.fromkeys(texts, "")
        for language, content in given.items():
            make_text(document, kind, language, content)
    for _each in range(scans):
        make_scan(document)
    return document


def make_draft(title: str = "", **rest: Any) -> Document:
    return make_document(title, status=Status.DRAFT, **rest)


def make_withdrawn(title: str = "", **rest: Any) -> Document:
    """A document that was public once and was taken back."""
    document = make_document(title, **rest)
    document.status = Status.WITHDRAWN
    document.withdrawal_note = "Withdrawn at the request of the owner of the original."
    document.save()
    return document


def make_full_document(title: str = "", **rest: Any) -> Document:
    """A document with something in every field that a reader sees."""
    given: dict[str, Any] = {
        "date": "May 06, 1946",
        "collections": ["Sino-Japanese Relations"],
        "people": {
            Role.CREATOR: ["Zhou Enlai"],
            Role.ADDRESSEE: ["Mao Zedong"],
            Role.MENTIONED: ["Nikita Khrushchev"],
        },
        "places": [the_place("Beijing") if _place_exists("Beijing") else make_place("Beijing", "China")],
        "subjects": ["Border treaties"],
        "types": ["Telegram"],
        "languages": ["chi"],
        "repository": "Archive of Foreign Policy of the Russian Federation",
        "archival_reference": "f. 0100, op. 46, p. 362, d. 12, l. 24",
        "classification": "Secret",
        "source_note": "Obtained by Sergey Radchenko.",
        "transcripts": ["chi"],
        "translations": ["eng"],
        "scans": 1,
    }
    return make_document(title, **{**given, **rest})


def _place_exists(name: str) -> bool:
    return Place.objects.filter(name=name).exists()


def take_part(
    document: Document, person: Any, role: str = Role.MENTIONED, *, order: int = 0
) -> Participation:
    """Put a person (or a name) into a role."""
    return Participation.objects.create(document=document, person=the_person(person), role=role, order=order)


def make_text(
    document: Document,
    kind: str = TextKind.TRANSCRIPT,
    language: str = "chi",
    content: str = "",
    **fields: Any,
) -> Text:
    """A text; a few true sentences of the language unless ``content`` is given."""
    content = content or _TEXT_IN.get(language, ENGLISH_TEXT)
    return Text.objects.create(document=document, kind=kind, language=language, content=content, **fields)


@cache
def pdf_bytes(pages: int = 1) -> bytes:
    """A sound PDF of blank pages."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@cache
def image_bytes(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A sound image in a format that Pillow names so."""
    out = io.BytesIO()
    Image.new("RGB", size, "#705030").save(out, format=kind)
    return out.getvalue()


def make_scan(document: Document, name: str = "original.pdf", content: bytes = b"", **fields: Any) -> Scan:
    """A scan with its file; a PDF of one page unless ``content`` is given."""
    content = content or pdf_bytes()
    scan = Scan(document=document, **fields)
    scan.take_facts(examine(io.BytesIO(content)), name)
    scan.file.save(name, ContentFile(content), save=False)
    scan.save()
    return scan


def make_theme(title: str = "", collections: Iterable[Any] = (), **fields: Any) -> Theme:
    """A published theme over some collections."""
    title = title or f"The Long Road to Recognition, Part {next(_numbers)}"
    fields = {"is_published": True, "essay": "How two neighbours came to speak again.", **fields}
    theme = Theme.objects.create(title=title, **fields)
    theme.collections.add(*(the_collection(each) for each in collections))
    return theme


def make_timeline_entry(
    theme: Theme, title: str = "The treaty is signed", date: str = "May 1946", **fields: Any
) -> TimelineEntry:
    return TimelineEntry.objects.create(theme=theme, title=title, date_display=date, **fields)


def make_user(username: str = "", **fields: Any) -> Any:
    """Somebody who may log in, and no more; the password is "geheim"."""
    return get_user_model().objects.create_user(
        username or f"reader{next(_numbers)}", password="geheim", **fields
    )


def make_curator(username: str = "", **fields: Any) -> Any:
    """Staff who may see and change everything; the password is "geheim"."""
    return make_user(username or f"curator{next(_numbers)}", is_staff=True, is_superuser=True, **fields)


def make_many_documents(
    number: int, *, characters: int = 0, collection: Any = None, **fields: Any
) -> list[Document]:
    """Many published documents in a few queries, each with a text of so many characters if asked."""
    from documents.numbers import reserve_record_ids

    ids = reserve_record_ids(number)
    documents = []
    for record_id in ids:
        document = Document(
            record_id=record_id,
            title=f"{_take(TITLES, record_id)} ({record_id})",
            date_display=_take(DATES, record_id),
            **{"summary": _take(SUMMARIES, record_id), "status": Status.PUBLISHED, **fields},
        )
        document.read_date_again()
        documents.append(document)
    documents = Document.objects.bulk_create(documents, batch_size=500)
    if collection is not None:
        the_collection(collection).documents.add(*documents)
    if characters:
        paragraph = f"<p>{ENGLISH_TEXT.replace(chr(10), ' ')}</p>\n"
        content = (paragraph * (characters // len(paragraph) + 1))[:characters].rsplit("<", 1)[0] + "</p>"
        Text.objects.bulk_create(
            [Text(document=d, kind=TextKind.TRANSLATION, language="eng", content=content) for d in documents],
            batch_size=500,
        )
    return documents
