"""What a search page costs on the embedded engine, beside bare FTS5 on the same rows in the same run.

    python -m benchmarks.search_engine [DOCUMENTS] [RECORDS.jsonl.gz]

Without a file of records (one JSON object a line, with "title" and "text") it makes telegrams of 5,000
characters whose words are as common and as rare as those of a language. Times are medians.
"""

import gzip
import itertools
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from search.engines.errors import IndexingReport  # noqa: E402
from search.engines.sqlite import SQLiteBackend, schema  # noqa: E402
from search.engines.sqlite.writer import indexed_columns  # noqa: E402
from search.grammar import DATES, parse  # noqa: E402
from search.queryset import ArchiveQuerySet  # noqa: E402
from tests.search.catalogue.engines import SQLITE  # noqa: E402
from tests.search.catalogue.indexes import ReportIndex  # noqa: E402
from tests.search.catalogue.models import Report  # noqa: E402
from tests.search.contract.conftest import connect, disconnect  # noqa: E402

TIMES = 15
CITIES = ("Moscow", "Beijing", "Hanoi", "Belgrade", "Ulan Bator", "Pyongyang", "Tokyo", "Delhi")
# Table names are the engine's own.
# ruff: noqa: S608


def made_texts() -> Iterator[tuple[str, str]]:
    """(title, text) without end, a thousand different ones."""
    chance = random.Random(1956)
    syllables = [a + b for a in "bcdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "ing", "er")]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(20_000)]
    words[50], words[400], words[401] = "treaty", "negotiations", "embassy"
    weights = [1 / (rank + 2) for rank in range(len(words))]
    made = []
    for number in range(1000):
        text = chance.choices(words, weights, k=900)
        lines = [" ".join(text[start : start + 60]) for start in range(0, 900, 60)]
        made.append((f"Telegram {number}: {' '.join(text[:6])}", "\n".join(lines)))
    yield from itertools.cycle(made)


def read_texts(path: str) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    yield from itertools.cycle([(record["title"], record["text"]) for record in read])


def reports(number: int, texts: Iterator[tuple[str, str]]) -> Iterator[Report]:
    chance = random.Random(1972)
    for pk, (title, text) in zip(range(1, number + 1), texts, strict=False):
        day = f"{chance.randint(1945, 1990)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield Report(
            pk=pk,
            title=title,
            transcripts=[text],
            people=[f"Person {int(chance.paretovariate(0.7)) % 2000}" for _ in range(5)],
            places=chance.sample(CITIES, 2),
            subjects=[f"Subject {int(chance.paretovariate(0.7)) % 300}" for _ in range(3)],
            languages=[chance.choice(("eng", "rus", "chi"))],
            earliest=day,
            latest=day,
        )


def page(query: str, **asked: object) -> Callable[[], None]:
    """A page of ten hits; ``facets`` adds five of them and the histogram, ``highlight`` the passages."""

    def run() -> None:
        found = ArchiveQuerySet(using="bench").read(parse(query, {"title": "title", "year": DATES}))
        if asked.get("facets"):
            for field in ("people", "places", "subjects", "languages", "participants"):
                found = found.facet(field)
            found = found.histogram("year")
        if asked.get("chosen"):
            found = found.choose("places", ["Hanoi", "Tokyo"]).overlapping("1955-01-01", "1960-12-31")
        if asked.get("highlight"):
            found = found.highlight()
        if asked.get("order"):
            found = found.order_by("date_earliest")
        found[0:10]
        found.count(), found.facet_counts(), found.histogram_counts(), found.spelling_suggestion()

    return run


def bare(backend: SQLiteBackend, expression: str) -> Callable[[], None]:
    """FTS5 alone: the ten best rows and how many there are."""

    def run() -> None:
        with backend.file.reading() as db:
            fts = schema.live(db).fts
            db.execute(
                f"SELECT rowid FROM {fts} WHERE {fts} MATCH ? ORDER BY bm25({fts}) LIMIT 10", (expression,)
            ).fetchall()
            db.execute(f"SELECT count(*) FROM {fts} WHERE {fts} MATCH ?", (expression,)).fetchone()

    return run


def measured(run: Callable[[], None]) -> tuple[float, float]:
    """(milliseconds, milliseconds of this process's own work), medians.

    Ratios are of the second: the first counts whatever else the machine does meanwhile.
    """
    run()
    spent, worked = [], []
    for _ in range(TIMES):
        began, own = time.perf_counter(), time.process_time()
        run()
        spent.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - own) * 1000)
    return statistics.median(spent), statistics.median(worked)


def build(backend: SQLiteBackend, made: list[Report]) -> None:
    """A rebuild, and beside it preparing alone and a bare FTS5 table filled with the same columns."""
    index = ReportIndex()
    began = time.process_time()
    with backend.rebuild() as rebuild:
        rebuild.add(index, made)
        rebuild.commit()
    whole = time.process_time() - began
    began = time.process_time()
    layout = schema.layout_of(backend.described)
    rows = [row for part in backend.prepared(index, made, layout, IndexingReport()) for row in part]
    preparing = time.process_time() - began
    columns = [indexed_columns([row.texts.get(name, "") for name in layout.text]) for row in rows]
    backend.file.create()
    with backend.file.writing() as db:
        names = ", ".join(f"c{number}" for number in range(len(layout.text)))
        db.execute(f"CREATE VIRTUAL TABLE bare USING fts5({names}, content='', tokenize='ascii')")
        began = time.process_time()
        db.executemany(f"INSERT INTO bare ({names}) VALUES ({', '.join('?' * len(layout.text))})", columns)
        filling = time.process_time() - began
        db.execute("DROP TABLE bare")
    print(f"\n{'writing, by cpu time':44}{'a second':>10}{'of bare':>10}")
    for name, spent in (("bare FTS5 insert", filling), ("preparing alone", preparing), ("rebuild", whole)):
        print(f"{name:44}{len(made) / spent:>10,.0f}{filling / spent:>9.2f}x")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2760
    texts = read_texts(sys.argv[2]) if len(sys.argv) > 2 else made_texts()
    common, rare = ("China", "Panikkar") if len(sys.argv) > 2 else ("treaty", "negotiations embassy")
    made = list(reports(number, texts))
    with tempfile.TemporaryDirectory() as folder:
        backend = connect("bench", SQLITE, Path(folder))
        build(backend, made)
        everything = {"facets": True, "highlight": True}
        print(
            f"\n{f'reading, {number:,} documents':44}{'hits':>8}{'p50 ms':>10}{'cpu ms':>10}{'of bare':>10}"
        )
        phrase = " ".join(made[5].transcripts[0].split()[20:22])
        for query in (common, rare, f'"{phrase}"', "Telegrm"):
            hits = ArchiveQuerySet(using="bench").read(parse(query)).count()
            clause = ArchiveQuerySet(using="bench").read(parse(query)).query.build_query()
            with backend.file.reading() as db:
                expression = schema_match(backend, db, clause)
            base = measured(bare(backend, expression))
            runs = [
                ("bare MATCH, bm25 and count", base),
                ("ten hits and total", measured(page(query))),
                ("  with passages", measured(page(query, highlight=True))),
                ("  with passages, facets, histogram", measured(page(query, **everything))),
                ("  and two values and a range chosen", measured(page(query, **everything, chosen=True))),
            ]
            print(query)
            for name, (spent, worked) in runs:
                print(f"  {name:42}{hits:>8,}{spent:>10.1f}{worked:>10.1f}{worked / base[1]:>9.1f}x")
        print("no words")
        for name, (spent, worked) in (
            ("ten hits and total", measured(page(""))),
            ("facets and histogram", measured(page("", **everything))),
            ("in order of date", measured(page("", **everything, order=True))),
        ):
            print(f"  {name:42}{number:>8,}{spent:>10.1f}{worked:>10.1f}")
        disconnect("bench")


def schema_match(backend: SQLiteBackend, db: object, node: object) -> str:
    """What FTS5 is asked for a condition."""
    from search.engines.sqlite.compile import Compiler

    return str(Compiler(db, schema.live(db), backend.described).compile(node).match)


if __name__ == "__main__":
    main()
