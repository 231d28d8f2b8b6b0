"""Tokens: made by a person, shown once, and never more than the person may."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from measures import record, workflow
from measures.models import ApiToken, RecordEntry, User
from tests.pages.reader import Node
from tests.world import World

pytestmark = pytest.mark.usefixtures("world")
PAGE = "/account/tokens/"
Browser = Callable[[User], Client]


@pytest.fixture
def private(settings: Any) -> None:
    settings.PUBLIC_PAGES = False


@pytest.fixture
def secret(mei: User) -> str:
    """A token of Mei's."""
    made = workflow.make_token(by=mei, uid=uuid4(), name="a yearly report", days=90)
    assert made
    return made[1]


def ask(secret: str, path: str = "/api/v1/measures") -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.usefixtures("private")
def test_a_token_opens_the_api_of_a_private_tracker_and_no_page(secret: str) -> None:
    response = ask(secret)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"
    assert ask(secret, "/measures/").status_code == 302


def refused(secret: str) -> bool:
    response = ask(secret)
    if response.status_code == 200:
        return False
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert response.json()["error"]["code"] == "unauthenticated"
    return True


@pytest.mark.parametrize("wrong", ["", "x", "ipr_wrong", "ipr_" + "x" * 5000, "专利"])
def test_what_is_no_token_opens_nothing(wrong: str, secret: str) -> None:
    assert refused(wrong)
    assert refused(secret[:-1])
    assert refused(secret.upper())
    assert not refused(secret)


def test_it_ends_when_its_account_is_closed(mei: User, secret: str) -> None:
    mei.is_active = False
    mei.save()
    assert refused(secret)


def test_it_ends_on_its_day(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    def in_days(number: int) -> None:
        then = now + timedelta(days=number)
        monkeypatch.setattr(timezone, "now", lambda: then)

    now = timezone.now()
    in_days(89)
    assert not refused(secret)
    in_days(90)
    assert refused(secret)


def test_it_ends_when_it_is_revoked(mei: User, secret: str, signed_in: Browser) -> None:
    client = signed_in(mei)
    (form,) = [
        each
        for each in Node.of(client.get(PAGE)).one("main").all("form")
        if each.attributes.get("action", "").endswith("/revoke/")
    ]
    assert client.get(form["action"]).status_code == 405
    assert not refused(secret)
    shown = Node.of(client.post(form["action"], follow=True))
    assert "Revoked." in shown.one("main").text
    assert refused(secret)


def test_nobody_else_sees_or_revokes_it(ada: User, secret: str, signed_in: Browser) -> None:
    client, token = signed_in(ada), ApiToken.objects.get()
    assert "a yearly report" not in Node.of(client.get(PAGE)).text
    assert client.post(f"{PAGE}{token.uid}/revoke/").status_code == 404
    assert not refused(secret)


def test_a_person_makes_one_and_is_shown_it_once(mei: User, signed_in: Browser) -> None:
    client = signed_in(mei)
    form = Node.of(client.get(PAGE)).one("main").one("form", method="post")
    told = {each["name"]: each.attributes.get("value", "") for each in form.all("input")}
    assert told["days"] == "90"
    told["name"] = "a yearly report"
    response = client.post(PAGE, told)
    made = Node.of(response).one("pre").text
    assert response["Cache-Control"] == "no-store, private"
    assert not refused(made)
    again = Node.of(client.post(PAGE, told, follow=True))
    assert "made already" in again.one("main").text
    for shown in (again, Node.of(client.get(PAGE))):
        assert made not in shown.text
        assert "a yearly report" in shown.text
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    "told", [{"days": "366"}, {"days": "0"}, {"days": "many"}, {"name": ""}, {"uid": "x"}]
)
def test_what_cannot_be_meant_makes_none(
    told: dict[str, str], mei: User, signed_in: Browser
) -> None:
    sent = {"uid": str(uuid4()), "name": "a yearly report", "days": "90", **told}
    assert signed_in(mei).post(PAGE, sent).status_code == 422
    assert not ApiToken.objects.exists()


def test_the_page_asks_to_sign_in(visitor: Client) -> None:
    response = visitor.get(PAGE)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={PAGE}")


def test_the_secret_is_kept_nowhere(secret: str) -> None:
    def everything() -> Iterator[str]:
        with connection.cursor() as cursor:
            for name in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608
                yield str(cursor.fetchall())

    assert secret[len("ipr_") + 8 :] not in " ".join(everything())


def test_the_record_tells_whose_it_is_and_not_what_it_is_called(
    mei: User, secret: str, world: World
) -> None:
    token = ApiToken.objects.get()
    workflow.revoke_token(token, by=mei)
    made, ended = RecordEntry.objects.of_nouns("apitoken").order_by("sequence")
    assert made.after == {
        "person": str(mei.opaque_id),
        "scope": "read",
        "expires_on": token.expires_on.isoformat(),
        "revoked": False,
    }
    assert (ended.before, ended.after) == ({"revoked": False}, {"revoked": True})
    assert record.verify().broken is None
    assert "apitoken" not in Client().get("/changes.atom").content.decode()
    assert not workflow.revoke_token(token, by=mei)


def test_the_day_of_its_last_use_is_kept_and_written_once(secret: str) -> None:
    ask(secret)
    assert ApiToken.objects.get().last_used_on == timezone.localdate()
    assert len(ask(secret).content) > 0


def test_a_token_goes_before_a_session(secret: str, signed_in: Browser, ada: User) -> None:
    address, headers = "/api/v1/measures", {"Authorization": f"Bearer {secret}"}
    response = signed_in(ada).get(address, headers=headers)
    assert response["ETag"] == ask(secret)["ETag"]
    wrong = {"Authorization": "Bearer ipr_wrong"}
    assert signed_in(ada).get(address, headers=wrong).status_code == 401


def test_who_writes_chooses_whether_the_program_may(ana: User, signed_in: Browser) -> None:
    client = signed_in(ana)
    chosen = Node.of(client.get(PAGE)).one("main").one("select", name="scope")
    assert [each["value"] for each in chosen.all("option")] == ["read", "write"]
    sent = {"uid": str(uuid4()), "name": "an import", "days": "5", "scope": "write"}
    shown = Node.of(client.post(PAGE, sent)).one("main")
    assert "read and write" in shown.one("table").text
    assert ApiToken.objects.get().writes
    assert RecordEntry.objects.of_nouns("apitoken").get().after["scope"] == "write"


def test_who_only_reads_is_neither_offered_nor_given_one_that_writes(
    mei: User, signed_in: Browser
) -> None:
    client = signed_in(mei)
    assert Node.of(client.get(PAGE)).one("main").all("select", name="scope") == []
    sent = {"uid": str(uuid4()), "name": "an import", "days": "5", "scope": "write"}
    client.post(PAGE, sent)
    assert not ApiToken.objects.get().writes
    with pytest.raises(PermissionDenied):
        workflow.make_token(by=mei, uid=uuid4(), name="x", days=5, scope="write")


def test_a_token_sent_in_clear_is_refused_and_not_led_on(secret: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, [r"^api/"]
    headers = {"Authorization": f"Bearer {secret}"}
    for each in (headers, {}):
        response = Client().get("/api/v1/measures", headers=each)
        assert response.status_code == 403
        assert "Location" not in response
        assert "https" in response.json()["error"]["message"]
    assert Client().get("/measures/").status_code == 301
    assert Client().get("/api/v1/measures", headers=headers, secure=True).status_code == 200
