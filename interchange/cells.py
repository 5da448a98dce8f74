"""What stands in a cell: read into plain values, and written back so that it reads the same."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dates import DateError, read_date
from interchange.problems import CellError
from people.choices import NameScheme
from records.languages import read_language
from records.spelling import CONTROL

SEPARATOR = "|"
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})
_SCHEMES = frozenset(NameScheme.values)
_BREAK = re.compile(r"\s*[\n-\r\x85\u2028\u2029]\s*")
_BRACKETED = re.compile(r"(.*?)\s*\[([^\[\]]*)\]", re.DOTALL)


def is_empty(value: Any) -> bool:
    """Whether a cell says nothing: no text, spaces, an empty list or object."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def read_text(value: Any) -> str:
    """A cell as text without spaces around it. Raises CellError for what is no single text."""
    if isinstance(value, str):
        text = value.strip()
    elif value is None:
        return ""
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, int | float):
        text = str(value)
    elif isinstance(value, list) and len(value) <= 1:
        return read_text(value[0]) if value else ""
    elif isinstance(value, list):
        raise CellError(
            _(
                "takes one value and got a list of %(count)s; choose with the transform “first” or “join” in the mapping"
            )
            % {"count": len(value)}
        )
    else:
        raise CellError(_("takes text and got an object; name the part that is meant, as in “from.name”"))
    unseen = CONTROL.search(text)
    if unseen:
        raise CellError(
            _("contains a control character (U+%(code)s, its character %(place)s); delete it")
            % {"code": f"{ord(unseen[0]):04X}", "place": unseen.start() + 1}
        )
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise CellError(
                _("contains bytes that are no text in the file's encoding; save the file as UTF-8")
            ) from error
    return text


def one_line(text: str) -> str:
    """What a cell has broken into several lines, with a single space for each break."""
    return text if text.isprintable() else _BREAK.sub(" ", text).strip()


def read_list(value: Any, separator: str = SEPARATOR) -> list[str]:
    """A cell as a list of texts, empty ones left out. A text is cut at the separator, unless a backslash stands before."""
    if isinstance(value, list):
        items = [read_text(item) for item in value]
    else:
        items = [item.strip() for item in split_list(read_text(value), separator)]
    return [item for item in items if item]


def split_list(text: str, separator: str) -> list[str]:
    """The parts between separators; ``\\|`` is the separator itself and ``\\\\`` a backslash."""
    if "\\" not in text:
        return text.split(separator) if separator else [text]
    pieces = re.split(rf"(\\\\|\\{re.escape(separator)}|{re.escape(separator)})", text)
    parts = [""]
    for piece in pieces:
        if piece == separator:
            parts.append("")
        else:
            parts[-1] += piece[1:] if piece in ("\\\\", f"\\{separator}") else piece
    return parts


def write_list(items: Iterable[str]) -> str:
    """The cell that ``read_list`` reads these texts from."""
    return SEPARATOR.join(
        item.strip().replace("\\", "\\\\").replace(SEPARATOR, "\\" + SEPARATOR) for item in items
    )


def read_flag(value: Any) -> bool:
    """Yes or no. Empty is no."""
    if isinstance(value, bool):
        return value
    text = read_text(value).casefold()
    if text in _YES:
        return True
    if text in _NO or not text:
        return False
    raise CellError(_("is neither yes nor no; write “yes” or “no”"))


def write_flag(flag: bool) -> str:
    return "yes" if flag else "no"


def read_day(value: Any, date_order: str | None = None) -> date | None:
    """One day, or nothing."""
    text = read_text(value)
    if not text:
        return None
    try:
        partial = read_date(text, date_order=date_order)
    except DateError as error:
        raise CellError(str(error)) from error
    if not partial.is_day:
        raise CellError(_("is not one day; write it as 2026-03-31"))
    return partial.earliest


def read_moment(value: Any) -> datetime | None:
    """A moment in ISO 8601, in UTC; without an offset it is in the archive's time zone."""
    text = read_text(value)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if timezone.is_aware(moment) else timezone.make_aware(moment)).astimezone(UTC)
        timezone.localtime(moment)
    except (ValueError, OverflowError) as error:  # the last hours of the year 9999 are in no year elsewhere
        raise CellError(_("is no moment; write it as 2026-03-31T14:30:00+00:00")) from error
    return moment


def write_moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def read_variant(text: str) -> tuple[str, str, str]:
    """A variant name as (name, language, scheme), from "周恩来 [chi, original]"; both in the brackets may be missing."""
    text = one_line(text)
    match = _BRACKETED.fullmatch(text)
    if not match:
        return text, "", ""
    name, language, scheme = match[1].strip(), "", ""
    for word in (part.strip() for part in match[2].split(",")):
        if not word:
            continue
        if word.lower() in _SCHEMES:
            scheme = word.lower()
            continue
        try:
            language = read_language(word)
        except ValueError as error:
            raise CellError(
                _(
                    "“%(word)s” in “%(text)s” is neither a language code nor a scheme; write a code such as chi, "
                    "or one of %(schemes)s"
                )
                % {"word": word, "text": text, "schemes": ", ".join(NameScheme.values)}
            ) from error
    if not name:
        raise CellError(
            _("“%(text)s” has no name before the bracket; write “name [chi, pinyin]”") % {"text": text}
        )
    return name, language, scheme


def write_variant(name: str, language: str, scheme: str) -> str:
    """The text that ``read_variant`` reads these from."""
    if not language and not scheme:
        return f"{name} []" if name.endswith("]") else name
    return f"{name} [{', '.join(part for part in (language, scheme) if part)}]"
