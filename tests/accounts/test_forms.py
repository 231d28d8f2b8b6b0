"""The forms of the library, as ours: a label for each field, and nothing that repeats it."""

import pytest
from django.test import Client

from tests.accounts.conftest import sign_in
from tests.pages.reader import Node

pytestmark = pytest.mark.usefixtures("world")
OUTSIDE = ["/accounts/login/", "/accounts/password/reset/"]
INSIDE = [
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
]


@pytest.fixture
def client(mei: object) -> Client:
    client = Client()
    sign_in(client, "mei", "mei")
    client.post("/accounts/reauthenticate/", {"password": "mei"})
    return client


@pytest.mark.parametrize("path", [*OUTSIDE, *INSIDE])
def test_every_field_has_a_label_and_no_words_that_vanish(path: str, client: Client) -> None:
    page = Node.of((Client() if path in OUTSIDE else client).get(path)).one("main")
    fields = [each for each in page.all("input") if each["type"] not in ("hidden", "submit")]
    assert fields
    labels = {each["for"] for each in page.all("label")}
    for field in fields:
        assert field["id"] in labels
        assert "placeholder" not in field.attributes


def test_what_is_wrong_stands_at_its_field_and_is_read_with_it(client: Client) -> None:
    form = {"oldpassword": "wrong", "password1": "a", "password2": "b"}
    page = Node.of(client.post("/accounts/password/change/", form)).one("main")
    field = page.one("input", id="id_oldpassword")
    assert field["aria-invalid"] == "true"
    told = page.one("ul", id="id_oldpassword_error")
    assert told["id"] in field["aria-describedby"].split()
    assert "current password" in told.text
