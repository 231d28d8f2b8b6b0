"""What has not changed is not computed again: an ETag known before any work is done."""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from .. import record
from ..models.tracked import Tracked
from .errors import PREFIX

VERSION = "1.2.0"
OF_VERSION = re.compile(r'"([0-9]{1,9})-[0-9a-f]{32}"')


def conditional(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 304 where the reader holds what would be sent, else say what it is known by."""

    @wraps(run)
    def answered(request: HttpRequest, **values: Any) -> HttpResponse:
        if request.method == "GET":
            response = _read(request, run, values)
        else:
            response = run(request, **values)
            shown = getattr(request, "shown", None)
            if shown and response.status_code < HTTPStatus.BAD_REQUEST:
                response["ETag"] = versioned(request, *shown)
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

    return answered


def _read(
    request: HttpRequest, run: Callable[..., HttpResponse], values: dict[str, Any]
) -> HttpResponse:
    tag = etag(request)
    held = parse_etags(request.headers.get("If-None-Match", ""))
    same = next((each for each in held if _bare(each) == tag), None)
    response = HttpResponse(status=HTTPStatus.NOT_MODIFIED) if same else run(request, **values)
    if response.status_code == HTTPStatus.OK and (shown := getattr(request, "shown", None)):
        same = _with_version(tag, shown[0])
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        response["ETag"] = same or tag
        response["Cache-Control"] = "no-cache"
    return response


def etag(request: HttpRequest, address: str = "") -> str:
    """Made of all that an answer is made of, never of the answer.

    The record, the day (which is what no date means), the address, the language, the reader.
    """
    asked = address or request.get_full_path()
    return record.stamp(VERSION, asked, str(request.user.pk))


def shows(request: HttpRequest, row: Tracked, address: str = "") -> None:
    """The answer shows this row as it is now, so that its tag names the version of the row."""
    request.shown = (row.version, address)  # type: ignore[attr-defined]


def versioned(request: HttpRequest, version: int, address: str = "") -> str:
    """The tag of an answer that shows one row, as `If-Match` wants it back."""
    return _with_version(etag(request, address), version)


def versions_seen(request: HttpRequest) -> set[int] | None:
    """The versions that the writer has read, None where the request names none.

    Of a tag the version counts alone: that somebody changed another row is no conflict here.
    """
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    return {int(each[1]) for each in map(OF_VERSION.fullmatch, parse_etags(header)) if each}


def _with_version(tag: str, version: int) -> str:
    return f'"{version}-{tag[1:]}'


def _bare(tag: str) -> str:
    """The tag without the version of its row, nor the mark of one compressed on its way."""
    return f'"{tag.removeprefix("W/")[1:].rpartition("-")[2]}'


class MethodsMiddleware:
    """Where the API answers GET it answers HEAD, and OPTIONS says what else an address takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = request.method
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        if method == "HEAD":
            request.method = "GET"
        response = _allowing(self.get_response(request))
        request.method = method
        if method == "OPTIONS" and response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            kept = ("Allow", "Cache-Control", "Vary")
            told = {name: response[name] for name in kept if name in response}
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=told)
        return response


def _allowing(response: HttpResponse) -> HttpResponse:
    """With HEAD and OPTIONS among the methods that an address takes."""
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and "Allow" in response:
        allowed = set(response["Allow"].split(", ")) | {"OPTIONS"}
        allowed |= {"HEAD"} if "GET" in allowed else set()
        response["Allow"] = ", ".join(sorted(allowed))
    return response
