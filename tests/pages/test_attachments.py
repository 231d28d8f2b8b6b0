"""Copies of documents: attached and fetched by staff, and never shown as a page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import record, workflow
from measures.models import Attachment, FrozenCitation, User
from tests.pages.reader import Node, parse
from tests.world import SPEECH_DAY, World

ATTACH = "/desk/evidence/outline/files/"
PAGE = b"<html><script>alert(1)</script></html>"


@pytest.fixture(autouse=True)
def held(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for the copies."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def desk(world: World, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.ana)


def attach(client: Client, name: str = "公告.html", content: bytes = PAGE) -> Any:
    return client.post(ATTACH, {"file": SimpleUploadedFile(name, content)})


def address(attachment: Attachment) -> str:
    return f"/evidence/{attachment.evidence.key}/files/{attachment.sha256}/"


def test_a_copy_is_attached_with_its_entry(desk: Client, world: World) -> None:
    assert attach(desk)["Location"] == "/desk/evidence/outline/"
    attachment = Attachment.objects.get()
    assert (attachment.evidence, attachment.name, attachment.kind, attachment.size) == (
        world.outline,
        "公告.html",
        "text/html",
        len(PAGE),
    )
    assert attachment.added_by == world.ana
    entry = record.head()
    assert entry is not None
    assert (entry.noun, entry.after["sha256"]) == ("attachment", attachment.sha256)


def test_attached_twice_it_is_one_copy(desk: Client) -> None:
    attach(desk)
    head = record.head()
    attach(desk, "again.html")
    assert Attachment.objects.count() == 1
    assert record.head() == head


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.exe", b"MZ", "is not taken"),
        ("x.pdf", b"MZ", "the content is something else"),
        ("x" * 201 + ".pdf", b"%PDF-1.7", "200 characters"),
    ],
)
def test_a_copy_that_is_not_taken_is_refused_in_words(
    name: str, content: bytes, sentence: str, desk: Client, held: Path
) -> None:
    response = attach(desk, name, content)
    assert response.status_code == 422
    assert sentence in parse(response.content.decode()).one(id="id_file_error").text
    assert not Attachment.objects.exists()
    assert not held.exists()


def test_it_comes_as_a_download_that_can_do_nothing(desk: Client) -> None:
    attach(desk)
    response = desk.get(address(Attachment.objects.get()))
    assert b"".join(response.streaming_content) == PAGE  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "%E5%85%AC%E5%91%8A.html" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "no-store, private"


def test_staff_fetch_it_and_nobody_else_learns_of_it(
    world: World, desk: Client, mei: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    attach(desk)
    attachment = Attachment.objects.get()
    reader = User.objects.create_user("reader", "reader@example.org", "reader")
    response: Any = signed_in(mei).get(address(attachment))
    assert b"".join(response.streaming_content) == PAGE
    assert signed_in(reader).get(address(attachment)).status_code == 403
    assert visitor.get(address(attachment))["Location"].startswith("/accounts/login/")
    for client, seen in ((desk, True), (signed_in(mei), True), (visitor, False)):
        shown = Node.of(client.get("/evidence/outline/"))
        assert (address(attachment) in shown.links().values()) is seen
        assert ("公告" in shown.text) is seen


def test_only_who_may_attach_does(
    world: World, mei: User, visitor: Client, signed_in: Callable[[User], Client], held: Path
) -> None:
    assert attach(signed_in(mei)).status_code == 403
    assert attach(visitor)["Location"].startswith("/accounts/login/")
    assert signed_in(world.ana).get(ATTACH).status_code == 405
    assert not held.exists()


def test_what_is_not_held_is_not_found(desk: Client, world: World, held: Path) -> None:
    attach(desk)
    attachment = Attachment.objects.get()
    assert desk.get(f"/evidence/yearbook/files/{attachment.sha256}/").status_code == 404
    assert desk.get(f"/evidence/outline/files/{'0' * 64}/").status_code == 404
    assert desk.post("/desk/evidence/nowhere/files/").status_code == 404
    (held / attachment.sha256[:2] / attachment.sha256).unlink()
    response = desk.get(address(attachment))
    assert response.status_code == 404


def test_a_finding_keeps_the_hash_of_the_newest_copy(desk: Client, world: World) -> None:
    draft = world.draft(world.plan, citations=[world.outline_on_plan])
    attach(desk)
    attach(desk, "second.html", PAGE + b"\n")
    newest = Attachment.objects.get(name="second.html")
    # The copies came after the draft was handed in; its words are the same.
    finding = workflow.approve(draft, by=world.rui)
    assert [each.copy_sha256 for each in finding.citations.all()] == [newest.sha256]
    assert FrozenCitation.of(world.yearbook_on_training).copy_sha256 == ""
    assert record.verify().broken is None


def test_freezing_asks_no_more_for_more_evidence(world: World) -> None:
    def asked(*citations: Any) -> int:
        told = {"status": "partial", "effective_on": SPEECH_DAY}
        draft = workflow.start(world.training, by=world.ana, citations=citations, **told)
        with CaptureQueriesContext(connection) as queries:
            workflow.proposed(draft)
        return len(queries)

    one = asked(world.yearbook_on_training)
    assert one == asked(world.yearbook_on_training, world.statement_on_training)
