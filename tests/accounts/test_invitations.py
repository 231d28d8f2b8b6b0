"""Invitations: the one way to an account, once, for a week."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone

from measures import workflow
from measures.models import Invitation, RecordEntry, User
from tests.pages.reader import Node

PAGE = "/account/invitations/"
TOLD = {
    "username": "noor",
    "display_name": "Noor",
    "password": "correct-horse-battery",
    "again": "correct-horse-battery",
}


@pytest.fixture
def invitation(ada: User) -> Invitation:
    made = workflow.invite(
        by=ada, uid=uuid4(), email="noor@example.org", roles=Group.objects.filter(name="Analysts")
    )
    assert made
    return made


def link(invitation: Invitation) -> str:
    return f"/account/invited/{workflow.link_of(invitation)}/"


def test_an_administrator_invites_by_mail_and_sees_the_link_once(
    ada: User, signed_in: Any, settings: Any
) -> None:
    settings.PUBLIC_PAGES = False
    client = signed_in(ada)
    role = Group.objects.get(name="Reviewers")
    form = {"uid": str(uuid4()), "email": "noor@example.org", "roles": [role.pk]}
    shown = client.post(PAGE, form).content.decode()
    address = re.search(r"http://testserver(/account/invited/\S+?/)<", shown)
    assert address
    (sent,) = mail.outbox
    assert sent.to == ["noor@example.org"]
    assert f"http://testserver{address[1]}" in sent.body
    assert address[1] not in client.get(PAGE).content.decode()
    entry = RecordEntry.objects.get()
    assert entry.after["roles"] == ["Reviewers"]
    assert "noor" not in str(entry.after)

    browser = Client()
    assert Node.of(browser.get(address[1])).one("h1").text == "Make your account"
    assert browser.post(address[1], TOLD).status_code == 302
    noor = User.objects.get(username="noor")
    assert browser.get("/account/").context["user"] == noor
    assert (noor.email, noor.display_name) == ("noor@example.org", "Noor")
    assert [group.name for group in noor.groups.all()] == ["Reviewers"]
    assert not noor.is_staff

    assert client.post(PAGE, form).status_code in (302, 422), "the same form sent again"
    assert Invitation.objects.count() == 1


def test_it_opens_once(invitation: Invitation) -> None:
    assert Client().post(link(invitation), TOLD).status_code == 302
    assert Client().get(link(invitation)).status_code == 410
    assert Client().post(link(invitation), TOLD | {"username": "eve"}).status_code == 410
    assert not User.objects.filter(username="eve").exists()
    assert (
        workflow.accept_invitation(invitation, username="eve", display_name="", password=None)
        is None
    )


def test_it_ends_after_a_week(invitation: Invitation, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    later = now + timedelta(days=6)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert Client().get(link(invitation)).status_code == 200
    later = now + timedelta(days=7, seconds=9)
    assert Client().post(link(invitation), TOLD).status_code == 410


def test_a_withdrawn_one_opens_nothing(invitation: Invitation, ada: User, signed_in: Any) -> None:
    signed_in(ada).post(f"{PAGE}{invitation.uid}/withdraw/")
    assert Client().post(link(invitation), TOLD).status_code == 410
    entry = RecordEntry.objects.newest_first().first()
    assert entry
    assert entry.after == {"withdrawn": True}


def test_one_of_a_person_who_left_opens_nothing(invitation: Invitation, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert Client().post(link(invitation), TOLD).status_code == 410


def test_a_newer_one_ends_the_older(invitation: Invitation, ada: User) -> None:
    workflow.invite(by=ada, uid=uuid4(), email="NOOR@example.org", roles=[])
    assert Client().get(link(invitation)).status_code == 410


def test_a_made_up_link_opens_nothing(invitation: Invitation) -> None:
    good = workflow.link_of(invitation)
    for wrong in (
        str(invitation.uid),
        f"{invitation.uid}:x",
        good[:-1],
        f"{uuid4()}:{good[37:]}",
        "x",
    ):
        assert Client().get(f"/account/invited/{wrong}/").status_code == 410, wrong


def test_only_administrators_invite(ana: User, rui: User, mei: User, signed_in: Any) -> None:
    form = {"uid": str(uuid4()), "email": "eve@example.org"}
    for who in (ana, rui, mei):
        assert signed_in(who).get(PAGE).status_code == 403
        assert signed_in(who).post(PAGE, form).status_code == 403
    assert Client().post(PAGE, form)["Location"].startswith("/accounts/login/")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"again": "another-horse-battery"}, "differ"),
        ({"password": "short", "again": "short"}, "12 characters"),
        ({"username": "ADA"}, "taken"),
        ({"display_name": "N\u202eoor"}, ""),
    ],
)
def test_what_will_not_do_is_said(wrong: Any, told: str, invitation: Invitation) -> None:
    response = Client().post(link(invitation), TOLD | wrong)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not User.objects.filter(email="noor@example.org").exists()


def test_more_than_the_form_asks_is_not_taken(invitation: Invitation) -> None:
    more = {"is_superuser": "on", "is_staff": "on", "email": "eve@example.org", "roles": ["4"]}
    Client().post(link(invitation), TOLD | more)
    noor = User.objects.get(username="noor")
    assert (noor.is_superuser, noor.is_staff, noor.email) == (False, False, "noor@example.org")
    assert [group.name for group in noor.groups.all()] == ["Analysts"]


def test_somebody_with_an_account_is_not_invited(ada: User, mei: User, signed_in: Any) -> None:
    response = signed_in(ada).post(PAGE, {"uid": str(uuid4()), "email": "MEI@example.org"})
    assert response.status_code == 422
    assert "already" in response.content.decode()
