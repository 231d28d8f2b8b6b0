"""Bringing a sheet in from the desk: shown first, done as shown, and nothing left behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from measures import record
from measures.models import Evidence, User
from tests.pages.reader import Node, parse
from tests.sheets.sent import as_csv, exported
from tests.world import World

ROW = {"key": "law", "title": "A law", "kind": "law", "tier": "1", "title_zh": "法律"}
CHANGE = {"key": "outline", "title": "Mine", "version": "1"}

Send = Callable[..., Any]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def browser(world: World, folder: Path, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.ana)


def send(
    browser: Client, rows: list[dict[str, Any]], name: str = "sheet.csv", noun: str = ""
) -> Any:
    upload = SimpleUploadedFile(name, as_csv(rows))
    return browser.post("/desk/import/", {"file": upload, "noun": noun})


def decide(browser: Client, shown: Any, act: str, **more: str) -> Any:
    """Press a button of the preview, sending what its form holds."""
    form = next(
        form
        for form in read(shown).one("main").all("form")
        if any(button["value"] == act for button in form.all("button", name="act"))
    )
    posted = {each["name"]: each["value"] for each in form.all("input", type="hidden")}
    return browser.post("/desk/import/", posted | {"act": act} | more)


def read(answer: Any) -> Node:
    """The page, whatever its status."""
    return parse(answer.content.decode())


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_sheet_is_shown_then_imported_and_leaves_nothing_behind(
    browser: Client, folder: Path, world: World
) -> None:
    shown = send(browser, [ROW])
    page = Node.of(shown)
    assert "New 1" in page.one("dl", cls="facts").text
    assert not Evidence.objects.filter(key="law").exists()
    assert len(left(folder)) == 1
    answer = decide(browser, shown, "import")
    assert answer["Location"] == "/evidence/"
    assert "1 row was imported." in Node.of(browser.get("/evidence/")).one("main").text
    assert Evidence.objects.get(key="law").title_zh == "法律"
    assert left(folder) == []
    entry = record.head()
    assert entry is not None
    assert (entry.key, entry.why) == ("law", "Imported from sheet.csv.")
    again = Node.of(send(browser, [ROW]))
    assert "there is nothing to do" in again.one("main").text
    assert again.all("button", name="act") == []


def test_it_can_be_left(browser: Client, folder: Path) -> None:
    answer = decide(browser, send(browser, [ROW]), "leave")
    assert answer["Location"] == "/desk/import/"
    assert left(folder) == []
    assert not Evidence.objects.filter(key="law").exists()


def test_a_change_is_shown_field_by_field(browser: Client) -> None:
    page = Node.of(send(browser, [CHANGE]))
    assert page.section("changed").one("dl").text == "Title The outlineMine"


def test_what_changed_meanwhile_is_shown_again_and_not_imported(
    browser: Client, world: World
) -> None:
    shown = send(browser, [CHANGE | {"version": ""}])
    world.outline.title = "Theirs"
    record.save(world.outline, by=world.rui)
    answer = decide(browser, shown, "import")
    assert answer.status_code == 409
    page = read(answer)
    assert "The register was changed since you looked" in page.one("main").text
    assert "TheirsMine" in page.section("changed").text
    assert Evidence.objects.get(key="outline").title == "Theirs"
    decide(browser, answer, "import")
    assert Evidence.objects.get(key="outline").title == "Mine"


def test_a_conflict_shows_both_and_says_what_to_do(browser: Client, world: World) -> None:
    world.outline.title = "Theirs"
    record.save(world.outline, by=world.rui)
    page = Node.of(send(browser, [CHANGE]))
    told = page.section("conflicts").text
    assert "made from version 1; the register now has version 2" in told
    assert "TheirsMine" in told
    assert [each["value"] for each in page.all("button", name="act")] == []


def test_problems_stand_with_their_cells(browser: Client, folder: Path) -> None:
    page = Node.of(send(browser, [ROW | {"kind": "lawe"}]))
    cells = [cell.text for cell in page.section("problems").one("tbody").all("td")]
    assert cells[:2] == ["C2", "kind"]
    assert "Is “law” meant?" in cells[2]


def test_a_column_is_taken_for_what_its_sender_says(browser: Client) -> None:
    row = {"titel" if name == "title" else name: value for name, value in ROW.items()}
    shown = send(browser, [row])
    select = Node.of(shown).section("columns").one("select")
    assert select["name"] == "column:titel"
    assert [each.text for each in select.all("option") if "selected" in each.attributes] == [
        "title"
    ]
    again = decide(browser, shown, "again", **{"column:titel": "title"})
    decide(browser, again, "import")
    assert Evidence.objects.get(key="law").title == "A law"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.csv", b"", "empty"),
        ("x.csv", b"a,b\n1,2\n", "do not tell what the rows are"),
        ("x.xlsx", b"PK\x03\x04broken", "broken"),
        ("x.csv", b"key\n" + b"x" * (20 * 2**20), "more than 20 MB"),
    ],
)
def test_what_cannot_be_read_is_refused(
    name: str, content: bytes, sentence: str, browser: Client, folder: Path
) -> None:
    answer = browser.post("/desk/import/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert sentence in read(answer).one("p", cls="errorlist").text
    assert left(folder) == []


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "../../../etc/passwd"},
        {"sha256": "0" * 64},
        {"seen": "x"},
        {"act": "drop"},
        {"noun": "users"},
        {"name": "x\u202e.csv"},
    ],
)
def test_a_form_that_was_tampered_with_imports_nothing(
    change: dict[str, str], browser: Client
) -> None:
    shown = send(browser, [ROW])
    form = {**shown.context["sent"], "seen": shown.context["plan"].fingerprint, "act": "import"}
    del form["chosen"]
    answer = browser.post("/desk/import/", form | change)
    assert answer.status_code == 422
    assert not Evidence.objects.filter(key="law").exists()


def test_what_was_not_seen_is_not_imported(browser: Client) -> None:
    shown = send(browser, [ROW])
    assert decide(browser, shown, "import", seen="0" * 64).status_code == 409
    assert not Evidence.objects.filter(key="law").exists()


def test_what_came_in_meanwhile_by_another_way_is_said(browser: Client, world: World) -> None:
    shown = send(browser, [CHANGE])
    world.outline.title = "Mine"
    record.save(world.outline, by=world.rui)
    answer = decide(browser, shown, "import")
    assert answer["Location"] == "/evidence/"
    told = Node.of(browser.get("/evidence/")).one("main").text
    assert "The register says what the file says." in told


def test_another_person_has_no_part_in_it(
    browser: Client, world: World, signed_in: Callable[[User], Client]
) -> None:
    shown = send(browser, [ROW])
    answer = decide(signed_in(world.rui), shown, "import")
    assert answer.status_code == 422
    assert "no longer here" in read(answer).one("main").text


def test_only_staff_who_write_may_come_in(
    world: World, mei: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    assert visitor.get("/desk/import/")["Location"].startswith("/accounts/login/")
    assert visitor.post("/desk/import/")["Location"].startswith("/accounts/login/")
    assert signed_in(mei).get("/desk/import/").status_code == 403
    assert signed_in(mei).post("/desk/import/").status_code == 403
    for person in (world.ana, world.rui):
        assert signed_in(person).get("/desk/import/").status_code == 200
        assert "/desk/import/" in Node.of(signed_in(person).get("/desk/")).links().values()
    assert "/desk/import/" not in Node.of(signed_in(mei).get("/desk/")).links().values()


def test_a_hostile_text_is_shown_as_text(browser: Client) -> None:
    text = "<script>alert(1)</script>"
    shown = send(browser, [ROW | {"title": text, text: "x"}], name=f"{text}.csv")
    assert "<script>alert" not in shown.content.decode()


def test_many_rows_are_counted_and_the_first_are_shown(browser: Client) -> None:
    page = Node.of(send(browser, [ROW | {"key": f"law-{n}"} for n in range(60)]))
    assert len(page.section("new").all("li")) == 50
    assert "The first 50 of 60 are shown." in page.section("new").text


def test_a_forgotten_sheet_goes_after_a_day(
    browser: Client, folder: Path, world: World, signed_in: Callable[[User], Client]
) -> None:
    import os

    send(browser, [ROW])
    (forgotten,) = left(folder)
    os.utime(forgotten.parent, (0, 0))
    send(signed_in(world.rui), [ROW])
    assert forgotten not in left(folder)
    assert len(left(folder)) == 1


def test_the_command_does_the_same(world: World, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(as_csv([ROW]))
    call_command("import_sheet", path, by="ana", dry_run=True)
    assert "A dry run" in capsys.readouterr().out
    assert not Evidence.objects.filter(key="law").exists()
    call_command("import_sheet", path, by="ana")
    assert "1 new" in capsys.readouterr().out
    assert Evidence.objects.filter(key="law").exists()
    path.write_bytes(as_csv([ROW | {"kind": "lawe"}]))
    with pytest.raises(CommandError, match="1 in the way"):
        call_command("import_sheet", path, by="ana")
    with pytest.raises(CommandError, match="no account"):
        call_command("import_sheet", path, by="nobody")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_sheet", tmp_path / "none.csv", by="ana")
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(CommandError, match="Save it as"):
        call_command("import_sheet", path, by="ana")
    path.write_bytes(exported("evidence", world.speech, "csv"))
    call_command("import_sheet", path, by="ana")
    assert "4 as they are" in capsys.readouterr().out
