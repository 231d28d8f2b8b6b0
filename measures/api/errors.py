"""How the API says that something went wrong: one shape, whatever it was and wherever it arose."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as Unreadable

logger = logging.getLogger("django.request")

PREFIX = "/api/"
JSON = "application/json"

# The code of each status, and what is said where nothing better is known.
STATUSES: dict[int, tuple[str, Any]] = {
    400: ("unreadable", gettext_lazy("This request cannot be read.")),
    401: ("unauthenticated", gettext_lazy("This tracker is not public. Sign in, or send a token.")),
    403: ("forbidden", gettext_lazy("This is not open to you.")),
    404: ("not-found", gettext_lazy("There is nothing at this address.")),
    405: ("method-not-allowed", gettext_lazy("This address does not take this method.")),
    409: ("conflict", gettext_lazy("Somebody else was quicker.")),
    412: ("stale", gettext_lazy("There is a newer version. Read it first.")),
    413: ("too-large", gettext_lazy("This is more than the tracker reads at once.")),
    422: ("invalid", gettext_lazy("This cannot be meant.")),
    428: ("version-required", gettext_lazy("Say with If-Match which version you have read.")),
    500: ("fault", gettext_lazy("Something went wrong on our side.")),
}


class Refusal(Exception):
    """What was asked is not done: the status of the answer, why, and the field it is about."""

    def __init__(self, status: int, message: str = "", field: str = "") -> None:
        self.status, self.message, self.field = status, message, field
        super().__init__(message)


def body(status: int, message: str = "", field: str = "") -> dict[str, Any]:
    """The one shape of an error."""
    code, usual = STATUSES.get(status, STATUSES[400 if status < 500 else 500])
    told = {"code": code, "message": message or str(usual)}
    return {"error": told | ({"field": field} if field else {})}


def answer(status: int, message: str = "", field: str = "") -> HttpResponse:
    """The same as an answer."""
    told = json.dumps(body(status, message, field), ensure_ascii=False)
    return HttpResponse(told, status=status, content_type=JSON)


class OneShapeMiddleware:
    """Errors that arose before or beside the API, such as an unknown address, in its shape."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        told = response.get("Content-Type", "").startswith(JSON)
        if response.status_code < 400 or told or not request.path_info.startswith(PREFIX):
            return response
        ours = answer(response.status_code)
        for name in ("Allow", "WWW-Authenticate"):
            if name in response:
                ours[name] = response[name]
        return ours


def install(api: NinjaAPI) -> None:
    """Let the API answer in this shape."""
    for kind, handler in (
        (Refusal, _refused),
        (Unreadable, _unreadable),
        (HttpError, _of_its_status),
        (Http404, lambda request, error: answer(404)),
        (PermissionDenied, lambda request, error: answer(403, str(error))),
        (Exception, _fault),
    ):
        api.add_exception_handler(kind, handler)


def _of_its_status(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(error.status_code)


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return answer(refusal.status, refusal.message, refusal.field)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """The first thing that is wrong, by the name of its field; where it lies is ours to know."""
    first = error.errors[0]
    message = first["msg"].removeprefix("Value error, ")
    unknown = first["type"] == "extra_forbidden"
    return answer(
        422,
        _("There is no such field.") if unknown else message,
        (first.get("ctx") or {}).get("field") or str(first["loc"][-1]) * (len(first["loc"]) > 1),
    )


def _fault(request: HttpRequest, error: Any) -> HttpResponse:
    if settings.DEBUG:
        raise error
    logger.error("%s %s", request.method, request.path, exc_info=error)
    return answer(500)
