from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CollectionsConfig(AppConfig):
    # The folder is named as the standard library's module is; see archive_site/__init__.py.
    name = "archive_site.collections"
    label = "collections"
    verbose_name = _("Collections")
