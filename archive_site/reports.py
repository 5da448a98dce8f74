"""What Django's reports of errors may show: never an address with a password in it."""

import re

from django.views.debug import SafeExceptionReporterFilter


class AddressesHidden(SafeExceptionReporterFilter):
    """Hides DATABASE_URL and SEARCH_URL, too: the development server has the environment in every request."""

    hidden_settings = re.compile(
        SafeExceptionReporterFilter.hidden_settings.pattern + "|DATABASE_URL|SEARCH_URL", flags=re.I
    )
