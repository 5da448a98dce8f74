from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        # Here, not above: it looks at every app's models and index classes.
        from search import tracking

        tracking.connect()
