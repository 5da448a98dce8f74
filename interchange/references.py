"""Documents as reference managers read them: RIS, BibTeX and CSL-JSON. All take what ``csl_item`` says.

RIS: the tags that Zotero, EndNote and Mendeley share for a manuscript. BibTeX: an entry that both BibTeX and
BibLaTeX understand, in UTF-8, with the date as BibLaTeX wants it (EDTF, level 1).
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.choices import Role
from documents.citation import csl_item, filed_name
from documents.models import Document

_BIBLATEX_POINT = r"\d{4}(?:-\d\d){0,2}[~?%]?"
_BIBLATEX_DATE = re.compile(
    rf"(?:{_BIBLATEX_POINT}|\d{{2,3}}X{{1,2}})|(?:{_BIBLATEX_POINT}|(?:\.\.)?)/(?:{_BIBLATEX_POINT}|(?:\.\.)?)"
)
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Format:
    """A format of references. ``begin``, ``join`` and ``end`` make one file of many."""

    name: str
    label: str | Promise
    media_type: str
    entry: Callable[
        ..., str
    ]  # (document, its address, the day it was seen, what a reader noted on it or nothing)
    begin: str = ""
    join: str = ""
    end: str = ""

    def whole(self, entries: Iterator[str]) -> Iterator[str]:
        """The pieces of a file of many references."""
        yield self.begin
        for number, entry in enumerate(entries):
            yield (self.join if number else "") + entry
        yield self.end


def ris(document: Document, address: str, accessed: date, note: str = "") -> str:
    """The document as an RIS record."""
    lines = [*_ris_lines(document, csl_item(document, address, accessed)), ("N1", note)]
    return "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in lines if value) + "ER  - \r\n\r\n"


def _ris_lines(document: Document, item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "TY", "MANSCPT"
    yield "ID", item["id"]
    yield "TI", item.get("title", "")
    for name in item.get("author", ()):
        yield "AU", filed_name(name)
    for name in item.get("translator", ()):
        yield "A4", filed_name(name)
    yield "PY", _year(document)
    yield "DA", _ris_date(document)
    yield "M3", item.get("genre", "")
    yield "T3", item.get("collection-title", "")
    yield "PB", item.get("publisher", "")
    yield "DB", item.get("archive", "")
    yield "CY", item.get("archive-place", "")
    yield "AV", item.get("archive_location", "")
    yield "DP", item.get("source", "")
    yield "LA", item.get("language", "")
    yield "AB", item.get("abstract", "")
    for keyword in _keywords(document):
        yield "KW", keyword
    yield "N1", item.get("note", "")
    year, month, day = item["accessed"]["date-parts"][0]
    yield "Y2", f"{year:04}/{month:02}/{day:02}/"
    yield "UR", item.get("URL", "")


def _ris_date(document: Document) -> str:
    """YYYY/MM/DD/ and after the last stroke whatever more there is to say, as the format has it."""
    figures = re.fullmatch(r"(\d{4})(?:-(0\d|1[0-2])(?:-(\d\d))?)?", document.date_edtf)
    if figures:
        return "/".join([*(part or "" for part in figures.groups()), ""])
    year = _year(document)
    return f"{year}///{document.date_display}" if year else ""


def _year(document: Document) -> str:
    """The year where the bounds lie in one; else nothing, rather than a year that may be wrong."""
    earliest, latest = document.date_earliest, document.date_latest
    # A rough date such as "circa 1955" is widened to its neighbours, but it is filed under 1955.
    written = re.match(r"(\d{4})(?![\dX])[^/,.\]]*$", document.date_edtf)
    if written:
        return written[1]
    return f"{earliest.year:04}" if earliest and latest and earliest.year == latest.year else ""


def bibtex(document: Document, address: str, accessed: date, note: str = "") -> str:
    """The document as a BibTeX entry."""
    item = csl_item(document, address, accessed)
    said = (*_bibtex_fields(document, item), ("annote", _latex(note)))
    fields = [(name, value) for name, value in said if value]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields)
    return f"@misc{{{item['id']},\n{body}}}\n\n"


def _bibtex_fields(document: Document, item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    # Braces twice: the capitals of a title stay as they are.
    yield "title", f"{{{_latex(item.get('title', ''))}}}"
    yield "author", " and ".join(_bibtex_name(name) for name in item.get("author", ()))
    yield "translator", " and ".join(_bibtex_name(name) for name in item.get("translator", ()))
    year = _year(document)
    yield "year", year or _latex(document.date_display)
    yield "date", document.date_edtf if _BIBLATEX_DATE.fullmatch(document.date_edtf) else ""
    yield "type", _latex(item.get("genre", ""))
    kept = [item.get(name, "") for name in ("archive", "archive-place", "archive_location")]
    yield "howpublished", _latex(", ".join(part for part in kept if part))
    yield "series", _latex(item.get("collection-title", ""))
    yield "publisher", _latex(item.get("publisher", ""))
    yield "langid", _latex(item.get("language", ""))
    yield "keywords", _latex(", ".join(_keywords(document)))
    yield "abstract", _latex(item.get("abstract", ""))
    yield "note", _latex(item.get("note", ""))
    yield "url", item.get("URL", "").replace("{", "%7B").replace("}", "%7D")
    yield "urldate", "-".join(f"{part:02}" for part in item["accessed"]["date-parts"][0])


def _bibtex_name(name: dict[str, str]) -> str:
    if "literal" in name:
        return f"{{{_latex(name['literal'])}}}"
    # BibTeX has the suffix between the two.
    parts = (name["family"], name.get("suffix", ""), name["given"])
    return ", ".join(_latex(part) for part in parts if part)


def _latex(text: str) -> str:
    return _one_line(text).translate(_LATEX)


def csl_json(document: Document, address: str, accessed: date, note: str = "") -> str:
    """The document as an item of CSL-JSON."""
    annotated = {"annote": note} if note else {}
    return json.dumps({**csl_item(document, address, accessed), **annotated}, ensure_ascii=False, indent=1)


def _keywords(document: Document) -> list[str]:
    """Subjects, places, and those whom it names; a comma would part one keyword in two."""
    named = [
        *(each.name for each in document.subjects.all()),
        *(each.name for each in document.places.all()),
        *(each.person.name for each in document.participations.all() if each.role != Role.CREATOR),
    ]
    return list(dict.fromkeys(name.replace(",", " ").replace("  ", " ") for name in named))


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("ris", "RIS", "application/x-research-info-systems", ris),
        Format("bib", "BibTeX", "application/x-bibtex", bibtex),
        Format(
            "csl.json",
            _("CSL-JSON"),
            "application/vnd.citationstyles.csl+json",
            csl_json,
            begin="[",
            join=",\n",
            end="]\n",
        ),
    )
}
