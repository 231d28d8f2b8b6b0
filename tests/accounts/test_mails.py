"""What is mailed to a person: in their language, and never in the way of what they do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from measures.models import User
from tests.accounts.conftest import sign_in

pytestmark = pytest.mark.usefixtures("world")
App = Callable[[User], Callable[[], str]]
NEW = "another-horse-battery"
FORM = {"oldpassword": "mei", "password1": NEW, "password2": NEW}


def inside() -> Client:
    client = Client()
    assert sign_in(client, "mei", "mei").status_code == 302
    return client


def has_han(words: str) -> bool:
    return any("\u4e00" <= each <= "\u9fff" for each in words)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_password_is_told_in_the_language_of_the_person(language: str, mei: User) -> None:
    User.objects.filter(pk=mei.pk).update(language=language)
    assert inside().post("/accounts/password/change/", FORM).status_code == 302
    (told,) = mail.outbox
    assert told.to == [mei.email]
    assert NEW not in told.body
    assert "127.0.0.1" in told.body
    assert has_han(told.subject) == has_han(told.body) == (language == "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_link_for_a_new_password_is_in_the_language_of_who_gets_it(
    language: str, mei: User
) -> None:
    """Not in that of the page: anybody can ask for one."""
    User.objects.filter(pk=mei.pk).update(language=language)
    Client().post("/accounts/password/reset/", {"email": mei.email})
    (told,) = mail.outbox
    assert "/accounts/password/reset/key/" in told.body
    assert has_han(told.body) == (language == "zh")


def test_a_factor_that_was_taken_away_is_told(mei: User, with_app: App) -> None:
    code = with_app(mei)()
    client = inside()
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.post("/accounts/reauthenticate/", {"password": "mei"}).status_code == 302
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    (told,) = mail.outbox
    assert told.to == [mei.email]
    assert "127.0.0.1" in told.body


@pytest.fixture
def without_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_told: Any, **_more: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", away)


@pytest.mark.usefixtures("without_mail")
def test_without_a_mail_server_a_reset_answers_known_and_unknown_addresses_alike(
    mei: User, caplog: Any
) -> None:
    for address in (mei.email, "nobody@example.org"):
        answer = Client().post("/accounts/password/reset/", {"email": address})
        assert answer.status_code == 302
        assert answer["Location"] == "/accounts/password/reset/done/"
    assert caplog.text.count("ConnectionRefusedError") >= 1
    assert mei.email not in caplog.text


@pytest.mark.usefixtures("without_mail")
def test_where_the_mail_server_is_away_the_change_holds(mei: User, caplog: Any) -> None:
    assert inside().post("/accounts/password/change/", FORM).status_code == 302
    assert sign_in(Client(), "mei", NEW).status_code == 302
    assert "ConnectionRefusedError" in caplog.text
    assert mei.email not in caplog.text
