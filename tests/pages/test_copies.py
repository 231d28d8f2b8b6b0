"""Texts that are captured, and copies that are marked public; a private one is never let out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from measures import files, links, record
from measures.files import MOST_TEXT
from measures.models import Attachment, Evidence, User
from tests.pages.reader import Node, inline_code, parse, unmarked_chinese
from tests.pages.test_access import EVERY_ADDRESS
from tests.world import World

SignedIn = Callable[[User], Client]
CAPTURE, EDIT = "/desk/evidence/outline/text/", "/desk/evidence/outline/"
CANARY = "canary7c1f"


@pytest.fixture(autouse=True)
def held(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for the copies."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def desk(world: World, signed_in: SignedIn) -> Client:
    return signed_in(world.ana)


@pytest.fixture
def reviewer(world: World, signed_in: SignedIn) -> Client:
    return signed_in(world.rui)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the reader of pages brings home, or fails with; and which addresses it was asked."""
    told: dict[str, Any] = {
        "asked": [],
        "answer": links.Read("第一条\nWords.", "https://x.example/2"),
    }

    def read(self: links.Reader, address: str) -> links.Read:
        told["asked"].append(address)
        if isinstance(told["answer"], Exception):
            raise told["answer"]
        return told["answer"]

    monkeypatch.setattr(links.Reader, "read", read)
    return told


def copy(world: World, text: str = "Words.", name: str = "a.txt") -> Attachment:
    stored = files.store(ContentFile(text.encode(), name))
    made = Attachment(
        evidence=world.outline,
        sha256=stored.sha256,
        name=name,
        kind=stored.kind,
        size=stored.size,
        added_by=world.ana,
    )
    record.save(made, by=world.ana)
    return made


def address(attachment: Attachment) -> str:
    return f"/evidence/outline/files/{attachment.sha256}/"


def mark(client: Client, attachment: Attachment, **told: str) -> Any:
    return client.post(f"/desk{address(attachment)}", told)


class TestCapture:
    def test_a_pasted_text_is_held_word_for_word(self, desk: Client, world: World) -> None:
        text = "第一条 <script>alert(1)</script>\nTwo."
        assert desk.post(CAPTURE, {"text": text})["Location"] == EDIT
        held = Attachment.objects.get()
        assert (held.how, held.address, held.kind) == ("pasted", world.outline.url, "text/plain")
        assert (held.is_public, held.added_by) == (False, world.ana)
        response: Any = desk.get(address(held))
        assert b"".join(response.streaming_content).decode() == text
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        entry = record.head()
        assert entry is not None
        assert (entry.noun, entry.after["how"]) == ("attachment", "pasted")
        assert record.verify().broken is None

    def test_a_page_is_fetched_and_its_last_address_kept(
        self, desk: Client, world: World, fetched: dict[str, Any]
    ) -> None:
        assert desk.post(CAPTURE, {"fetch": "on"})["Location"] == EDIT
        held = Attachment.objects.get()
        assert fetched["asked"] == [world.outline.url]
        assert (held.how, held.address) == ("fetched", "https://x.example/2")
        with files.opened(held.sha256) as file:
            assert file.read().decode() == "第一条\nWords."
        shown = Node.of(desk.get("/evidence/outline/")).section("copies")
        assert "fetched from https://x.example/2" in shown.text
        assert "Ana" in shown.text

    @pytest.mark.parametrize(
        "failure", [links.Refused("It is not public."), links.Failed("It did not answer.")]
    )
    def test_a_page_that_does_not_come_is_told_in_words(
        self, failure: Exception, desk: Client, world: World, fetched: dict[str, Any]
    ) -> None:
        fetched["answer"] = failure
        response = desk.post(CAPTURE, {"fetch": "on"})
        assert response.status_code == 422
        told = parse(response.content.decode()).one(id="id_text_error").text
        assert str(failure) in told
        assert "paste its text instead" in told
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "Paste the text"),
            ("x\u202ey", "cannot be shown"),
            ("x" * (MOST_TEXT + 1), "500000"),
        ],
    )
    def test_what_is_no_text_is_refused(self, text: str, sentence: str, desk: Client) -> None:
        response = desk.post(CAPTURE, {"text": text})
        assert response.status_code == 422
        assert sentence in parse(response.content.decode()).one(id="id_text_error").text

    def test_the_same_text_is_held_once(self, desk: Client) -> None:
        desk.post(CAPTURE, {"text": "Words."})
        head = record.head()
        shown = Node.of(desk.post(CAPTURE, {"text": "Words."}, follow=True))
        assert "held already" in shown.text
        assert record.head() == head

    def test_only_staff_who_may_attach_capture(
        self, world: World, mei: User, visitor: Client, signed_in: SignedIn, fetched: dict[str, Any]
    ) -> None:
        assert signed_in(mei).post(CAPTURE, {"fetch": "on"}).status_code == 403
        assert visitor.post(CAPTURE, {"fetch": "on"})["Location"].startswith("/accounts/login/")
        assert signed_in(world.ana).get(CAPTURE).status_code == 405
        assert fetched["asked"] == []


class TestPublic:
    def test_everybody_has_what_is_marked_public_and_no_longer_when_it_is_withdrawn(
        self, world: World, reviewer: Client, visitor: Client, page: Any
    ) -> None:
        held = copy(world, "Official words.")
        assert visitor.get(address(held))["Location"].startswith("/accounts/login/")
        assert mark(reviewer, held, public="on", why="An official text.")["Location"] == EDIT
        response: Any = visitor.get(address(held))
        assert b"".join(response.streaming_content) == b"Official words."
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["Content-Disposition"].startswith("attachment;")
        shown = page("/evidence/outline/")
        assert address(held) in shown.section("copies").links().values()
        assert inline_code(shown) == []
        mark(reviewer, held)
        assert visitor.get(address(held))["Location"].startswith("/accounts/login/")
        assert not page("/evidence/outline/").all(id="copies")

    def test_both_are_in_the_record_with_the_reason(self, world: World, reviewer: Client) -> None:
        held = copy(world)
        mark(reviewer, held, public="on", why="An official text.")
        entry = record.head()
        assert entry is not None
        assert (entry.noun, entry.why) == ("attachment", "An official text.")
        assert (entry.before, entry.after) == ({"is_public": False}, {"is_public": True})
        mark(reviewer, held, why="The owner objects.")
        entry = record.head()
        assert entry is not None
        assert (entry.why, entry.after) == ("The owner objects.", {"is_public": False})
        assert record.verify().broken is None

    @pytest.mark.parametrize("why", ["", "   ", "x\u202ey", "x" * 501])
    def test_without_a_reason_that_can_be_read_it_stays_private(
        self, why: str, world: World, reviewer: Client
    ) -> None:
        held = copy(world)
        response = mark(reviewer, held, public="on", why=why)
        assert response.status_code == 422
        assert parse(response.content.decode()).all("p", cls="errorlist")
        held.refresh_from_db()
        assert not held.is_public

    def test_it_takes_a_reviewer(
        self, world: World, desk: Client, visitor: Client, reviewer: Client
    ) -> None:
        held = copy(world)
        assert mark(desk, held, public="on", why="x").status_code == 403
        assert mark(visitor, held, public="on", why="x")["Location"].startswith("/accounts/login/")
        assert not Attachment.objects.public().exists()
        assert "Make it public" not in Node.of(desk.get(EDIT)).text
        assert "Make it public" in Node.of(reviewer.get(EDIT)).text
        assert mark(reviewer, Attachment(sha256="0" * 64), public="on").status_code == 404

    def test_the_past_shows_what_was_public_then_unless_it_was_withdrawn(
        self, world: World, reviewer: Client, page: Any
    ) -> None:
        def shown(moment: str) -> bool:
            return bool(page("/evidence/outline/", known=moment).all(id="copies"))

        def now() -> str:
            return record.head().at.isoformat()  # type: ignore[union-attr]

        held = copy(world)
        private = now()
        mark(reviewer, held, public="on", why="An official text.")
        public = now()
        assert (shown(private), shown(public)) == (False, True)
        mark(reviewer, held)
        assert (shown(private), shown(public)) == (False, False)

    def test_where_the_pages_are_private_so_is_a_public_copy(
        self, world: World, reviewer: Client, visitor: Client, settings: Any
    ) -> None:
        held = copy(world)
        mark(reviewer, held, public="on", why="An official text.")
        settings.PUBLIC_PAGES = False
        assert visitor.get(address(held))["Location"].startswith("/accounts/login/")


class TestCanary:
    """A private copy with a word in its name, its text and its address that is nowhere else."""

    @pytest.fixture
    def bird(self, world: World, desk: Client) -> Attachment:
        world.outline.url = "https://example.org/outline"
        upload = SimpleUploadedFile(f"{CANARY}.txt", CANARY.encode())
        desk.post("/desk/evidence/outline/files/", {"file": upload})
        held = Attachment.objects.get()
        Attachment.objects.filter(pk=held.pk).update(address=f"https://{CANARY}.example/")
        return held

    def everywhere(self) -> Iterator[str]:
        """Every address, of what there is instead of samples, and those that list things."""
        for _, path in EVERY_ADDRESS:
            if not path.startswith(("/admin/", "/accounts/", "/s/")):
                yield path.replace("/x", "/outline" if "evidence" in path else "/1.1")
        for kind in ("csv", "xlsx", "json", "jsonl"):
            yield from (f"/{name}.{kind}" for name in ("evidence", "changes", "citations"))
        yield f"/search/?q={CANARY}"
        yield from ("/changes/?noun=attachment", "/api/v1/evidence", "/api/v1/changes")

    def test_no_address_tells_it_to_a_reader(
        self, world: World, bird: Attachment, visitor: Client, signed_in: SignedIn
    ) -> None:
        reader = User.objects.create_user("reader", "reader@example.org", "reader")
        seen = 0
        for client in (visitor, signed_in(reader)):
            for path in sorted(set(self.everywhere())):
                response: Any = client.get(path)
                body = (
                    b"".join(response.streaming_content) if response.streaming else response.content
                )
                shown = body.replace(f"q={CANARY}".encode(), b"").replace(
                    f'value="{CANARY}"'.encode(), b""
                )
                if path.startswith("/search/"):
                    assert b"/files/" not in shown
                    continue
                assert CANARY.encode() not in shown, path
                assert bird.sha256.encode() not in shown, path
                seen += response.status_code == 200
            assert client.get(address(bird)).status_code in (302, 403)
        assert seen > 50

    def test_staff_see_the_bird(self, world: World, bird: Attachment, desk: Client) -> None:
        assert CANARY in Node.of(desk.get("/evidence/outline/")).text


def test_the_desk_page_of_copies_is_sound(world: World, reviewer: Client) -> None:
    copy(world, name="公告.txt")
    shown = Node.of(reviewer.get(EDIT))
    assert inline_code(shown) == []
    assert unmarked_chinese(shown) == []


def test_a_document_without_a_link_offers_no_fetching(world: World, desk: Client) -> None:
    Evidence.objects.filter(pk=world.outline.pk).update(url="")
    assert not Node.of(desk.get(EDIT)).all("button", name="fetch")
