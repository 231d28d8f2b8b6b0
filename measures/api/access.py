"""Who asks: the person whose token a program sends."""

import http
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import workflow
from ..models import ApiToken
from .errors import PREFIX, answer


def _owing() -> HttpResponse:
    return answer(
        http.HTTPStatus.FORBIDDEN,
        _("This account needs a second factor. Sign in and set one up; then try again."),
    )


class TokenMiddleware:
    """With a token a program reads as its person does; with one that does not hold, nothing.

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
            told = answer(401, _("This token does not hold: make a new one."))
            told["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return told
        if workflow.owes_factor(token.person):
            return _owing()
        token.used(timezone.localdate())
        request.user = token.person
        return self.get_response(request)
