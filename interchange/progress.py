"""How far an import is, for people at a terminal and for logs."""

import sys
import time
from contextlib import AbstractContextManager
from typing import Any, Self, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from interchange.base import OnProgress, Step
from interchange.report import figure

SECONDS_BETWEEN_LINES = 5.0


def stage_name(stage: str) -> str:
    names = {"checking": _("Checking"), "writing": _("Writing"), "indexing": _("Telling the search index")}
    return names.get(stage, stage)


class _Pace:
    """Rows a second and seconds to go, within one stage."""

    def __init__(self) -> None:
        self._stage = ""
        self._started = self._last = time.monotonic()

    def see(self, step: Step) -> tuple[float, float]:
        now = time.monotonic()
        if step.stage != self._stage:
            # The first report of a stage comes after its first rows: time counts from the end of the stage before.
            self._stage, self._started = step.stage, self._last
        self._last = now
        seconds = max(now - self._started, 1e-6)
        left = seconds * (step.total - step.done) / step.done if step.done else 0.0
        return step.rows / seconds, left


def _records(count: int) -> str:
    return ngettext("%(count)s record", "%(count)s records", count) % {"count": figure(count)}


class PlainProgress:
    """A line at every few seconds, and one at the end of each stage."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._pace, self._said = out, _Pace(), time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        pass

    def __call__(self, step: Step) -> None:
        rate, left = self._pace.see(step)
        finished = step.done >= step.total
        if not finished and time.monotonic() - self._said < SECONDS_BETWEEN_LINES:
            return
        self._said = time.monotonic()
        share = 100 * step.done // step.total if step.total else 100
        line = _("%(stage)s: %(records)s, %(share)s %%, %(rate)s a second, %(left)s s left") % {
            "stage": stage_name(step.stage),
            "records": _records(step.rows),
            "share": share,
            "rate": figure(round(rate)),
            "left": figure(round(left)),
        }
        self._out.write(line + "\n")
        self._out.flush()


class RichProgress:
    """A bar for each stage."""

    def __init__(self, out: TextIO) -> None:
        self._pace = _Pace()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]}"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(file=out),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._bars.stop()

    def __call__(self, step: Step) -> None:
        rate, _left = self._pace.see(step)
        shown: dict[str, Any] = {
            "rows": _records(step.rows),
            "rate": _("%(rate)s a second") % {"rate": figure(round(rate))},
        }
        if step.stage not in self._tasks:
            self._tasks[step.stage] = self._bars.add_task(stage_name(step.stage), total=step.total, **shown)
        self._bars.update(self._tasks[step.stage], completed=step.done, total=step.total, **shown)


def progress_for(out: Any = None) -> AbstractContextManager[OnProgress]:
    """A bar on a terminal, plain lines elsewhere."""
    out = out or sys.stderr
    return RichProgress(out) if out.isatty() else PlainProgress(out)
