"""Notes that staff leave on a measure, and the colleagues whom they call."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import record, workflow
from measures.models import JournalNote, Measure, Mention, RecordEntry, User
from tests.pages.reader import Node, inline_code, parse
from tests.world import World, person

SignedIn = Callable[[User], Client]
CANARY = "canary-7f3a"
PUBLIC = (
    "/",
    "/measures/",
    "/measures/1.1/",
    "/measures/1.1/history/",
    "/evidence/outline/",
    "/evidence/outline/history/",
    "/changes/",
    "/changes/?noun=journalnote",
    "/changes/?noun=measure",
    "/source/speech-2020/",
    "/bodies/patent-office/",
    "/themes/design/",
    "/method/",
)


def leave(client: Client, text: str, **told: Any) -> Any:
    return client.post("/measures/1.1/notes/", {"uid": str(uuid.uuid4()), "text": text, **told})


def shown(client: Client, path: str = "/measures/1.1/") -> Node:
    return Node.of(client.get(path))


def test_a_note_is_left_on_the_page_of_its_measure(
    world: World, mei: User, signed_in: SignedIn
) -> None:
    response = leave(signed_in(world.ana), "The outline was read in full.")
    note = JournalNote.objects.get()
    assert response["Location"] == f"/measures/1.1/#note-{note.uid}"
    told = shown(signed_in(mei)).section("notes").row("The outline was read in full.")
    assert told["id"] == f"note-{note.uid}"
    assert "Ana" in told.one("small").text


def test_the_note_is_in_the_record_and_its_mentions_are_not(
    world: World, signed_in: SignedIn
) -> None:
    leave(signed_in(world.ana), "@rui please look")
    entry = record.head()
    assert entry is not None
    assert (entry.noun, entry.action) == ("journalnote", "added")
    assert entry.after["text"] == "@rui please look"
    assert not RecordEntry.objects.filter(noun="mention").exists()
    assert record.verify().broken is None


@pytest.mark.parametrize("path", PUBLIC)
def test_a_reader_never_sees_a_note(
    path: str, world: World, visitor: Client, signed_in: SignedIn
) -> None:
    workflow.note(world.plan, f"@rui {CANARY}", by=world.ana)
    assert CANARY not in visitor.get(path).content.decode()
    assert not parse(visitor.get(path).content.decode()).all(id="notes")


def test_the_canary_would_be_seen(world: World, visitor: Client, signed_in: SignedIn) -> None:
    workflow.note(world.plan, f"@rui {CANARY}", by=world.ana)
    staff = signed_in(world.ana)
    assert CANARY in staff.get("/measures/1.1/").content.decode()
    assert CANARY in signed_in(world.rui).get("/desk/").content.decode()
    world.plan.title = CANARY
    record.save(world.plan, by=world.ana)
    assert CANARY in visitor.get("/measures/1.1/").content.decode()


def test_an_account_without_a_role_sees_no_note(
    world: World, roles: None, signed_in: SignedIn
) -> None:
    workflow.note(world.plan, CANARY, by=world.ana)
    stranger = User.objects.create_user("eve", "eve@example.org", "eve")
    assert CANARY not in signed_in(stranger).get("/measures/1.1/").content.decode()


def test_a_note_is_not_on_another_measure(world: World, signed_in: SignedIn) -> None:
    workflow.note(world.plan, CANARY, by=world.ana)
    assert CANARY not in shown(signed_in(world.ana), "/measures/1.2/").text


def test_what_is_written_is_shown_as_written(world: World, signed_in: SignedIn) -> None:
    leave(signed_in(world.ana), "<script>x()</script>\n<b>@rui</b>, @rui. Write to ana@rui")
    page = shown(signed_in(world.rui))
    words = page.section("notes").one("li").one("p")
    assert words.text == "<script>x()</script> <b>@Rui</b>, @Rui. Write to ana@rui"
    assert len(words.all("br")) == 1
    assert [each.text for each in words.all("b")] == ["@Rui", "@Rui"]
    assert inline_code(page) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write the note first."),
        ("  \n ", "Write the note first."),
        ("@nobody look", "There is no colleague named nobody."),
        ("@left look", "There is no colleague named left."),
        ("@outsider look", "There is no colleague named outsider."),
        ("hidden \u202e mark", "cannot be shown"),
    ],
)
def test_a_note_that_cannot_be_left_says_why_and_stays_in_the_form(
    text: str, sentence: str, world: World, signed_in: SignedIn
) -> None:
    person("left", "Left", "Analysts", is_active=False)
    User.objects.create_user("outsider", "outsider@example.org", "outsider")
    response = leave(signed_in(world.ana), text)
    assert response.status_code == 422
    section = parse(response.content.decode()).section("notes")
    assert sentence in section.one(cls="errorlist").text
    assert "".join(map(str, section.one("textarea").inside)).strip() == text.strip()
    assert not JournalNote.objects.exists()
    assert not Mention.objects.exists()


def test_a_form_without_its_id_says_so(world: World, signed_in: SignedIn) -> None:
    response = leave(signed_in(world.ana), "A note.", uid="x")
    assert response.status_code == 422
    assert parse(response.content.decode()).section("notes").all(cls="errorlist")


def test_a_form_sent_twice_leaves_one_note(world: World, signed_in: SignedIn) -> None:
    uid = str(uuid.uuid4())
    for _ in range(2):
        assert leave(signed_in(world.ana), "@rui look", uid=uid).status_code == 302
    assert JournalNote.objects.count() == Mention.objects.count() == 1


def test_an_id_that_is_somebody_elses_is_refused(world: World, signed_in: SignedIn) -> None:
    note = workflow.note(world.plan, "Mine.", by=world.ana)
    with pytest.raises(PermissionDenied):
        workflow.note(world.plan, "Other.", by=world.rui, uid=note.uid)
    assert leave(signed_in(world.rui), "Other.", uid=str(note.uid)).status_code == 403
    assert JournalNote.objects.get().text == "Mine."


def test_who_may_not_leave_a_note_is_told_so(
    world: World, mei: User, visitor: Client, signed_in: SignedIn
) -> None:
    assert leave(signed_in(mei), "A note.").status_code == 403
    assert leave(visitor, "A note.")["Location"].startswith("/accounts/login/")
    assert signed_in(world.ana).get("/measures/1.1/notes/").status_code == 405
    assert not JournalNote.objects.exists()
    assert not shown(signed_in(mei)).section("notes").all("form")
    assert shown(signed_in(world.ana)).section("notes").one("form")["action"] == (
        "/measures/1.1/notes/"
    )


def test_a_mention_lies_on_the_desk_until_it_is_put_aside(
    world: World, signed_in: SignedIn
) -> None:
    leave(signed_in(world.ana), "@rui please look, @rui")
    note = JournalNote.objects.get()
    client = signed_in(world.rui)
    desk = shown(client, "/desk/")
    row = desk.section("for-you").row("please look")
    assert row.links() == {"1.1 The plan": f"/measures/1.1/#note-{note.uid}"}
    assert desk.one(cls="badge").text == "1 waiting"
    response = client.post(row.one("form")["action"])
    assert response["Location"] == "/desk/"
    desk = shown(client, "/desk/")
    assert not desk.all(id="for-you")
    assert not desk.all(cls="badge")
    assert "please look" in shown(client).section("notes").text


def test_only_whom_it_mentions_finds_it_on_the_desk(
    world: World, mei: User, signed_in: SignedIn
) -> None:
    note = workflow.note(world.plan, "@rui and @mei", by=world.ana)
    assert not shown(signed_in(world.ana), "/desk/").all(id="for-you")
    aside = f"/desk/notes/{note.uid}/aside/"
    for other in (world.ana, world.rui):
        assert signed_in(other).post(aside).status_code == 302
    assert shown(signed_in(mei), "/desk/").section("for-you").row("@Rui and @Mei")
    assert not shown(signed_in(world.rui), "/desk/").all(id="for-you")


def test_putting_aside_asks_for_an_account_and_a_note(
    world: World, visitor: Client, signed_in: SignedIn
) -> None:
    note = workflow.note(world.plan, "@rui", by=world.ana)
    aside = f"/desk/notes/{note.uid}/aside/"
    assert visitor.post(aside)["Location"].startswith("/accounts/login/")
    assert signed_in(world.rui).get(aside).status_code == 405
    assert signed_in(world.rui).post(f"/desk/notes/{uuid.uuid4()}/aside/").status_code == 404
    stranger = User.objects.create_user("eve", "eve@example.org", "eve")
    assert signed_in(stranger).post(aside).status_code == 403
    assert Mention.objects.get().seen_at is None


def test_a_note_on_another_source_is_left_under_its_address(
    second_source: Any, world: World, signed_in: SignedIn
) -> None:
    client = signed_in(world.ana)
    action = shown(client, "/s/plan-2021/measures/1.1/").section("notes").one("form")["action"]
    assert action == "/s/plan-2021/measures/1.1/notes/"
    client.post(action, {"uid": str(uuid.uuid4()), "text": "On the library."})
    assert JournalNote.objects.get().measure == Measure.objects.get(
        source=second_source, code="1.1"
    )


def test_the_questions_do_not_grow_with_the_notes(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.rui)

    def questions(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    workflow.note(world.plan, "@rui look", by=world.ana)
    few = [questions(path) for path in ("/measures/1.1/", "/desk/")]
    for n in range(15):
        workflow.note(world.plan, f"@rui look {n}", by=world.ana)
    assert [questions(path) for path in ("/measures/1.1/", "/desk/")] == few
