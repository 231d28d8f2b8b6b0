from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from measures.models import User


@pytest.fixture
def with_app() -> Callable[[User], Callable[[], str]]:
    """Give a person an authenticator app; it tells the code of now."""

    def given(person: User) -> Callable[[], str]:
        secret = "JBSWY3DPEHPK3PXP"
        TOTP.activate(person, secret)
        return lambda: code_of(secret)

    return given


def code_of(secret: str) -> str:
    """What an authenticator app with the secret shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(client: Client, name: str, password: str, **told: Any) -> Any:
    return client.post("/accounts/login/", {"login": name, "password": password}, **told)
