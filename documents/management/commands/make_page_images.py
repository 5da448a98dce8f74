"""Make the images of scans' pages that are not made yet."""

from argparse import BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum

from documents import page_images
from documents.models import Document, Scan
from records.progress import Progressing


class Command(BaseCommand):
    help = (
        "Makes the images of scans' pages that are not made yet, for the viewer and the lists; `sync_index --watch` "
        "does so, too, after an upload. Several at once share the work. Pages that cannot be drawn are named, and "
        "not tried again before they are asked for with --again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--record",
            type=int,
            action="append",
            metavar="ID",
            help="Only the scans of this record; repeatable.",
        )
        parser.add_argument("--again", action="store_true", help="Try once more what could not be drawn.")
        parser.add_argument("--all", action="store_true", help="Make every image anew.")
        parser.add_argument(
            "--tidy",
            action=BooleanOptionalAction,
            default=True,
            help="Also look for images that are lost, and remove those of scans that are gone (yes).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        scans = Scan.objects.all()
        if options["record"]:
            known = Document.objects.filter(record_id__in=options["record"])
            missing = sorted({*options["record"]} - {*known.values_list("record_id", flat=True)})
            if missing:
                raise CommandError(f"there is no record {', '.join(str(number) for number in missing)}")
            scans = scans.filter(document__record_id__in=options["record"])
        if options["all"] or options["again"]:
            page_images.forget(scans, only_with_problems=not options["all"])
        if options["tidy"]:
            page_images.forget_lost()
            removed = page_images.remove_orphans()
            if removed and options["verbosity"] >= 1:
                self.stdout.write(
                    f"Removed the page images of {removed} scans that are gone or were replaced."
                )
        self.make(scans, silent=options["verbosity"] < 1)

    def make(self, scans: Any, *, silent: bool) -> None:
        """Make what waits, telling how far it is; CommandError at the end where something went wrong."""
        total = (page_images.waiting() & scans).order_by().aggregate(pages=Sum("pages"))["pages"] or 0
        tried, wrong = 0, 0
        with Progressing(self.stderr, "Drawing pages", total, silent=silent or not total) as told:
            while (step := page_images.make_some(scans)) is not None:
                tried += step.tried
                told(min(tried, total))
                for complaint in _complaints(step):
                    wrong += 1
                    self.stderr.write(complaint)
        if not silent:
            self.stdout.write(f"{tried} pages drawn." if tried else "All page images are made.")
        if wrong:
            raise CommandError(f"{wrong} pages or files could not be drawn; readers are offered the files.")


def _complaints(step: page_images.Step) -> list[str]:
    """What went wrong, each with its place."""
    place = f"record {step.scan.document.record_id}, scan {step.scan.pk} ({step.scan})"
    lines = [
        f"{place}, page {number}: {page_images.problem_name(problem)}" for number, problem in step.problems
    ]
    if step.refused:
        lines.append(f"{place}: the file cannot be opened ({step.refused}).")
    if step.error:
        lines.append(f"{place}: {step.error}; it will be tried again.")
    return lines
