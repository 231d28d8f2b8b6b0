"""Second factors: set up, asked for, lost, and wanted of those who decide."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.checks import run_checks
from django.db import connection
from django.test import Client

from measures import workflow
from measures.models import RecordEntry, User
from tests.accounts.conftest import code_of, sign_in
from tests.pages.reader import Node, parse
from tests.world import World, person

App = Callable[[User], Callable[[], str]]
Browser = Callable[[User], Client]
EVERYWHERE = ["/", "/desk/", "/admin/", "/account/tokens/", "/accounts/sessions/"]


@pytest.fixture
def wanted(settings: Any) -> None:
    settings.REQUIRE_MFA = True


def confirmed(name: str) -> Client:
    """The browser of somebody who signed in and gave the password once more."""
    client = Client()
    assert sign_in(client, name, name).status_code == 302
    assert client.post("/accounts/reauthenticate/", {"password": name}).status_code == 302
    return client


def test_an_app_is_set_up_and_asked_for_from_then_on(
    world: World, mei: User, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    # The commit comes when the request is over here, where a notice is sent within it.
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = False
    client = confirmed("mei")
    page = Node.of(client.get("/accounts/2fa/totp/activate/"))
    assert page.one("img")["src"].startswith("data:image/svg+xml")
    secret = page.one("input", id="authenticator_secret")["value"]
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    entry = RecordEntry.objects.newest_first().first()
    assert entry
    assert entry.actor == mei.opaque_id
    assert secret not in str([each.after for each in RecordEntry.objects.all()])

    again = Client()
    response = sign_in(again, "mei", "mei")
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert again.get("/").context["user"].is_anonymous
    shown = Node.of(again.get(response["Location"]))
    assert shown.one("h1").text == "Two-Factor Authentication"
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    again.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert again.get("/").context["user"] == mei

    third = Client()
    sign_in(third, "mei", "mei")
    third.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert third.get("/").context["user"].is_anonymous, "a recovery code opens once"


def test_a_code_of_an_app_works_once_on_every_worker(
    world: World, mei: User, with_app: App
) -> None:
    """What was used is kept in the database: the memory of one worker is not that of another."""
    code = with_app(mei)()
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "mei", "mei")
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert first.get("/").context["user"] == mei
    assert second.get("/").context["user"].is_anonymous
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache")
        assert cursor.fetchone()[0] > 0


def test_changing_factors_asks_for_the_password_again(mei: User, signed_in: Browser) -> None:
    response = signed_in(mei).get("/accounts/2fa/totp/activate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.usefixtures("wanted")
@pytest.mark.parametrize(
    "path", ["/", "/desk/", "/admin/", "/account/tokens/", "/accounts/sessions/"]
)
@pytest.mark.parametrize("name", ["rui", "ada"])
def test_who_decides_is_led_to_set_one_up_and_nowhere_else(
    name: str, path: str, world: World, ada: User, signed_in: Browser
) -> None:
    client = signed_in(User.objects.get(username=name))
    for response in (client.get(path), client.post(path)):
        assert response["Location"] == "/accounts/2fa/"
    part = client.get(path, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/accounts/2fa/"
    page = Node.of(client.get("/accounts/2fa/"))
    assert "Your role needs a second factor" in page.one("main").text


@pytest.mark.usefixtures("wanted")
def test_whoever_has_one_passes_and_recovery_codes_are_none(
    world: World, rui: User, signed_in: Browser, with_app: App
) -> None:
    Authenticator.objects.create(user=rui, type="recovery_codes", data={})
    assert signed_in(rui).get("/desk/").status_code == 302
    with_app(rui)
    assert signed_in(rui).get("/desk/").status_code == 200


@pytest.mark.usefixtures("wanted")
def test_nothing_is_asked_of_those_who_do_not_decide(
    world: World, ana: User, mei: User, signed_in: Browser, visitor: Client
) -> None:
    for client in (signed_in(ana), signed_in(mei), visitor):
        assert client.get("/").status_code == 200


def test_without_the_setting_nothing_is_asked(world: World, rui: User, signed_in: Browser) -> None:
    assert signed_in(rui).get("/desk/").status_code == 200


def test_a_token_of_who_owes_a_factor_opens_nothing(
    world: World, rui: User, signed_in: Browser, settings: Any, with_app: App
) -> None:
    made = workflow.make_token(by=rui, uid=uuid4(), name="a report", days=9)
    assert made
    ways = [(Client(), {"Authorization": f"Bearer {made[1]}"}), (signed_in(rui), {})]

    def answers() -> set[int]:
        return {client.get("/api/v1/measures", headers=h).status_code for client, h in ways}

    assert answers() == {200}
    settings.REQUIRE_MFA = True
    assert answers() == {403}
    told = ways[0][0].get("/api/v1/measures", headers=ways[0][1]).json()
    assert "second factor" in str(told)
    with_app(rui)
    assert answers() == {200}


def test_an_administrator_takes_a_lost_one_away_and_the_record_says_so(
    mei: User, ada: User, signed_in: Browser, with_app: App
) -> None:
    with_app(mei)
    chosen = {"action": "reset_factors", "_selected_action": [mei.pk]}
    response = signed_in(ada).post("/admin/measures/user/", chosen, follow=True)
    assert "taken away from mei" in response.content.decode()
    assert not Authenticator.objects.filter(user=mei).exists()
    entry = RecordEntry.objects.newest_first().first()
    assert entry
    assert (entry.actor, entry.key) == (ada.opaque_id, str(mei.opaque_id))
    assert entry.after == {"second_factors": []}
    client = Client()
    sign_in(client, "mei", "mei")
    assert client.get("/").context["user"] == mei


def test_nobody_gets_above_themselves_by_taking_a_factor_away(
    ada: User, mei: User, signed_in: Browser, with_app: App
) -> None:
    sol = person("sol", "Sol", "Administrators", is_staff=True, is_superuser=True)
    with_app(sol)
    chosen = {"action": "reset_factors", "_selected_action": [sol.pk]}
    assert signed_in(ada).post("/admin/measures/user/", chosen).status_code == 403
    mei.is_staff = True
    mei.save()
    assert signed_in(mei).post("/admin/measures/user/", chosen).status_code == 403
    assert Authenticator.objects.filter(user=sol).exists()


def test_the_deployment_is_told_where_a_password_is_enough(settings: Any) -> None:
    def told() -> list[str | None]:
        found = run_checks(include_deployment_checks=True)
        return [each.id for each in found if each.id == "measures.I001"]

    assert told() == ["measures.I001"]
    settings.REQUIRE_MFA = True
    assert told() == []


def test_passkeys_are_offered_at_the_sign_in(db: None, visitor: Client) -> None:
    page = parse(visitor.get("/accounts/login/").content.decode())
    assert page.one("button", id="passkey_login").text == "Sign in with a passkey"
    asked = visitor.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert "publicKey" in asked.json()["request_options"]
