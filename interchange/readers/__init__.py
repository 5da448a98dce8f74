"""Files of records, read row by row: CSV and JSON Lines, plain or gzipped, told apart by what is in them."""

from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interchange.problems import FileError
from interchange.readers.csv_rows import CsvReader
from interchange.readers.encodings import Encoding, find_encoding
from interchange.readers.json_rows import JsonLinesReader
from interchange.readers.rows import Reader, Row
from interchange.readers.source import Source

__all__ = ["Reader", "Row", "open_reader"]

_FOREIGN = {
    b"PK\x03\x04": gettext_lazy(
        "a workbook or a ZIP archive; save the sheet as CSV (UTF-8) and give that file"
    ),
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "an old Excel or Word file; save the sheet as CSV (UTF-8) and give that file"
    ),
    b"%PDF": gettext_lazy("a PDF; give a CSV or JSON Lines file"),
    b"<?xm": gettext_lazy("XML; give a CSV or JSON Lines file"),
    b"SQLi": gettext_lazy("a SQLite database; give a CSV or JSON Lines file"),
}


def open_reader(file: Path | str | BinaryIO, *, name: str = "", encoding: str = "") -> Reader:
    """A reader for a file, given by its path or open for reading bytes and seekable.

    ``encoding`` overrides what would be found. Raises FileError for what is no such file.
    """
    source = Source(file, name)
    head = source.head()
    if not head:
        raise FileError(
            _("%(name)s is empty; give a file with a row of column names") % {"name": source.name}
        )
    for magic, kind in _FOREIGN.items():
        if head.startswith(magic):
            raise FileError(_("%(name)s is %(kind)s") % {"name": source.name, "kind": kind})
    found = Encoding.given(encoding) if encoding else find_encoding(source)
    start = head.decode(found.codec, "replace").lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return JsonLinesReader(source, found)
    if start.startswith("["):
        raise FileError(
            _("%(name)s is one JSON list; write one object a line instead, for example with: jq -c '.[]'")
            % {"name": source.name}
        )
    return CsvReader(source, found)
