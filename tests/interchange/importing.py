"""Imports a few lines of text, as a command would a file."""

import io
import json
from typing import Any

from interchange.base import Importer
from interchange.documents import DocumentImporter
from interchange.mapping import Mapping
from interchange.readers import open_reader
from interchange.report import Report


def run(
    content: str | bytes, importer: type[Importer] = DocumentImporter, *, mapping: str = "", **options: Any
) -> Report:
    """The report on importing this text."""
    content = content.encode() if isinstance(content, str) else content
    bound = Mapping.parse(mapping, importer.layout, "test.toml") if mapping else None
    return importer(open_reader(io.BytesIO(content), name="test.csv"), mapping=bound, **options).run()


def jsonl(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def said(report: Report) -> list[tuple[int, str, str]]:
    """Row, column and message of every problem."""
    return [(problem.row, problem.column, problem.message) for problem in report.problems]
