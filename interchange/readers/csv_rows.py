"""CSV with any of the usual separators. A broken row is named and passed over; the rows after it are read."""

import csv
import io
from collections import deque
from collections.abc import Iterator

from django.utils.translation import gettext as _

from interchange.problems import FileError, shown
from interchange.readers.encodings import Encoding
from interchange.readers.rows import FileReader, Row
from interchange.readers.source import Source

SEPARATORS = ",;\t|"
# Beyond any real text; without a limit a quote that is never closed would draw the whole file into memory.
LONGEST_CELL = 16 * 1024 * 1024
_SAMPLE_LINES = 200


class _Lines:
    """Numbered lines, of which the last ones taken can be given back."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._stream)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        returned = self.taken[1:]
        self._returned.extendleft(reversed(returned))
        self.number -= len(returned)
        self.taken = self.taken[:1]


class CsvReader(FileReader):
    """Rows of a CSV file with a row of column names."""

    def __init__(self, source: Source, encoding: Encoding) -> None:
        super().__init__(source, encoding)
        csv.field_size_limit(LONGEST_CELL)
        self.separator = self._find_separator()
        self.columns: list[str] = self._read_header()

    def rows(self) -> Iterator[Row]:
        """Every row under the header; empty ones and repeated headers are passed over."""
        header: list[str] | None = None
        for number, cells, problem, excerpt in self._records():
            if header is None:
                header = self.columns
            elif problem:
                yield Row(number, problem=problem, excerpt=excerpt)
            # Exports made box by box repeat the header before each.
            elif [cell.strip() for cell in cells] != header:
                named = {name: cell for name, cell in zip(header, cells, strict=True) if name}
                stray = next((c for n, c in zip(header, cells, strict=True) if not n and c.strip()), "")
                if stray:
                    message = _("a cell stands in a column without a name; name the column in the header")
                    yield Row(number, problem=message, excerpt=shown(stray))
                else:
                    yield Row(number, named)

    def _records(self) -> Iterator[tuple[int, list[str], str, str]]:
        """First line, cells, problem and excerpt of every record that is not empty, the header first."""
        width = 0
        with self._source.open() as stream:
            text = io.TextIOWrapper(stream, self._encoding.codec, errors="surrogateescape", newline="")
            lines = _Lines(text)
            parser = self._parser(lines)
            try:
                while True:
                    lines.taken = []
                    first = lines.number + 1
                    try:
                        cells, problem = next(parser), ""
                    except StopIteration:
                        return
                    except csv.Error as error:
                        cells, problem = [], self._explain(error)
                        lines.give_back_all_but_first()
                        parser = self._parser(lines)
                    if first == 1 and _separator_line(lines.taken[0] if lines.taken else ""):
                        continue
                    if not problem and not any(cell.strip() for cell in cells):
                        continue
                    if not problem and width and len(cells) != width:
                        problem = self._miscounted(len(cells), width)
                        if len(lines.taken) > 1:  # a quote that was closed by that of a later row
                            lines.give_back_all_but_first()
                            parser = self._parser(lines)
                    width = width or len(cells)
                    yield first, cells, problem, shown(lines.taken[0] if problem and lines.taken else "")
            finally:
                text.detach()

    def _parser(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.separator, strict=True)

    def _explain(self, error: csv.Error) -> str:
        if "field larger" in str(error) or "unexpected end" in str(error):
            return _(
                'a quotation mark is opened and never closed; close it, or double it where it is meant: ""'
            )
        return _('a quotation mark stands inside a quoted cell; double it where it is meant: ""')

    def _miscounted(self, count: int, width: int) -> str:
        sep = {"\t": _("tab")}.get(self.separator, self.separator)
        return _(
            "has %(count)s cells, the header %(width)s; put a cell that contains “%(separator)s” in quotation marks, "
            "and keep a “%(separator)s” for each empty cell"
        ) % {"count": count, "width": width, "separator": sep}

    def _read_header(self) -> list[str]:
        for _first, cells, problem, _excerpt in self._records():
            if problem:
                raise FileError(_("%(name)s, header: %(problem)s") % {"name": self.name, "problem": problem})
            header = [cell.strip() for cell in cells]
            double = next((name for name in header if name and header.count(name) > 1), "")
            if double:
                raise FileError(
                    _("%(name)s has two columns named “%(column)s”; rename or delete one")
                    % {"name": self.name, "column": double}
                )
            return header
        raise FileError(
            _("%(name)s has no rows; give a file with a row of column names") % {"name": self.name}
        )

    def _find_separator(self) -> str:
        """The separator that cuts the header into most columns, and the rows below it alike."""
        with self._source.open() as stream:
            text = io.TextIOWrapper(stream, self._encoding.codec, errors="replace", newline="")
            sample = [line for line, _n in zip(text, range(_SAMPLE_LINES), strict=False)]
            text.detach()
        named = _separator_line(sample[0]) if sample else ""
        if named:
            return named
        return max(SEPARATORS, key=lambda separator: self._fitness(sample, separator))

    @staticmethod
    def _fitness(sample: list[str], separator: str) -> tuple[int, float]:
        counts: list[int] = []
        try:
            counts.extend(len(cells) for cells in csv.reader(sample, delimiter=separator) if any(cells))
        except csv.Error:
            return (1, 0.0)
        if not counts:
            return (1, 0.0)
        return counts[0], counts.count(counts[0]) / len(counts)


def _separator_line(line: str) -> str:
    """The separator in the line "sep=;" that Excel writes above the header, else empty."""
    plain = line.strip("\r\n").strip('"')
    return plain[4] if len(plain) == 5 and plain.lower().startswith("sep=") and plain[4] in SEPARATORS else ""
