"""What has not changed is not computed again: an ETag known before any work is done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from .. import record

VERSION = "1.0.0"


def conditional(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 304 where the reader holds what would be sent, else say what it is known by."""

    @wraps(run)
    def answered(request: HttpRequest, **values: Any) -> HttpResponse:
        if request.method != "GET":
            return run(request, **values)
        tag = etag(request)
        held = parse_etags(request.headers.get("If-None-Match", ""))
        response = HttpResponse(status=304) if tag in held else run(request, **values)
        if response.status_code in (200, 304):
            response["ETag"] = tag
            response["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        return response

    return answered


def etag(request: HttpRequest) -> str:
    """Made of all that an answer is made of, never of the answer.

    The record, the day (which is what no date means), the address, the language, the reader.
    """
    return record.stamp(VERSION, request.get_full_path(), str(request.user.pk))
