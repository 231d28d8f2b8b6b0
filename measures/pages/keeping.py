"""What a browser or a proxy may keep of a page, and how it learns that the page is still so."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from .. import record, replica

# What decides, beside its address, which page is sent: its language, its reader, its part.
VARY = ("Accept-Language", "Cookie", "HX-Request", "HX-Target")
PARTS = ("HX-Request", "HX-Target", "HX-History-Restore-Request")
KINDS = ("text/html", "image/")

View = Callable[..., HttpResponseBase]


def kept(view: View) -> View:
    """Nobody known may keep the page, asks whether it is still so, and is told before any work.

    To people who have signed in, and to whoever is being told something, this holds nothing.
    """

    @replica.readable
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        tag = _tag(request) if _is_nobody_known(request) else ""
        if tag and tag in _held(request):
            response: HttpResponseBase = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        else:
            response = view(request, *args, **kwargs)
        if tag and _is_for_everybody(request, response):
            response["ETag"] = tag
            response.headers.setdefault("Cache-Control", "no-cache")
        patch_vary_headers(response, VARY)
        return response

    return answered


def _tag(request: HttpRequest) -> str:
    part = [request.headers.get(name, "") for name in PARTS]
    return record.stamp("page", request.build_absolute_uri(), *part)


def _held(request: HttpRequest) -> set[str]:
    """The tags that the reader names. One is weak where the answer was compressed on its way."""
    named = parse_etags(request.headers.get("If-None-Match", ""))
    return {each.removeprefix("W/") for each in named}


def _is_nobody_known(request: HttpRequest) -> bool:
    """Without a session, and without anything that waits to be said.

    Nothing is kept while pages are being written, either: templates change under a tracker that
    runs with `DEBUG=on`.
    """
    told = {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES)
    return not (told or settings.DEBUG or request.user.is_authenticated)


def _is_for_everybody(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether nothing on the page is of this request alone: no message, no form with a token."""
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return True
    messages: Any = get_messages(request)
    said = bool(response.cookies) or messages.added_new or messages.used
    own = said or holds_token(request) or request.user.is_authenticated
    kind = response.headers.get("Content-Type", "")
    return response.status_code == HTTPStatus.OK and kind.startswith(KINDS) and not own


def holds_token(request: HttpRequest) -> bool:
    """Whether a form of the page holds the secret of this browser."""
    return bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))


class NoStoreMiddleware:
    """What a signed-in person sees stays out of every cache, as does a page that nobody judged.

    Signing in, forms, refusals: they are of one moment and one browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if request.user.is_authenticated or (is_page and holds_token(request)):
            response["Cache-Control"] = "no-store, private"
        elif is_page:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
