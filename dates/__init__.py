"""Partial dates: reading what archivists write, EDTF, bounds, printing. A plain library that needs no settings."""

from dates.edtf import read_edtf
from dates.explaining import explain, precision_note
from dates.model import Certainty, DateError, PartialDate
from dates.printing import print_date
from dates.reader import read_date

__all__ = [
    "Certainty",
    "DateError",
    "PartialDate",
    "explain",
    "precision_note",
    "print_date",
    "read_date",
    "read_edtf",
]
