"""Where research lists are kept: with the site, under a key that only the reader's browser has.

Why not in the browser. A list of 200 documents with notes is up to 100 KB; a cookie holds 4 KB. Local storage
holds it, but it is unknown to the server, so that pages without scripts, files and print sheets would need a second
home for the same list, and the two would have to be made one whenever scripts come or go; and some browsers empty it
after a week. Here the list is one and the same with scripts and without, and a change in one tab is never lost by a
change in another: every change is made to the list as it is, under a lock.

What this asks of the reader. Nothing is kept and no cookie is set before the first document is added. The cookie holds
a random key, is sent to nobody else, and says nothing; the record behind it has no name, address or account, is apart
from the sessions of those who log in, and goes a year after its last change (``manage.py clearsessions``), or at once
when the list is cleared.

What this asks of caches. A page that told what is in a list says that it varies by cookie, and where there is a list,
that it is private. Pages carry no token against forged forms, which would make every page of every reader another one
and set a cookie for all; ``is_from_this_site`` looks at where a form came from instead.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from documents.research_list import ResearchList

COOKIE = "research_list"
KEPT_FOR = 365 * 24 * 60 * 60  # seconds
_KEY = re.compile(r"[0-9a-z]{32}")
_VALUE = "list"


class _Store(SessionStore):
    """Sessions of their own: what they hold cannot be read as that of somebody who logged in, nor the other way."""


class Holder:
    """The list of whoever makes a request: read when first asked for, by one query, and only if there is a key."""

    def __init__(self, request: HttpRequest) -> None:
        key = request.COOKIES.get(COOKIE, "")
        self.key = key if _KEY.fullmatch(key) else ""
        self.was_read = False
        self.was_changed = False
        self._list: ResearchList | None = None

    @property
    def list(self) -> ResearchList:
        self.was_read = True
        if self._list is None:
            self._list = _read(_Store(self.key)) if self.key else ResearchList()
        return self._list

    def change(self, change: Callable[[ResearchList], ResearchList]) -> ResearchList:
        """Change the list as it is now, whatever another tab did meanwhile, and keep it."""
        with transaction.atomic():
            # On SQLite the transaction itself is the lock.
            locked = Session.objects.select_for_update().filter(pk=self.key) if self.key else ()
            store = _Store(self.key if list(locked) else None)
            now = _read(store)
            after = change(now)
            if after is not now:
                self._keep(store, after)
        self.was_read = True
        self._list = after
        return after

    def _keep(self, store: _Store, changed: ResearchList) -> None:
        self.was_changed = True
        if changed.is_nothing:
            store.flush()
            self.key = ""
            return
        if store.session_key is None:
            store.create()
        store[_VALUE] = changed.as_stored()
        store.set_expiry(KEPT_FOR)
        store.save()
        self.key = store.session_key or ""

    def answer(self, response: HttpResponseBase) -> None:
        """Set or take away the cookie, and tell caches whose page this is."""
        if self.was_read:
            patch_vary_headers(response, ("Cookie",))
            if self.key or self.was_changed:
                patch_cache_control(response, private=True)
        if not self.was_changed:
            return
        if self.key:
            response.set_cookie(
                COOKIE,
                self.key,
                max_age=KEPT_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        else:
            response.delete_cookie(COOKIE, samesite="Lax")


def _read(store: _Store) -> ResearchList:
    return ResearchList.from_stored(store.get(_VALUE, {}))


def holder_of(request: HttpRequest) -> Holder:
    """What holds the list of this request, the same one however often it is asked for."""
    known = request.__dict__.get("research_list")
    if known is None:
        known = request.__dict__["research_list"] = Holder(request)
    return known


def keep_research_lists(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what was done to the list goes back with the answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        holder = holder_of(request)
        response = get_response(request)
        holder.answer(response)
        return response

    return middleware


def is_from_this_site(request: HttpRequest) -> bool:
    """Whether a form was sent by a page of this site, as the browser says; what says nothing is not believed.

    Browsers say it of themselves (``Sec-Fetch-Site``, else ``Origin``), and no page of another site can change it.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from:
        return fetched_from == "same-origin"
    sent_from = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        sender = urlsplit(sent_from)
    except ValueError:
        return False
    is_trusted = f"{sender.scheme}://{sender.netloc}" in settings.CSRF_TRUSTED_ORIGINS
    return bool(sender.netloc) and (sender.netloc == request.get_host() or is_trusted)
