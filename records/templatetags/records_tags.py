"""What templates of every kind of record need: dates in words, languages, addresses."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from django import template
from django.core.paginator import Page
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from dates import PartialDate, explain
from records import html, languages
from records.addresses import absolute_url
from records.figures import in_figures, reader_locale
from records.paging import pager_numbers

register = template.Library()

# The main navigation, in order: the address's name and what it is called.
SECTIONS = (
    ("search:search", _("Search")),
    ("collections:list", _("Collections")),
    ("documents:list", _("Documents")),
    ("search:timeline", _("Timeline")),
    ("people:list", _("People")),
    ("documents:places", _("Places")),
    ("documents:subjects", _("Subjects")),
    ("documents:archives", _("Archives")),
    ("themes:list", _("Themes")),
)

_HOUR = re.compile(r"\d [ap]\. ?m\b")


@register.filter
def number(value: int | None) -> str:
    """16702 as "16,702", in the reader's way of writing numbers."""
    return "" if value is None else in_figures(value)


@register.filter
def long_date(value: date | None) -> str:
    """A day in words: November 22, 1957."""
    return format_date(value, "long", locale=reader_locale()) if value else ""


@register.filter
def in_gutter(written: str) -> str:
    """A date as it is written, for a narrow column: between the parts of an hour ("5 p.m.") no line ends."""
    return _HOUR.sub(lambda hour: hour[0].replace(" ", "\N{NO-BREAK SPACE}"), written)


@register.filter
def explained(value: PartialDate) -> str:
    """What a date means, in a sentence: "circa 1955: 1954 to 1956"; empty where there is nothing to explain."""
    return explain(value)


@register.filter
def language_name(code: str) -> str:
    return languages.language_name(code)


@register.filter
def media_type_name(media_type: str) -> str:
    """A media type as people say it: PDF, JPEG image."""
    kind, _slash, name = media_type.partition("/")
    return str(_("%(format)s image") % {"format": name.upper()}) if kind == "image" else name.upper()


@register.filter
def lang_attributes(record: Any) -> SafeString:
    """`` lang="ru" dir="ltr"`` of whatever has ``lang`` and ``dir``, with a space before; empty if it has neither."""
    written = ((name, getattr(record, name, "")) for name in ("lang", "dir"))
    return mark_safe("".join(format_html(' {}="{}"', name, value) for name, value in written if value))  # noqa: S308


@register.filter
def sanitised(text: str) -> SafeString:
    """Stored HTML, made harmless once more, whatever way it came into the table."""
    return mark_safe(html.sanitise(text))  # noqa: S308


@register.simple_tag(takes_context=True)
def site_sections(context: Context) -> list[dict[str, str]]:
    """The main navigation; ``current`` is a value for aria-current, or empty."""
    request = context.get("request")
    here = request.path if request else ""
    sections = []
    for name, label in SECTIONS:
        url = reverse(name)
        current = "page" if here == url else "true" if here.startswith(url) else ""
        sections.append({"url": url, "label": str(label), "current": current})
    return sections


@register.simple_tag(takes_context=True)
def absolute(context: Context, path: str) -> str:
    """An address with the host that citations carry: SITE_URL, or the one the reader came by."""
    return absolute_url(context.get("request"), path)


@register.simple_tag(takes_context=True)
def canonical_address(context: Context) -> str:
    """The one address of what stands on this page: without what changes how it is shown, but with its number.

    The number is one of the whole list: page 2 of the names with R is not page 2 of all names.
    """
    request = context["request"]
    page = request.GET.get("page", "") if set(request.GET) == {"page"} else ""
    numbered = page.isascii() and page.isdecimal() and len(page) < 7 and int(page) > 1
    return absolute_url(request, request.path + (f"?page={int(page)}" if numbered else ""))


@register.simple_tag
def search_address(**parameters: Any) -> str:
    """The search with these parameters: ``{% search_address person=person.slug %}``."""
    return f"{reverse('search:search')}?{urlencode(parameters)}"


@register.filter
def between(names: Iterable[Any]) -> str:
    """What stands between names in a line: a semicolon where one has a comma of its own ("Rusk, Dean; Mao Zedong")."""
    return "; " if any("," in str(name) for name in names) else ", "


@register.filter
def page_numbers(page: Page) -> list[int]:
    """The pages that a pager names; 0 stands for those left out."""
    return pager_numbers(page.number, page.paginator.num_pages)
