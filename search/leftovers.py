"""What a rebuild left that was broken off: looking at it, and clearing it away when nobody will go on with it."""

import logging
import time
from datetime import timedelta

from django.utils import timezone
from haystack import connections as engines

from search.engines.errors import EngineError
from search.models import IndexState
from search.rebuilding import KEPT_HOURS, Halfway

logger = logging.getLogger(__name__)


def left_behind() -> Halfway | None:
    """A rebuild that was broken off, or is under way; None if there is none."""
    bookmark = engines["default"].get_backend().left_behind()
    return Halfway(**bookmark) if bookmark else None


_looked_at = 0.0


def clear_away_now_and_then() -> int:
    """For the index worker: ``clear_away_left``, looked at once an hour."""
    global _looked_at
    if _looked_at and time.monotonic() - _looked_at < 3600:
        return 0
    if IndexState.objects.filter(retry_at__gt=timezone.now()).exists():
        return 0  # the engine did not answer a moment ago: to wait for it once more can wait
    _looked_at = time.monotonic()
    try:
        return int(clear_away_left())
    except EngineError as error:
        logger.info("whether a rebuild was left cannot be seen: %s", error)
        return 0


def clear_away_left() -> bool:
    """Delete what a rebuild left that was broken off too long ago to be gone on with; whether there was such."""
    left = left_behind()
    state = IndexState.objects.order_by("pk").first()
    alive = state is not None and state.rebuild_alive_until and state.rebuild_alive_until > timezone.now()
    if left is None or alive or timezone.now() - left.beginning < timedelta(hours=KEPT_HOURS):
        return False
    engines["default"].get_backend().discard_left()
    return True
