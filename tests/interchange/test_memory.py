"""Eight times as many rows take less than twice the memory."""

import gc
import tracemalloc

import pytest

from documents.models import Document
from interchange import base, exporter
from interchange.documents import DocumentImporter
from interchange.exporter import DocumentExporter
from interchange.readers import open_reader

pytestmark = pytest.mark.django_db


def peak_of(action) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def write_rows(path, count: int):
    with path.open("w", encoding="utf-8") as file:
        file.write("reference_code,title,date,creators,transcript.eng\n")
        for n in range(count):
            file.write(f'{path.stem}-{n},Telegram {n},1955,Sender {n % 20},"{f"Paragraph {n}. " * 350}"\n')
    return path


def test_import_and_export_in_constant_memory(tmp_path, monkeypatch):
    # 5 kB a row, 25 rows a batch: 4 batches and 32 batches, 0.5 MB and 4 MB.
    monkeypatch.setattr(base, "ROWS_AT_ONCE", 25)
    few, many = write_rows(tmp_path / "few.csv", 100), write_rows(tmp_path / "many.csv", 800)
    warm = write_rows(tmp_path / "warm.csv", 5)
    DocumentImporter(open_reader(warm)).run()
    small = peak_of(lambda: DocumentImporter(open_reader(few)).run())
    large = peak_of(lambda: DocumentImporter(open_reader(many)).run())
    assert Document.objects.count() == 905
    assert large < 2 * small
    assert large < many.stat().st_size
    assert peak_of(lambda: DocumentImporter(open_reader(many)).run()) < 2 * small

    monkeypatch.setattr(exporter, "RECORDS_AT_ONCE", 20)
    first = Document.objects.filter(reference_code__startswith="few")
    assert peak_of(lambda: export(Document.objects.all())) < 2 * peak_of(lambda: export(first))


def export(documents) -> int:
    return sum(len(line) for line in DocumentExporter(documents).csv_lines())
