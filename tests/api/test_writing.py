"""What a program writes with a token: by the rules of the desk, as its person, once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from measures import record, workflow
from measures.models import Citation, Draft, Evidence, Finding, RecordEntry, User
from tests.api.program import AT, Program, done, refused
from tests.world import World

LAW: dict[str, Any] = {
    "title": "Patent Law, as amended",
    "title_zh": "专利法",
    "kind": "law",
    "tier": 1,
    "issued_on": "2020-10-17",
    "bodies": ["patent-office"],
    "seen_at": ["https://example.org/a", "https://example.org/b"],
}
WRITTEN = {
    "status": "partial",
    "effective_on": "2022-05-01",
    "confidence": "moderate",
    "confidence_reason": "One document was read.",
    "rationale": "The yearbook says so.",
    "citations": ["yearbook"],
}


@pytest.fixture
def program(world: World) -> Program:
    """Ana's program."""
    return Program(world.ana)


def started(program: Program) -> Any:
    return done(program.post("measures/2.1/drafts", {}), 201)


def entry() -> RecordEntry:
    newest = RecordEntry.objects.newest_first().first()
    assert newest
    return newest


def test_a_whole_round_from_the_document_to_the_hand_in(program: Program, world: World) -> None:
    added = program.post("evidence", LAW)
    told = done(added, 201)
    assert told["key"] == "patent-law-as-amended-2020"
    assert (told["bodies"], told["seen_at"]) == (["patent-office"], LAW["seen_at"])
    assert added["Location"] == f"{AT}/evidence/{told['key']}"
    assert program.get(added["Location"])["ETag"] == added["ETag"]

    cited = program.post(
        "measures/2.1/citations", {"evidence": told["key"], "stage": "in-force", "note": "It is."}
    )
    assert done(cited, 201)["bearing"] == "supports"
    assert done(program.get(cited["Location"]))["note"] == "It is."

    begun = program.post("measures/2.1/drafts", {})
    assert done(begun, 201)["status"] == "no-evidence"
    kept = program.patch(begun["Location"], WRITTEN | {"citations": ["yearbook", told["key"]]})
    assert done(kept)["problems"] == []
    handed_in = program.post(f"{begun['Location']}/submissions", if_match=kept["ETag"])
    assert done(handed_in, 201)["state"] == "submitted"
    assert handed_in["Location"] == begun["Location"]

    waiting = workflow.queue(world.rui).get()
    finding = workflow.approve(waiting, by=world.rui)
    assert (finding.author, finding.citation_count) == (world.ana, 2)
    now = done(program.get(begun["Location"]))
    assert (now["state"], now["finding"]) == ("approved", 1)
    assert record.verify().broken is None


def test_every_write_is_in_the_record_under_its_person(program: Program, world: World) -> None:
    done(program.patch("evidence/outline", {"title": "The outline", "why": "Misread."}))
    done(program.patch("evidence/outline", {"title": "The whole outline", "why": "Misread."}))
    assert (entry().actor, entry().noun, entry().why) == (
        world.ana.opaque_id,
        "evidence",
        "Misread.",
    )
    assert entry().after == {"title": "The whole outline"}
    place = "measures/1.1/citations/outline"
    done(program.patch(place, {"locator": "Article 5", "why": "More exact."}))
    assert (entry().noun, entry().after) == ("citation", {"locator": "Article 5"})


def test_what_is_left_out_stays(program: Program, world: World) -> None:
    before = done(program.get("evidence/outline"))
    after = done(program.patch("evidence/outline", {"issued_on": None}))
    left = {name for name in before if before[name] != after[name]}
    assert left == {"issued_on", "record"}
    assert after["issued_on"] is None


def test_a_correction_begins_with_the_finding_that_it_corrects(
    program: Program, world: World
) -> None:
    told = done(program.post("measures/1.1/drafts", {"corrects": 1}), 201)
    assert (told["corrects"], told["status"]) == (
        1,
        Finding.objects.get(measure=world.plan, number=1).status,
    )
    patched = program.patch(f"drafts/{told['id']}", {"correction_reason": "Misread."})
    assert done(patched)["correction_reason"] == "Misread."
    refused(program.post("measures/1.1/drafts", {"corrects": 9}), 422, "corrects")
    other = started(program)
    wrong = program.patch(f"drafts/{other['id']}", {"correction_reason": "Misread."})
    refused(wrong, 422, "correction_reason")


def test_a_draft_that_breaks_rules_is_kept_but_not_handed_in(program: Program) -> None:
    begun = started(program)
    kept = program.patch(f"drafts/{begun['id']}", {"status": "implemented", "rationale": ""})
    problems = done(kept)["problems"]
    assert problems
    told = refused(
        program.post(f"drafts/{begun['id']}/submissions", if_match=kept["ETag"]),
        422,
        problems[0]["field"],
    )
    assert told["message"] == problems[0]["message"]
    assert told.get("problems", problems[:1]) == problems
    assert Draft.objects.get().state == "writing"


def test_a_withdrawn_draft_stays_readable_and_closed(program: Program) -> None:
    address = f"drafts/{started(program)['id']}"
    gone = program.post(f"{address}/withdrawals", if_match=program.get(address)["ETag"])
    assert done(gone, 201)["state"] == "withdrawn"
    assert done(program.get(address))["state"] == "withdrawn"
    assert "withdrawn" in refused(program.patch(address, {"rationale": "x"}), 409)["message"]
    refused(program.post(f"{address}/submissions", if_match=gone["ETag"]), 409)
    assert program.ask("DELETE", address).status_code == 405


def test_a_person_reads_their_own_drafts_and_nobody_elses(
    program: Program, world: World, mei: User
) -> None:
    mine = started(program)
    theirs = Program(world.rui)
    other = done(theirs.post("measures/1.1/drafts", {}), 201)
    listed = done(program.get("drafts?limit=1"))
    assert (listed["total"], [each["id"] for each in listed["items"]]) == (1, [mine["id"]])
    refused(program.get(f"drafts/{other['id']}"), 404, "uid")
    tag = theirs.get(f"drafts/{other['id']}")["ETag"]
    refused(program.patch(f"drafts/{other['id']}", {"rationale": "x"}, tag), 404, "uid")
    assert done(Program(world.ana, "read").get("drafts"))["total"] == 1
    assert done(Program(mei, "read").get("drafts"))["total"] == 0
    anonymous = Client().get(f"{AT}/drafts")
    refused(anonymous, 401)
    assert anonymous["WWW-Authenticate"] == "Bearer"


# Who may write.


def test_a_token_that_reads_writes_nothing(world: World) -> None:
    told = refused(Program(world.ana, "read").post("evidence", LAW), 403)
    assert "Make one that writes" in told["message"]
    assert not Evidence.objects.filter(kind="law").exists()


def test_a_session_alone_writes_nothing(world: World, signed_in: Callable[[User], Client]) -> None:
    for kind in ("application/json", "text/plain"):
        response = signed_in(world.ana).post(f"{AT}/evidence", LAW, content_type=kind)
        refused(response, 401)
        assert response["WWW-Authenticate"] == "Bearer"
    assert not Evidence.objects.filter(kind="law").exists()


def test_who_loses_the_role_writes_nothing_at_the_next_request(
    program: Program, world: World
) -> None:
    sent = {"idempotency_key": "one"}
    done(program.post("evidence", LAW, **sent), 201)
    world.ana.groups.clear()
    refused(program.post("evidence", LAW | {"title": "Another law"}), 403)
    refused(program.post("evidence", LAW, **sent), 403)
    world.ana.is_active = False
    world.ana.save()
    refused(program.post("evidence", LAW), 401)


@pytest.mark.parametrize("verb", ["approvals", "returns", "approval", "findings"])
def test_nobody_decides_through_the_api(verb: str, world: World) -> None:
    draft = world.draft(world.rulings)
    for person in (world.ana, world.rui):
        response = Program(person).post(f"drafts/{draft.uid}/{verb}", {})
        assert response.status_code == 404
    draft.refresh_from_db()
    assert draft.state == "submitted"


@pytest.mark.parametrize(
    "name", ["author", "state", "version", "id", "finding", "decided_by", "measure", "supersedes"]
)
def test_nobody_sets_what_is_not_theirs_to_set(name: str, program: Program) -> None:
    address = f"drafts/{started(program)['id']}"
    before = program.get(address).json()
    told = refused(program.patch(address, {"rationale": "x", name: "approved"}), 422, name)
    assert told["message"] == "There is no such field."
    assert program.get(address).json() == before
    refused(program.post("evidence", LAW | {name: 3}), 422, name)


# What is sent.


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"tier": "1"}, "tier"),
        ({"tier": True}, "tier"),
        ({"tier": 1.0}, "tier"),
        ({"tier": 6}, "tier"),
        ({"title": 7}, "title"),
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "a\u0000b"}, "title"),
        ({"title_zh_ours": 1}, "title_zh_ours"),
        ({"title_zh_ours": "true"}, "title_zh_ours"),
        ({"kind": "novel"}, "kind"),
        ({"issued_on": "17 October 2020"}, "issued_on"),
        ({"issued_on": "2020-02-30"}, "issued_on"),
        ({"issued_on": "2020-10-17T00:00:00"}, "issued_on"),
        ({"issued_on": 20201017}, "issued_on"),
        ({"bodies": ["nobody"]}, "bodies"),
        ({"bodies": [1]}, "bodies"),
        ({"bodies": "patent-office"}, "bodies"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"key": "outline"}, "key"),
        ({"key": "Ä"}, "key"),
    ],
)
def test_what_cannot_be_meant_names_its_field(
    said: dict[str, Any], field: str, program: Program
) -> None:
    refused(program.post("evidence", LAW | said), 422, field)
    assert not Evidence.objects.filter(kind="law").exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("", "application/json", 422),
        ("[]", "application/json", 422),
        ("null", "application/json", 422),
        ("title=x", "application/x-www-form-urlencoded", 415),
        ("{}", "text/plain", 415),
        ('{"title": "' + "x" * 2_200_000 + '"}', "application/json", 413),
    ],
)
def test_what_is_no_json_is_refused(body: str, kind: str, status: int, program: Program) -> None:
    headers = {"Authorization": f"Bearer {program.secret}"}
    response = Client().generic("POST", f"{AT}/evidence", body, content_type=kind, headers=headers)
    refused(response, status)


def test_what_the_library_may_hold_already_is_shown_first(program: Program) -> None:
    first = done(program.post("evidence", LAW), 201)["key"]
    told = refused(program.post("evidence", LAW), 409, "another")
    assert told["alike"] == [first]
    second = done(program.post("evidence", LAW | {"another": [first]}), 201)
    assert second["key"] == f"{first}-2"


def test_what_is_cited_already_is_not_cited_again(program: Program, world: World) -> None:
    told = {"evidence": "outline", "stage": "in-force"}
    refused(program.post("measures/1.1/citations", told), 422, "evidence")
    refused(program.post("measures/1.1/citations", told | {"evidence": "none"}), 422, "evidence")
    refused(program.post("measures/9.9/citations", told), 404, "code")
    refused(program.post("measures/1.1/citations?source=none", told), 404, "source")
    refused(program.post("measures/1.1/citations?sauce=none", told), 422, "sauce")
    assert Citation.objects.filter(measure=world.plan).count() == 1


def test_a_draft_rests_on_what_is_cited_under_its_measure(program: Program) -> None:
    address = f"drafts/{started(program)['id']}"
    told = refused(program.patch(address, {"citations": ["outline"]}), 422, "citations")
    assert "outline" in told["message"]


@pytest.mark.usefixtures("second_source")
def test_another_source_is_written_by_its_slug(program: Program) -> None:
    told = {"evidence": "outline", "stage": "in-force"}
    cited = program.post("measures/1.1/citations?source=plan-2021", told)
    assert done(cited, 201)["source"] == "plan-2021"
    assert cited["Location"].endswith("?source=plan-2021")
    assert program.get(cited["Location"])["ETag"] == cited["ETag"]
    draft = done(program.post("measures/1.1/drafts?source=plan-2021", {}), 201)
    assert draft["source"] == "plan-2021"


def test_a_day_of_the_draft_is_a_day(program: Program, world: World) -> None:
    address = f"drafts/{started(program)['id']}"
    done(program.patch(address, {"effective_on": "2022-05-01"}))
    assert Draft.objects.get().effective_on == date(2022, 5, 1)
    refused(program.patch(address, {"effective_on": None}), 422, "effective_on")


def test_an_archived_copy_is_added_and_what_only_the_desk_says_stays(
    program: Program, world: World
) -> None:
    world.outline.check_every = 7
    record.save(world.outline, by=world.ana)
    copy = {"archive_url": "https://archive.example.org/outline", "archived_on": "2024-05-03"}
    told = done(program.patch("evidence/outline", copy))
    assert {name: told[name] for name in copy} == copy
    world.outline.refresh_from_db()
    assert world.outline.check_every == 7
    plain = program.patch("evidence/outline", {"archive_url": "http://archive.example.org/"})
    refused(plain, 422, "archive_url")
