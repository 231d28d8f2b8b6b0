"""Documents and citations are edited on the desk; of two editors the second sees both versions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from measures import record, workflow
from measures.models import Citation, Evidence, User
from tests.pages.reader import Node, inline_code, parse, unmarked_chinese
from tests.world import World

EVIDENCE = "/desk/evidence/outline/"


@pytest.fixture
def desk(world: World, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.ana)


def filled(client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """What the form on the page would post, with these changes."""
    form = client.get(path).context["form"]
    told = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in told.items() if value not in (None, False)} | changes


def citation_page(citation: Citation) -> str:
    return f"/desk/citations/{citation.pk}/"


def test_a_document_is_edited_with_a_reason(desk: Client, world: World) -> None:
    told = filled(desk, EVIDENCE, title="The new outline", why="A typing error.")
    assert desk.post(EVIDENCE, told)["Location"] == "/evidence/outline/"
    world.outline.refresh_from_db()
    assert world.outline.title == "The new outline"
    assert list(world.outline.bodies.all()) == [world.patent_office]
    entry = record.head()
    assert entry is not None
    assert entry.why == "A typing error."
    assert (entry.before, entry.after) == (
        {"title": "The outline"},
        {"title": "The new outline"},
    )


@pytest.mark.parametrize("key", ["new", "files", "history", "desk"])
def test_no_key_is_in_the_way_of_another_page(key: str, desk: Client, world: World) -> None:
    document = Evidence(key=key, title="A document", kind="law", tier=1)
    record.save(document, by=world.ana)
    path = f"/desk/evidence/{key}/"
    assert desk.post(path, filled(desk, path, title="Edited"))["Location"] == f"/evidence/{key}/"
    assert Evidence.objects.get(key=key).title == "Edited"
    assert path in Node.of(desk.get(f"/evidence/{key}/")).links().values()


def test_saved_as_it_was_it_leaves_no_entry(desk: Client, world: World) -> None:
    for path in (EVIDENCE, citation_page(world.outline_on_plan)):
        head = record.head()
        told = filled(desk, path, why="Nothing.")
        response = desk.post(path, told, follow=True)
        assert "Nothing was changed." in response.content.decode()
        assert record.head() == head


def test_where_it_was_seen_is_one_address_a_line(desk: Client, world: World) -> None:
    told = filled(desk, EVIDENCE, seen_at="https://example.org/a\r\n\r\n https://example.org/b")
    desk.post(EVIDENCE, told)
    world.outline.refresh_from_db()
    assert world.outline.seen_at == ["https://example.org/a", "https://example.org/b"]
    shown = Node.of(desk.get(EVIDENCE)).one("textarea", name="seen_at")
    assert shown.text == "https://example.org/a https://example.org/b"
    head = record.head()
    desk.post(EVIDENCE, filled(desk, EVIDENCE))
    assert record.head() == head


def test_the_key_is_no_field_of_the_form(desk: Client, world: World) -> None:
    desk.post(EVIDENCE, filled(desk, EVIDENCE, key="another", title="The new outline"))
    assert Evidence.objects.get(pk=world.outline.pk).key == "outline"


def test_a_citation_is_edited(desk: Client, world: World) -> None:
    path = citation_page(world.outline_on_plan)
    told = filled(desk, path, bearing="context", locator="Article 2", why="Read again.")
    assert desk.post(path, told)["Location"] == "/measures/1.1/"
    world.outline_on_plan.refresh_from_db()
    assert (world.outline_on_plan.bearing, world.outline_on_plan.locator) == (
        "context",
        "Article 2",
    )


class TestTwoEditors:
    """Rui saves between Ana's opening the page and her saving it."""

    def both(self, desk: Client, world: World) -> tuple[dict[str, Any], Any]:
        world.outline.title, world.outline.title_zh = "The old outline", "知识产权纲要"
        record.save(world.outline, by=world.ana)
        told = filled(desk, EVIDENCE, title="The old plain outline", title_zh="知识产权规划纲要")
        theirs = Evidence.objects.get(pk=world.outline.pk)
        theirs.title, theirs.tier = "The old short outline", 2
        record.save(theirs, by=world.rui)
        return told, desk.post(EVIDENCE, told)

    def test_the_second_gets_both_versions(self, desk: Client, world: World) -> None:
        _, response = self.both(desk, world)
        assert response.status_code == 409
        page = parse(response.content.decode())
        conflict = page.section("conflict")
        assert [each.text for each in conflict.all("dt")] == [
            "Title",
            "Title (zh)",
            "Source tier",
        ]
        # English by the word, Chinese by the character.
        assert [each.text for each in conflict.all("del")][:1] == ["short"]
        assert [each.text for each in conflict.all("ins")][:2] == ["plain", "规划"]
        assert Evidence.objects.get(pk=world.outline.pk).title == "The old short outline"

    def test_what_was_written_stays_in_the_form_and_can_be_saved_on_purpose(
        self, desk: Client, world: World
    ) -> None:
        told, response = self.both(desk, world)
        page = parse(response.content.decode())
        assert page.one("input", name="title")["value"] == told["title"]
        version = page.one("input", name="seen_version")["value"]
        assert version == str(Evidence.objects.get(pk=world.outline.pk).version)
        assert desk.post(EVIDENCE, told).status_code == 409
        assert desk.post(EVIDENCE, told | {"seen_version": version}).status_code == 302
        assert Evidence.objects.get(pk=world.outline.pk).title == told["title"]
        assert record.verify().broken is None

    def test_of_a_citation_too(self, desk: Client, world: World) -> None:
        path = citation_page(world.outline_on_plan)
        told = filled(desk, path, note="Shows what was planned.")
        theirs = Citation.objects.get(pk=world.outline_on_plan.pk)
        theirs.bearing = "context"
        record.save(theirs, by=world.rui)
        response = desk.post(path, told)
        assert response.status_code == 409
        conflict = parse(response.content.decode()).section("conflict")
        assert [each.text for each in conflict.all("dt")] == ["Bearing", "What it shows"]
        assert [each.text for each in conflict.all("del")] == ["Context", "done"]

    def test_two_that_say_the_same_are_told_so(self, desk: Client, world: World) -> None:
        told = filled(desk, EVIDENCE, title="The new outline")
        theirs = Evidence.objects.get(pk=world.outline.pk)
        theirs.title = "The new outline"
        record.save(theirs, by=world.rui)
        response = desk.post(EVIDENCE, told)
        assert response.status_code == 409
        assert "Both say the same." in response.content.decode()

    def test_what_was_deleted_meanwhile_is_not_found(
        self, desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(row: Any, **given: Any) -> None:
            raise record.Conflict(row, None)

        told = filled(desk, EVIDENCE)
        monkeypatch.setattr(workflow, "change", gone)
        assert desk.post(EVIDENCE, told).status_code == 404


@pytest.mark.parametrize("wrong", [{"title": ""}, {"seen_version": ""}, {"why": "x\x0by"}])
def test_what_cannot_be_saved_is_sent_back(
    wrong: dict[str, str], desk: Client, world: World
) -> None:
    response = desk.post(EVIDENCE, filled(desk, EVIDENCE, **wrong))
    assert response.status_code == 422
    assert Evidence.objects.get(pk=world.outline.pk).version == world.outline.version


def test_only_who_keeps_the_library_edits_it(
    world: World, mei: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    for path in (EVIDENCE, citation_page(world.outline_on_plan)):
        assert visitor.get(path)["Location"].startswith("/accounts/login/")
        assert signed_in(mei).get(path).status_code == 403
        assert signed_in(mei).post(path, {}).status_code == 403
    for path in ("/evidence/outline/", "/measures/1.1/"):
        ways = Node.of(signed_in(world.ana).get(path)).links().values()
        assert citation_page(world.outline_on_plan) in ways
        seen = Node.of(visitor.get(path)).links().values()
        assert not [way for way in seen if way.startswith("/desk/")]


def test_the_pages_hold_to_the_rules_of_every_page(desk: Client, world: World) -> None:
    for path in (EVIDENCE, citation_page(world.outline_on_plan)):
        shown = Node.of(desk.get(path))
        assert shown.one("h1").text == "The outline"
        assert inline_code(shown) == []
        assert unmarked_chinese(shown) == []
        ids = [node["id"] for node in shown.everything() if "id" in node.attributes]
        assert len(ids) == len(set(ids))
    assert desk.get("/desk/evidence/nowhere/").status_code == 404
    assert desk.get("/desk/citations/0/").status_code == 404
