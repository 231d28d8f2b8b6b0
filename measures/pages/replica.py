"""Pages for reading come from the replica; whoever wrote reads what they wrote."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from .. import replica

SAFE = ("GET", "HEAD", "OPTIONS")
# How far the log was after somebody's last write, for as long as a replica may need at the worst.
WROTE_FOR = 60  # Seconds.
FAR = re.compile("[0-9]{1,19}")
FARTHEST = 2**63 - 1


class ReplicaMiddleware:
    """After every other: who asks is known by then, and all of the view is read from one database.

    An answer that the replica fails to give comes from the primary.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not replica.is_there():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as whole:
            request.whole_answer = whole  # type: ignore[attr-defined]
            response = self.get_response(request)
            if replica.is_read():
                response = self._from_the_replica(request, response)
        if _wrote(request):
            _remember(response)
        return response

    def _from_the_replica(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = replica.read_on(iter(response))
            return response
        request.from_primary = True  # type: ignore[attr-defined]
        with replica.reading(really=False):
            again = self.get_response(request)
        # What fails on both is no fault of the replica.
        if again.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            replica.watch.lost(f"it failed to answer {request.method} {request.path!r}")
        return again

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if _only_reads(request, view) and replica.watch.holds(_written(request)):
            request.whole_answer.enter_context(replica.reading())  # type: ignore[attr-defined]
        return None


def _only_reads(request: HttpRequest, view: Any) -> bool:
    if request.method not in SAFE or getattr(request, "from_primary", False):
        return False
    bool(request.user.is_authenticated)  # Looked up here and now: accounts are the primary's.
    if request.path_info.startswith("/api/"):
        # A program has no cookies that tell what it wrote.
        token = getattr(request, "token", None)
        return token is None or not token.writes
    return getattr(view, "from_replica", False)


def _wrote(request: HttpRequest) -> bool:
    by_program = hasattr(request, "token")
    return request.method not in SAFE and request.user.is_authenticated and not by_program


def _remember(response: HttpResponse) -> None:
    """In a cookie, because a session that is written at once by two loses what one of them said."""
    try:
        far = replica.position()
    except Error:
        far = FARTHEST
    response.set_cookie(
        _cookie(),
        str(far),
        max_age=WROTE_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _written(request: HttpRequest) -> int:
    """Whoever makes a number up reads from the primary, as without a replica."""
    told = request.COOKIES.get(_cookie(), "")
    return int(told) if FAR.fullmatch(told) else 0


def _cookie() -> str:
    return "__Host-wrote" if settings.SESSION_COOKIE_SECURE else "wrote"
