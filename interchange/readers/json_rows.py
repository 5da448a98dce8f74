"""JSON Lines: one object a line."""

import io
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from interchange.problems import shown
from interchange.readers.rows import FileReader, Row


def _no_number(name: str) -> None:
    raise ValueError(_("%(name)s is no number that JSON knows") % {"name": name})


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its pairs. ValueError for a key that it has twice, of which Python would keep the last."""
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("“%(name)s” stands in it twice; delete one of the two") % {"name": twice})
    return record


class JsonLinesReader(FileReader):
    """Rows of a JSON Lines file; their keys are the columns."""

    columns: list[str] | None = None

    def rows(self) -> Iterator[Row]:
        """One row for each line that is not empty."""
        with self._source.open() as stream:
            lines = io.TextIOWrapper(stream, self._encoding.codec, errors="surrogateescape", newline="\n")
            try:
                for number, line in enumerate(lines, start=1):
                    if not line.isspace():
                        yield self._row(number, line)
            finally:
                lines.detach()

    def _row(self, number: int, line: str) -> Row:
        try:
            record = json.loads(line, parse_constant=_no_number, object_pairs_hook=_each_once)
        except json.JSONDecodeError as error:
            message = _("is not JSON at character %(place)s: %(reason)s; write one whole object a line")
            return Row(
                number, problem=message % {"place": error.colno, "reason": error.msg}, excerpt=shown(line)
            )
        except (ValueError, RecursionError) as error:
            return Row(
                number,
                problem=_("cannot be read as JSON: %(reason)s") % {"reason": error},
                excerpt=shown(line),
            )
        if not isinstance(record, dict):
            return Row(
                number, problem=_('is not an object; write {"title": …} on one line'), excerpt=shown(line)
            )
        return Row(number, record)
