"""What every page needs to know of the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """The site's name and strapline."""
    return {"site_name": settings.SITE_NAME, "site_strapline": settings.SITE_STRAPLINE}
