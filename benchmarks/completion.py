"""What it takes to complete what a reader types: the engine alone, and the whole request, on both engines.

    [TEST_ELASTICSEARCH_URL=...] python -m benchmarks.completion [DOCUMENTS] [RECORDS.jsonl.gz MAPPING.toml]

Made records, 2,760 without a number, or a file of true ones, in a database and indices of its own. Beginnings of
two letters to six are typed, each three times, of which the quickest counts: what else the machine does is not
ours. Nothing is answered from what the engine remembers. The engine's time is its own ``took``, on SQLite the
work that the call is; target: 30 ms. "bare" is a search for nothing, "cpu" the work of this process alone.
"""

import itertools
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from haystack import connections  # noqa: E402

from documents.choices import Role  # noqa: E402
from documents.models import Document, Participation  # noqa: E402
from interchange.columns import DOCUMENTS  # noqa: E402
from interchange.documents import DocumentImporter  # noqa: E402
from interchange.mapping import Mapping  # noqa: E402
from interchange.readers import open_reader  # noqa: E402
from people.models import Person, VariantName  # noqa: E402
from search.dependences import index_for, indexed_models  # noqa: E402
from search.models import OutboxEntry  # noqa: E402
from search.outbox import paused  # noqa: E402
from tests import factories  # noqa: E402
from tests.search.engines_of_site import site_on  # noqa: E402

TARGET, TYPED, TRIES = 30, 150, 3
SYLLABLES = (
    "chi",
    "zhou",
    "mao",
    "ka",
    "vich",
    "ber",
    "lin",
    "son",
    "to",
    "mi",
    "ra",
    "en",
    "lai",
    "gro",
    "my",
    "ko",
)
MATTERS = (
    "border",
    "treaty",
    "trade",
    "visit",
    "embassy",
    "harbour",
    "grain",
    "prisoners",
    "railway",
    "delegation",
)


def word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).capitalize()


def make_records(number: int) -> None:
    """Documents that are called all differently, and a tenth as many people with three names each."""
    chance = random.Random(1972)
    people = Person.objects.bulk_create(
        Person(name=f"{word(chance)} {word(chance)} {each}", slug=f"person-{each}")
        for each in range(number // 10)
    )
    VariantName.objects.bulk_create(
        VariantName(person=person, name=f"{word(chance)} {word(chance)}-{word(chance).lower()} {order}")
        for person in people
        for order in range(2)
    )
    made = factories.make_many_documents(number, characters=300, repository=factories.make_repository())
    for each, document in enumerate(made):
        document.title = (
            f"{chance.choice(MATTERS).capitalize()} talks of {word(chance)} with {word(chance)}, No. {each}"
        )
    Document.objects.bulk_update(made, ["title"], batch_size=500)
    Participation.objects.bulk_create(
        [
            Participation(document=document, person=person, role=Role.MENTIONED)
            for document in made
            for person in chance.sample(people, 6)
        ],
        batch_size=1000,
    )


def read_records(path: str, mapping: str) -> None:
    bound = Mapping.read(Path(mapping), DOCUMENTS)
    DocumentImporter(open_reader(Path(path)), mapping=bound, status="published").run()


def reindex() -> None:
    with connections["default"].get_backend().rebuild() as rebuild:
        for model in indexed_models():
            index = index_for(model)
            for batch in index.batches():
                rebuild.add(index, batch)
        rebuild.commit()
    OutboxEntry.objects.all().delete()


def beginnings() -> Iterator[str]:
    """Parts of names and titles as they are typed, no two alike."""
    chance = random.Random(1956)
    names = [
        *Person.objects.order_by("pk").values_list("name", flat=True)[:2000],
        *VariantName.objects.order_by("pk").values_list("name", flat=True)[:2000],
        *Document.objects.order_by("pk").values_list("title", flat=True)[:2000],
    ]
    found: dict[str, None] = {}
    while len(found) < TYPED:
        words = chance.choice(names).split()
        at = chance.randrange(len(words))
        found[" ".join(words[at : at + 2])[: chance.randint(2, 6)].strip().lower()] = None
    yield from (typed for typed in found if len(typed) > 1)


class Clock:
    """Adds up what the engine says that it took; without a word of its own, what the call had to do."""

    def __init__(self, backend: Any) -> None:
        self.took: list[float] = []
        usual = backend.complete
        told = getattr(backend, "_asked", None)
        turns = itertools.count()

        def complete(*args: Any, **kwargs: Any) -> Any:
            began = time.process_time()
            answer = usual(*args, **kwargs)
            if told is None:
                self.took.append((time.process_time() - began) * 1000)
            return answer

        def asked(*args: Any, **kwargs: Any) -> Any:
            body = dict(args[0])
            # The same question in another form: the engine must not answer from what it remembers.
            named = {name: {**part, "meta": {"turn": next(turns)}} for name, part in body["aggs"].items()}
            answer = told({**body, "aggs": named}, *args[1:], **kwargs)
            self.took.append(answer["took"])
            return answer

        backend.complete = complete
        if told is not None:
            backend._asked = asked
        self._told = told

    def bare(self) -> float:
        """The least that can be asked of a server, at the same moment: how busy is this machine?"""
        if self._told is None:
            return 0.0
        return self._told({"size": 0, "query": {"match_none": {}}})["took"]


def measure(engine: str, number: int) -> None:
    backend = connections["default"].get_backend()
    clock, client = Clock(backend), Client()
    client.get("/search/complete/?q=zzz")
    clock.took.clear()
    for place, where in (("box", {"in": "everything"}), ("row", {"field": "person"})):
        took, whole, worked, bare, offered = [], [], [], [], 0
        for typed in beginnings():
            tries = []
            for _each in range(TRIES):
                clock.took.clear()
                began, own = time.perf_counter(), time.process_time()
                answer = client.get("/search/complete/", {"q": typed, **where})
                spent, own = time.perf_counter() - began, time.process_time() - own
                tries.append((sum(clock.took), spent * 1000, own * 1000))
            for times, best in zip((took, whole, worked), map(min, zip(*tries, strict=True)), strict=True):
                times.append(best)
            bare.append(min(clock.bare() for _each in range(TRIES)))
            offered += len(answer.json()["suggestions"])
        cells = "".join(
            f"{percentile(times, part):>10.1f}" for times in (bare, took, whole, worked) for part in (50, 95)
        )
        is_met = "yes" if percentile(took, 95) <= TARGET else "no"
        print(f"{engine:15}{place:6}{number:>10,}{offered / len(whole):>9.1f}{cells}{is_met:>8}", flush=True)


def percentile(values: list[float], part: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2760
    connection.creation.create_test_db(verbosity=0)
    try:
        with paused():
            if len(sys.argv) > 3:
                read_records(sys.argv[2], sys.argv[3])
            else:
                make_records(number)
        number = Document.objects.visible_to(None).count()
        heads = "".join(
            f"{f'{what} p{part}':>10}" for what in ("bare", "took", "whole", "cpu") for part in (50, 95)
        )
        print(f"{'ms':15}{'':6}{'documents':>10}{'offered':>9}{heads}{'target':>8}")
        for engine in ("sqlite", "elasticsearch"):
            if engine == "elasticsearch" and not os.environ.get("TEST_ELASTICSEARCH_URL"):
                print(
                    "NOT MEASURED on elasticsearch: no server; `make services` starts one and says how it is named."
                )
                continue
            with site_on(engine):
                reindex()
                measure(engine, number)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
