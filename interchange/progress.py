"""How far an import is: its stages, for whoever watches."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from interchange.base import OnProgress, Step
from records.progress import Progressing


def stage_name(stage: str) -> str:
    names = {"checking": _("Checking"), "writing": _("Writing"), "indexing": _("Telling the search index")}
    return names.get(stage, stage)


@contextmanager
def shown_on(out: Any) -> Iterator[OnProgress]:
    """What an importer tells of its progress, shown."""
    with Progressing(out) as progress:

        def on_progress(step: Step) -> None:
            progress.at(stage_name(step.stage), step.done, step.total, step.rows)

        yield on_progress
