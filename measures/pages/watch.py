"""What machines ask that watch this one: is it there, can it serve, and its figures."""

from collections.abc import Callable
from http import HTTPStatus
from time import monotonic

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import upkeep
from ..upkeep import Line, Part, State, figures

# Seconds that an answer is good for: however often it is asked, the database is asked no more.
WORTH = 5
BEARER = "Bearer "

_last: tuple[float, list[Line]] | None = None


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return JsonResponse({"verdict": "ok"})


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this machine can serve; what is behind that, for whoever may know.

    A job that is late is told and stops nothing: every machine shares it, and a balancer would take
    away all of them. `?jobs` asks for 503 then, too.
    """
    lines = _looked()
    failing = [line for line in lines if line.state is State.FAILING]
    stopped = [line for line in failing if line.stops or "jobs" in request.GET]
    told: dict[str, object] = {"verdict": "failing" if stopped else "ok"}
    if may_know(request):
        told["version"] = settings.VERSION
        told["checks"] = {
            line.name: {
                "state": "failing" if line.state is State.FAILING else "ok",
                "told": line.told,
                "stops": line.stops,
            }
            for line in lines
        }
    status = HTTPStatus.SERVICE_UNAVAILABLE if stopped else HTTPStatus.OK
    return JsonResponse(told, status=status, json_dumps_params={"indent": 1})


@require_safe
@login_not_required
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for Prometheus with its token and for administrators."""
    if not may_know(request):
        told = HttpResponse("Ask with the token of METRICS_TOKEN.\n", content_type="text/plain")
        known = request.user.is_authenticated
        told.status_code = HTTPStatus.FORBIDDEN if known else HTTPStatus.UNAUTHORIZED
        if not known:
            told["WWW-Authenticate"] = "Bearer"
        return told
    kind = "text/plain; version=0.0.4; charset=utf-8"
    with translation.override("en"):
        return HttpResponse(figures.text(), content_type=kind)


def may_know(request: HttpRequest) -> bool:
    """An administrator, or whoever has the token; never over a line that others may listen on."""
    if settings.HTTPS and not request.is_secure():
        return False
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and given.startswith(BEARER):
        return constant_time_compare(given.removeprefix(BEARER), settings.METRICS_TOKEN)
    return request.user.has_perm("measures.change_user")


def _looked() -> list[Line]:
    global _last
    if _last is None or monotonic() - _last[0] > WORTH:
        with translation.override("en"):
            _last = monotonic(), list(upkeep.look(Part.READY, timezone.now()))
    return _last[1]


def forget() -> None:
    """Look again at the next question."""
    global _last
    _last = None


PROBES: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/healthz": healthz,
    "/readyz": readyz,
}


class ProbeMiddleware:
    """Answers a probe before whatever needs a name of the site, a language or a session.

    A balancer asks by address, and a database that is away must not keep `/healthz` from answering.
    Whoever comes with a session goes the way of every page, so that we know who it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        if probe and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            request.user = AnonymousUser()
            return probe(request)
        return self.get_response(request)
