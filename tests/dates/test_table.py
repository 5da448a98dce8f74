"""The table of what is written and what it means is the contract; every row and column is checked."""

import csv
from pathlib import Path

import pytest

from dates import Certainty, DateError, read_date

ROWS = list(csv.DictReader(Path(__file__).with_name("dates.tsv").open(encoding="utf-8"), delimiter="\t"))
READ = [row for row in ROWS if row["edtf"] != "refused"]
REFUSED = [row for row in ROWS if row["edtf"] == "refused"]


def test_the_table_is_whole():
    assert len(READ) == 53
    assert len(REFUSED) == 9


@pytest.mark.parametrize("row", READ, ids=lambda row: row["written"] or "empty")
def test_reads_every_row_exactly(row):
    partial = read_date(row["written"])
    assert partial.written == row["written"]
    assert partial.edtf == row["edtf"]
    assert (partial.earliest.isoformat() if partial.earliest else "") == row["earliest"]
    assert (partial.latest.isoformat() if partial.latest else "") == row["latest"]
    assert partial.certainty == Certainty(row["certainty"] or row["note"] or "undated")
    assert partial.supplied is (row["supplied"] == "yes")


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["written"])
def test_refuses_with_the_cure(row):
    with pytest.raises(DateError) as refusal:
        read_date(row["written"])
    cure, _, _ = row["note"].partition(" has 29 days")
    assert cure.lower() in str(refusal.value).lower()
