"""The library works where Django has no settings."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from dates.reader import read_date
read_date("1956-05-06 10:00"), read_date("between 1955 and 1957")
try:
    read_date("05/06/1946")
except ValueError as refusal:
    assert "day or month first" in str(refusal)
assert not any(name.split(".")[0] == "django" for name in sys.modules), "the reader brings Django in"
from dates import explain, precision_note, print_date, read_edtf
assert print_date(read_date("6.V.1946")) == "May 6, 1946"
assert print_date(read_edtf("1946-05~"), "de") == "circa Mai 1946"
assert explain(read_date("circa 1955")) == "circa 1955: 1954 to 1956"
assert precision_note(read_date("1955")) == "year only"
"""


def test_reads_and_prints_without_settings():
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, env=environment, cwd=root)
