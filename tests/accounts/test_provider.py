"""Signing in through a provider of OpenID Connect: a small real one runs beside these tests."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.test import Client

from ipr_tracker.environment import provider
from measures import workflow
from measures.models import RecordEntry, User
from measures.pages.provider import Asking, Checked, nonce_of

pytestmark = [
    pytest.mark.usefixtures("world"),
    # The provider's own: it is built on libraries that announce what they will drop.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    import oidc_provider_mock

    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _told(settings: Any, issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("A", issuer), ("B", "tracker"), ("C", "secret"), ("D", "House")):
        monkeypatch.setenv(name, value)
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": provider("A", "B", "C", "D")}}


@pytest.fixture
def through(issuer: str) -> Callable[..., tuple[Client, Any]]:
    """Sign in at the provider as somebody, and come back."""

    def come(sub: str, client: Client | None = None, **claims: Any) -> tuple[Client, Any]:
        httpx.put(f"{issuer}/users/{sub}", json=claims).raise_for_status()
        client = client or Client()
        asked = client.get("/accounts/oidc/oidc/login/")["Location"]
        back = httpx.post(asked, data={"sub": sub}).headers["location"]
        return client, client.get(back.replace("http://testserver", ""))

    return come


def who(client: Client) -> Any:
    return client.get("/").context["user"]


def test_the_sign_in_names_it_and_asks_with_proof(visitor: Client) -> None:
    assert "Sign in with House" in visitor.get("/accounts/login/").content.decode()
    asked = parse_qs(urlsplit(visitor.get("/accounts/oidc/oidc/login/")["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"][0]
    assert "email" in asked["scope"][0]
    assert len(asked["nonce"][0]) == 64
    assert asked["nonce"][0] != nonce_of("another state")


def test_whoever_has_an_account_comes_in_by_a_confirmed_address(mei: User, through: Any) -> None:
    client, response = through("m1", email="Mei@example.org", email_verified=True)
    assert response.status_code == 302
    assert who(client) == mei
    entry = RecordEntry.objects.newest_first().first()
    assert entry
    assert (entry.key, entry.after) == (str(mei.opaque_id), {"provider": "oidc"})
    # From then on by the provider's own name for them, whatever address it tells.
    client, _ = through("m1", email="new@example.org", email_verified=False)
    assert who(client) == mei


def test_an_address_that_is_not_confirmed_opens_nothing(mei: User, through: Any) -> None:
    for claims in ({"email_verified": False}, {}):
        client, response = through("m2", email="mei@example.org", **claims)
        assert response.status_code == 403
        assert "not confirmed" in response.content.decode()
        assert who(client).is_anonymous
    assert not SocialAccount.objects.exists()


def test_a_stranger_gets_no_account(through: Any) -> None:
    before = User.objects.count()
    client, response = through("eve", email="eve@example.org", email_verified=True)
    assert response.status_code == 403
    assert "Ask an administrator" in response.content.decode()
    assert who(client).is_anonymous
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)
    assert client.get("/accounts/3rdparty/signup/").status_code == 302


def test_whoever_was_invited_gets_the_account_once(ada: User, through: Any) -> None:
    role = Group.objects.filter(name="Analysts")
    workflow.invite(by=ada, uid=uuid4(), email="noor@example.org", roles=role)
    _, response = through("n0", email="noor@example.org", email_verified=False)
    assert response.status_code == 403
    client, response = through("n1", email="noor@example.org", email_verified=True)
    assert response.status_code == 302
    noor = who(client)
    assert (noor.username, noor.has_usable_password()) == ("noor", False)
    assert [group.name for group in noor.groups.all()] == ["Analysts"]
    assert noor.invitation.accepted_at


def test_a_closed_account_stays_closed(mei: User, through: Any) -> None:
    User.objects.filter(pk=mei.pk).update(is_active=False)
    client, response = through("m3", email="mei@example.org", email_verified=True)
    assert response["Location"] == "/accounts/inactive/"
    assert who(client).is_anonymous


def test_an_address_of_two_people_opens_neither(mei: User, ana: User, through: Any) -> None:
    User.objects.filter(pk=ana.pk).update(email="mei@example.org")
    client, response = through("m4", email="mei@example.org", email_verified=True)
    assert response.status_code == 403
    assert who(client).is_anonymous


def test_an_answer_that_was_not_asked_for_opens_nothing(mei: User, through: Any) -> None:
    back = "/accounts/oidc/oidc/login/callback/?code=x&state=made-up"
    response = Client().get(back)
    assert response.status_code in (400, 401)
    client = Client()
    through("m5", client, email="mei@example.org", email_verified=True)
    other = Client()
    assert other.get(back).status_code in (400, 401)
    assert who(other).is_anonymous


def test_a_second_factor_is_asked_for_here_too(mei: User, through: Any, with_app: Any) -> None:
    with_app(mei)
    client, response = through("m6", email="mei@example.org", email_verified=True)
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert who(client).is_anonymous


def test_nobody_joins_another_account_while_signed_in(mei: User, signed_in: Any) -> None:
    client = signed_in(mei)
    asked = client.get("/accounts/oidc/oidc/login/?process=connect")
    back = httpx.post(asked["Location"], data={"sub": "z1"}).headers["location"]
    assert client.get(back.replace("http://testserver", "")).status_code == 403
    assert not SocialAccount.objects.exists()


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], str]], None]:
    """Change the ID token between the provider and us."""
    real = Asking.get_access_token

    def change(by: Callable[[str], str]) -> None:
        def taken(self: Any, *told: Any, **more: Any) -> Any:
            answer = real(self, *told, **more)
            return answer | {"id_token": by(answer["id_token"])}

        monkeypatch.setattr(Asking, "get_access_token", taken)

    return change


def signed_by_nobody(token: str) -> str:
    return jwt.encode(jwt.decode(token, options={"verify_signature": False}), "", "none")


def signed_by_us(token: str) -> str:
    """With what the provider and we both know, which is no key of the provider."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, "secret" * 9, "HS256")


def broken(token: str) -> str:
    return token.replace(".", "")


def left_out(token: str) -> str:
    return ""


def with_another_claim(token: str) -> str:
    head, _claims, signature = token.split(".")
    told = jwt.decode(token, options={"verify_signature": False}) | {"name": "Eve"}
    payload = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    return f"{head}.{payload}.{signature}"


@pytest.mark.parametrize(
    "change",
    [signed_by_nobody, signed_by_us, with_another_claim, broken, left_out],
)
def test_an_id_token_that_the_provider_did_not_sign_opens_nothing(
    change: Callable[[str], str], mei: User, through: Any, answered: Any
) -> None:
    answered(change)
    client, response = through("m7", email="mei@example.org", email_verified=True)
    assert response.status_code in (400, 401)
    assert who(client).is_anonymous
    assert not SocialAccount.objects.exists()


def test_an_id_token_of_another_sign_in_opens_nothing(
    mei: User, through: Any, answered: Any
) -> None:
    """Signed by the provider, for us, not yet used: only not what this browser asked for."""
    kept: list[str] = []
    answered(lambda token: kept.append(token) or "")
    through("m8", email="mei@example.org", email_verified=True)
    answered(lambda token: kept[0])
    client, response = through("m8", email="mei@example.org", email_verified=True)
    assert response.status_code in (400, 401)
    assert who(client).is_anonymous


def test_an_answer_about_another_person_opens_nothing(
    mei: User, through: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"sub": "somebody", "email": "mei@example.org", "email_verified": True}
    monkeypatch.setattr(Checked, "_fetch_user_info", lambda self, token: told)
    client, response = through("m9", email="m9@example.org", email_verified=True)
    assert response.status_code in (400, 401)
    assert who(client).is_anonymous


@pytest.mark.parametrize(
    "wrong",
    [
        {"openid_configuration_overrides": {"issuer": "https://elsewhere.example"}},
        {"server_url": "http://localhost:9/"},
    ],
    ids=["another issuer", "nobody there"],
)
def test_a_provider_that_is_away_or_another_is_told_on_a_page(
    wrong: dict[str, Any], settings: Any, visitor: Client
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] |= wrong
    response = visitor.get("/accounts/oidc/oidc/login/")
    assert response.status_code in (400, 401)
    assert "<h1" in response.content.decode()
    assert visitor.get("/accounts/oidc/another/login/").status_code == 404
