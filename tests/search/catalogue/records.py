"""True-looking records in many scripts, and a few hundred telegrams to count."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from search.text import words
from tests.search.catalogue.models import Note, Report

Day = datetime.date


@dataclass(frozen=True)
class Record:
    """What the predicates of the tests look at."""

    pk: int
    title: str
    summary: str = ""
    transcripts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("eng",)
    participants: tuple[str, ...] = ()
    earliest: Day | None = None
    latest: Day | None = None
    uncertain: bool = False
    pages: int | None = None
    added: datetime.datetime | None = None
    by_field: dict[str, list[str]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.by_field.update(
            title=words(self.title),
            summary=words(self.summary),
            transcript=words(" | ".join(self.transcripts)),
            person=words(" | ".join(self.people)),
            text=["reference", str(self.pk)],
        )

    @property
    def id(self) -> str:
        return f"catalogue.report.{self.pk}"

    def has(self, *forms: str, field: str | None = None) -> bool:
        """Does one of these folded words stand in the record (or in one field of it)?"""
        fields = [field] if field else list(self.by_field)
        return any(form in self.by_field[name] for name in fields for form in forms)

    def has_run(self, phrase: str, field: str | None = None) -> bool:
        """Do these words stand one after the other within one value?"""
        run = words(phrase)
        values = {
            "title": [self.title],
            "summary": [self.summary],
            "transcript": list(self.transcripts),
            "person": list(self.people),
        }
        for name in [field] if field else list(values):
            for value in values[name]:
                found = words(value)
                if any(found[at : at + len(run)] == run for at in range(len(found))):
                    return True
        return False

    @property
    def is_dated(self) -> bool:
        return self.earliest is not None or self.latest is not None

    def could_be(self, first: Day | None, last: Day | None) -> bool:
        return (
            self.is_dated
            and (first is None or self.latest is None or self.latest >= first)
            and (last is None or self.earliest is None or self.earliest <= last)
        )

    def certainly(self, first: Day | None, last: Day | None) -> bool:
        return (
            self.is_dated
            and not self.uncertain
            and (first is None or (self.earliest is not None and self.earliest >= first))
            and (last is None or (self.latest is not None and self.latest <= last))
        )

    def as_report(self) -> Report:
        return Report(
            pk=self.pk,
            title=self.title,
            summary=self.summary,
            transcripts=list(self.transcripts),
            people=list(self.people),
            places=list(self.places),
            subjects=list(self.subjects),
            languages=list(self.languages),
            participants=list(self.participants),
            earliest=self.earliest,
            latest=self.latest,
            uncertain=self.uncertain,
            pages=self.pages,
            added=self.added,
        )


def _year(year: int, **more: object) -> dict[str, object]:
    return {"earliest": Day(year, 1, 1), "latest": Day(year, 12, 31), **more}


def _day(year: int, month: int, day: int, **more: object) -> dict[str, object]:
    return {"earliest": Day(year, month, day), "latest": Day(year, month, day), **more}


ZHOU, MAO, CEAUSESCU = "Zhou Enlai", "Mao Zedong", "Ceaușescu, Nicolae"

_WRITTEN: list[tuple[str, dict[str, object]]] = [
    (
        "Minutes of Zhou Enlai's talk with a Japanese trade delegation",
        {
            "summary": "Zhou receives visitors from Tokyo and speaks of a peace treaty.",
            "transcripts": (
                "周恩来同志1972年接见日本代表团。\n双方谈到和平条约。",
                "Comrade Zhou Enlai received the delegation.\n\nThe treaties of 1952 were not recognised by Beijing. "
                "A new treaty was to be negotiated.",
            ),
            "people": (ZHOU, "Takeiri Yoshikatsu"),
            "places": ("Beijing", "Japan"),
            "subjects": ("Treaties, peace", "Trade"),
            "languages": ("chi",),
            "participants": ("creator:zhou-enlai", "present:takeiri-yoshikatsu"),
            **_day(1972, 7, 27),
        },
    ),
    (
        "毛泽东与周恩来关于中日关系的谈话",
        {
            "transcripts": ("毛主席说：中日两国人民要友好。来了就好。",),
            "people": (MAO, ZHOU),
            "places": ("北京",),
            "languages": ("chi",),
            "participants": ("present:mao-zedong", "present:zhou-enlai"),
            **_year(1972),
        },
    ),
    (
        "Запись беседы товарища Мао Цзэдуна с советским послом",
        {
            "summary": "Посол вручил ноту; речь шла о мирном договоре с Японией и о ёлке в посольстве.",
            "transcripts": ("МАО ЦЗЭДУН спросил о здоровье посла.",),
            "people": (MAO,),
            "places": ("Москва", "Beijing"),
            "languages": ("rus",),
            "participants": ("present:mao-zedong", "creator:yudin-pavel"),
            **_day(1956, 3, 31),
        },
    ),
    (
        "Letter of Nicolae Ceaușescu to Mao",
        {
            "summary": "The Romanian leader proposes talks.",
            "people": (CEAUSESCU, MAO),
            "places": ("Bucharest",),
            "subjects": ("Letters",),
            "languages": ("rum",),
            "participants": ("creator:ceausescu-nicolae", "addressee:mao-zedong"),
            **_day(1971, 6, 3),
        },
    ),
    (
        "Telegram about Ceauşescu's visit to Pyongyang",
        {"places": ("Pyongyang",), "languages": ("ger",), **_day(1971, 6, 10, uncertain=True)},
    ),
    (
        "Vermerk über ein Gespräch im Außenministerium in Weißenfels",
        {
            "summary": "Øystein Ørsted und Łukasz Đukić über den Grundlagenvertrag; l'Europe centrale.",
            "people": ("Ørsted, Øystein", "Đukić, Łukasz"),
            "places": ("Weißenfels", "Berlin (Ost)"),
            "languages": ("ger", "fre"),
            **_year(1973),
        },
    ),
    (
        "محضر اجتماع الرئيس أحمد مع السفير",
        {
            "transcripts": ("قَالَ الرَّئِيسُ إنّ السلام ممكن في القـــاهرة.",),
            "people": ("أحمد حسن",),
            "places": ("القاهرة",),
            "languages": ("ara",),
            **_year(1967),
        },
    ),
    (
        "פרוטוקול ישיבת הממשלה על שָׁלוֹם",
        {"transcripts": ('ראש הממשלה ומפקדי צה"ל דנו בשלום.',), "languages": ("heb",), **_day(1967, 5, 23)},
    ),
    (
        "김일성 동지와 중국 대사의 담화",
        {
            "transcripts": ("김일성동지는 중국대사를 접견하였다.",),
            "people": ("Kim Il Sung",),
            "places": ("Pyongyang",),
            "languages": ("kor",),
            **_day(1958, 2, 14),
        },
    ),
    (
        "日米安全保障条約に関する覚書",
        {
            "transcripts": ("ｱｲｾﾞﾝﾊﾜｰ大統領の訪日は中止となった。",),
            "places": ("Tokyo",),
            "languages": ("jpn",),
            **_day(1960, 6, 16),
        },
    ),
    (
        "İstanbul Üniversitesi üzerine ışık tutan rapor",
        {"summary": "Dışişleri Bakanlığı raporu.", "languages": ("tur",), **_year(1961)},
    ),
    (
        "Report on Chiang Kai-shek's government, U.S. aid and the T'ai-p'ing memory",
        {
            "summary": "Don't expect O'Brien to agree; America's policy is unchanged.",
            "people": ("Chiang Kai-shek",),
            "places": ("Taipei", "Formosa"),
            "subjects": ('Aid, "military"',),
            "earliest": None,
            "latest": Day(1949, 12, 31),
        },
    ),
    (
        "Treatise on the law of nations",
        {"summary": "A treatise, not a treaty between states.", "subjects": ("Law",)},
    ),
    ("Peace treaty draft", {"summary": "Draft of treaties.", **_year(1951)}),
    (
        "Draft of a treaty and of a lasting peace",
        {
            "summary": "Peace comes before the treaty here, many words before that other treaty.",
            **_year(1951, uncertain=True),
        },
    ),
    (
        "Conversation between Mao and Stalin",
        {
            "people": (MAO, "Stalin, Joseph"),
            "places": ("Moscow",),
            "participants": ("present:mao-zedong", "present:stalin-joseph"),
            **_day(1949, 12, 16),
        },
    ),
    ("Chronology of the negotiations", {"earliest": Day(1955, 3, 1), "latest": Day(1957, 10, 31)}),
    ("Notes from the 1950s", {"earliest": Day(1950, 1, 1), "latest": Day(1959, 12, 31)}),
    ("Order in force since 1958", {"earliest": Day(1958, 8, 1), "latest": None}),
    ("Undated fragment on Tibet", {"places": ("Lhasa",)}),
    (
        "Quotes & <b>signs</b>: 100% of 'it', \\ and \"that\"",
        {
            "summary": "<script>alert(1)</script> AND OR NOT * title:none",
            "subjects": ("a,b", 'say "no"', "100%", "it's"),
        },
    ),
]

_CITIES = ("Moscow", "Beijing", "Hanoi", "Belgrade", "Ulan Bator", "Pyongyang")
_MATTERS = ("border incidents", "trade", "the visit", "a treaty", "rice", "the embargo")


def _telegrams() -> list[tuple[str, dict[str, object]]]:
    chance = random.Random(1956)
    made = []
    for number in range(1, 161):
        first = Day(1950, 1, 1) + datetime.timedelta(days=chance.randrange(0, 14 * 365))
        kind = chance.randrange(8)
        dates: dict[str, object] = {"earliest": first, "latest": first}
        if kind == 0:
            dates = {"earliest": first, "latest": first + datetime.timedelta(days=chance.randrange(1200))}
        elif kind == 1:
            dates = {"earliest": None, "latest": None}
        elif kind == 2:
            dates["uncertain"] = True
        elif kind == 3:
            dates[chance.choice(("earliest", "latest"))] = None
        made.append(
            (
                f"Telegram {number} from the embassy on {chance.choice(_MATTERS)}",
                {
                    "summary": chance.choice(("", "Reports a conversation.", "Asks for instructions on rice.")),
                    "people": tuple(chance.sample((ZHOU, MAO, CEAUSESCU, "Kim Il Sung", "Tito"), chance.randrange(3))),
                    "places": tuple(chance.sample(_CITIES, chance.randrange(1, 4))),
                    "subjects": tuple(chance.sample(("Trade", "Borders", "Treaties, peace", "a,b"), chance.randrange(3))),
                    "languages": tuple(chance.sample(("eng", "rus", "chi"), chance.randrange(1, 3))),
                    "pages": chance.choice((None, 1, 2, 3, 10, 12)),
                    "added": datetime.datetime(2010, 1, 1, tzinfo=datetime.UTC)
                    + datetime.timedelta(hours=chance.randrange(20_000)),
                    **dates,
                },
            )
        )  # fmt: skip
    return made


RECORDS: tuple[Record, ...] = tuple(
    Record(pk=pk, title=title, **more)  # type: ignore[arg-type]
    for pk, (title, more) in enumerate(_WRITTEN + _telegrams(), start=1)
)
NOTES = (Note(pk=1, body="A note on the treaty"), Note(pk=2, body="A note on rice"))


#: Other spellings of the people in these records.
VARIANTS: dict[str, tuple[str, ...]] = {
    MAO: ("毛泽东", "毛澤東", "Мао Цзэдун", "Mao Tse-tung"),
    ZHOU: ("周恩来", "Chou En-lai"),
    CEAUSESCU: ("Nicolae Ceauşescu",),
    "Kim Il Sung": ("김일성", "Ким Ир Сен"),
}


def names_of(title: str, people: Iterable[str], places: Iterable[str]) -> list[tuple[str, str, str]]:
    """What a reader's typing is completed to: kind, what is meant, spelling."""
    spelled = [("person", name, each) for name in people for each in (name, *VARIANTS.get(name, ()))]
    return [("title", "", title), *spelled, *(("place", place, place) for place in places)]


def titled(start: str) -> Record:
    """The record whose title begins so."""
    return next(record for record in RECORDS if record.title.startswith(start))
