"""How the API says that something went wrong: one shape, whatever it was and wherever it arose."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as Unreadable

from .. import workflow
from ..faults import RETRY_AFTER, is_away
from . import mistakes

logger = logging.getLogger("django.request")

PREFIX = "/api/"
JSON = "application/json"
SENT = "sent"  # What a view calls the body that it takes.

# The code of each status, and what is said where nothing better is known.
STATUSES: dict[int, tuple[str, Any]] = {
    400: ("unreadable", gettext_lazy("This request cannot be read.")),
    401: ("unauthenticated", gettext_lazy("This tracker is not public. Sign in, or send a token.")),
    403: ("forbidden", gettext_lazy("This is not open to you.")),
    404: ("not-found", gettext_lazy("There is nothing at this address.")),
    405: ("method-not-allowed", gettext_lazy("This address does not take this method.")),
    406: ("not-acceptable", gettext_lazy("This address answers in JSON.")),
    409: ("conflict", gettext_lazy("Somebody else was quicker.")),
    412: ("stale", gettext_lazy("There is a newer version. Read it first.")),
    413: ("too-large", gettext_lazy("This is more than the tracker reads at once.")),
    414: ("too-long", gettext_lazy("The address is longer than any of the tracker.")),
    415: ("not-json", gettext_lazy("Send JSON, and say so: Content-Type: application/json.")),
    422: ("invalid", gettext_lazy("This cannot be meant.")),
    428: ("version-required", gettext_lazy("Say with If-Match which version you have read.")),
    429: ("too-many", gettext_lazy("These are too many requests. Wait before the next one.")),
    500: ("fault", gettext_lazy("Something went wrong on our side.")),
    503: ("away", gettext_lazy("The data cannot be reached now. Ask again in half a minute.")),
}


class Refusal(Exception):
    """What was asked is not done: the status of the answer, why, and the field it is about.

    `more` has what else helps: `problems`, `differences`, `alike`; `headers` go with the answer.
    """

    def __init__(
        self,
        status: int,
        message: str = "",
        field: str = "",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.status, self.message, self.field = status, message, field
        self.headers, self.more = headers or {}, more
        super().__init__(message)


def body(status: int, message: str = "", field: str = "", **more: Any) -> dict[str, Any]:
    """The one shape of an error."""
    fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    like = HTTPStatus.INTERNAL_SERVER_ERROR if fault else HTTPStatus.BAD_REQUEST
    code, usual = STATUSES.get(status, STATUSES[like])
    told = {"code": code, "message": message or str(usual)}
    return {"error": told | ({"field": field} if field else {}) | more}


def answer(status: int, message: str = "", field: str = "", **more: Any) -> HttpResponse:
    """The same as an answer."""
    told = json.dumps(body(status, message, field, **more), ensure_ascii=False)
    return HttpResponse(told, status=status, content_type=JSON)


class OneShapeMiddleware:
    """Errors that arose before or beside the API, such as an unknown address, in its shape.

    A program that asks in clear where there is https is refused: led on, nobody would notice that
    its token could be read on the way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if in_clear(request):
            return answer(
                HTTPStatus.FORBIDDEN,
                _("Ask over https. A token that was sent without it is to be revoked."),
            )
        response = self.get_response(request)
        told = response.get("Content-Type", "").startswith(JSON)
        failed = response.status_code >= HTTPStatus.BAD_REQUEST
        if not failed or told or not request.path_info.startswith(PREFIX):
            return response
        ours = answer(response.status_code)
        for name in ("Allow", "WWW-Authenticate", "Retry-After", "Cache-Control", "Vary"):
            if name in response:
                ours[name] = response[name]
        return ours


def in_clear(request: HttpRequest) -> bool:
    """Whether the API is asked over http by an installation that has https."""
    asked = request.path_info.startswith(PREFIX) and not request.is_secure()
    return asked and settings.SECURE_SSL_REDIRECT


def install(api: NinjaAPI) -> None:
    """Let the API answer in this shape."""
    for kind, handler in (
        (Refusal, _refused),
        (workflow.Refused, _objected),
        (workflow.Decided, lambda request, error: answer(HTTPStatus.CONFLICT, str(error))),
        (Unreadable, _unreadable),
        (HttpError, _of_its_status),
        (Http404, lambda request, error: answer(HTTPStatus.NOT_FOUND)),
        (PermissionDenied, lambda request, error: answer(HTTPStatus.FORBIDDEN, str(error))),
        (Exception, _fault),
    ):
        api.add_exception_handler(kind, handler)


def _of_its_status(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(error.status_code)


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    told = answer(refusal.status, refusal.message, refusal.field, **refusal.more)
    for name, value in refusal.headers.items():
        told[name] = value
    return told


def _objected(request: HttpRequest, refused: Any) -> HttpResponse:
    """What the method has against it, every reason by its field."""
    problems = [{"field": each.field, "message": each.sentence} for each in refused.objections]
    told: dict[str, Any] = {"problems": problems} if len(problems) > 1 else {}
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, **problems[0], **told)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """The first thing that is wrong, by the name of its field; where it lies is ours to know."""
    first = error.errors[0]
    field = (first.get("ctx") or {}).get("field") or _field_at(first["loc"])
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, mistakes.sentence(first), field)


def _field_at(loc: Sequence[str | int]) -> str:
    """The name of the field: of a list in a body its own, never the number of the row."""
    named = [each for each in loc[1:] if isinstance(each, str) and each != SENT]
    return named[-1] if named else ""


def _fault(request: HttpRequest, error: Any) -> HttpResponse:
    if settings.DEBUG:
        raise error
    # Escaped, so that no address can write a line of its own.
    logger.error("%s %s", request.method, escape_uri_path(request.path), exc_info=error)
    if is_away(error):
        told = answer(HTTPStatus.SERVICE_UNAVAILABLE)
        told["Retry-After"] = str(RETRY_AFTER)
        return told
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR)
