"""Bundles from the desk: taken away, shown before they are loaded, loaded once."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from measures import bundle, record
from measures.models import Body, RecordEntry, Source, User
from tests.pages.reader import Node, parse
from tests.world import World

NEW = "- slug: library\n  title: The Library\n"
CHANGED = "- slug: patent-office\n  title: Office of Patents\n"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def browser(world: World, ada: User, folder: Path, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(ada)


def send(browser: Client, text: str, name: str = "bodies.yaml") -> Any:
    return send_all(browser, {name: text})


def send_all(browser: Client, files: dict[str, str]) -> Any:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    upload = SimpleUploadedFile("bundle.zip", file.getvalue())
    return browser.post("/desk/bundle/", {"file": upload})


def decide(browser: Client, shown: Any, act: str) -> Any:
    form = read(shown).section("preview").one("form")
    posted = {each["name"]: each["value"] for each in form.all("input", type="hidden")}
    return browser.post("/desk/bundle/", posted | {"act": act})


def read(answer: Any) -> Node:
    return parse(answer.content.decode())


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_new_is_shown_then_loaded_and_is_the_act_of_who_loaded_it(
    browser: Client, folder: Path, ada: User
) -> None:
    shown = send(browser, NEW)
    page = Node.of(shown)
    assert "bodies 1 0 0" in page.section("preview").one("tbody").text
    assert "library" in page.section("new").text
    assert not Body.objects.filter(slug="library").exists()
    answer = decide(browser, shown, "load")
    assert answer["Location"] == "/source/"
    assert (
        "The bundle was loaded." in Node.of(browser.get("/source/", follow=True)).one("main").text
    )
    entry = RecordEntry.objects.order_by("-sequence")[0]
    assert (entry.key, entry.actor) == ("library", ada.opaque_id)
    assert left(folder) == []


def test_the_button_pressed_twice_loads_once(browser: Client) -> None:
    shown = send(browser, NEW)
    decide(browser, shown, "load")
    before = RecordEntry.objects.count()
    again = decide(browser, shown, "load")
    assert again.status_code == 422
    assert "it was loaded or left" in read(again).one("main").text
    assert RecordEntry.objects.count() == before
    assert "there is nothing to do" in Node.of(send(browser, NEW)).one("main").text


@pytest.mark.parametrize(
    ("act", "title"), [("load", "Patent Office"), ("update", "Office of Patents")]
)
def test_what_differs_is_shown_and_taken_only_where_asked(
    act: str, title: str, browser: Client
) -> None:
    shown = send(browser, NEW + CHANGED)
    row = Node.of(shown).section("different").one("tbody").text
    assert row == "body patent-office title Patent Office Office of Patents"
    decide(browser, shown, act)
    assert Body.objects.get(slug="patent-office").title == title
    assert Body.objects.filter(slug="library").exists()


def test_what_changed_meanwhile_is_shown_again(browser: Client, world: World) -> None:
    shown = send(browser, CHANGED)
    body = Body.objects.get(slug="patent-office")
    body.title = "Theirs"
    record.save(body, by=world.rui)
    answer = decide(browser, shown, "update")
    assert answer.status_code == 409
    assert "changed since you looked" in read(answer).one("main").text
    assert Body.objects.get(slug="patent-office").title == "Theirs"
    decide(browser, answer, "update")
    assert Body.objects.get(slug="patent-office").title == "Office of Patents"


def test_problems_stand_with_file_record_and_field(browser: Client, folder: Path) -> None:
    answer = send(browser, "- slug: a\n  title: A\n  colour: red\n")
    assert answer.status_code == 422
    told = read(answer).section("problems").one("tbody").text
    assert told == "bodies.yaml a colour There is no such field."
    assert left(folder) == []


def test_it_can_be_left(browser: Client, folder: Path) -> None:
    assert decide(browser, send(browser, NEW), "leave")["Location"] == "/desk/bundle/"
    assert left(folder) == []
    assert not Body.objects.filter(slug="library").exists()


def test_a_hostile_archive_is_refused_in_a_sentence(browser: Client, folder: Path) -> None:
    answer = send(browser, NEW, name="../bodies.yaml")
    assert answer.status_code == 422
    assert "beside each other" in read(answer).section("problems").text
    assert left(folder) == []
    empty = browser.post("/desk/bundle/", {"file": SimpleUploadedFile("x.zip", b"no archive")})
    assert "no .zip file" in read(empty).section("problems").text


def test_a_file_that_is_too_large_is_refused(browser: Client, folder: Path) -> None:
    upload = SimpleUploadedFile("x.zip", b"x" * (20 * 2**20 + 1))
    answer = browser.post("/desk/bundle/", {"file": upload})
    assert answer.status_code == 422
    assert "Load its folder by command." in read(answer).one("p", cls="errorlist").text
    assert left(folder) == []


@pytest.mark.parametrize(
    "change",
    [{"sha256": "../../x"}, {"seen": "x"}, {"act": "drop"}, {"name": "x\u202e.zip"}],
)
def test_a_form_that_was_tampered_with_loads_nothing(
    change: dict[str, str], browser: Client
) -> None:
    shown = send(browser, NEW)
    sent, report = shown.context["sent"], shown.context["report"]
    posted = {**sent, "seen": report.fingerprint, "act": "load"} | change
    assert browser.post("/desk/bundle/", posted).status_code == 422
    assert not Body.objects.filter(slug="library").exists()


def test_the_register_and_each_source_are_taken_away(
    browser: Client, world: World, second_source: Source
) -> None:
    for query, source in (("", None), ("?source=plan-2021", second_source)):
        answer = browser.get(f"/desk/bundle.zip{query}")
        content = b"".join(answer)
        expected = io.BytesIO()
        bundle.pack(expected, source)
        assert content == expected.getvalue()
        assert answer["Cache-Control"] == "no-store, private"
        head = record.head()
        assert head is not None
        assert answer["X-Record-Head"] == f"{head.sequence} {head.hash}"
    assert browser.get("/desk/bundle.zip?source=none").status_code == 404
    links = Node.of(browser.get("/desk/bundle/")).section("away").links()
    assert links["A plan"] == "/desk/bundle.zip?source=plan-2021"
    upload = SimpleUploadedFile("bundle.zip", content)
    shown = Node.of(browser.post("/desk/bundle/", {"file": upload}))
    assert "there is nothing to do" in shown.one("main").text


def test_it_is_for_administrators(
    browser: Client, world: World, mei: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    for address in ("/desk/bundle/", "/desk/bundle.zip"):
        assert visitor.get(address)["Location"].startswith("/accounts/login/")
        for person in (world.ana, world.rui, mei):
            assert signed_in(person).get(address).status_code == 403
    assert signed_in(world.ana).post("/desk/bundle/").status_code == 403
    for page in ("/desk/", "/data/", "/admin/"):
        assert "/desk/bundle/" in Node.of(browser.get(page)).links().values(), page
    for page in ("/desk/", "/data/"):
        links = Node.of(signed_in(world.ana).get(page)).links()
        assert "/desk/bundle/" not in links.values()


FINDING = """\
- measure: '1.2'
  number: 9
  status: not-started
  effective_on: '2021-01-15'
  confidence: low
  confidence_reason: One page.
  rationale: Nothing yet.
  author: {author}
  approver: {approver}
  method_version: '1.0'
  coding: agree
"""
STRANGERS = """\
- {key: coding, id: 37418a6e-277a-4a69-8332-d8d2a9b3188b, name: Coding}
- {key: review, id: 875758a2-3976-43e5-8706-89e953a869ba, name: Review}
"""


@pytest.mark.parametrize(
    ("author", "approver", "wrong"),
    [("coding", "rui", ["approver"]), ("ana", "rui", ["author", "approver"])],
)
def test_a_bundle_from_a_page_speaks_for_nobody_who_works_here(
    author: str, approver: str, wrong: list[str], browser: Client, folder: Path, world: World
) -> None:
    here = {"ana": world.ana.opaque_id, "rui": world.rui.opaque_id}
    people = STRANGERS + "".join(
        f"- {{key: {key}, id: {known}, name: X}}\n" for key, known in here.items()
    )
    finding = FINDING.format(author=author, approver=approver)
    answer = send_all(browser, {"people.yaml": people, "findings.yaml": finding})
    rows = read(answer).section("problems").one("tbody").all("tr")
    assert [row.all("td")[2].text for row in rows] == wrong
    assert f"{world.rui} has an account here, and nobody else may speak for them." in rows[-1].text
    assert not world.training.findings.filter(number=9).exists()


def test_findings_of_people_without_an_account_here_come_in(
    browser: Client, world: World, ada: User
) -> None:
    finding = FINDING.format(author="coding", approver="review")
    decide(browser, send_all(browser, {"people.yaml": STRANGERS, "findings.yaml": finding}), "load")
    found = world.training.findings.get(number=9)
    assert str(found.approver) == "Review"
    assert not found.approver.is_active
    entry = RecordEntry.objects.filter(noun="finding").order_by("-sequence")[0]
    assert entry.actor == ada.opaque_id


def test_findings_that_the_register_has_already_keep_their_people(
    browser: Client, world: World
) -> None:
    content = b"".join(browser.get("/desk/bundle.zip"))
    upload = SimpleUploadedFile("bundle.zip", content)
    shown = Node.of(browser.post("/desk/bundle/", {"file": upload}))
    assert "there is nothing to do" in shown.one("main").text


SOURCES = """\
- {slug: plan-2021, title: A plan, delivered_on: 2021-06-01, is_default: true}
- {slug: speech-2020, title: A speech on intellectual property, delivered_on: 2020-11-30,
   is_default: false}
"""


def test_another_default_source_comes_only_with_what_differs(browser: Client, world: World) -> None:
    shown = send(browser, SOURCES, "sources.yaml")
    assert shown.status_code == 200
    preview = read(shown).section("preview")
    assert "only be loaded with its version of what differs" in preview.text
    assert [each["value"] for each in preview.all("button")] == ["update", "leave"]
    assert Source.objects.get(is_default=True) == world.speech
    refused = decide(browser, shown, "load")
    assert refused.status_code == 422
    assert Source.objects.get(is_default=True) == world.speech
    answer = decide(browser, send(browser, SOURCES, "sources.yaml"), "update")
    assert answer["Location"] == "/source/"
    assert Source.objects.get(is_default=True).slug == "plan-2021"


def test_two_default_sources_are_still_refused(browser: Client) -> None:
    first, *_rest = SOURCES.splitlines()
    answer = send(browser, first + "\n", "sources.yaml")
    assert answer.status_code == 422
    assert "is the default source already" in read(answer).section("problems").text
