"""The cite box of a document's page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from documents.citation import cited_address, csl_item, permanent_address
from documents.models import Document
from documents.styles import STYLES, Style, formatted, style_named

PARAMETER = "cite"


@dataclass(frozen=True)
class CiteBox:
    """A citation in one style, and the way to the others. ``address`` is the permanent one, ``html`` is safe."""

    record_id: int
    style: Style
    html: SafeString
    address: str
    query: str

    def choices(self) -> Iterator[tuple[Style, str, bool]]:
        """(style, the query that chooses it, whether it is chosen)."""
        for style in STYLES.values():
            yield style, f"{self.query}{PARAMETER}={style.name}", style is self.style


def cite_box(request: HttpRequest, document: Document) -> CiteBox:
    """The box in the style that ``?cite=`` names. What else the address says, a search one came by, is kept."""
    kept = request.GET.copy()
    chosen = style_named(kept.pop(PARAMETER, [""])[-1])
    query = kept.urlencode()
    return CiteBox(
        record_id=document.record_id or 0,
        style=chosen,
        html=cited_in(request, document, chosen),
        address=permanent_address(request, document),
        query=f"{query}&" if query else "",
    )


def cited_in(request: HttpRequest, document: Document, style: Style) -> SafeString:
    """The document as the style cites it today, safe HTML; its address is a link."""
    cited = cited_address(request, document)
    return _with_link(formatted(csl_item(document, cited, timezone.localdate()), style), cited)


def _with_link(html: SafeString, address: str) -> SafeString:
    link = format_html('<a href="{}">{}</a>', address, address)
    return mark_safe(html.replace(str(escape(address)), link))  # noqa: S308 (both are safe)
