"""What every answer tells the browser: A+ by the modifiers of the HTTP Observatory."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client

from measures.models import User
from tests.pages.test_access import EVERY_ADDRESS

pytestmark = pytest.mark.usefixtures("world")
A_PLUS, BONUS_FROM = 100, 90
SHOWN_TO_ALL = ("/embed/", "card.png")


@pytest.fixture(autouse=True)
def _as_served(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The settings that HTTPS=on makes."""
    caplog.set_level(logging.CRITICAL, logger="django")
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def policy(response: Any) -> dict[str, list[str]]:
    told = response.get("Content-Security-Policy", "")
    parts = [each.split() for each in told.split(";") if each.strip()]
    return {part[0]: part[1:] for part in parts}


def of_policy(response: Any) -> int:
    """CSP: +10 with default-src 'none' and nothing unsafe, +5 without, -20 and -25."""
    told = policy(response)
    if not told:
        return -25
    sources = [each for name, part in told.items() for each in part]
    if any(each.startswith("'unsafe") or each in ("*", "http:", "https:") for each in sources):
        return -20
    return 10 if told.get("default-src") == ["'none'"] else 5


def of_cookies(response: Any) -> int:
    """-20 without Secure, -30 for a session without HttpOnly, -20 without SameSite; else +5."""
    # One that is taken away has no value to protect.
    cookies = [each for each in response.cookies.values() if each.value]
    if not all(cookie["secure"] for cookie in cookies):
        return -20
    if not all(cookie["httponly"] for cookie in cookies if "session" in cookie.key):
        return -30
    if not all(cookie["samesite"] in ("Lax", "Strict") for cookie in cookies):
        return -20
    return 5 if cookies else 0


def of_transport(response: Any) -> int:
    """-20 without half a year of HSTS."""
    told = response.get("Strict-Transport-Security", "")
    seconds = int(told.partition("max-age=")[2].partition(";")[0] or 0)
    return 0 if seconds >= 15_768_000 else -20


def of_framing(response: Any) -> int:
    """+5 where the policy forbids it, 0 with DENY alone, -20 without either."""
    if policy(response).get("frame-ancestors") == ["'none'"]:
        return 5
    return 0 if response.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def score(response: Any) -> int:
    """100 and the modifiers; what is added counts from 90 only."""
    modifiers = [
        of_policy(response),
        of_cookies(response),
        of_transport(response),
        of_framing(response),
        0 if response.get("X-Content-Type-Options") == "nosniff" else -5,
        5 if response.get("Referrer-Policy") in ("same-origin", "no-referrer") else -5,
        0 if "Access-Control-Allow-Origin" not in response else -50,
        10 if response.get("Cross-Origin-Resource-Policy") == "same-origin" else 0,
    ]
    base = 100 + sum(each for each in modifiers if each < 0)
    return base + sum(each for each in modifiers if each > 0) if base >= BONUS_FROM else base


def check(response: Any, address: str) -> None:
    assert score(response) >= A_PLUS, (address, score(response), response.cookies.output())
    assert policy(response)["default-src"] == ["'none'"], address
    assert "camera=()" in response["Permissions-Policy"], address
    assert response["Cross-Origin-Opener-Policy"] == "same-origin", address
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp", address
    to_all = any(each in address for each in SHOWN_TO_ALL) and response.status_code == 200
    assert response["Cross-Origin-Resource-Policy"] == ("cross-origin" if to_all else "same-origin")


def test_every_address_scores_a_plus_for_whoever_asks(
    visitor: Client, ada: User, signed_in: Callable[[User], Client]
) -> None:
    for client in (visitor, signed_in(ada)):
        for _name, address in EVERY_ADDRESS:
            response = client.get(address, secure=True)
            check(response, address)
            if response.streaming:  # Read to its end, a file behind it is closed.
                list(response)


@pytest.mark.parametrize("path", ["/", "/measures/1.1/", "/embed/ladder.svg", "/accounts/login/"])
def test_what_is_there_scores_a_plus(path: str, visitor: Client) -> None:
    response = visitor.get(path, follow=True, secure=True)
    assert response.status_code == 200
    check(response, path)


def test_errors_score_a_plus(visitor: Client) -> None:
    for response, status in (
        (visitor.get("/nowhere/", secure=True), 404),
        (visitor.get("/", {"q": "\0"}, secure=True), 400),
        (visitor.get("/" + "x" * 3000, secure=True), 414),
        (visitor.generic("TRACE", "/", secure=True), 405),
        (visitor.get("/", secure=True, headers={"Host": "evil.example.org"}), 400),
        (Client(enforce_csrf_checks=True).post("/accounts/login/", secure=True), 403),
        (visitor.get("/api/v1/nothing", secure=True), 404),
    ):
        assert response.status_code == status
        check(response, str(status))


@pytest.mark.parametrize(
    ("name", "value"),
    [("Content-Security-Policy", None), ("Content-Security-Policy", "script-src 'unsafe-inline'"),
     ("Strict-Transport-Security", None), ("Strict-Transport-Security", "max-age=60")],
)  # fmt: skip
def test_the_score_would_tell(name: str, value: str | None, visitor: Client) -> None:
    """The control: an answer without its guard is not A+."""
    response = visitor.get("/", secure=True)
    assert score(response) >= A_PLUS
    del response[name]
    if value:
        response[name] = value
    assert score(response) < A_PLUS


def test_a_page_and_its_part_are_kept_apart(visitor: Client) -> None:
    for path in ("/measures/", "/evidence/", "/changes/"):
        response = visitor.get(path)
        assert {"HX-Request", "Cookie"} <= {each.strip() for each in response["Vary"].split(",")}


def test_the_policy_allows_nothing_but_our_own() -> None:
    told = project.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert {each for sources in told.values() for each in sources} == {"'none'", "'self'", "data:"}
