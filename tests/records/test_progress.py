"""How far a long run is: lines in a log, of one stage and of several."""

import io
from collections.abc import Callable

import pytest

from records.progress import Progressing


@pytest.fixture
def pass_seconds(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr("records.progress.time.monotonic", lambda: now[0])

    def forward(seconds: float) -> None:
        now[0] += seconds

    return forward


def test_a_line_now_and_then_and_one_at_the_end(pass_seconds):
    out = io.StringIO()
    with Progressing(out, "Drawing", 60_000) as progress:
        pass_seconds(1)
        progress(100)
        pass_seconds(9)
        progress(1000)
        pass_seconds(1)
        progress(60_000)
    assert out.getvalue().splitlines() == [
        "Drawing: 1,000 of 60,000, 1 %, 100 a second, 10 min left",
        "Drawing: 60,000 of 60,000, 100 %, 5,455 a second, 0 s left",
    ]


def test_each_stage_has_a_pace_of_its_own(pass_seconds):
    out = io.StringIO()
    with Progressing(out) as progress:
        pass_seconds(10)
        progress.at("Checking", 4096, 4096, 50)  # bytes
        pass_seconds(2)
        progress.at("Writing", 50, 50, 50)
    assert out.getvalue().splitlines() == [
        "Checking: 50 records, 100 %, 5 a second, 0 s left",
        "Writing: 50 records, 100 %, 25 a second, 0 s left",
    ]


def test_who_wants_silence_has_it():
    out = io.StringIO()
    with Progressing(out, "Indexing", 10, silent=True) as progress:
        progress.expect(20)
        progress(20)
    assert out.getvalue() == ""
