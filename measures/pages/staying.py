"""How long somebody stays signed in: so long without use, and so long at all."""

import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

SINCE, USED = "signed_in_at", "used_at"  # Seconds since 1970, in the session.
NOTED_EVERY = 5 * 60  # Seconds: a write for each request would cost more than the minutes tell.


class StayingMiddleware:
    """Ends a session that was left, or has lasted its time; whoever comes back is told.

    Before whatever reads the person from the session, and after messages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = _ended(request.session) if SESSION_KEY in request.session else ""
        if not told:
            return self.get_response(request)
        logout(request)
        messages.info(request, told)
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response


def _ended(session: SessionBase) -> str:
    """Why the session is over, in a sentence; nothing where it goes on, and its use is noted."""
    now = int(time.time())
    since, used = session.get(SINCE, now), session.get(USED, 0)
    if used and now - used >= settings.SESSION_IDLE_AGE:
        hours = settings.SESSION_IDLE_AGE // 3600
        return ngettext(
            "You were signed out after %(hours)s hour without use.",
            "You were signed out after %(hours)s hours without use.",
            hours,
        ) % {"hours": hours}
    if now - since >= settings.SESSION_COOKIE_AGE:
        hours = settings.SESSION_COOKIE_AGE // 3600
        return ngettext(
            "You were signed out: nobody stays signed in for more than %(hours)s hour.",
            "You were signed out: nobody stays signed in for more than %(hours)s hours.",
            hours,
        ) % {"hours": hours}
    if now - used >= NOTED_EVERY:
        _note(session, since, now)
    return ""


def _note(session: SessionBase, since: int, now: int) -> None:
    """At once, so that nothing another request keeps meanwhile is overwritten.

    Where the database takes no writes people go on reading.
    """
    changed = session.modified
    session[SINCE], session[USED] = since, now
    with suppress(DatabaseError, UpdateError):
        session.save()
    session.modified = changed
