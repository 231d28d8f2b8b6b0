"""Who asks: the person whose token a program sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import ApiToken
from .errors import PREFIX, answer


class TokenMiddleware:
    """With a token a program reads as its person does; with one that does not hold, nothing.

    Under the API only: pages are for people who have signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if not request.path_info.startswith(PREFIX) or scheme.lower() != "bearer":
            return self.get_response(request)
        token = ApiToken.objects.known_by(secret.strip())
        if token is None:
            told = answer(401, _("This token does not hold: make a new one."))
            told["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return told
        token.used(timezone.localdate())
        request.user = token.person
        return self.get_response(request)
