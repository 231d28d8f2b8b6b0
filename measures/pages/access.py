"""Who may come in, and to which source."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from .. import workflow
from ..models import Source, User
from .keeping import kept
from .time import read_time


class PublicPagesMiddleware(LoginRequiredMiddleware):
    """With `PUBLIC_PAGES=off` every page but the sign-in asks for an account."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        """To the sign-in; for htmx as a whole page, never swapped into a part of the old one.

        A machine that asks the API is told so by the status.
        """
        if settings.PUBLIC_PAGES:
            return None
        if request.path_info.startswith("/api/"):
            told = HttpResponse(
                status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"}
            )
            return None if request.user.is_authenticated else told
        response = super().process_view(request, *args)
        return None if response is None else _to_the_sign_in(request)


def of_source(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a page that is read: with its source and dates, and kept by whoever is not known."""
    return require_safe(kept(with_source(view)))


def with_source(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view its source, the one in the address or the default one, and the two dates.

    Where the register is still empty, the reader gets a page that says what to do first.
    """

    @wraps(view)
    def answered(
        request: HttpRequest, *args: Any, source: str = "", **kwargs: Any
    ) -> HttpResponseBase:
        # All at once: the masthead offers the others.
        request.sources = list(Source.objects.default_first())  # type: ignore[attr-defined]
        named = [each for each in request.sources if source in ("", each.slug)]  # type: ignore[attr-defined]
        found = named[0] if named else None
        if found is None and source:
            raise Http404(_("There is no source of this name."))
        if found is None:
            return render(request, "measures/empty.html")
        request.source = found  # type: ignore[attr-defined]
        read_time(request, found)
        return view(request, found, *args, **kwargs)

    return answered


def _to_the_sign_in(request: HttpRequest) -> HttpResponse:
    """And back to the page; what htmx asked for is answered with a whole page, not a part."""
    response = redirect_to_login(_page_of(request))
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(response["Location"])
    return response


def _page_of(request: HttpRequest) -> str:
    """The page that somebody is on: of a part, or of what a form sent, the one around it."""
    around = ""
    if request.htmx:  # type: ignore[attr-defined]
        around = _within(request, request.htmx.current_url or "")  # type: ignore[attr-defined]
    elif request.method not in ("GET", "HEAD"):
        around = _within(request, request.headers.get("Referer", ""))
    return around or request.get_full_path()


def _within(request: HttpRequest, address: str) -> str:
    """The path and query of an address of ours; of any other, and of none, nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.netloc != request.get_host():
        return ""
    return urlunsplit(("", "", parts.path, parts.query, ""))


class StaffRequest(HttpRequest):
    """A request behind `on_the_desk`: its user has an account."""

    user: User
    htmx: HtmxDetails


def on_the_desk(
    permission: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """For staff with this permission: others are asked to sign in, or told that they may not."""

    def door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def with_permission(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_the_sign_in(request)
            workflow.allowed(request.user, permission)
            return view(request, *args, **kwargs)

        return with_permission

    return door
