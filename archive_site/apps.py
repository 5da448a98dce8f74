"""The admin site's own name and login are those of the archive."""

from django.contrib.admin.apps import AdminConfig


class ArchiveAdminConfig(AdminConfig):
    default_site = "archive_site.admin.ArchiveAdminSite"
