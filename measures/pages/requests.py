"""Each request gets a name, which its answer and the log tell, and a line in the log."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .. import logs
from ..upkeep import figures
from .watch import PROBES

logger = logging.getLogger("measures.requests")
HEADER = "X-Request-ID"
# Of a method that is none a stranger chooses the letters.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}

# Answered before any address is resolved.
PROBED = {path: path.strip("/") for path in PROBES}


class RequestMiddleware:
    """The outermost of all, so that whoever answers is told of.

    A name that comes along is taken from a trusted proxy alone: anybody else could give two
    requests one name, or write into our log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = logs.begin(request.headers.get(HEADER, "") if settings.TRUST_PROXY else "")
        began = perf_counter()
        response = self.get_response(request)
        response.headers[HEADER] = name
        method = request.method if request.method in METHODS else "other"
        view = request.resolver_match.view_name if request.resolver_match else None
        view = view or PROBED.get(request.path_info)
        seconds = perf_counter() - began
        figures.answered(view, method, response.status_code, seconds)
        if logger.isEnabledFor(logging.INFO):
            told = {"method": method, "route": view, "ms": round(seconds * 1000, 1)}
            _tell(told, request, response)
        return response


def _tell(told: dict[str, Any], request: HttpRequest, response: HttpResponseBase) -> None:
    """One line: what was asked for, without its query, and how it was answered."""
    path, status = logs.masked(request.path), response.status_code
    told |= {"path": path, "status": status}
    logger.info("%s %s %d", told["method"], path, status, extra={"told": told})
