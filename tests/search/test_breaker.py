"""The circuit breaker alone, by a clock that the test turns."""

from __future__ import annotations

import threading

import pytest

from search.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("the engine", 5, clock)


def test_nobody_waits_after_a_failure_until_one_has_tried(breaker, clock):
    assert breaker.leave().granted
    breaker.failed("refused")
    assert breaker.is_open
    clock.seconds += 4.9
    assert not breaker.leave().granted
    clock.seconds += 0.2
    trial = breaker.leave()
    assert trial.granted
    assert trial.is_trial
    assert not breaker.leave().granted, "one tries, the others do not wait"
    breaker.failed("refused")
    assert not breaker.leave().granted
    clock.seconds += 5
    assert breaker.leave().is_trial
    breaker.succeeded()
    assert not breaker.is_open
    assert breaker.leave().granted
    assert not breaker.leave().is_trial


def test_slow_answers_open_it_only_in_a_row(breaker):
    for _ in range(3):
        breaker.failed("slow", 1)
        breaker.failed("slow", 1)
        breaker.succeeded()
    assert not breaker.is_open
    for _ in range(3):
        breaker.failed("slow", 1)
    assert breaker.is_open


def test_who_tried_and_was_never_heard_of_does_not_shut_it_for_ever(breaker, clock):
    breaker.failed("refused")
    clock.seconds += 6
    assert breaker.leave().is_trial
    clock.seconds += 29
    assert not breaker.leave().granted
    clock.seconds += 2
    assert breaker.leave().is_trial


def test_without_a_pause_it_never_opens(clock):
    breaker = Breaker("the engine", 0, clock)
    breaker.failed("refused")
    assert breaker.leave().granted
    assert not breaker.leave().is_trial


def test_of_many_threads_one_tries(breaker, clock):
    breaker.failed("refused")
    clock.seconds += 6
    together, leaves = threading.Barrier(20), []

    def ask() -> None:
        together.wait()
        leaves.append(breaker.leave())

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(leave.granted for leave in leaves) == [False] * 19 + [True]


def test_opening_and_closing_are_told_once(breaker, caplog):
    for _ in range(5):
        breaker.failed("refused")
    breaker.succeeded()
    breaker.succeeded()
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "the engine is left alone for 5 seconds at a time: refused",
        "the engine answers again",
    ]
