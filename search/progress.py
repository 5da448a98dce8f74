"""How far a long run is: a bar on a terminal, a line now and then elsewhere."""

import time
from types import TracebackType
from typing import Any, Self

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

SECONDS_BETWEEN_LINES = 5.0
SECONDS_TOLD_AS_MINUTES = 120


class Progressing:
    """Counts records of ``total``. ``with Progressing(...) as progress: progress(done)``."""

    def __init__(self, out: Any, label: str, total: int, *, silent: bool = False) -> None:
        self._out, self._label, self._total, self._silent = out, label, total, silent
        self._started = self._said = time.monotonic()
        self._before = 0
        self._bar: Progress | None = None
        self._task: Any = None
        if not silent and out.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(file=out),
            )
            self._task = self._bar.add_task(label, total=total, rate="")

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin_at(self, done: int) -> None:
        """So many were done before this run: they say nothing of how fast it is."""
        self._before, self._started = done, time.monotonic()
        if self._bar is not None:
            self._bar.update(self._task, completed=done)

    def expect(self, total: int) -> None:
        """So many there are, as is known only now."""
        self._total = total
        if self._bar is not None:
            self._bar.update(self._task, total=total)

    def __call__(self, done: int) -> None:
        """So many are done by now."""
        if self._silent:
            return
        now = time.monotonic()
        rate = (done - self._before) / max(now - self._started, 1e-6)
        if self._bar is not None:
            self._bar.update(self._task, completed=done, rate=_("%(rate).0f a second") % {"rate": rate})
        elif done >= self._total or now - self._said >= SECONDS_BETWEEN_LINES:
            self._said = now
            line = _("%(label)s: %(done)d of %(total)d, %(rate).0f a second, %(left)s left")
            seconds = max(self._total - done, 0) / rate if rate > 0 else 0.0
            many = seconds >= SECONDS_TOLD_AS_MINUTES
            left = _("%(time).0f min") if many else _("%(time).0f s")
            left %= {"time": seconds / 60 if many else seconds}
            values = {"label": self._label, "done": done, "total": self._total, "rate": rate, "left": left}
            self._out.write(line % values + "\n")
            self._out.flush()
