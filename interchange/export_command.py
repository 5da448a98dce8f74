"""What the export commands share: where the records go, and in which format."""

import gzip
import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interchange.exporter import Exporter
from interchange.report import figure
from search.management.sentences import said_in_a_sentence


class ExportCommand(BaseCommand):
    """Writes records as the file that the import of the same kind reads."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", default="-", help="gzipped if it ends in .gz; - is the terminal"
        )
        parser.add_argument("--format", choices=("csv", "jsonl"), default="csv")
        parser.add_argument(
            "--excel", action="store_true", help="with the byte order mark by which Excel knows UTF-8"
        )

    def exporter(self, options: dict[str, Any]) -> Exporter:
        """The exporter of the records that the options choose."""
        raise NotImplementedError

    def execute(self, *args: Any, **options: Any) -> str | None:
        with said_in_a_sentence():
            return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        exporter = self.exporter(options)
        lines = exporter.csv_lines() if options["format"] == "csv" else exporter.json_lines()
        encoding = "utf-8-sig" if options["excel"] else "utf-8"
        if options["file"] == "-":
            try:
                self._write_out(lines, encoding)
            except BrokenPipeError:
                # Whoever reads has had enough, as `head` has; what is still to be flushed goes nowhere.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        path = Path(options["file"])
        try:
            _write_whole(path, lines, encoding)
        except OSError as error:
            message = _("%(path)s cannot be written: %(reason)s")
            raise CommandError(message % {"path": path, "reason": error.strerror}) from error
        self.stderr.write(
            ngettext(
                "%(count)s record written to %(path)s.",
                "%(count)s records written to %(path)s.",
                exporter.count,
            )
            % {"count": figure(exporter.count), "path": path}
        )

    def _write_out(self, lines: Iterator[str], encoding: str) -> None:
        out = getattr(sys.stdout, "buffer", None) if self.stdout._out is sys.stdout else None
        for number, line in enumerate(lines):
            if out is None:
                self.stdout.write(line, ending="")
            else:  # the terminal's own encoding may lack letters, and translate line ends
                out.write(line.encode(encoding if number == 0 else "utf-8"))
        if out is not None:
            out.flush()


def _write_whole(path: Path, lines: Iterator[str], encoding: str) -> None:
    """Write the file beside its place and move it there: no reader finds half of one."""
    handle, name = tempfile.mkstemp(dir=path.parent or ".", prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as raw:
            # Without a name and a time in it, the same records give the same bytes.
            packed = (
                gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) if path.suffix == ".gz" else raw
            )
            for number, line in enumerate(lines):
                packed.write(line.encode(encoding if number == 0 else "utf-8"))
            if packed is not raw:
                packed.close()
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
