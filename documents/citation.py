"""How a document is cited, in one style: title, date, archive and reference, this site, the address, the day seen."""

from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from documents.models import Document


@dataclass(frozen=True)
class Citation:
    """A citation in its two parts; ``address`` is the permanent one, with its host."""

    source: str
    seen: str
    address: str

    def __str__(self) -> str:
        return f"{self.source} {self.address} {self.seen}"


def cite(document: Document, address: str, today: date) -> Citation:
    """The citation of a document at its permanent ``address``, seen ``today``."""
    title = document.title.rstrip(" .,")
    # A comma goes inside the quotation marks, but not after a mark that ends the title itself.
    quoted = f"“{title}”" if title[-1:] in "?!" else f"“{title},”"
    repository = document.repository
    archive = (repository.short_name or repository.name) if repository else ""
    if archive and document.archival_reference.startswith(archive):
        archive = ""  # many shelfmarks begin with the archive's name
    where = ", ".join(
        part for part in (document.date_display or _("undated"), archive, document.archival_reference) if part
    )
    sentences = [f"{quoted} {where}"]
    if document.translator_credit:
        sentences.append(document.translator_credit)
    sentences.append(
        _("%(site)s, record %(number)s") % {"site": settings.SITE_NAME, "number": document.record_id}
    )
    source = " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)
    return Citation(source, _("(seen %(day)s).") % {"day": _day(today)}, address)


def _day(day: date) -> str:
    try:
        locale = Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_date(day, "long", locale=locale)
