"""How fast dates are read: plain ones, those with hours, and every form of the table, beside `datetime.strptime`.

Run it from the root: python -m benchmarks.dates
"""

import csv
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dates import DateError, print_date, read_date

COUNT = 100_000
TABLE = Path(__file__).resolve().parent.parent / "tests" / "dates" / "dates.tsv"


def plain_days() -> list[str]:
    """100,000 days, no two alike, as "May 6, 1746"."""
    return [
        f"{day:%B} {day.day}, {day.year}" for day in (date(1746, 5, 6) + timedelta(n) for n in range(COUNT))
    ]


def table_forms() -> list[str]:
    with TABLE.open(encoding="utf-8") as lines:
        return [row["written"] for row in csv.DictReader(lines, delimiter="\t") if row["edtf"] != "refused"]


def seconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        read(text)
    return time.perf_counter() - started


def main() -> None:
    days = plain_days()
    hours = [f"{text}—6 p. m." for text in days[:10_000]]
    table = table_forms() * 50
    read = [read_date(text) for text in days[:5_000]]
    stock = seconds(lambda text: datetime.strptime(text, "%B %d, %Y").date(), days) / COUNT
    runs = [
        ("datetime.strptime, the same days", stock * COUNT, COUNT),
        ("read_date, plain days", seconds(read_date, days), COUNT),
        ("read_date, days with hours", seconds(read_date, hours), len(hours)),
        ("read_date, every form of the table", seconds(read_date, table), len(table)),
        ("print_date, plain days", _printing(read), len(read)),
    ]
    print(f"{'':36}{'dates':>9}{'seconds':>10}{'a second':>12}{'strptime':>11}")
    for name, spent, count in runs:
        print(f"{name:36}{count:>9,}{spent:>10.2f}{count / spent:>12,.0f}{spent / count / stock:>10.2f}x")


def _printing(partials: list) -> float:
    started = time.perf_counter()
    for partial in partials:
        print_date(partial, "en")
    return time.perf_counter() - started


if __name__ == "__main__":
    try:
        main()
    except DateError as error:
        raise SystemExit(f"a date of the benchmark was refused: {error}") from error
