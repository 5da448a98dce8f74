"""The admin site, under the archive's name."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class ArchiveAdminSite(AdminSite):
    """Django's admin with the archive's name on it."""

    index_title = _("Workplace")

    @property
    def site_header(self) -> str:  # type: ignore[override]
        return settings.SITE_NAME

    @property
    def site_title(self) -> str:  # type: ignore[override]
        return settings.SITE_NAME
