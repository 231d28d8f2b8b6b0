"""How far an import is: shown to whoever waits for it, begun once, gone with whoever did it."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from measures import record, underway, workflow
from measures.models import Evidence, User
from measures.sheets import bringing
from tests.pages.reader import Node, parse
from tests.pages.test_desk_bundle import decide as decide_bundle
from tests.pages.test_desk_bundle import send as send_bundle
from tests.pages.test_desk_import import decide, send
from tests.sheets.sent import as_csv
from tests.world import World

HTMX = {"HTTP_HX_REQUEST": "true"}
ROWS = [{"key": f"law-{n}", "title": f"A law {n}", "kind": "law", "tier": "1"} for n in range(600)]
BODIES = "- {slug: library, title: The Library}\n- {slug: museum, title: The Museum}\n"
HOLDS = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print(); input()"


@pytest.fixture(autouse=True)
def _in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a file of six hundred rows is written in three."""
    monkeypatch.setattr(bringing, "AT_ONCE", 250)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def browser(world: World, folder: Path, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.ana)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], list[Any]]:
    """Do something before each part of an import is written; what came of it."""

    def between(act: Callable[[], Any]) -> list[Any]:
        seen: list[Any] = []
        real = workflow.add_all

        def add_all(*args: Any, **kwargs: Any) -> None:
            seen.append(act())
            real(*args, **kwargs)

        monkeypatch.setattr(workflow, "add_all", add_all)
        monkeypatch.setattr(underway, "OFTEN", 0)
        return seen

    return between


def test_whoever_waits_sees_it_move_and_end(
    browser: Client, folder: Path, meanwhile: Callable[..., list[Any]]
) -> None:
    shown = send(browser, ROWS)
    assert "So many rows take a while" in Node.of(shown).section("preview").text
    seen = meanwhile(lambda: Node.of(browser.get("/desk/underway/?asked=1", **HTMX)))
    decide(browser, shown, "import")
    bars = [each.one("progress") for each in seen]
    assert [(bar["value"], bar["max"]) for bar in bars] == [
        ("0", "600"),
        ("250", "600"),
        ("500", "600"),
    ]
    assert seen[1].one(id="underway-stage").text == "Writing into the register: 250 of 600"
    assert seen[1].one(role="status").text == "Writing into the register: 250 of 600"
    assert "seen=1" in seen[1].one(id="underway")["hx-get"]
    after = Node.of(browser.get("/desk/underway/?seen=1", **HTMX))
    assert "It has ended." in after.one(id="underway").text
    assert "hx-get" not in after.one(id="underway").attributes
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_without_javascript_it_is_a_page_of_its_own(
    browser: Client, meanwhile: Callable[..., list[Any]]
) -> None:
    shown = send(browser, ROWS[:3])
    seen = meanwhile(lambda: Node.of(browser.get("/desk/underway/")))
    decide(browser, shown, "import")
    assert "0 of 3" in seen[0].one("main").text
    after = Node.of(browser.get("/desk/underway/"))
    assert "Nothing of yours is under way." in after.one("main").text


def test_what_is_said_aloud_is_said_once_a_quarter(
    browser: Client, meanwhile: Callable[..., list[Any]]
) -> None:
    shown = send(browser, ROWS)
    told = "/desk/underway/?seen=1&told=writing-1"
    seen = meanwhile(lambda: Node.of(browser.get(told, **HTMX)).all(role="status"))
    decide(browser, shown, "import")
    assert [bool(each) for each in seen] == [True, False, True]


def test_pressed_twice_it_is_done_once(
    browser: Client, meanwhile: Callable[..., list[Any]]
) -> None:
    shown = send(browser, ROWS)
    seen = meanwhile(lambda: decide(browser, shown, "import"))
    assert decide(browser, shown, "import")["Location"] == "/evidence/"
    assert [each.status_code for each in seen] == [409, 409, 409]
    page = parse(seen[1].content.decode())
    assert "was not begun a second time" in page.one("main").text
    assert page.one("progress")["value"] == "250"
    assert Evidence.objects.filter(key__startswith="law-").count() == 600


def test_a_file_that_was_refused_is_not_under_way_any_more(browser: Client) -> None:
    upload = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    page = parse(browser.post("/desk/import/", {"file": upload}).content.decode())
    assert "do not tell what the rows are" in page.one("p", cls="errorlist").text
    assert page.all("progress") == []


def test_a_bundle_says_how_far_it_is_and_is_begun_once(
    folder: Path,
    ada: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser, seen = signed_in(ada), []
    real = record.add_all

    def add_all(*args: Any, **kwargs: Any) -> None:
        page = Node.of(browser.get("/desk/underway/?asked=1", **HTMX))
        again = send_bundle(browser, BODIES)
        seen.append((page.one(id="underway-stage").text, again.status_code))
        real(*args, **kwargs)

    monkeypatch.setattr(record, "add_all", add_all)
    monkeypatch.setattr(underway, "OFTEN", 0)
    shown = send_bundle(browser, BODIES)
    assert decide_bundle(browser, shown, "load")["Location"] == "/source/"
    assert seen == [
        ("Trying it out: 0 of 2", 409),
        ("Trying it out: 0 of 2", 409),
        ("Writing into the register: 0 of 2", 409),
    ]
    page = Node.of(browser.get("/desk/bundle/"))
    assert page.all("progress") == []
    assert page.one(id="underway")["hx-trigger"] == "working"
    assert all("data-long" in each.attributes for each in page.one("main").all("form"))


def test_another_person_sees_nothing_of_it(
    browser: Client,
    world: World,
    signed_in: Callable[[User], Client],
    meanwhile: Callable[..., list[Any]],
) -> None:
    other = signed_in(world.rui)
    shown = send(browser, ROWS[:3])
    seen = meanwhile(lambda: Node.of(other.get("/desk/underway/")).one("main").text)
    decide(browser, shown, "import")
    assert "Nothing of yours is under way." in seen[0]


def test_what_fails_half_way_leaves_nothing(
    browser: Client, folder: Path, world: World, meanwhile: Callable[..., list[Any]]
) -> None:
    shown = send(browser, ROWS)
    parts = iter(range(2))
    meanwhile(lambda: next(parts))
    browser.raise_request_exception = False
    assert decide(browser, shown, "import").status_code == 500
    assert not Evidence.objects.filter(key__startswith="law-").exists()
    assert underway.step(world.ana.opaque_id) is None
    assert list((folder / "underway").iterdir()) == []


def test_who_is_killed_has_nothing_under_way(browser: Client, folder: Path, world: World) -> None:
    place = folder / "underway" / str(world.ana.opaque_id)
    place.parent.mkdir(parents=True)
    place.write_text("writing 3 9")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        assert "3 of 9" in Node.of(browser.get("/desk/import/")).one("main").text
        assert send(browser, ROWS[:1]).status_code == 409
        worker.kill()
    assert Node.of(browser.get("/desk/import/")).all("progress") == []
    assert not place.exists()
    assert send(browser, ROWS[:1]).status_code == 200


def test_a_page_does_not_ask_for_ever(browser: Client) -> None:
    waiting = Node.of(browser.get("/desk/underway/?asked=1", **HTMX)).one(id="underway")
    assert waiting["hx-get"] == "/desk/underway/?asked=2"
    for last in ("90", "x", "-1", "9" * 80):
        tired = Node.of(browser.get(f"/desk/underway/?asked={last}", **HTMX))
        if last == "90":
            assert "hx-get" not in tired.one(id="underway").attributes


def test_the_command_has_a_line_on_a_terminal_and_none_in_a_pipe(
    world: World, tmp_path: Path
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    path = tmp_path / "sheet.csv"
    path.write_bytes(as_csv(ROWS))
    pipe, terminal = io.StringIO(), Terminal()
    call_command("import_sheet", path, by="ana", dry_run=True, stdout=pipe)
    call_command("import_sheet", path, by="ana", stdout=terminal)
    assert "\r" not in pipe.getvalue()
    assert "\rwriting: 41 % of 600 rows" in terminal.getvalue()
    assert "\rwriting: 100 % of 600 rows" in terminal.getvalue()
