"""Addresses for whoever watches the site: /healthz (this process answers) and /readyz (all it needs is there)."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.models import IndexState
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
    which knows, is down. ``reasons``, where there are any, are sentences.
    """
    reasons = []
    answer: dict[str, object] = {"database": "ok", "index": "down", "outbox": None, "oldest": None}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        answer |= {"outbox": pending().count(), "oldest": oldest_wait()}
    except DatabaseError as error:
        # The reason is for the log: its text may name hosts and users.
        logger.error("the database does not answer: %s", error)
        answer["database"] = "down"
        reasons.append("The database does not answer; the log says why.")
    index = condition()
    answer["index"] = index.name
    if index.said:
        reasons.append(index.said)
    late = isinstance(answer["oldest"], int) and answer["oldest"] > LONGEST_WAIT_SECONDS
    if late:
        reasons.append(
            f"Changes have waited for the index for {answer['oldest']} seconds: see that "
            "`manage.py sync_index --watch` runs."
        )
        if IndexState.objects.exclude(last_error="").exists():
            reasons.append("The search engine did not take them when it was told last; the log says why.")
    ready = answer["database"] == "ok" and index.name != "down" and not late
    answer["status"] = "ok" if ready else "not ready"
    if reasons:
        answer["reasons"] = reasons
    return JsonResponse(answer, status=200 if ready else 503)
