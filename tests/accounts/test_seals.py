"""The seeds of second factors: no reader of the database, or of a backup, has them."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.conf import settings as of_now
from django.test import Client

from measures.models import User
from measures.seals import MARK, Unreadable, seal, unseal
from tests.accounts.conftest import code_of, sign_in
from tests.pages.reader import Node, parse

App = Callable[[User], Callable[[], str]]
SEED = "JBSWY3DPEHPK3PXP"
ANOTHER = "another-key-" * 5
migration = import_module("measures.migrations.0018_sealed_factors")


def come_in(code: str) -> Any:
    client = Client()
    sign_in(client, "mei", "mei")
    answer = client.post("/accounts/2fa/authenticate/", {"code": code})
    return client, answer


def inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_secret_is_sealed_otherwise_each_time_and_read_again() -> None:
    one, two = seal(SEED), seal(SEED)
    assert one != two
    assert SEED not in one + two
    assert unseal(one) == unseal(two) == SEED


def test_what_was_changed_or_sealed_elsewhere_is_not_read(settings: Any) -> None:
    stored = seal(SEED)
    with pytest.raises(Unreadable):
        unseal(stored[:-8] + "AAAAAAA=")
    settings.SECRET_KEY = ANOTHER
    with pytest.raises(Unreadable):
        unseal(stored)
    settings.SECRET_KEY_FALLBACKS = [of_now.SECRET_KEY, "only-for-tests-" * 4]
    with pytest.raises(Unreadable):
        unseal(stored)


def test_a_key_of_before_still_opens(settings: Any) -> None:
    stored, before = seal(SEED), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = ANOTHER, [before]
    assert unseal(stored) == SEED
    fresh = seal(SEED)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(fresh) == SEED, "the key of now is the one that seals"


def test_the_database_holds_no_seed_and_the_codes_open(
    world: Any, mei: User, with_app: App
) -> None:
    code = with_app(mei)
    codes = RecoveryCodes.activate(mei)
    for row in Authenticator.objects.filter(user=mei):
        assert SEED not in str(row.data)
        assert str(row.data.get("secret", row.data.get("seed"))).startswith(MARK)
    assert inside(come_in(code())[0])
    assert inside(come_in(codes.get_unused_codes()[0])[0])
    assert not inside(come_in("000000")[0])


def test_seeds_from_before_are_sealed_and_open_as_they_did(world: Any, mei: User) -> None:
    rows = Authenticator.objects
    rows.create(user=mei, type="totp", data={"secret": SEED})
    rows.create(user=mei, type="recovery_codes", data={"seed": "ab" * 40, "used_mask": 1})
    rows.create(user=mei, type="webauthn", data={"name": "key", "credential": {}})
    codes = rows.get(type="recovery_codes").wrap().get_unused_codes()
    migration.change(apps, by=seal)
    assert str(rows.get(type="totp").data["secret"]).startswith(MARK)
    assert str(rows.get(type="recovery_codes").data["seed"]).startswith(MARK)
    assert rows.get(type="webauthn").data == {"name": "key", "credential": {}}
    migration.change(apps, by=seal)
    assert rows.get(type="recovery_codes").wrap().get_unused_codes() == codes
    assert inside(come_in(code_of(SEED))[0])
    migration.change(apps, by=str)
    assert rows.get(type="totp").data == {"secret": SEED}


def test_under_another_key_the_sign_in_says_why_it_refuses(
    world: Any, mei: User, with_app: App, settings: Any
) -> None:
    code = with_app(mei)()
    settings.SECRET_KEY = ANOTHER
    client, answer = come_in(code)
    assert not inside(client)
    assert "cannot be read here" in Node.of(answer).one("main").text


def test_under_another_key_the_page_of_factors_says_so(
    world: Any, mei: User, settings: Any
) -> None:
    RecoveryCodes.activate(mei)
    settings.SECRET_KEY = ANOTHER
    client = Client()
    client.force_login(mei)
    answer = client.get("/accounts/2fa/")
    assert answer.status_code == 409
    assert "cannot be read here" in parse(answer.content.decode()).one("main").text
