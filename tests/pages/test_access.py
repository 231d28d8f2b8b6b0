"""Who may read: everybody, or those who have signed in."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.test import Client

from measures.models import User
from tests.pages.reader import Node
from tests.permissions.addresses import every
from tests.world import World

# What a person needs in order to get in, and nothing of the register.
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "healthz",
    "invitation-accept",
    "language",
    "look-logo",
    "look-manifest",
    "look-style",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "metrics",
    "openid_connect_callback",
    "openid_connect_login",
    "readyz",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "unsubscribe",
}
SAMPLES = {"uid": str(UUID(int=1)), "provider_id": "oidc", "uidb36": "1"}
NUMBERS = {"pk", "number", "content_type_id"}


def something(name: str, parameter: str) -> str:
    """What an address may hold, though nothing is there."""
    return SAMPLES.get(parameter, "1" if parameter in NUMBERS else "x")


EVERY_ADDRESS = sorted({(each.name.split(":")[-1], each.path) for each in every(something)})


@pytest.fixture
def private(settings: Any) -> None:
    settings.PUBLIC_PAGES = False


def test_the_walk_finds_the_pages_and_the_administration() -> None:
    names = {name for name, _ in EVERY_ADDRESS}
    assert {"progress", "measure-detail", "method", "index", "measures_measure_change"} <= names
    assert names >= OPEN


@pytest.mark.parametrize("address", ["/", "/s/x/measures/x/", "/desk/", "/admin/"])
def test_a_private_tracker_sends_back_after_the_sign_in(
    address: str, private: None, world: World, visitor: Client
) -> None:
    """That it sends every address there, tests/permissions.txt says."""
    for response in (visitor.get(address, follow=True), visitor.post(address, follow=True)):
        # The administration has an address of its own on the way.
        path, _, query = response.redirect_chain[-1][0].partition("?")
        assert path == "/accounts/login/"
        assert unquote(query) == f"next={address}"
        assert Node.of(response).one("h1").text == "Sign in"


@pytest.mark.parametrize("address", ["/api/v1/measures/x", "/api/v1/openapi.json"])
def test_a_private_tracker_refuses_machines_in_their_shape(
    address: str, private: None, world: World, visitor: Client
) -> None:
    for response in (visitor.get(address), visitor.post(address)):
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        assert response.json()["error"]["code"] == "unauthenticated"


def test_a_private_tracker_answers_the_machine_of_whoever_has_signed_in(
    private: None, world: World, mei: User, signed_in: Callable[[User], Client]
) -> None:
    response = signed_in(mei).get("/api/v1/measures")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"


def test_what_stays_open_shows_nothing_of_the_register(
    private: None, world: World, visitor: Client
) -> None:
    for name, address in EVERY_ADDRESS:
        if name in OPEN:
            response = visitor.get(address, follow=True)
            assert "The plan" not in response.content.decode(), address
            if response.status_code == 200 and "html" in response["Content-Type"]:
                assert "Record " not in Node.of(response).one("footer").text, address


@pytest.mark.parametrize("address", ["/", "/measures/1.1/", "/changes/", "/source/speech-2020/"])
def test_a_public_tracker_lets_everybody_read(address: str, world: World, visitor: Client) -> None:
    response = visitor.get(address)
    assert response.status_code == 200
    assert "no-store" not in response.get("Cache-Control", "")


def test_a_private_tracker_opens_to_whoever_has_signed_in(
    private: None, world: World, mei: User, visitor: Client
) -> None:
    response = visitor.post(
        "/accounts/login/?next=/measures/1.1/", {"login": "mei", "password": "mei"}
    )
    assert response["Location"] == "/measures/1.1/"
    shown = Node.of(visitor.get("/measures/1.1/"))
    assert shown.one("h1").text == "1.1 The plan"
    assert "Record " in shown.one("footer").text


@pytest.mark.parametrize(
    "address", ["/", "/measures/", "/measures/1.1/", "/measures/9.9/", "/source/", "/method/"]
)
def test_what_a_signed_in_person_sees_is_kept_by_no_cache(
    address: str, world: World, mei: User, signed_in: Callable[[User], Client]
) -> None:
    response = signed_in(mei).get(address)
    assert response["Cache-Control"] == "no-store, private"
    assert "Cookie" in response["Vary"]


def test_a_wrong_password_is_refused_in_words(world: World, mei: User, visitor: Client) -> None:
    shown = Node.of(visitor.post("/accounts/login/", {"login": "mei", "password": "wrong"}))
    assert "not correct" in shown.one("main").text
    assert visitor.get("/").context["user"].is_anonymous


def test_nobody_signs_up_by_themselves(world: World, visitor: Client) -> None:
    before = User.objects.count()
    told = {
        "username": "eve",
        "email": "eve@example.org",
        "password1": "correct-horse-battery",
        "password2": "correct-horse-battery",
    }
    shown = Node.of(visitor.post("/accounts/signup/", told))
    assert "closed" in shown.one("main").text
    assert shown.all("input", name="password1") == []
    assert User.objects.count() == before


def test_the_masthead_offers_what_a_person_may_do(
    world: World, mei: User, ada: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    def offered(client: Client) -> set[str]:
        end = Node.of(client.get("/")).one(cls="end")
        return {each.text for each in (*end.all("a"), *end.all("button"))}

    assert offered(visitor) == {"简体中文", "Sign in"}
    assert offered(signed_in(mei)) == {"简体中文", "Your account: Mei", "Desk", "Sign out"}
    assert offered(signed_in(ada)) == {
        "简体中文",
        "Your account: Ada",
        "Desk",
        "Administration",
        "Sign out",
    }


def test_signing_out_takes_a_form_not_a_link(
    world: World, mei: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(mei)
    client.get("/accounts/logout/")
    assert client.get("/").context["user"] == mei
    client.post("/accounts/logout/")
    assert client.get("/").context["user"].is_anonymous


def test_a_part_asked_for_after_the_session_ended_is_not_answered_with_the_sign_in(
    private: None, world: World, visitor: Client
) -> None:
    response = visitor.get("/measures/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert response.content == b""
    assert response["HX-Redirect"] == "/accounts/login/?next=/measures/"
