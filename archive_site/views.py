"""Home, help and about; the pages that tell of errors; robots.txt."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive_site.collections.models import Collection
from documents.anniversaries import on_this_day
from documents.cards import cards_of
from documents.models import Document, Language
from records.addresses import absolute_url
from records.tallies import Tally, tree_tallies
from search.histogram import holdings_strip

FEATURED = 6
NEWLY_PUBLISHED = 6
_ERROR_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this archive is, what it holds, what is new."""
    documents = Document.objects.visible_to(request.user)
    collections = Collection.objects.visible_to(request.user).in_order()
    featured = list(collections.filter(featured=True)[:FEATURED]) or list(
        collections.filter(parent=None)[:FEATURED]
    )
    tallies = tree_tallies(Collection, request.user, [each.pk for each in featured])
    newest = list(Document.objects.public().order_by("-first_published", "-pk")[:NEWLY_PUBLISHED])
    cards = cards_of([each.pk for each in newest], "small")
    context = {
        "document_count": documents.count(),
        "language_count": Language.objects.filter(documents__in=documents.values("pk")).distinct().count(),
        "collection_count": collections.count(),
        "featured": [(each, tallies.get(each.pk, Tally())) for each in featured],
        "newest": [(document, cards.get(document.pk)) for document in newest],
        "anniversary": on_this_day(timezone.localdate()),
        "strip": holdings_strip(),
    }
    return render(request, "archive_site/home.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to search, and how dates are told."""
    return render(request, "archive_site/help.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this archive is, and how to use what it shows."""
    return render(request, "archive_site/about.html", {"contact": settings.SITE_CONTACT})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots read the records, not the endless ways to list them; feeds and sitemaps are made for them."""
    lines = (
        "User-agent: *",
        "Allow: /search/feed.",
        "Disallow: /search/",
        "Disallow: /timeline/?*",  # without the star some parsers lose the question mark, and the whole timeline
        "Disallow: /documents/?*",
        # A document as one comes to it from a search, in another order or style: the same as without.
        "Disallow: /*?s=",
        "Disallow: /*?n=",
        "Disallow: /*?sort=",
        "Disallow: /*?style=",
        "Disallow: /people/*/?role=",
        "Disallow: /people/*/?with=",
        "Disallow: /*/similar/",
        "Disallow: /list/",
        "Disallow: /admin/",
        "Allow: /",
        "",
        f"Sitemap: {absolute_url(request, reverse('sitemaps'))}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def server_error(_request: HttpRequest) -> HttpResponse:
    """The page for what went wrong here."""
    return _bare("500.html", HttpResponseServerError)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what is no request to this site: a host that it does not go by, a character of no address."""
    return _bare("400.html", HttpResponseBadRequest)


def _bare(template: str, answer: type[HttpResponse]) -> HttpResponse:
    """A page that asks nothing of database, index or other files, nor of the request, and styles itself."""
    response = answer(get_template(template).render())
    response["Content-Security-Policy"] = _ERROR_PAGE_POLICY
    return response
