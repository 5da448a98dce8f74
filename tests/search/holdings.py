"""A small archive whose answers can be worked out in Python, and the index of it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from haystack import connections

from dates import read_date
from documents.models import Document
from search.dependences import index_for, indexed_models
from tests import factories

TITLES = (
    "Telegram on the Peace Treaty with Japan",
    "Note on Fishing Grounds",
    "Minutes of Talks on the Peace Treaty",
    "Letter on Japanese Trade",
    "Report on the Border",
)
DATES = ("May 06, 1955", "1955", "1955-1957", "circa 1956", "1956-03-01", "[1957?]", "", "September, 1972")
LANGUAGES = (("rus",), ("chi",), ("rus", "chi"), ("ger",), ())
PEOPLE = (("Zhou Enlai",), ("Nikita Khrushchev", "Zhou Enlai"), ())
PLACES = (("Moscow",), ("Beijing", "Tokyo"), ("Tokyo",), ())
COLLECTIONS = (
    ("Sino-Japanese Relations",),
    ("Soviet-Japanese Relations",),
    ("Sino-Japanese Relations", "Soviet-Japanese Relations"),
)


@dataclass
class Record:
    """A document as a test sees it."""

    title: str
    written: str
    languages: tuple[str, ...]
    people: tuple[str, ...]
    places: tuple[str, ...]
    collections: tuple[str, ...]
    document: Document = field(repr=False)

    @property
    def bounds(self) -> tuple[date | None, date | None, bool]:
        read = read_date(self.written)
        return read.earliest, read.latest, read.certainty == "uncertain"

    def could_be(self, earliest: date, latest: date) -> bool:
        first, last, _uncertain = self.bounds
        if first is None and last is None:
            return False
        return (first or date.min) <= latest and (last or date.max) >= earliest

    def is_certainly(self, earliest: date, latest: date) -> bool:
        first, last, uncertain = self.bounds
        return bool(first and last and earliest <= first and last <= latest and not uncertain)


def make_holdings(number: int = 40) -> list[Record]:
    """So many documents, every combination a little different; drafts and withdrawn ones beside them."""
    records = []
    for place in range(number):
        facts: dict[str, Any] = {
            "languages": LANGUAGES[place % len(LANGUAGES)],
            "people": PEOPLE[place % len(PEOPLE)],
            "places": PLACES[place % len(PLACES)],
            "collections": COLLECTIONS[place % len(COLLECTIONS)],
        }
        title = f"{TITLES[place % len(TITLES)]}, No. {place}"
        written = DATES[place % len(DATES)]
        document = factories.make_document(
            title,
            date=written,
            summary="",
            languages=facts["languages"],
            people={"present": facts["people"]},
            places=facts["places"],
            collections=facts["collections"],
        )
        records.append(Record(title=title, written=written, document=document, **facts))
    factories.make_draft(
        "Draft on the Peace Treaty with Japan", people={"present": ["Mao Zedong"]}, date="1955"
    )
    factories.make_withdrawn("Withdrawn Note on Japan", date="1955")
    return records


def reindex() -> None:
    """Index all that is public, as `manage.py rebuild_index` does."""
    with connections["default"].get_backend().rebuild() as rebuild:
        for model in indexed_models():
            index = index_for(model)
            for batch in index.batches():
                rebuild.add(index, batch)
        rebuild.commit()
