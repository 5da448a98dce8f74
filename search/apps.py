from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        # Here, not above: they look at every app's models and index classes.
        from search import background, leftovers, tracking
        from search.checks import index_is_of_these_fields

        tracking.connect()
        checks.register(index_is_of_these_fields, "search")
        background.register("rebuilds broken off", leftovers.clear_away_now_and_then)
