"""Each request gets a name, which its answer and the log tell, and a line in the log."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .. import logs

logger = logging.getLogger("measures.requests")
HEADER = "X-Request-ID"
# Of a method that is none a stranger chooses the letters.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}


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
        if logger.isEnabledFor(logging.INFO):
            _tell(request, response, perf_counter() - began)
        return response


def _tell(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """One line: what was asked for, without its query, and how it was answered."""
    method = request.method if request.method in METHODS else "other"
    told = {
        "method": method,
        "path": logs.masked(request.path),
        "route": request.resolver_match.view_name if request.resolver_match else None,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    message = "%s %s %d"
    logger.info(message, method, told["path"], response.status_code, extra={"told": told})
