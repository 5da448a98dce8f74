from django.urls import path, register_converter

from interchange import views
from interchange.exports import MEDIA_TYPES
from interchange.references import FORMATS


class _Names:
    """The names of formats; an address with any other is not found."""

    regex = ""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ReferenceConverter(_Names):
    regex = "|".join(name.replace(".", r"\.") for name in FORMATS)


class ExportConverter(_Names):
    # The longest first: csl.json, then json.
    regex = "|".join(name.replace(".", r"\.") for name in sorted(MEDIA_TYPES, key=len, reverse=True))


class FeedConverter(_Names):
    regex = "atom|json"


register_converter(ReferenceConverter, "reference_format")
register_converter(ExportConverter, "export_format")
register_converter(FeedConverter, "feed_format")

app_name = "interchange"
urlpatterns = [
    path("documents/<int:record_id>/citation", views.citation, name="citation"),
    path("documents/<int:record_id>.<reference_format:name>", views.reference, name="reference"),
    path("search/export.<export_format:name>", views.export, name="export"),
    path("list/export.<export_format:name>", views.list_export, name="list_export"),
    path("search/feed.<feed_format:name>", views.feed, name="feed"),
]
