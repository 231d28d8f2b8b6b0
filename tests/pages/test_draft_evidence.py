"""Evidence found by typing, and chosen without leaving the draft."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from measures import record, workflow
from measures.models import Citation, Draft, Evidence, User
from measures.pages import citing
from tests.pages.reader import Node, inline_code, unmarked_chinese
from tests.world import PROPOSAL, World

TYPED = {"HX-Request": "true", "HX-Target": "found"}


@pytest.fixture
def draft(world: World) -> Draft:
    """Ana writes on the rulings, with nothing chosen yet."""
    return workflow.start(
        world.rulings, by=world.ana, status="partial", effective_on=date(2022, 5, 1), **PROPOSAL
    )


@pytest.fixture
def desk(world: World, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.ana)


def address(draft: Draft) -> str:
    return f"/desk/drafts/{draft.uid}/evidence/"


def found(client: Client, draft: Draft, text: str) -> list[str]:
    shown = Node.of(client.get(address(draft), {"q": text}))
    return [each.all("a")[0].text for each in shown.all("li") if each.all(cls="head")]


def choice(evidence: Evidence, **said: str) -> dict[str, str]:
    return {"evidence": evidence.key, "stage": "in-force", "bearing": "supports", **said}


@pytest.mark.parametrize("text", ["The OUTLINE", " outl", "国发〔2021〕", "发〔2021〕20"])
def test_a_document_is_found_by_title_and_by_number(
    text: str, world: World, draft: Draft, desk: Client
) -> None:
    world.outline.document_number = "国发〔2021〕20号"
    record.save(world.outline, by=world.ana)
    assert found(desk, draft, text) == ["The outline"]


def test_a_document_is_found_by_its_chinese_title(world: World, draft: Draft, desk: Client) -> None:
    world.yearbook.title_zh = "知识产权年鉴"
    record.save(world.yearbook, by=world.ana)
    assert found(desk, draft, "产权年") == ["The yearbook"]
    assert found(desk, draft, "文件") == ["The outline", "The statement"]


def test_nothing_is_listed_before_something_is_typed(draft: Draft, desk: Client) -> None:
    assert found(desk, draft, "") == found(desk, draft, "  ") == []
    shown = Node.of(desk.get(address(draft), {"q": "elsewhere"}))
    assert "No title or number in the library has “elsewhere” in it." in shown.text


def test_at_most_ten_are_listed_and_the_rest_is_told(
    world: World, draft: Draft, desk: Client, crowd: Callable[[int], Any]
) -> None:
    crowd(11)
    shown = Node.of(desk.get(address(draft), {"q": "Document"}))
    assert len(shown.all(cls="head")) == citing.FOUND_AT_MOST
    assert "Type more of the title" in shown.text


@pytest.mark.parametrize("text", ["x" * 101, "x\x0by"])
def test_what_cannot_be_searched_for_is_said(text: str, draft: Draft, desk: Client) -> None:
    shown = Node.of(desk.get(address(draft), {"q": text}))
    assert shown.one("p", cls="errorlist").text


def test_htmx_gets_the_part_alone(draft: Draft, desk: Client) -> None:
    response = desk.get(address(draft), {"q": "outline"}, headers=TYPED)
    shown = Node.of(response)
    assert shown.one(id="found")
    assert shown.one(id="announce").text == "1 document found"
    assert not shown.all("h1")
    assert {"HX-Request", "HX-Target"} <= {each.strip() for each in response["Vary"].split(",")}


def test_a_document_is_cited_and_chosen_in_one_step(
    world: World, draft: Draft, desk: Client
) -> None:
    response = desk.post(address(draft), choice(world.outline, note="It says so."))
    assert response["Location"] == f"/desk/drafts/{draft.uid}/"
    citation = Citation.objects.get(measure=world.rulings, evidence=world.outline)
    assert (citation.stage, citation.bearing, citation.note) == (
        "in-force",
        "supports",
        "It says so.",
    )
    assert list(draft.citations.all()) == [citation]
    assert record.verify().broken is None


def test_what_is_chosen_already_stays_chosen(world: World, draft: Draft, desk: Client) -> None:
    workflow.save(draft, by=world.ana, citations=[world.yearbook_on_rulings])
    desk.post(address(draft), choice(world.outline))
    assert {each.evidence for each in draft.citations.all()} == {world.yearbook, world.outline}


def test_a_document_that_is_cited_already_is_chosen_as_it_is_cited(
    world: World, draft: Draft, desk: Client
) -> None:
    shown = Node.of(desk.get(address(draft), {"q": "yearbook"}))
    row = shown.one("ul", cls="evidence")
    assert "Cited under this commitment already." in row.text
    assert not row.all("select")
    desk.post(address(draft), {"evidence": "yearbook", "stage": "drafted"})
    assert list(draft.citations.all()) == [world.yearbook_on_rulings]
    world.yearbook_on_rulings.refresh_from_db()
    assert world.yearbook_on_rulings.stage == "applied"


def test_sent_twice_it_is_one_citation_and_one_change(
    world: World, draft: Draft, desk: Client
) -> None:
    desk.post(address(draft), choice(world.outline))
    head = record.head()
    desk.post(address(draft), choice(world.outline))
    assert record.head() == head
    assert "in the draft" in Node.of(desk.get(address(draft), {"q": "outline"})).text


def test_htmx_gets_the_row_the_new_choice_the_rules_and_the_version(
    world: World, draft: Draft, desk: Client
) -> None:
    response = desk.post(address(draft), choice(world.outline), headers={"HX-Request": "true"})
    shown = Node.of(response)
    draft.refresh_from_db()
    assert shown.one("li", id=f"hit-{world.outline.pk}").chips() == ["in the draft"]
    added = shown.one("div", hx_swap_oob="beforeend:#cited")
    assert "checked" in added.one("input").attributes
    assert shown.one(id="seen_version")["value"] == str(draft.version)
    assert shown.one(id="checks")["hx-swap-oob"] == "true"
    assert [each["name"] for each in shown.all("input", type="checkbox")] == ["citations"]


def test_htmx_ticks_the_choice_that_the_page_has_already(
    world: World, draft: Draft, desk: Client
) -> None:
    sent = {"evidence": "yearbook"}
    shown = Node.of(desk.post(address(draft), sent, headers={"HX-Request": "true"}))
    label = shown.one("label", hx_swap_oob="true")
    assert label["id"] == f"cited-{world.yearbook_on_rulings.pk}"
    page = Node.of(desk.get(f"/desk/drafts/{draft.uid}/"))
    assert page.one(id="cited").one("label", id=label["id"])


@pytest.mark.parametrize(("htmx", "status"), [({}, 422), ({"HX-Request": "true"}, 200)])
def test_a_citation_that_is_not_complete_is_sent_back(
    htmx: dict[str, str], status: int, world: World, draft: Draft, desk: Client
) -> None:
    response = desk.post(address(draft), choice(world.outline, stage=""), headers=htmx)
    assert response.status_code == status
    assert b"This field is required." in response.content
    assert not Citation.objects.filter(measure=world.rulings, evidence=world.outline).exists()


@pytest.mark.parametrize("key", ["nowhere", "", "x" * 81])
def test_a_document_that_is_not_there_is_not_found(key: str, draft: Draft, desk: Client) -> None:
    assert desk.post(address(draft), {"evidence": key}).status_code == 404


def test_nobody_adds_to_the_draft_of_another(
    world: World, draft: Draft, signed_in: Callable[[User], Client]
) -> None:
    reviewer = signed_in(world.rui)
    assert reviewer.get(address(draft)).status_code == 404
    assert reviewer.post(address(draft), choice(world.outline)).status_code == 404
    assert not draft.citations.exists()


def test_who_only_reads_is_told_so(
    world: World, draft: Draft, mei: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(mei).get(address(draft)).status_code == 403
    assert visitor.get(address(draft))["Location"].startswith("/accounts/login/")


def test_a_draft_that_was_handed_in_takes_nothing_more(world: World, desk: Client) -> None:
    draft = world.draft(world.rulings)
    for htmx in ({}, {"HX-Request": "true"}):
        response = desk.post(address(draft), choice(world.outline), headers=htmx)
        led = response.get("Location") or response["HX-Redirect"]
        assert led == f"/desk/drafts/{draft.uid}/"
    assert not Citation.objects.filter(measure=world.rulings, evidence=world.outline).exists()
    assert "no longer waiting" in Node.of(desk.get(f"/desk/drafts/{draft.uid}/")).text


def test_a_document_is_not_cited_where_the_draft_moved_on(
    world: World, draft: Draft, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the draft and saving it somebody else saved it."""
    visible = citing._hits

    def meanwhile(mine: Draft, *given: Any) -> Any:
        theirs = Draft.objects.get(pk=mine.pk)
        workflow.save(theirs, by=world.ana, rationale="Another reason.")
        return visible(mine, *given)

    monkeypatch.setattr(citing, "_hits", meanwhile)
    response = desk.post(address(draft), choice(world.outline), follow=True)
    assert "was changed by somebody else" in response.content.decode()
    assert not Citation.objects.filter(measure=world.rulings, evidence=world.outline).exists()
    monkeypatch.undo()
    desk.post(address(draft), choice(world.outline))
    assert draft.citations.exists()


def test_the_page_and_the_draft_hold_to_the_rules_of_every_page(
    world: World, draft: Draft, desk: Client
) -> None:
    for path in (f"{address(draft)}?q=the", f"/desk/drafts/{draft.uid}/"):
        shown = Node.of(desk.get(path))
        assert len(shown.all("h1")) == 1
        assert inline_code(shown) == []
        assert unmarked_chinese(shown) == []
        ids = [node["id"] for node in shown.everything() if "id" in node.attributes]
        assert len(ids) == len(set(ids))
        assert shown.one("main").one("form", role="search")["action"] == address(draft)
        assert f"/desk/evidence/?draft={draft.uid}" in shown.links().values()


def test_a_draft_that_is_nowhere_is_not_found(desk: Client) -> None:
    assert desk.get(f"/desk/drafts/{uuid.uuid4()}/evidence/").status_code == 404
