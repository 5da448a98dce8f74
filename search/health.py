"""Addresses for whoever watches the site: /healthz (this process answers) and /readyz (all it needs is there)."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.outbox import pending
from search.upkeep import LONGEST_WAIT_SECONDS, condition, oldest_wait

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 with database, index and outbox in order, else 503 and what is the matter.

    ``index`` is ok, outdated (it answers, and should be rebuilt) or down; ``outbox`` is the number of
    lines that wait, ``oldest`` how many seconds the oldest of them has waited: null where the database,
    which knows, is down.
    """
    answer: dict[str, object] = {"database": "ok", "index": "down", "outbox": None, "oldest": None}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        answer |= {"outbox": pending().count(), "oldest": oldest_wait()}
    except DatabaseError as error:
        # The reason is for the log: its text may name hosts and users.
        logger.error("the database does not answer: %s", error)
        answer["database"] = "down"
    answer["index"] = condition()
    late = isinstance(answer["oldest"], int) and answer["oldest"] > LONGEST_WAIT_SECONDS
    ready = answer["database"] == "ok" and answer["index"] != "down" and not late
    answer["status"] = "ok" if ready else "not ready"
    return JsonResponse(answer, status=200 if ready else 503)
