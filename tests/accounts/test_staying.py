"""How long somebody stays signed in, what they are told, and where they come back to."""

import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import Client

from measures import workflow
from measures.models import User
from measures.pages.staying import SINCE, USED
from tests.accounts.conftest import sign_in
from tests.pages.reader import Node

pytestmark = pytest.mark.usefixtures("world")
HOUR = 3600
LEFT = "You were signed out after 2 hours without use."
OVER = "You were signed out: nobody stays signed in for more than 12 hours."


@pytest.fixture
def client(ana: User) -> Client:
    """Ana's browser, with a session that is in use."""
    client = Client()
    assert sign_in(client, "ana", "ana").status_code == 302
    assert client.get("/account/").status_code == 200
    return client


def moved(client: Client, name: str, seconds: int) -> None:
    """As if that had been so much earlier."""
    session = client.session
    session[name] -= seconds
    session.save()


def test_a_session_that_was_left_ends_and_leads_back(client: Client) -> None:
    key = client.session.session_key
    moved(client, USED, 2 * HOUR)
    response = client.get("/desk/?mine=on")
    assert response["Location"] == "/accounts/login/?next=/desk/%3Fmine%3Don"
    assert not Session.objects.filter(session_key=key).exists()
    page = Node.of(client.get(response["Location"]))
    assert LEFT in page.one("main").text
    form = {"login": "ana", "password": "ana", "next": "/desk/?mine=on"}
    assert client.post("/accounts/login/", form)["Location"] == "/desk/?mine=on"
    assert client.get("/desk/").status_code == 200


def test_just_before_it_goes_on(client: Client) -> None:
    moved(client, USED, 2 * HOUR - 60)
    assert client.get("/desk/").status_code == 200
    moved(client, USED, 2 * HOUR - 60)
    assert client.get("/desk/").status_code == 200, "each use counts from anew"


def test_use_does_not_lengthen_the_day(client: Client) -> None:
    moved(client, SINCE, 12 * HOUR - 60)
    assert client.get("/desk/").status_code == 200
    assert client.post("/accounts/reauthenticate/", {"password": "ana"}).status_code == 302
    moved(client, SINCE, 60)
    response = client.get("/desk/", follow=True)
    assert OVER in Node.of(response).one("main").text


def test_a_new_password_does_not_lengthen_it_either(client: Client) -> None:
    since = client.session[SINCE]
    new = "another-horse-battery"
    client.post(
        "/accounts/password/change/", {"oldpassword": "ana", "password1": new, "password2": new}
    )
    assert client.get("/account/").status_code == 200
    assert client.session[SINCE] == since


def test_a_part_is_not_swapped_for_the_sign_in_and_leads_to_its_page(client: Client) -> None:
    moved(client, USED, 2 * HOUR)
    around = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"}
    response = client.post("/account/invitations/", {}, headers=around)
    assert response.content == b""
    assert response["HX-Redirect"] == "/accounts/login/?next=/desk/"
    assert LEFT in Node.of(client.get(response["HX-Redirect"])).one("main").text


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/desk/", "/desk/"),
        ("https://elsewhere.example/x", "/account/invitations/"),
        ("http://[", "/account/invitations/"),
        ("", "/account/invitations/"),
    ],
)
def test_what_a_form_sent_leads_back_to_the_page_of_the_form(
    referer: str, back: str, client: Client
) -> None:
    moved(client, USED, 2 * HOUR)
    response = client.post("/account/invitations/", {}, headers={"Referer": referer})
    assert response["Location"] == f"/accounts/login/?next={back}"
    around = {"HX-Request": "true", "HX-Current-URL": referer}
    response = client.post("/account/invitations/", {}, headers=around)
    assert response["HX-Redirect"] == f"/accounts/login/?next={back}"


def test_a_public_page_is_read_on_and_kept_by_no_cache(client: Client) -> None:
    moved(client, USED, 2 * HOUR)
    response = client.get("/")
    assert response.context["user"].is_anonymous
    assert LEFT in Node.of(response).one("main").text
    assert "no-store" in response["Cache-Control"]
    assert LEFT not in client.get("/").content.decode()


def test_use_is_written_down_once_in_five_minutes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.session[USED]
    assert abs(time.time() - first) < HOUR
    for later, noted in ((299, 0), (300, 300), (599, 300), (600, 600)):
        monkeypatch.setattr("measures.pages.staying.time.time", lambda later=later: first + later)
        client.get("/desk/")
        assert client.session[USED] == first + noted


def test_who_may_not_write_reads_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: Any, **_more: Any) -> None:
        raise DatabaseError("disk full")

    moved(client, USED, HOUR)
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", full)
    assert client.get("/desk/").status_code == 200


def test_a_token_beside_an_old_session_is_answered(client: Client, ana: User) -> None:
    made = workflow.make_token(by=ana, uid="5f0c2a5e-6a57-4d4e-9d0f-0e8b8a1f9c11", name="r", days=9)
    assert made
    moved(client, USED, 2 * HOUR)
    headers = {"Authorization": f"Bearer {made[1]}"}
    assert client.get("/api/v1/measures", headers=headers).status_code == 200


def test_a_visitor_gets_no_session_and_a_message_no_cookie_of_its_own(visitor: Client) -> None:
    for path in ("/", "/accounts/login/", "/measures/"):
        visitor.get(path)
    assert "sessionid" not in visitor.cookies
    assert not Session.objects.exists()
    sign_in(visitor, "ana", "ana")
    visitor.post("/accounts/logout/")
    assert "messages" not in visitor.cookies
    assert "signed out" in Node.of(visitor.get("/")).one("main").text
    assert "signed out" not in Node.of(visitor.get("/")).one("main").text
