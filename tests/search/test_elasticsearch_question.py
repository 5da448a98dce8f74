"""What the engine is asked: every reader's word only a value, no parser of query strings, no script. No server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines.elasticsearch import ElasticsearchBackend
from search.engines.elasticsearch.compile import Compiler
from search.engines.elasticsearch.question import Question
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from tests.search.catalogue.engines import ELASTICSEARCH, EngineUnderTest
from tests.search.contract.conftest import connect, disconnect
from tests.search.contract.test_hostile import HOSTILE

NOWHERE = EngineUnderTest(
    "nowhere", ELASTICSEARCH.engine, lambda folder: {"URL": "http://127.0.0.1:9", "INDEX_NAME": "archive"}
)
PARSERS = {"query_string", "simple_query_string", "script", "script_fields", "regexp", "template", "wrapper"}


@pytest.fixture(scope="module")
def backend() -> Iterator[ElasticsearchBackend]:
    yield connect("nowhere", NOWHERE, Path())
    disconnect("nowhere")


def body_of(found: ArchiveQuerySet, backend: ElasticsearchBackend) -> dict[str, Any]:
    return Question(found.query.build_request(), Compiler(backend.described), None).body(0, 10)


def page(query: str) -> ArchiveQuerySet:
    return (
        ArchiveQuerySet(using="nowhere")
        .read(parse(query))
        .choose("places", [query])
        .facet("places", limit=5, missing=True)
        .facet("people", contains=query)
        .overlapping("1950-01-01", "1960-12-31")
        .histogram("year")
        .highlight()
        .exclude_ids(["catalogue.report.3"])
    )


def names_in(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for name, value in body.items():
            yield name
            yield from names_in(value)
    elif isinstance(body, list):
        for value in body:
            yield from names_in(value)


@pytest.mark.parametrize("query", [*HOSTILE, "telegram*", '"a b"~3'], ids=lambda query: ascii(query)[:30])
def test_no_query_reaches_a_parser_or_a_script(backend, query):
    body = body_of(page(query), backend)
    assert not PARSERS & set(names_in(body))
    assert not [name for name in names_in(body) if query.strip() and name == query]
    json.dumps(body).encode()


def test_conditions_that_nothing_leaves_aside_come_before_the_counts(backend):
    found = ArchiveQuerySet(using="nowhere").choose("places", ["Hanoi"]).overlapping("1950-01-01", None)
    assert "post_filter" not in body_of(found.facet("people"), backend)
    chosen = {"terms": {"exact.places": ["Hanoi"]}}
    assert body_of(found.facet("places"), backend)["post_filter"] == chosen
    both = body_of(found.facet("places").histogram(), backend)
    assert chosen in both["post_filter"]["bool"]["filter"]
    assert both["aggs"]["histogram"]["filter"] == chosen


def test_originals_are_fetched_for_passages_only(backend):
    found = ArchiveQuerySet(using="nowhere").read(parse("rice"))
    assert "original" not in body_of(found, backend)["_source"]
    assert "original" in body_of(found.highlight(), backend)["_source"]
    assert body_of(found, backend)["track_total_hits"] is True


def test_every_order_ends_in_a_key_of_its_own(backend):
    for order in ((), ("title_sort",), ("-date_earliest", "pages"), ("-score",), ("django_ct",)):
        sort = body_of(ArchiveQuerySet(using="nowhere").order_by(*order), backend)["sort"]
        assert [next(iter(one)) for one in sort[-3:]] == ["ct", "key", "pk"]
