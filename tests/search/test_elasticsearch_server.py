"""The engine and its cluster: who may come in, what it does when refused, cut off, kept waiting or blocked."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import elasticsearch
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.views.debug import SafeExceptionReporterFilter

from archive_site.environment import elasticsearch_connection, search_connection
from search.engines.elasticsearch import ElasticsearchBackend
from search.engines.elasticsearch.bulk import Operation, chunks
from search.engines.errors import (
    BeyondReachError,
    EngineError,
    EngineRestingError,
    IndexBusyError,
    IndexingFailedError,
    IndexMissingError,
    IndexUnusableError,
    SearchTimeoutError,
)
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from tests.search.catalogue.engines import ELASTICSEARCH, EngineUnderTest, drop_indices, on_the_server
from tests.search.catalogue.indexes import ReportIndex
from tests.search.catalogue.models import Report
from tests.search.catalogue.records import RECORDS
from tests.search.contract.conftest import connect, disconnect, fill
from tests.search.unwilling import door, silence

needs_server = pytest.mark.elasticsearch
REPORTS = ReportIndex()


def search() -> ArchiveQuerySet:
    return ArchiveQuerySet(using="cluster")


@pytest.fixture
def connected(tmp_path: Path) -> Iterator[Callable[..., ElasticsearchBackend]]:
    """Connect with other options than usual; what an earlier call made in the index is still there."""
    usual = on_the_server()

    def begin(**options: Any) -> ElasticsearchBackend:
        made = {name: value for name, value in {**usual, **options}.items() if value is not None}
        return connect(
            "cluster", EngineUnderTest("cluster", ELASTICSEARCH.engine, lambda folder: made), tmp_path
        )

    yield begin
    drop_indices(begin())
    disconnect("cluster")


@pytest.fixture
def backend(connected: Callable[..., ElasticsearchBackend]) -> ElasticsearchBackend:
    backend = connected()
    backend.clear()
    return backend


def reports(*numbers: int) -> list[Report]:
    return [RECORDS[number - 1].as_report() for number in numbers]


# -- the address


def test_an_address_is_read_into_its_parts(monkeypatch):
    monkeypatch.setenv("SEARCH_CA_FILE", "/etc/ca.pem")
    made = elasticsearch_connection("https://curator:p%40ss%2Fword@one.example:9200,two.example/archive")
    assert made["URL"] == ["https://one.example:9200", "https://two.example:9200"]
    assert made["BASIC_AUTH"] == ("curator", "p@ss/word")
    assert (made["INDEX_NAME"], made["CA_FILE"]) == ("archive", "/etc/ca.pem")
    monkeypatch.setenv("SEARCH_API_KEY", "a-key")
    assert elasticsearch_connection("http://[::1]:9200/archive")["API_KEY"] == "a-key"
    with pytest.raises(ImproperlyConfigured, match="not both"):
        elasticsearch_connection("https://curator:secret@one.example/archive")


@pytest.mark.parametrize(
    "url", ["https://one.example", "https://one.example/", "https:///archive", "ftp://x/y"]
)
def test_an_address_without_host_or_index_is_refused(url, monkeypatch, tmp_path):
    monkeypatch.setenv("SEARCH_URL", url)
    with pytest.raises(ImproperlyConfigured, match="SEARCH_URL"):
        search_connection(tmp_path / "search.sqlite3", tmp_path)


def test_the_debug_page_hides_password_and_key(settings, monkeypatch):
    made = elasticsearch_connection("https://curator:very-secret@one.example/archive")
    settings.HAYSTACK_CONNECTIONS = {"default": {**made, "API_KEY": "key-secret"}}
    shown = str(SafeExceptionReporterFilter().get_safe_settings()["HAYSTACK_CONNECTIONS"])
    assert "one.example" in shown
    assert "secret" not in shown


def test_a_password_in_the_address_of_a_host_is_refused():
    with pytest.raises(ImproperlyConfigured, match="BASIC_AUTH") as caught:
        ElasticsearchBackend("x", URL="https://me:hidden@one.example", INDEX_NAME="archive")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("name", ["Archive", "a b", "_x", "a,b", "*", "x.building"])
def test_a_name_that_no_index_can_have_is_refused(name):
    with pytest.raises(IndexUnusableError, match="small letters"):
        ElasticsearchBackend("x", URL="https://one.example:9200", INDEX_NAME=name)


# -- who may come in


@needs_server
def test_a_wrong_password_is_said_without_saying_it(connected, caplog):
    caplog.set_level(logging.DEBUG)
    backend = connected(BASIC_AUTH=("archive", "wrong-and-secret"))
    for attempt in (lambda: search()[0:1], backend.clear, lambda: backend.update(REPORTS, reports(1))):
        with pytest.raises(IndexUnusableError, match="check SEARCH_URL") as caught:
            attempt()
        assert "secret" not in f"{caught.value!r}{caught.value.__cause__!r}{backend.server!r}"
    assert "secret" not in caplog.text
    assert caplog.text


@needs_server
def test_an_authority_that_is_not_trusted(connected, monkeypatch):
    pauses: list[float] = []
    if not on_the_server()["URL"][0].startswith("https"):
        pytest.skip("the server that is named speaks plain HTTP")
    backend = connected(CA_FILE=None)
    monkeypatch.setattr("search.engines.elasticsearch.server.time.sleep", pauses.append)
    for question in (lambda: search()[0:1], lambda: list(backend.documents())):
        with pytest.raises(EngineError, match="SEARCH_CA_FILE"):
            question()
    assert pauses == [], "another try brings no other certificate"


@needs_server
@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "of something else"])
def test_a_file_of_an_authority_that_is_none(connected, tmp_path, content):
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_text(content)
    connected(URL="https://127.0.0.1:9", BASIC_AUTH=None, CA_FILE=str(path))
    with pytest.raises(EngineError, match=rf"{path}.+correct SEARCH_CA_FILE"):
        search()[0:1]


@needs_server
def test_an_authority_as_elasticsearch_long_made_them():
    authority = on_the_server()["CA_FILE"]
    if not authority:
        pytest.skip("the server that is named has no authority of its own")
    server = ElasticsearchBackend("x", URL="https://127.0.0.1:9", INDEX_NAME="x", CA_FILE=authority).server
    (node,) = server.client.transport.node_pool.all()
    context = node.pool.conn_kw["ssl_context"]
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT, "what Python 3.13 demands"


@needs_server
def test_an_api_key_that_may_use_this_index_only(connected):
    backend = connected()
    alias = backend.indices.alias
    rights = {
        "archive": {
            "cluster": ["monitor"],
            "indices": [{"names": [alias, f"{alias}-*", f"{alias}.building"], "privileges": ["all"]}],
        }
    }
    try:
        key = backend.server.client.security.create_api_key(
            name=alias, role_descriptors=rights, expiration="1h"
        )["encoded"]
    except elasticsearch.ApiError:
        pytest.skip("the server that is named has no security on")
    backend = connected(BASIC_AUTH=None, API_KEY=key)
    fill(backend)
    with backend.rebuild() as rebuild:
        rebuild.add(REPORTS, reports(1, 2))
        rebuild.commit()
    assert search().count() == 2
    assert len(list(backend.documents())) == 2
    assert backend.status()["documents"] == 2
    elsewhere = connected(BASIC_AUTH=None, API_KEY=key, INDEX_NAME="test-of-somebody-else")
    with pytest.raises(IndexUnusableError) as caught:
        elsewhere.clear()
    assert key not in str(caught.value)
    backend = connected(BASIC_AUTH=None, API_KEY=key)
    backend.clear()


@needs_server
def test_of_several_hosts_one_is_enough(connected, backend):
    hosts = ["https://127.0.0.1:9", *on_the_server()["URL"], "https://127.0.0.1:10"]
    backend = connected(
        URL=[host.replace("https", on_the_server()["URL"][0].split(":")[0]) for host in hosts]
    )
    backend.update(REPORTS, reports(1, 2))
    assert [search().count() for _ in range(5)] == [2] * 5


# -- refused, cut off, kept waiting


@needs_server
def test_what_is_refused_for_now_is_asked_again(connected, backend):
    with door() as before:
        backend = connected(URL=before.url)
        before.moods[:] = [429]
        assert search().count() == 0
        before.moods[:] = ["ok", 503, "hang up", 429]
        backend.update(REPORTS, reports(1, 2, 3))
        assert search().count() == 3
        before.moods[:] = ["hang up"]
        assert search().count() == 3
        before.moods[:] = [429] * 20
        begun = time.monotonic()
        with pytest.raises(IndexBusyError):
            search().count()
        assert time.monotonic() - begun < 2, "a page does not wait long"


@needs_server
def test_nothing_listens(connected):
    connected(URL="http://127.0.0.1:9", BASIC_AUTH=None, CA_FILE=None)
    with pytest.raises(EngineError, match="cannot be reached"):
        search()[0:1]


def test_an_engine_that_keeps_silent_is_given_up(tmp_path):
    with silence() as url:
        options = {"URL": url, "INDEX_NAME": "archive", "TIMEOUT": 0.2, "PAUSE": 0}
        engine = EngineUnderTest("silent", ELASTICSEARCH.engine, lambda folder: options)
        backend = connect("cluster", engine, tmp_path)
        begun = time.monotonic()
        with pytest.raises(SearchTimeoutError, match="did not answer"):
            search()[0:1]
        assert time.monotonic() - begun < 0.6, "the time limit is that of the whole wait"
        with backend.time_limit(0.1), pytest.raises(SearchTimeoutError):
            backend.remove("catalogue.report.1")
        assert time.monotonic() - begun < 3
        disconnect("cluster")


@needs_server
def test_all_that_one_page_asks_has_one_time_limit(connected, backend):
    backend.update(REPORTS, reports(1, 2, 3))
    with door() as before:
        # Where nobody asked before, what the index has is asked first.
        connected(URL=before.url, TIMEOUT=1.0, PAUSE=0)
        before.moods[:] = [0.7, 0.7]
        begun = time.monotonic()
        with pytest.raises(EngineError):
            search().choose("languages", ["rus"])[0:1]
        assert time.monotonic() - begun < 1.35
        asked = len(before.requests)
        before.moods[:] = [0.7, 0.7, 0.7, 0.7]
        assert search().choose("languages", ["rus"])[:] is not None, "an export is not a page"
        assert len(before.requests) - asked > 1


@needs_server
def test_what_no_reader_waits_for_heeds_no_breaker(connected, backend):
    backend.update(REPORTS, reports(1, 2))
    with door() as before:
        backend = connected(URL=before.url, PAUSE=300)
        before.moods[:] = ["hang up"] * 2
        with pytest.raises(EngineError, match="cannot be reached"):
            search().count()
        with pytest.raises(EngineRestingError):
            search().count()
        assert len(list(backend.documents())) == 2, "a check is not put off"
        assert search().count() == 2, "and finds out for all that the engine is back"


@needs_server
def test_a_sign_of_life_that_comes_late_keeps_nobody_from_reading(connected, backend):
    with door() as before:
        backend = connected(URL=before.url, PAUSE=300)
        before.moods[:] = ["hang up"]
        with pytest.raises(EngineError, match="cannot be reached"):
            backend.server.ask(lambda client: client.info(), attempts=1)
        assert search().count() == 0


_SLOWLY = (
    "double x = 0; for (int i = 0; i < 400000; i++) { x += Math.sqrt(i); } "
    "for (int i = 0; i < 400000; i++) { x += Math.sqrt(i); } return x > 0 ? 1 : 2;"
)


@needs_server
def test_a_part_of_an_answer_is_no_answer(backend):
    backend.update(REPORTS, [record.as_report() for record in RECORDS])
    for scripted, kind in (
        (_SLOWLY, SearchTimeoutError),
        ("if (doc['pk'].value == '7') { throw new IllegalArgumentException('no') } return 1;", EngineError),
    ):
        ranked = {"script_score": {"query": {"match_all": {}}, "script": {"source": scripted}}}
        with backend.server.time_limit(0.5), pytest.raises(kind):
            backend._asked({"query": ranked, "timeout": "50ms"})
    assert search().count() == len(RECORDS)


@pytest.mark.parametrize("status", [429, 504])
def test_out_of_time_is_no_want_of_room(status):
    server = ElasticsearchBackend("x", URL="http://127.0.0.1:9", INDEX_NAME="x").server
    body = {"error": {"type": "search_timeout_exception", "reason": "Time exceeded"}}
    answer: Any = SimpleNamespace(status=status)
    assert isinstance(server._typed(elasticsearch.ApiError("", answer, body)), SearchTimeoutError)


@needs_server
def test_a_blocked_index_is_read_and_written_again_when_it_is_free(backend):
    backend.update(REPORTS, reports(1))
    block = "index.blocks.read_only_allow_delete"
    settings = backend.server.client.indices.put_settings
    settings(index=backend.indices.alias, settings={block: True})
    with backend.time_limit(5), pytest.raises(IndexBusyError, match="read-only"):
        backend.update(REPORTS, reports(2))
    assert search().count() == 1
    settings(index=backend.indices.alias, settings={block: None})
    backend.update(REPORTS, reports(2))
    assert search().count() == 2


@needs_server
def test_an_index_that_is_gone_is_not_made_by_accident(backend):
    drop_indices(backend)
    for attempt in (
        lambda: search()[0:1],
        lambda: backend.update(REPORTS, reports(1)),
        lambda: backend.remove("catalogue.report.1"),
        lambda: list(backend.documents()),
        lambda: backend.roll_back().__enter__(),
    ):
        with pytest.raises(IndexMissingError):
            attempt()
    assert backend.indices.generations() == []
    assert backend.status()["exists"] is False
    backend.clear()
    assert search().count() == 0


# -- bulks


@needs_server
def test_one_refused_document_stops_no_other(backend):
    bad = Report(pk=2, title="Too long a place", places=["x" * 40_000])
    with pytest.raises(IndexingFailedError, match=r"catalogue\.report\.2") as caught:
        backend.update(REPORTS, [*reports(1), bad, *reports(3)])
    (failure,) = caught.value.report.failed
    assert failure[0] == "catalogue.report.2"
    assert "immense term" in failure[1]
    assert len(failure[1]) < 600, "the reason, not the document"
    assert {hit.id for hit in search()} == {"catalogue.report.1", "catalogue.report.3"}
    with backend.rebuild() as rebuild:
        assert len(rebuild.add(REPORTS, [*reports(1), bad, *reports(3)]).failed) == 1
        rebuild.commit()
    assert search().count() == 2


def test_bulks_are_cut_by_bytes():
    sizes = [100, 4000, 100, 20_000, 100, 100]
    operations = [Operation("x", str(number), b"y" * size) for number, size in enumerate(sizes)]
    cut = list(chunks(operations, 5000))
    assert [[int(operation.id) for operation in chunk] for chunk in cut] == [[0, 1, 2], [3], [4, 5]]
    assert list(chunks([])) == []


# -- pages deep down


@needs_server
def test_beyond_the_last_page_there_is_none_and_beyond_the_limit_a_sentence(backend, monkeypatch):
    backend.update(REPORTS, [record.as_report() for record in RECORDS])
    deep = search().all()
    assert deep[5_000_000:5_000_010] == []
    assert deep.count() == len(RECORDS)
    monkeypatch.setattr(backend, "window", 50)
    assert len(search()[40:50]) == 10
    with pytest.raises(BeyondReachError, match="narrow the search"):
        search()[45:55]


@needs_server
def test_all_hits_are_fetched_in_steps(backend, monkeypatch):
    backend.update(REPORTS, [record.as_report() for record in RECORDS])
    monkeypatch.setattr("search.engines.elasticsearch.moment.AT_ONCE", 7)
    found = search().models(Report).order_by("title_sort").choose("languages", ["rus"])
    expected = sorted((r for r in RECORDS if "rus" in r.languages), key=lambda r: (r.title.casefold(), r.pk))
    assert [int(hit.pk) for hit in found[:]] == [record.pk for record in expected]
    ranked = search().read(parse("telegram"))[:]
    assert len({hit.pk for hit in ranked}) == len(ranked) == search().read(parse("telegram")).count()
