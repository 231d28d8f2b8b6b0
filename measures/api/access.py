"""Who asks: the person whose token a program sends."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import workflow
from ..models import ApiToken, User
from .errors import JSON, PREFIX, Refusal, answer

BEARER = {"WWW-Authenticate": "Bearer"}


def _owing() -> HttpResponse:
    return answer(
        HTTPStatus.FORBIDDEN,
        _("This account needs a second factor. Sign in and set one up; then try again."),
    )


class TokenMiddleware:
    """With a token a program acts as its person does; with one that does not hold, nothing.

    Under the API only: pages are for people who have signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            owes = workflow.owes_factor(request.user)
            return _owing() if owes else self.get_response(request)
        token = ApiToken.objects.known_by(secret.strip())
        if token is None:
            told = answer(HTTPStatus.UNAUTHORIZED, _("This token does not hold: make a new one."))
            told["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return told
        if workflow.owes_factor(token.person):
            return _owing()
        token.used(timezone.localdate())
        request.token = token  # type: ignore[attr-defined]
        request.user = token.person
        return self.get_response(request)


class PersonRequest(HttpRequest):
    """A request behind a token: its user has an account."""

    user: User


class AnyToken:
    """Whose own things are asked for has to be known."""

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token, made on the page of your account.",
    }

    def __call__(self, request: HttpRequest) -> bool:
        if not request.user.is_authenticated:
            sentence = _("These are a person's own. Send a token.")
            raise Refusal(HTTPStatus.UNAUTHORIZED, sentence, headers=BEARER)
        return True


class WriteToken:
    """Who writes sends a token that may, of a person who may: a session alone never writes.

    A browser sends a session along to wherever another site points it; a token it never does.
    """

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token that writes, made on the page of your account.",
    }

    def __call__(self, request: HttpRequest) -> bool:
        token = getattr(request, "token", None)
        if token is None:
            sentence = _("Writing takes a token that writes. Make one on the page of your tokens.")
            raise Refusal(HTTPStatus.UNAUTHORIZED, sentence, headers=BEARER)
        if not token.writes:
            sentence = _("This token only reads. Make one that writes, and send that.")
            raise Refusal(HTTPStatus.FORBIDDEN, sentence)
        if not workflow.may_write(token.person):
            sentence = _("Your account does not allow this. Ask an administrator.")
            raise Refusal(HTTPStatus.FORBIDDEN, sentence)
        _in_json(request)
        return True


def _in_json(request: HttpRequest) -> None:
    try:
        sent = request.body
    except RequestDataTooBig as error:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from error
    except UnreadablePostError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST) from error
    if sent and request.content_type != JSON:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
