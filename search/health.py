"""Addresses for whoever watches the site: /healthz (this process answers) and /readyz (all it needs is there)."""

import logging
from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.models import IndexState
from search.upkeep import condition
from search.waiting import LONGEST_WAIT_SECONDS, Waiting, what_waits

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
    lines that wait, ``oldest`` how many seconds the oldest of them has waited to be worked off, ``refused`` the
    number of records that cannot be indexed, which alone are no reason for 503: null where the database, which
    knows, is down. ``reasons``, where there are any, are sentences.
    """
    reasons: list[str] = []
    answer: dict[str, object] = {"database": "ok", "index": "down"}
    answer |= {"outbox": None, "oldest": None, "refused": None}
    is_late = False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = what_waits()
        answer |= {"outbox": waiting.lines, "oldest": waiting.oldest, "refused": waiting.refused}
        is_late = waiting.is_late
        reasons += _of_the_outbox(waiting)
    except DatabaseError as error:
        # The reason is for the log: its text may name hosts and users.
        logger.error("the database does not answer: %s", error)
        answer["database"] = "down"
        reasons.append("The database does not answer; the log says why.")
    index = condition()
    answer["index"] = index.name
    if index.said:
        reasons.append(index.said)
    ready = answer["database"] == "ok" and index.name != "down" and not is_late
    answer["status"] = "ok" if ready else "not ready"
    if reasons:
        answer["reasons"] = reasons
    return JsonResponse(answer, status=200 if ready else 503)


def _of_the_outbox(waiting: Waiting) -> Iterator[str]:
    """What is the matter with it. Records are not named: everybody may ask."""
    if waiting.takes_nothing:
        yield (
            f"The search engine has refused {waiting.refused} records, and takes no others: "
            "`manage.py check_index` names them with the reasons."
        )
    elif waiting.refused:
        yield (
            f"Records that cannot be indexed: {waiting.refused}. They are tried again every few minutes; "
            "`manage.py check_index` and the admin (State of the index) name them with the reasons."
        )
    if waiting.oldest > LONGEST_WAIT_SECONDS:
        yield (
            f"Changes have waited for the index for {waiting.oldest} seconds: see that "
            "`manage.py sync_index --watch` runs."
        )
        if IndexState.objects.exclude(last_error="").exists():
            yield "The search engine did not take them when it was told last; the log says why."
