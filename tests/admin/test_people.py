"""Accounts: who may change whom, and what the record keeps of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from measures import record
from measures.models import RecordEntry, User
from tests.admin.browser import filled
from tests.world import person

SignedIn = Callable[[User], Client]


@pytest.fixture
def sol(roles: None) -> User:
    """Sol is a superuser."""
    return person("sol", "Sol", "Administrators", is_staff=True, is_superuser=True)


@pytest.fixture
def browser(ada: User, signed_in: SignedIn) -> Client:
    return signed_in(ada)


def page(person_: User, name: str = "change") -> str:
    return reverse(f"admin:measures_user_{name}", args=[person_.pk])


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def test_a_change_of_roles_is_recorded_with_its_author(
    ana: User, ada: User, browser: Client
) -> None:
    groups = [role("Analysts"), role("Reviewers")]
    form = filled(browser.get(page(ana)), groups=groups, display_name="Ana B")
    assert browser.post(page(ana), form).status_code == 302
    entry = RecordEntry.objects.get()
    assert (entry.actor, entry.object_id, entry.key) == (ada.opaque_id, ana.pk, str(ana.opaque_id))
    assert entry.after == {"groups": ["Analysts", "Reviewers"]}
    ana.refresh_from_db()
    assert ana.display_name == "Ana B"


def test_the_record_keeps_rights_and_nothing_personal(ana: User, browser: Client) -> None:
    form = filled(browser.get(page(ana)), display_name="Ana B", email="b@example.org")
    del form["is_active"]
    browser.post(page(ana), form)
    entry = RecordEntry.objects.get()
    assert (entry.before, entry.after) == ({"is_active": True}, {"is_active": False})


def test_a_new_account_is_recorded_with_its_roles(ada: User, browser: Client) -> None:
    url = reverse("admin:measures_user_add")
    secret = "correct horse battery"
    form = filled(browser.get(url), username="noor", display_name="Noor", email="n@example.org")
    form |= {"password1": secret, "password2": secret, "groups": [role("Analysts")]}
    assert browser.post(url, form).status_code == 302
    noor = User.objects.get(username="noor")
    assert noor.check_password(secret)
    entry = RecordEntry.objects.get()
    assert (entry.action, entry.key, entry.actor) == ("added", str(noor.opaque_id), ada.opaque_id)
    assert entry.after["groups"] == ["Analysts"]
    assert "noor" not in str(entry.after).lower()


def test_an_account_whose_entry_cannot_be_written_is_not_changed(
    ana: User, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    form = filled(browser.get(page(ana)), is_staff="on")
    monkeypatch.setattr(record, "changed", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        browser.post(page(ana), form)
    assert not User.objects.get(pk=ana.pk).is_staff


def test_an_administrator_makes_nobody_a_superuser(ana: User, ada: User, browser: Client) -> None:
    gift = {
        "is_superuser": "on",
        "user_permissions": list(Permission.objects.values_list("pk", flat=True)),
        "is_system": "on",
    }
    for somebody in (ana, ada):
        opened = browser.get(page(somebody))
        assert b"is_superuser" not in opened.content
        assert b"user_permissions" not in opened.content
        assert browser.post(page(somebody), filled(opened) | gift).status_code == 302
        somebody.refresh_from_db()
        assert not somebody.is_superuser
        assert not somebody.is_system
        assert not somebody.user_permissions.exists()


def test_an_administrator_does_not_change_a_superuser(sol: User, browser: Client) -> None:
    seen = browser.get(page(sol))
    assert seen.status_code == 200
    assert b'name="_save"' not in seen.content
    assert browser.post(page(sol), {"username": "mine"}).status_code == 403
    secret = {"password1": "correct horse battery", "password2": "correct horse battery"}
    url = reverse("admin:auth_user_password_change", args=[sol.pk])
    assert browser.get(url).status_code == 403
    assert browser.post(url, secret).status_code == 403
    sol.refresh_from_db()
    assert sol.check_password("sol")


def test_a_superuser_makes_a_superuser_and_the_record_tells(
    ana: User, sol: User, signed_in: SignedIn
) -> None:
    browser = signed_in(sol)
    form = filled(browser.get(page(ana)), is_superuser="on")
    assert browser.post(page(ana), form).status_code == 302
    assert User.objects.get(pk=ana.pk).is_superuser
    assert RecordEntry.objects.get().after == {"is_superuser": True}


def test_a_system_account_is_edited_by_nobody_and_gets_no_login(
    sol: User, ada: User, signed_in: SignedIn
) -> None:
    system = record.system_account()
    for somebody in (sol, ada):
        browser = signed_in(somebody)
        assert browser.get(page(system)).status_code == 200
        assert browser.post(page(system), {"is_active": "on"}).status_code == 403
        secret = {"password1": "correct horse battery", "password2": "correct horse battery"}
        url = reverse("admin:auth_user_password_change", args=[system.pk])
        assert browser.post(url, secret).status_code == 403
    system.refresh_from_db()
    assert not system.is_active
    assert not system.has_usable_password()


def test_nobody_is_deleted(ana: User, sol: User, signed_in: SignedIn) -> None:
    browser = signed_in(sol)
    assert browser.post(page(ana, "delete"), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=ana.pk).exists()


def test_a_password_is_set_by_the_usual_form(ana: User, browser: Client) -> None:
    url = reverse("admin:auth_user_password_change", args=[ana.pk])
    secret = {"password1": "correct horse battery", "password2": "correct horse battery"}
    assert browser.get(url).status_code == 200
    assert browser.post(url, secret | {"usable_password": "true"}).status_code == 302
    ana.refresh_from_db()
    assert ana.check_password("correct horse battery")


def test_an_administrator_can_be_made_inactive_by_another(
    ada: User, sol: User, signed_in: SignedIn
) -> None:
    browser = signed_in(sol)
    form = filled(browser.get(page(ada)))
    del form["is_active"]
    assert browser.post(page(ada), form).status_code == 302
    assert signed_in(ada).get(reverse("admin:index")).status_code == 302
