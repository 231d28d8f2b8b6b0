"""In which language a page is read: English at the plain address, Chinese under /zh/."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import LocalePrefixPattern, ResolverMatch, resolve, reverse, translate_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from ..models import Installation, is_offered

MACHINES = "/api/"
# Long enough that a choice lasts, and short enough that a forgotten one ends.
REMEMBERED = 365 * 24 * 60 * 60  # seconds


class Prefix(LocalePrefixPattern):
    """The first part of an address says its language in two letters: /zh/, not /zh-hans/."""

    @property
    def language_prefix(self) -> str:
        """Empty for the plain addresses."""
        code = translation.get_language() or settings.LANGUAGE_CODE
        return "" if code == settings.LANGUAGE_CODE else f"{code.partition('-')[0]}/"


def language_of(path: str) -> str:
    """The language that an address is written in."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def plain(path: str) -> str:
    """The address without its language."""
    with translation.override(language_of(path)):
        return "/" + path.removeprefix("/" + Prefix().language_prefix)


def resolved(path: str) -> ResolverMatch:
    """What an address leads to, whichever language it is in; as `resolve`, it raises."""
    with translation.override(language_of(path)):
        return resolve(path)


class LanguageMiddleware:
    """The address decides; whoever comes without having chosen is shown the way once.

    A program says with each request what it reads.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for_machines = request.path_info.startswith(MACHINES)
        if for_machines:
            code = translation.get_language_from_request(request)
        else:
            code = language_of(request.path_info)
        # Not undone at the end: files are still being written while they are sent.
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        if for_machines:
            patch_vary_headers(response, ["Accept-Language"])
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """From a plain page to the same one in the language that this reader prefers."""
        preferred = _preferred(request)
        if preferred is None or preferred == translation.get_language():
            return None
        there = translate_url(request.get_full_path(), preferred)
        if there == request.get_full_path():
            return None
        response = HttpResponseRedirect(there)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def _preferred(request: HttpRequest) -> str | None:
    """In which language the page is to be shown, None where it is as it is asked for.

    Where one language alone is on offer every page is in it, whatever the browser would have.
    """
    if not _is_read_by_a_person(request):
        return None
    offered = Installation.objects.current().language_codes
    if translation.get_language() not in offered:
        return offered[0]
    preferred = translation.get_language_from_request(request)
    return preferred if _is_plain(request) and preferred in offered else None


def _is_read_by_a_person(request: HttpRequest) -> bool:
    """Whether it is a page for a browser window: no file, no feed, no part of a page."""
    asked = request.method in ("GET", "HEAD") and request.headers.get("Accept", "")
    return bool(asked and "text/html" in asked and not request.headers.get("HX-Request"))


def _is_plain(request: HttpRequest) -> bool:
    return language_of(request.path_info) == settings.LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class Offered:
    """This very page in one of the languages; `tag` is as HTML marks it."""

    tag: str
    name: str
    address: str
    choice: str
    is_current: bool


def offered(request: HttpRequest) -> list[Offered]:
    """The page in every language with all that its address says, and the way to choose it."""
    here, current = request.get_full_path(), translation.get_language()
    found = []
    for code, name in settings.LANGUAGES:
        if not is_offered(code):
            continue
        short = code.partition("-")[0]
        choice = reverse("language", args=[short], query={"page": here})
        address = here if code == current else translate_url(here, code)
        found.append(Offered(_tag(code), name, address, choice, code == current))
    return found


def _tag(code: str) -> str:
    language, dash, script = code.partition("-")
    return language + dash + script.title()


@require_safe
@login_not_required
def language(request: HttpRequest, chosen: str) -> HttpResponse:
    """Back to `?page=` in the language chosen, and remember the choice."""
    code = {each.partition("-")[0]: each for each, _name in settings.LANGUAGES}.get(chosen)
    if code is None or not is_offered(code):
        raise Http404
    there = request.GET.get("page", "")
    if not url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        there = "/"
    with translation.override(language_of(urlsplit(there).path)):
        there = translate_url(there, code)
    response = HttpResponseRedirect(there)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=REMEMBERED,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response["Cache-Control"] = "no-store"
    return response
