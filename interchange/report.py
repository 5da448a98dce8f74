"""What an import did: counts, and the reasons of the rows that were rejected."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interchange.problems import ImportRefusedError, Problem

PROBLEMS_KEPT = 100


def figure(number: int) -> str:
    """A number as people read it: 5,000."""
    return f"{number:,}"


@dataclass
class Report:
    """The outcome of an import. ``problems`` keeps the first hundred; all of them went to the ``on_problem`` callback.

    ``drafts``: how many of the new records the public does not see.
    """

    kind: str
    dry_run: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    aborted: bool = False
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    notices: list[str] = field(default_factory=list)
    new_terms: dict[str, int] = field(default_factory=dict)
    unread_dates: int = 0
    drafts: int = 0
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every row came in."""
        return not self.rejected and not self.aborted

    def counts(self) -> str:
        """The counts as one line: "2,757 created, 3 rejected". What did not happen is left out."""
        parts = [
            (self.created, _("created")),
            (self.updated, _("updated")),
            (self.unchanged, _("unchanged")),
            (self.rejected, _("rejected")),
        ]
        said = [f"{figure(count)} {word}" for count, word in parts if count]
        return ", ".join(said) or _("no rows")

    def lines(self) -> list[str]:
        """The report in sentences, without the rejected rows."""
        lines = []
        if self.aborted:
            lines.append(
                _("Nothing was imported: %(count)s of %(rows)s rows cannot be, and --on-error is abort.")
                % {"count": figure(self.rejected), "rows": figure(self.rows)}
            )
        else:
            lines.append(f"{self.kind}: {self.counts()}.")
        if self.drafts:
            lines.append(
                ngettext(
                    "%(count)s of the new records is a draft, seen by curators alone until it is published in the admin "
                    "(--status published publishes what names no status).",
                    "%(count)s of the new records are drafts, seen by curators alone until they are published in the "
                    "admin (--status published publishes what names no status).",
                    self.drafts,
                )
                % {"count": figure(self.drafts)}
            )
        if self.unread_dates:
            lines.append(
                ngettext(
                    "%(count)s date was kept as written without being understood; the admin lists it.",
                    "%(count)s dates were kept as written without being understood; the admin lists them.",
                    self.unread_dates,
                )
                % {"count": figure(self.unread_dates)}
            )
        made = [f"{figure(count)} {name}" for name, count in self.new_terms.items() if count]
        if made and not self.aborted:
            lines.append(_("New in the authority lists: %(made)s.") % {"made": ", ".join(made)})
        if self.dry_run:
            lines.append(_("This was a dry run: nothing was kept."))
        return lines


class ProblemFile:
    """A CSV of every problem, written while the import runs. Use it as a context manager and an ``on_problem``."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def __enter__(self) -> Self:
        try:
            # With a byte order mark, for the spreadsheet in which it will be opened.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise ImportRefusedError(
                _("%(path)s cannot be written: %(reason)s") % {"path": self.path, "reason": error.strerror}
            ) from error
        self._writer = csv.writer(self._file)
        self._writer.writerow(["row", "column", "value", "problem"])
        return self

    def __exit__(self, *_exception: object) -> None:
        self._file.close()

    def __call__(self, problem: Problem) -> None:
        self._writer.writerow([problem.row, problem.column, problem.value, problem.message])


OnProblem = Callable[[Problem], None]
