"""A session and a token end with what they rest on, at the next request."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from measures import workflow
from measures.models import RecordEntry, User
from tests.accounts.conftest import sign_in
from tests.pages.reader import parse

pytestmark = pytest.mark.usefixtures("world")
NEW = "another-horse-battery"


@pytest.fixture
def two(mei: User) -> tuple[Client, Client]:
    """Two browsers of Mei."""
    browsers = Client(), Client()
    for each in browsers:
        assert sign_in(each, "mei", "mei").status_code == 302
    return browsers


def inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def told_last() -> RecordEntry:
    entry = RecordEntry.objects.newest_first().first()
    assert entry
    return entry


def test_signing_out_leaves_nothing_of_the_session(two: tuple[Client, Client]) -> None:
    first, second = two
    key = first.session.session_key
    first.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    assert not inside(first)
    assert inside(second)


def test_a_new_password_ends_the_other_sessions_and_is_in_the_record(
    two: tuple[Client, Client], mei: User
) -> None:
    first, second = two
    form = {"oldpassword": "mei", "password1": NEW, "password2": NEW}
    assert first.post("/accounts/password/change/", form).status_code == 302
    assert inside(first)
    assert not inside(second)
    assert (told_last().actor, told_last().after) == (mei.opaque_id, {"password": "new"})


def test_a_password_given_by_an_administrator_ends_every_session(
    two: tuple[Client, Client], mei: User, ada: User, signed_in: Callable[[User], Client]
) -> None:
    form = {"usable_password": "true", "password1": NEW, "password2": NEW}
    response = signed_in(ada).post(f"/admin/measures/user/{mei.pk}/password/", form)
    assert response.status_code == 302
    assert not any(inside(each) for each in two)
    assert (told_last().actor, told_last().key) == (ada.opaque_id, str(mei.opaque_id))
    assert told_last().after == {"password": "new"}


def test_a_closed_account_is_out_at_the_next_request(two: tuple[Client, Client], mei: User) -> None:
    User.objects.filter(pk=mei.pk).update(is_active=False)
    assert not any(inside(each) for each in two)
    assert sign_in(Client(), "mei", "mei")["Location"] == "/accounts/inactive/"


def test_a_lost_role_is_lost_on_every_door_at_the_next_request(
    ada: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(ada)
    doors = [("/desk/", {}), ("/desk/", {"HX-Request": "true"}), ("/admin/measures/user/", {})]
    assert {client.get(path, headers=h).status_code for path, h in doors} == {200}
    ada.groups.clear()
    assert {client.get(path, headers=h).status_code for path, h in doors} == {403}
    User.objects.filter(pk=ada.pk).update(is_staff=False)
    assert client.get("/admin/").status_code == 302


def test_a_token_ends_with_its_account(mei: User) -> None:
    made = workflow.make_token(by=mei, uid=uuid4(), name="a report", days=9)
    assert made
    headers = {"Authorization": f"Bearer {made[1]}"}
    assert Client().get("/api/v1/measures", headers=headers).status_code == 200
    User.objects.filter(pk=mei.pk).update(is_active=False)
    assert Client().get("/api/v1/measures", headers=headers).status_code == 401


def test_a_person_sees_their_sessions_and_ends_the_others(two: tuple[Client, Client]) -> None:
    first, second = two
    shown = parse(first.get("/accounts/sessions/").content.decode())
    assert len(shown.one("tbody").all("tr")) == 2
    first.post("/accounts/sessions/")
    assert inside(first)
    assert not inside(second)


def test_a_reset_answers_alike_and_only_the_known_get_a_link(mei: User) -> None:
    answers = []
    for email in ("mei@example.org", "nobody@example.org"):
        response = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        answers.append(parse(response.content.decode()).one("main").text)
    assert answers[0] == answers[1]
    links = [line for sent in mail.outbox for line in sent.body.split() if "/reset/key/" in line]
    assert len(links) == 1
    client = Client()
    page = client.get(links[0].replace("http://testserver", ""), follow=True)
    path = page.redirect_chain[-1][0]
    form = {"password1": NEW, "password2": NEW}
    assert client.post(path, form).status_code == 302
    assert sign_in(Client(), "mei", NEW).status_code == 302
    assert (told_last().actor, told_last().after) == (mei.opaque_id, {"password": "new"})
    assert "mei" not in str(told_last().after)


def test_a_session_lasts_a_working_day(two: tuple[Client, Client]) -> None:
    assert two[0].session.get_expiry_age() <= 12 * 60 * 60


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/3rdparty/"])
def test_the_shut_doors_of_the_library_lead_to_the_account(
    path: str, two: tuple[Client, Client]
) -> None:
    for response in (two[0].get(path), two[0].post(path, {"email": "eve@example.org"})):
        assert response["Location"] == "/account/"
