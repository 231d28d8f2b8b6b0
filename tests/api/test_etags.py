"""What has not changed is not sent again, and never to somebody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures import record
from measures.models import User
from tests.world import World

pytestmark = pytest.mark.usefixtures("world")
ADDRESS = "/api/v1/measures?status=implemented"


def again(client: Client, tag: str, address: str = ADDRESS) -> int:
    status: int = client.get(address, headers={"If-None-Match": tag}).status_code
    return status


def test_what_is_held_already_is_answered_before_any_work(visitor: Client) -> None:
    tag = visitor.get(ADDRESS)["ETag"]
    assert tag.startswith('"')
    with CaptureQueriesContext(connection) as asked:
        response = visitor.get(ADDRESS, headers={"If-None-Match": tag})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
    assert len(asked.captured_queries) == 1


def test_one_of_several_that_are_held_is_enough(visitor: Client) -> None:
    assert again(visitor, f'"other", {visitor.get(ADDRESS)["ETag"]}') == 304


def test_a_new_entry_of_the_record_is_a_new_answer(world: World, visitor: Client) -> None:
    tag = visitor.get(ADDRESS)["ETag"]
    world.plan.short = "Plans"
    record.save(world.plan, by=world.ana)
    assert again(visitor, tag) == 200


def test_another_address_is_another_answer(visitor: Client) -> None:
    tag = visitor.get(ADDRESS)["ETag"]
    for other in ("/api/v1/measures", f"{ADDRESS}&as_of=2023-01-01", "/api/v1/findings"):
        assert again(visitor, tag, other) == 200


def test_tomorrow_is_another_answer(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = visitor.get(ADDRESS)["ETag"]
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert again(visitor, tag) == 200


def test_an_answer_to_one_person_is_not_that_to_another(
    mei: User, ada: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    tags = {client.get(ADDRESS)["ETag"] for client in (visitor, signed_in(mei), signed_in(ada))}
    assert len(tags) == 3
    response = visitor.get(ADDRESS)
    assert response["Cache-Control"] == "no-cache"
    assert {"Authorization", "Cookie"} <= set(response["Vary"].split(", "))


def test_an_error_is_never_held(visitor: Client) -> None:
    response = visitor.get("/api/v1/measures?as_of=soon", headers={"If-None-Match": "*"})
    assert response.status_code == 422
    assert "ETag" not in response
