"""Guessing passwords: five tries, then a pause, for names that exist and names that do not."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone

from measures.models import User
from tests.accounts.conftest import sign_in
from tests.pages.reader import parse


@pytest.fixture(autouse=True)
def _counted(settings: Any, roles: None) -> None:
    settings.AXES_ENABLED = True


def guess(name: str, times: int = 5, **told: Any) -> Any:
    for _ in range(times):
        response = sign_in(Client(), name, "wrong", **told)
    return response


def test_five_wrong_passwords_lock_the_name_out_and_say_for_how_long(mei: User) -> None:
    assert guess("mei", 4).status_code == 200
    response = guess("mei", 1)
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "15 minutes" in parse(response.content.decode()).one("main").text
    assert sign_in(Client(), "mei", "mei").status_code == 429


def test_a_pause_later_the_right_password_opens(mei: User, monkeypatch: pytest.MonkeyPatch) -> None:
    guess("mei")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert sign_in(Client(), "mei", "mei").status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(Client(), "mei", "mei").status_code == 302


def test_without_the_count_nobody_is_locked_out(mei: User, settings: Any) -> None:
    settings.AXES_ENABLED = False
    assert guess("mei", 6).status_code == 200
    assert sign_in(Client(), "mei", "mei").status_code == 302


def test_another_name_and_another_address_are_not_locked_out(mei: User, ana: User) -> None:
    guess("mei")
    assert sign_in(Client(), "ana", "ana").status_code == 302
    assert sign_in(Client(), "mei", "mei", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_every_spelling_and_the_address_count_as_one_name(mei: User) -> None:
    for name in ("mei", "MEI", "mei@example.org", "Mei@Example.org"):
        assert guess(name, 1).status_code == 200
    assert guess("mei", 1).status_code == 429


def test_a_name_that_nobody_has_is_answered_alike(mei: User) -> None:
    known, unknown = guess("mei", 1), guess("nobody", 1)
    told = [parse(each.content.decode()).one("main").text for each in (known, unknown)]
    assert told[0] == told[1]
    known, unknown = guess("mei", 4), guess("nobody", 4)
    assert known.status_code == unknown.status_code == 429
    told = [parse(each.content.decode()).one("main").text for each in (known, unknown)]
    assert told[0] == told[1]


def test_a_name_that_nobody_has_takes_the_same_work(
    mei: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    work = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: Any) -> str:
        hashed.append(password)
        return work(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for name in ("mei", "nobody", "mei@example.org", "nobody@example.org"):
        hashed.clear()
        guess(name, 1)
        counts.append(len(hashed))
    assert len(set(counts)) == 1
    assert counts[0] > 0


def test_a_made_up_header_changes_nothing(mei: User) -> None:
    for last in range(5):
        response = guess("mei", 1, headers={"X-Forwarded-For": f"192.0.2.{last}"})
    assert response.status_code == 429


def test_behind_a_proxy_the_last_hop_counts(mei: User, settings: Any) -> None:
    settings.TRUST_PROXY = True
    for made_up in range(5):
        hops = {"X-Forwarded-For": f"198.51.100.{made_up}, 192.0.2.1"}
        response = guess("mei", 1, headers=hops)
    assert response.status_code == 429
    other = {"X-Forwarded-For": "192.0.2.1, 192.0.2.2"}
    assert sign_in(Client(), "mei", "mei", headers=other).status_code == 302


def test_administrators_see_the_attempts_and_let_somebody_try_again(
    mei: User, ada: User, ana: User, signed_in: Any
) -> None:
    guess("mei")
    page = "/admin/axes/accessattempt/"
    assert "mei" in signed_in(ada).get(page).content.decode()
    ana.is_staff = True
    ana.save()
    assert signed_in(ana).get(page).status_code == 403
    attempt = AccessAttempt.objects.get()
    signed_in(ada).post(f"{page}{attempt.pk}/delete/", {"post": "yes"})
    assert sign_in(Client(), "mei", "mei").status_code == 302


def test_the_attempts_keep_no_password(mei: User) -> None:
    sign_in(Client(), "mei", "a secret of somebody")
    attempt = AccessAttempt.objects.get()
    assert "a secret" not in str(attempt.__dict__)
