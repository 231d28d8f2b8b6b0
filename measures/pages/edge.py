"""The edge: what cannot be meant is refused before anything reads it, alike on both engines.

And what is said where the database is away: a page that needs neither it nor a session.
"""

import re
import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ..faults import RETRY_AFTER, is_away
from ..logs import request_id
from ..models import Installation
from .language import plain

LONGEST = 2048  # Bytes of a path, and of a query, as they are sent.
LONGEST_QUESTION = 100  # Characters that are looked for.
LARGEST = 64 * 2**20  # Bytes of a body with its files; each form says less for its own.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CHARSETS = {"", "utf-8", "utf8", "us-ascii"}
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
BROKEN = re.compile("%(?![0-9A-Fa-f]{2})")
A_YEAR = re.compile("(?!0000)[0-9]{4}")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Refused(Exception):
    """The request is answered here, with this status and sentence."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        self.status, self.sentence = status, sentence
        super().__init__(sentence)


class EdgeMiddleware:
    """Let through what can be read; answer the rest with a page that says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            _check_method(request)
            _check_address(request)
            _check_cookies(request)
            _check_body(request)
        except Refused as refusal:
            return _answer(refusal)
        return self.get_response(request)


def _answer(refusal: Refused) -> HttpResponse:
    page = render_to_string("400.html", {"problems": [refusal.sentence]})
    response = HttpResponse(page, status=refusal.status)
    if refusal.status == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = ", ".join(METHODS)
    response["Cache-Control"] = "no-store"
    return response


def _check_method(request: HttpRequest) -> None:
    if request.method not in METHODS:
        sentence = _("This method is not known here.")
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, sentence)


def _check_address(request: HttpRequest) -> None:
    path = str(request.META.get("PATH_INFO", ""))
    query = str(request.META.get("QUERY_STRING", ""))
    if max(len(path.encode(errors="replace")), len(query)) > LONGEST:
        sentence = _("The address is longer than any page of the tracker has. Shorten it.")
        raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG, sentence)
    # Django writes bytes of a path that are no UTF-8 as %XX again; no address of ours has any.
    if UNSTORABLE.search(path) or "%" in path:
        raise Refused(HTTPStatus.BAD_REQUEST, _("The address holds characters that are none."))
    if BROKEN.search(query) or not _is_text(unquote_to_bytes(query.encode("latin-1", "replace"))):
        raise Refused(HTTPStatus.BAD_REQUEST, _("The query holds characters that are none."))
    if plain(request.path_info).startswith("/admin/"):
        asked = request.GET.get("q", "")
        if len(asked) > LONGEST_QUESTION:
            sentence = _("Ask in at most %(most)d characters; these are %(number)d.")
            told = {"most": LONGEST_QUESTION, "number": len(asked)}
            raise Refused(HTTPStatus.BAD_REQUEST, sentence % told)
        _check_years(request)


def _check_years(request: HttpRequest) -> None:
    """The lists of the administration make a date of the year, and fail at one that has none."""
    for name, value in request.GET.items():
        if name.endswith("__year") and not A_YEAR.fullmatch(str(value)):
            sentence = _("A year is written with four digits, from 0001 to 9999.")
            raise Refused(HTTPStatus.BAD_REQUEST, sentence)


def _is_text(sent: bytes) -> bool:
    """Whether it is UTF-8 (which has no lone surrogates) without a NUL."""
    try:
        return "\0" not in sent.decode()
    except UnicodeDecodeError:
        return False


def _check_cookies(request: HttpRequest) -> None:
    """A quoted cookie may spell a NUL as an octal number, and sessions are looked up by cookies."""
    if any(UNSTORABLE.search(each) for pair in request.COOKIES.items() for each in pair):
        raise Refused(HTTPStatus.BAD_REQUEST, _("A cookie holds characters that are none."))


def _check_body(request: HttpRequest) -> None:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not re.fullmatch("[0-9]{1,18}", length):
        raise Refused(HTTPStatus.BAD_REQUEST, _("The length of the body is no number."))
    if int(length) > LARGEST:
        raise _too_large()
    kind, _semicolon, _rest = str(request.META.get("CONTENT_TYPE", "")).partition(";")
    charset = str((request.content_params or {}).get("charset", "")).strip("\"' ").lower()
    if charset not in CHARSETS:
        sentence = _("The body is not written in UTF-8.")
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, sentence)
    form = kind.strip().lower() in FORMS and request.method == "POST"
    if form and not request.path_info.startswith("/api/"):
        _check_form(request)


def _check_form(request: HttpRequest) -> None:
    try:
        sent = list(_sent(request))
    except RequestDataTooBig as error:
        raise _too_large() from error
    except (TooManyFieldsSent, TooManyFilesSent) as error:
        sentence = _("The form has more fields or files than any of the tracker.")
        raise Refused(HTTPStatus.BAD_REQUEST, sentence) from error
    except (MultiPartParserError, UnreadablePostError, ValueError) as error:
        sentence = _("The form did not arrive whole.")
        raise Refused(HTTPStatus.BAD_REQUEST, sentence) from error
    if any(UNSTORABLE.search(each) for each in sent):
        sentence = _("The form holds a character that cannot be stored (NUL or a lone surrogate).")
        raise Refused(HTTPStatus.BAD_REQUEST, sentence)


def _sent(request: HttpRequest) -> Iterator[str]:
    """Every name and value of the form, and the names of its files."""
    for name, values in request.POST.lists():
        yield name
        yield from map(str, values)
    for name, files in request.FILES.lists():
        yield name
        yield from (str(file.name) for file in files)


def _too_large() -> Refused:
    sentence = _("This is more than the tracker reads at once. Send less, or in parts.")
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)


def fault(request: HttpRequest, *args: Any) -> HttpResponse:
    """Whatever a page did not expect: 503 where database or disk are away, else 500."""
    if is_away(sys.exc_info()[1]):
        Installation.objects.hold()
        response = HttpResponse(
            render_to_string("503.html", {"request_id": request_id()}),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
        response["Retry-After"] = str(RETRY_AFTER)
    else:
        page = render_to_string("500.html", {"request_id": request_id()})
        response = HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    response["Cache-Control"] = "no-store"
    return response
