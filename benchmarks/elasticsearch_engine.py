"""What a search page costs on Elasticsearch, against the engine's own time for the same request.

    TEST_ELASTICSEARCH_URL=... python -m benchmarks.elasticsearch_engine [DOCUMENTS] [RECORDS.jsonl.gz]

Beside it: a rebuild against a bare parallel bulk of the same documents with the same mapping, deep pages,
and how soon an edit is found. The records are those of ``benchmarks.search_engine``.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from elasticsearch.helpers import parallel_bulk

from benchmarks.search_engine import made_texts, page, read_texts, reports
from search.engines.elasticsearch import ElasticsearchBackend
from search.engines.elasticsearch.document import Document
from search.engines.errors import IndexingReport
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from search.tree import Prefix
from tests.search.catalogue.engines import ELASTICSEARCH, drop_indices
from tests.search.catalogue.indexes import ReportIndex
from tests.search.catalogue.models import Report
from tests.search.contract.conftest import connect, disconnect

TIMES = 60
INDEX = ReportIndex()


class Clock:
    """Adds up what the engine says that it took, and counts the round trips."""

    def __init__(self, backend: ElasticsearchBackend) -> None:
        self.took: list[float] = []
        usual = backend.server.ask

        def ask(*args: Any, **kwargs: Any) -> Any:
            answer = usual(*args, **kwargs)
            body = getattr(answer, "body", None)
            self.took.append(body["took"] if isinstance(body, dict) and "took" in body else 0)
            return answer

        backend.server.ask = ask  # type: ignore[method-assign]


def build(backend: ElasticsearchBackend, made: list[Report]) -> None:
    """The rate of a rebuild, beside a bare bulk and preparing alone."""
    began = time.perf_counter()
    batches = list(backend.prepared(INDEX, made, IndexingReport()))
    preparing = time.perf_counter() - began
    documents = [document for batch in batches for document in batch]
    size = sum(len(document.body) for document in documents) / len(documents)
    bare = _bare(backend, documents)  # once for nothing, so that both find a server that is warm
    bare = min(bare, _bare(backend, documents))
    began = time.perf_counter()
    with backend.rebuild() as rebuild:
        for _ in rebuild.fill(INDEX, (made[start : start + 200] for start in range(0, len(made), 200))):
            pass
        rebuild.commit()
    whole = time.perf_counter() - began
    print(f"\n{f'writing {len(made):,} documents of {size:,.0f} bytes':52}{'a second':>10}{'of bare':>10}")
    for label, spent in (
        ("bare parallel bulk, two threads", bare),
        ("preparing alone", preparing),
        ("rebuild", whole),
    ):
        print(f"  {label:50}{len(made) / spent:>10,.0f}{bare / spent:>9.2f}x")


def _bare(backend: ElasticsearchBackend, documents: list[Document]) -> float:
    """Seconds of the client's own parallel bulk into an index of the same mapping."""
    name = backend.indices.create(900, backend.described, backend.indices.building)
    client = backend.server.client.options(request_timeout=120)
    actions = ({"_index": name, "_id": one.id, "_source": one.body} for one in documents)
    began = time.perf_counter()
    for _ in parallel_bulk(client, actions, thread_count=2, chunk_size=500, expand_action_callback=_lines):
        pass
    client.indices.refresh(index=name)
    spent = time.perf_counter() - began
    backend.indices.drop([name])
    return spent


def _lines(action: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    return {"index": {"_index": action["_index"], "_id": action["_id"]}}, action["_source"]


def measured(clock: Clock, run: Callable[[], Any]) -> str:
    """Times of the whole search and of the engine alone, p50 and p95, and whether the target is met."""
    run()
    spent, took, trips = [], [], []
    for _ in range(TIMES):
        clock.took.clear()
        began = time.perf_counter()
        run()
        spent.append((time.perf_counter() - began) * 1000)
        took.append(sum(clock.took))
        trips.append(len(clock.took))
    cells = []
    for part in (50, 95):
        ours, its = _percentile(spent, part), _percentile(took, part)
        cells.append(f"{ours:>9.1f}{its:>8.0f}{'yes' if ours <= 1.5 * its + 15 else 'no':>5}")
    return f"{max(trips):>6}{''.join(cells)}"


def _percentile(values: list[float], part: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]


def pages(clock: Clock, number: int, common: str, rare: str) -> None:
    everything = {"facets": True, "highlight": True}
    heads = "".join(f"{f'p{part} ms':>9}{'took':>8}{'ok':>5}" for part in (50, 95))
    print(f"\n{f'a page of {number:,} documents':52}{'trips':>6}{heads}")
    for query in (common, rare, "Telegrm", ""):
        print(f"{query or 'no words'} ({ArchiveQuerySet(using='bench').read(parse(query)).count():,} hits)")
        for label, run in (
            ("ten hits and total", page(query)),
            ("with passages", page(query, highlight=True)),
            ("with passages, facets, histogram", page(query, **everything)),
            ("and two values and a range chosen", page(query, **everything, chosen=True)),
        ):
            print(f"  {label:50}{measured(clock, run)}")


def deep(clock: Clock, number: int) -> None:
    """Page 5 and one as deep as there is, up to 5,000, in the order of dates."""
    took = {}
    for page_number in (5, min(5000, number // 10)):
        times = []
        for _ in range(TIMES // 2):
            clock.took.clear()
            found = ArchiveQuerySet(using="bench").order_by("date_earliest")
            hits = found[(page_number - 1) * 10 : page_number * 10]
            assert len(hits) == 10
            times.append(sum(clock.took))
        took[page_number] = statistics.mean(times)
    near, far = took.values()
    print(
        f"\npage {list(took)[1]:,} against page 5: took {far:.1f} and {near:.1f} ms, {far / max(near, 0.1):.1f}x"
    )


def completions(clock: Clock) -> None:
    times = []
    for typed in ("tel", "pek", "chi", "amb", "nego") * 8:
        clock.took.clear()
        found = (
            ArchiveQuerySet(using="bench")
            .where(Prefix("title", typed))
            .facet("people", prefix=typed, limit=5)
        )
        found[0:8], found.facet_counts()
        times.append(sum(clock.took))
    print(
        f"completing what is typed: took {_percentile(times, 50):.0f} ms (p50), {_percentile(times, 95):.0f} ms (p95)"
    )


def edits(backend: ElasticsearchBackend, made: list[Report]) -> None:
    times = []
    for number in range(20):
        report = made[number]
        report.summary = f"changed{'abcdefghijklmnopqrst'[number]} now"
        began = time.perf_counter()
        backend.update(INDEX, [report])
        while not ArchiveQuerySet(using="bench").filter(summary=report.summary).count():
            time.sleep(0.01)
        times.append((time.perf_counter() - began) * 1000)
    print(
        f"an edit is found after {_percentile(times, 50):.0f} ms (p50), {_percentile(times, 95):.0f} ms (p95)"
    )


def main() -> None:
    if not os.environ.get("TEST_ELASTICSEARCH_URL"):
        print("NOT MEASURED: no server; `make services` starts one and says which variables name it.")
        return
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2760
    texts = read_texts(sys.argv[2]) if len(sys.argv) > 2 else made_texts()
    common, rare = ("China", "Panikkar") if len(sys.argv) > 2 else ("treaty", "negotiations embassy")
    made = list(reports(number, texts))
    backend = connect("bench", ELASTICSEARCH, Path())
    try:
        backend.clear()
        build(backend, made)
        clock = Clock(backend)
        pages(clock, number, common, rare)
        deep(clock, number)
        completions(clock)
        edits(backend, made)
    finally:
        drop_indices(backend)
        disconnect("bench")


if __name__ == "__main__":
    main()
