"""The addresses of the site: each app's own, under one root."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from archive_site import views
from archive_site.sitemaps import SITEMAPS
from search import health

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("about/", views.about, name="about"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemaps"
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("search.urls")),
    path("", include("archive_site.collections.urls")),
    path("", include("documents.urls")),
    path("", include("people.urls")),
    path("", include("themes.urls")),
    path("", include("interchange.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "archive_site.views.bad_request"
handler500 = "archive_site.views.server_error"
