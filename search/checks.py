"""``manage.py check`` says where the index is older than what is declared; the site goes on with it meanwhile."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from haystack import connections

from search.engines.errors import EngineError

SECONDS = 1.0


def index_is_of_these_fields(app_configs: Any, **rest: Any) -> Sequence[CheckMessage]:
    """A warning where fields were declared, or changed, since the index was built (known by a hash of them)."""
    backend: Any = connections["default"].get_backend()
    try:
        with backend.time_limit(SECONDS, in_all=SECONDS, even_if_down=True):
            status = backend.status()
    except EngineError:
        return []  # whether it answers at all, /readyz and check_index tell
    if not status["outdated"]:
        return []
    return [
        Warning(
            "The search index was built for other fields, or by another version, than are declared now. It is searched "
            "as it is, and what is new in them is not found.",
            hint="Run `manage.py rebuild_index`.",
            id="search.W001",
        )
    ]
