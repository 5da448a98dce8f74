"""How far a long run is, for people at a terminal and for logs: a bar there, a line now and then elsewhere."""

import time
from types import TracebackType
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from records.figures import in_figures

SECONDS_BETWEEN_LINES = 5.0
SECONDS_TOLD_AS_MINUTES = 120


class Progressing:
    """Counts what is done of ``total``, in one stage or in several.

    ``with Progressing(out, "Indexing", 500) as progress: progress(20)``; a run of several stages names none here, and
    says ``progress.at(label, done, total, records)``.
    """

    def __init__(self, out: Any, label: str = "", total: int = 0, *, silent: bool = False) -> None:
        self._out, self._silent = out, silent
        self._last = self._said = time.monotonic()
        self._label = ""
        self._bars: Progress | None = None
        self._bar = TaskID(0)
        if not silent and out.isatty():
            self._bars = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[count]}"),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(file=out),
            )
        if label:
            self._begin(label, total)

    def __enter__(self) -> Self:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def _begin(self, label: str, total: int) -> None:
        self._label, self._total = label, total
        # The first report of a stage comes after its first records: time counts from the end of the stage before.
        self._before, self._started = 0, self._last
        if self._bars is not None:
            self._bar = self._bars.add_task(label, total=total, count="", rate="")

    def begin_at(self, done: int) -> None:
        """So many were done before this run: they say nothing of how fast it is."""
        self._before, self._started = done, time.monotonic()
        if self._bars is not None:
            self._bars.update(self._bar, completed=done)

    def expect(self, total: int) -> None:
        """So many there are, as is known only now."""
        self._total = total
        if self._bars is not None:
            self._bars.update(self._bar, total=total)

    def __call__(self, done: int) -> None:
        """So many are done by now."""
        self._tell(done, done, _("%(done)s of %(total)s"))

    def at(self, label: str, done: int, total: int, records: int) -> None:
        """So far is this stage, in whatever it is measured, with so many records."""
        if label != self._label:
            self._begin(label, total)
        self.expect(total)
        self._tell(done, records, ngettext("%(records)s record", "%(records)s records", records))

    def _tell(self, done: int, records: int, counted: str) -> None:
        if self._silent:
            return
        self._last = time.monotonic()
        seconds = max(self._last - self._started, 1e-6)
        rate = _("%(rate)s a second") % {"rate": in_figures(round((records - self._before) / seconds))}
        figures = {"done": done, "total": self._total, "records": records}
        counted %= {name: in_figures(figure) for name, figure in figures.items()}
        if self._bars is not None:
            self._bars.update(self._bar, completed=done, count=counted, rate=rate)
        elif done >= self._total or self._last - self._said >= SECONDS_BETWEEN_LINES:
            self._said = self._last
            line = _("%(label)s: %(counted)s, %(share)s %%, %(rate)s, %(left)s left")
            share = in_figures(100 * done // self._total if self._total else 100)
            left = self._left(done, seconds)
            said = {"label": self._label, "counted": counted, "share": share, "rate": rate, "left": left}
            self._out.write(line % said + "\n")
            self._out.flush()

    def _left(self, done: int, seconds: float) -> str:
        """How long the rest will take at the pace so far."""
        so_far = done - self._before
        left = seconds * max(self._total - done, 0) / so_far if so_far > 0 else 0.0
        many = left >= SECONDS_TOLD_AS_MINUTES
        return (_("%(time)s min") if many else _("%(time)s s")) % {
            "time": in_figures(round(left / 60 if many else left))
        }
