"""No change is lost, and nothing is done twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from measures import record, workflow
from measures.models import ApiReceipt, Draft, Evidence, User
from tests.api.program import AT, Program, done, refused
from tests.threads import at_once
from tests.world import World, small_world

LAW = {"title": "Patent Law, as amended", "kind": "law", "tier": 1}


@pytest.fixture
def program(world: World) -> Program:
    """Ana's program."""
    return Program(world.ana)


CHANGES = [
    ("PATCH", "evidence/outline", {"title": "New"}),
    ("PATCH", "measures/1.1/citations/outline", {"note": "New"}),
]


@pytest.mark.parametrize(("method", "path", "sent"), CHANGES)
def test_a_change_says_which_version_was_read(
    method: str, path: str, sent: Any, program: Program
) -> None:
    refused(program.ask(method, path, sent), 428)
    refused(program.ask(method, path, sent, if_match="*"), 428)
    tag = program.get(path)["ETag"]
    for wrong in (f"W/{tag}", '"x"', "x", '"99-' + "0" * 32 + '"'):
        refused(program.ask(method, path, sent, if_match=wrong), 412)
    done(program.ask(method, path, sent, if_match=f'"other", {tag}'))
    refused(program.ask(method, path, sent, if_match=tag), 412)


def test_over_a_newer_version_both_texts_are_told(program: Program, world: World) -> None:
    tag = program.get("evidence/outline")["ETag"]
    world.outline.title = "Theirs"
    record.save(world.outline, by=world.rui)
    response = program.patch("evidence/outline", {"title": "Mine", "tier": 1}, tag)
    told = refused(response, 412)
    assert told["differences"] == [{"field": "title", "yours": "Mine", "theirs": "Theirs"}]
    assert response["ETag"] == program.get("evidence/outline")["ETag"]
    assert done(program.patch("evidence/outline", {"title": "Mine"}, response["ETag"]))
    assert Evidence.objects.get(key="outline").title == "Mine"


def test_a_change_of_something_else_is_no_conflict(program: Program, world: World) -> None:
    tag = program.get("evidence/outline")["ETag"]
    world.yearbook.title = "Another"
    record.save(world.yearbook, by=world.rui)
    assert program.get("evidence/outline")["ETag"] != tag
    done(program.patch("evidence/outline", {"title": "Mine"}, tag))


def test_what_was_read_as_of_a_past_moment_is_not_changed_by_its_tag(program: Program) -> None:
    newest = program.get("changes?limit=1").json()["items"][0]["at"]
    past = program.get(f"evidence/outline?known={newest.replace('+', '%2B')}")
    refused(program.patch("evidence/outline", {"title": "Mine"}, past["ETag"]), 412)


def test_a_draft_is_handed_in_as_it_was_read(program: Program) -> None:
    begun = program.post("measures/2.1/drafts", {})
    address = begun["Location"]
    refused(program.post(f"{address}/submissions"), 428)
    done(program.patch(address, {"rationale": "Newer."}))
    refused(program.post(f"{address}/submissions", if_match=begun["ETag"]), 412)
    refused(program.post(f"{address}/withdrawals", if_match=begun["ETag"]), 412)
    assert Draft.objects.get().state == "writing"


def test_what_is_held_already_is_not_sent_again(program: Program) -> None:
    tag = program.get("evidence/outline")["ETag"]
    again = program.get("evidence/outline", if_none_match=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    changed = done(program.patch("evidence/outline", {"title": "Mine"}))
    assert changed["title"] == "Mine"
    assert program.get("evidence/outline", if_none_match=tag).status_code == 200


# Once.


def test_a_request_sent_twice_is_done_once(program: Program) -> None:
    first = program.post("evidence", LAW, idempotency_key="k-1")
    again = program.post("evidence", LAW, idempotency_key="k-1")
    assert done(again, 201)["key"] == done(first, 201)["key"]
    assert again["Location"] == first["Location"]
    assert again["ETag"] == first["ETag"]
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Evidence.objects.filter(kind="law").count() == 1


def test_a_hand_in_sent_twice_is_done_once(program: Program, world: World) -> None:
    begun = done(program.post("measures/1.1/drafts", {}, idempotency_key="d"), 201)
    assert done(program.post("measures/1.1/drafts", {}, idempotency_key="d"), 201) == begun
    address = f"drafts/{begun['id']}"
    words = {"rationale": "It is so.", "confidence_reason": "It was read."}
    kept = program.patch(address, {"effective_on": "2023-01-01", **words})
    sent = {"if_match": kept["ETag"], "idempotency_key": "s"}
    first = program.post(f"{address}/submissions", **sent)
    again = program.post(f"{address}/submissions", **sent)
    assert done(again, 201)["state"] == done(first, 201)["state"] == "submitted"


def test_a_key_is_for_one_request_of_one_person(program: Program, world: World) -> None:
    done(program.post("evidence", LAW, idempotency_key="k"), 201)
    other = LAW | {"title": "Another title"}
    refused(program.post("evidence", other, idempotency_key="k"), 422, "Idempotency-Key")
    refused(program.post("measures/1.1/drafts", LAW, idempotency_key="k"), 422, "title")
    theirs = Program(world.rui)
    done(theirs.post("evidence", {**other, "title": "Rules"}, idempotency_key="k"), 201)
    for wrong in ("", "a b", "x" * 101):
        refused(program.post("evidence", LAW, idempotency_key=wrong), 422, "Idempotency-Key")


def test_what_failed_may_be_sent_again_under_its_key(program: Program) -> None:
    refused(program.post("evidence", LAW | {"key": "outline"}, idempotency_key="k"), 422, "key")
    assert not ApiReceipt.objects.exists()
    done(program.post("evidence", LAW, idempotency_key="k"), 201)


@pytest.mark.parametrize(("hours", "status"), [(23, 201), (25, 409)])
def test_a_key_is_held_for_a_day(hours: int, status: int, program: Program) -> None:
    """Later the same request is a new one: here it is asked whether the law is another one."""
    done(program.post("evidence", LAW, idempotency_key="k"), 201)
    ApiReceipt.objects.update(at=timezone.now() - timedelta(hours=hours))
    assert program.post("evidence", LAW, idempotency_key="k").status_code == status


def test_what_is_old_goes_for_its_own_person_alone(program: Program, world: World) -> None:
    done(program.post("measures/1.1/drafts", {}, idempotency_key="a"), 201)
    done(Program(world.rui).post("measures/1.2/drafts", {}, idempotency_key="b"), 201)
    ApiReceipt.objects.update(at=timezone.now() - timedelta(hours=25))
    done(program.post("measures/2.1/drafts", {}, idempotency_key="c"), 201)
    assert {each.key for each in ApiReceipt.objects.all()} == {"b", "c"}


def test_what_was_deleted_since_is_not_answered_as_if_it_were_there(
    program: Program, world: World
) -> None:
    done(program.post("evidence", LAW, idempotency_key="k"), 201)
    record.delete(Evidence.objects.get(kind="law"), by=world.rui)
    told = refused(program.post("evidence", LAW, idempotency_key="k"), 409, "Idempotency-Key")
    assert "deleted since" in told["message"]
    done(program.post("evidence", LAW, idempotency_key="another"), 201)


def test_how_long_a_key_is_held_is_said_where_it_is_described(
    world: World, visitor: Client
) -> None:
    hours = f"within {workflow.RECEIPTS_KEPT // timedelta(hours=1)} hours"
    assert hours in visitor.get("/data/api/").content.decode()
    assert hours in visitor.get(f"{AT}/openapi.json").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_done_and_both_are_answered(ana: User, rui: User) -> None:
    world = small_world(ana, rui)
    programs = [Program(world.ana, client=Client()) for _ in range(2)]
    for number in range(5):
        law = {"title": f"{'ABCDE'[number] * 9} Law", "kind": "law", "tier": 1}
        answers = at_once(
            *[
                lambda each=each, law=law, number=number: each.post(
                    "evidence", law, idempotency_key=f"k-{number}"
                )
                for each in programs
            ]
        )
        keys = {done(answer, 201)["key"] for answer in answers}
        assert len(keys) == 1
        assert Evidence.objects.filter(kind="law").count() == number + 1
    assert record.verify().broken is None


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_the_same_moment_one_is_told_of_the_other(ana: User, rui: User) -> None:
    world = small_world(ana, rui)
    mine, theirs = Program(world.ana), Program(world.rui)
    for number in range(5):
        tag = mine.get("evidence/outline")["ETag"]
        answers = at_once(
            lambda tag=tag, number=number: mine.patch(
                "evidence/outline", {"title": f"Mine {number}"}, tag
            ),
            lambda tag=tag, number=number: theirs.patch(
                "evidence/outline", {"title": f"Theirs {number}"}, tag
            ),
        )
        assert sorted(each.status_code for each in answers) == [200, 412]


# Methods.


@pytest.mark.parametrize(
    "path", ["measures", "evidence/outline", "measures/1.1/citations/outline", "drafts"]
)
def test_where_one_reads_one_may_ask_for_the_headers_alone(path: str, program: Program) -> None:
    whole, head = program.get(path), program.ask("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]


def test_an_address_says_what_it_takes(program: Program) -> None:
    told = Client().options(f"{AT}/evidence/outline")
    assert (told.status_code, told.content) == (204, b"")
    assert told["Allow"] == "GET, HEAD, OPTIONS, PATCH"
    refused(Client().options(f"{AT}/nowhere"), 404)
    assert program.ask("DELETE", "evidence/outline")["Allow"] == told["Allow"]
    assert program.ask("HEAD", "drafts/x/submissions").status_code == 404
