"""A document is added to the library where it is needed, and only once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import Client

from measures import record, workflow
from measures.models import Citation, Draft, Evidence, User
from tests.pages.reader import Node, inline_code, parse, unmarked_chinese
from tests.world import PROPOSAL, World

ADDRESS = "/desk/evidence/"
LAW: dict[str, Any] = {
    "title": "The law on plant varieties",
    "kind": "law",
    "tier": "1",
    "language": "zh",
    "checked_state": "unverified",
    "issued_on": "2022-03-01",
}
CITED = {"stage": "in-force", "bearing": "supports", "note": "It is in force."}


@pytest.fixture
def draft(world: World) -> Draft:
    """Ana writes on the rulings, with nothing chosen yet."""
    return workflow.start(
        world.rulings, by=world.ana, status="partial", effective_on=date(2022, 5, 1), **PROPOSAL
    )


@pytest.fixture
def desk(world: World, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.ana)


def sent(client: Client, told: dict[str, Any], place: str = "", status: int = 302) -> Any:
    response = client.post(ADDRESS + place, told)
    assert response.status_code == status, response.content.decode()
    return response


def alike(response: Any) -> list[str]:
    return [each["href"] for each in parse(response.content.decode()).section("alike").all("a")]


def test_a_document_is_added_with_a_key_of_its_title_and_year(desk: Client, world: World) -> None:
    response = sent(desk, LAW | {"bodies": [world.patent_office.pk]})
    added = Evidence.objects.get(title=LAW["title"])
    assert added.key == "the-law-on-plant-varieties-2022"
    assert response["Location"] == f"/evidence/{added.key}/"
    assert list(added.bodies.all()) == [world.patent_office]
    entry = record.head()
    assert entry is not None
    assert (entry.noun, entry.action, entry.after["bodies"]) == (
        "evidence",
        "added",
        ["patent-office"],
    )


def test_an_address_without_a_scheme_is_taken_for_https(desk: Client) -> None:
    sent(desk, LAW | {"url": "gov.example.org/law"})
    assert Evidence.objects.get(title=LAW["title"]).url == "https://gov.example.org/law"


@pytest.mark.parametrize(
    ("title", "day", "key"),
    [
        ("The outline", None, "the-outline"),
        ("Outline", None, "outline-2"),
        ("“Plan” — 2nd!", date(2021, 1, 1), "plan-2nd-2021"),
        ("知识产权", date(2021, 1, 1), "document-2021"),
        ("x" * 200, None, "x" * 60),
    ],
)
def test_a_proposed_key_is_free_and_fits(
    title: str, day: date | None, key: str, world: World
) -> None:
    assert Evidence.objects.free_key(title, day) == key


@pytest.mark.parametrize(
    "same",
    [
        {"url": "http://www.example.org/outline/#top"},
        {"document_number": "国发[2021]20号"},
        {"title": "The Outlines"},
        {"title_zh": "文件"},
    ],
)
def test_what_may_be_there_already_is_shown_before_it_is_saved(
    same: dict[str, str], desk: Client, world: World
) -> None:
    world.outline.document_number = "国发〔2021〕20号"
    record.save(world.outline, by=world.ana)
    response = sent(desk, LAW | same, status=422)
    assert "/evidence/outline/" in alike(response)
    assert not Evidence.objects.filter(kind="law").exists()
    page = parse(response.content.decode())
    assert "may hold this document already" in page.text
    assert unmarked_chinese(page) == []
    assert page.one("input", name="title")["value"] == (LAW | same)["title"]
    shown = page.one("input", name="another")["value"]
    sent(desk, LAW | same | {"another": shown})
    assert Evidence.objects.filter(kind="law").count() == 1


def test_a_form_sent_twice_makes_one_document(desk: Client, world: World) -> None:
    told = LAW | {"title": "The outlines"}
    told["another"] = "outline"
    sent(desk, told)
    again = sent(desk, told, status=422)
    assert "/evidence/the-outlines-2022/" in alike(again)
    assert Evidence.objects.filter(kind="law").count() == 1


def test_of_two_that_are_sent_at_once_the_second_is_told(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clash(*given: Any, **more: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(workflow, "bring_in", clash)
    response = sent(desk, LAW, status=422)
    assert "A colleague has just added" in response.content.decode()


@pytest.mark.parametrize("key", ["outline", "Not a key", "-x"])
def test_a_key_that_is_taken_or_no_key_is_refused(key: str, desk: Client, world: World) -> None:
    response = sent(desk, LAW | {"key": key}, status=422)
    assert parse(response.content.decode()).one("p", id="id_new_key_error").text


@pytest.mark.parametrize(
    "wrong", [{"title": "x\u202ey"}, {"kind": "rumour"}, {"tier": "6"}, {"url": "javascript:x"}]
)
def test_what_cannot_be_read_is_refused_in_words(wrong: dict[str, str], desk: Client) -> None:
    response = sent(desk, LAW | wrong, status=422)
    assert parse(response.content.decode()).all("p", cls="errorlist")
    assert not Evidence.objects.filter(kind="law").exists()


class TestUnderAMeasure:
    PLACE = "?measure=2.1"

    def test_it_is_cited_there_as_well(self, desk: Client, world: World) -> None:
        sent(desk, LAW | CITED | {"locator": "Article 5"}, self.PLACE)
        citation = Citation.objects.get(measure=world.rulings, evidence__kind="law")
        assert (citation.note, citation.locator) == ("It is in force.", "Article 5")
        assert record.verify().broken is None

    def test_a_citation_that_is_not_complete_keeps_the_document_out(
        self, desk: Client, world: World
    ) -> None:
        sent(desk, LAW | CITED | {"stage": ""}, self.PLACE, status=422)
        assert not Evidence.objects.filter(kind="law").exists()

    def test_the_document_that_was_there_is_cited_instead(self, desk: Client, world: World) -> None:
        told = LAW | CITED | {"title": "The outlines"}
        page = parse(sent(desk, told, self.PLACE, status=422).content.decode())
        button = page.one("button", name="evidence", value="outline")
        assert button.text == "Cite this one instead"
        response = sent(desk, told | {"evidence": "outline"}, self.PLACE)
        assert response["Location"] == "/evidence/outline/"
        assert Citation.objects.get(measure=world.rulings, evidence=world.outline).note
        assert not Evidence.objects.filter(kind="law").exists()

    def test_what_is_cited_there_already_is_not_cited_again(
        self, desk: Client, world: World
    ) -> None:
        response = sent(desk, LAW | CITED | {"evidence": "yearbook"}, self.PLACE, status=422)
        assert "cited under the measure already" in response.content.decode()

    def test_a_document_that_is_nowhere_is_not_cited(self, desk: Client) -> None:
        sent(desk, LAW | CITED | {"evidence": "nowhere"}, self.PLACE, status=404)

    @pytest.mark.parametrize(
        "place", ["?measure=9.9", "?source=nowhere&measure=2.1", "?draft=x", f"?measure={'1' * 41}"]
    )
    def test_a_place_that_is_nowhere_is_not_found(self, place: str, desk: Client) -> None:
        assert desk.get(ADDRESS + place).status_code == 404


class TestForADraft:
    def test_it_is_cited_and_chosen_and_leads_back(
        self, desk: Client, draft: Draft, world: World
    ) -> None:
        response = sent(desk, LAW | CITED, f"?draft={draft.uid}")
        assert response["Location"] == f"/desk/drafts/{draft.uid}/"
        assert [each.evidence.kind for each in draft.citations.all()] == ["law"]
        assert record.verify().broken is None

    def test_the_document_that_was_there_is_chosen_instead(
        self, desk: Client, draft: Draft, world: World
    ) -> None:
        sent(desk, CITED | {"evidence": "yearbook"}, f"?draft={draft.uid}")
        assert list(draft.citations.all()) == [world.yearbook_on_rulings]

    def test_nothing_is_left_where_the_draft_is_closed(
        self, desk: Client, draft: Draft, world: World
    ) -> None:
        workflow.withdraw(draft, by=world.ana)
        head = record.head()
        response = sent(desk, LAW | CITED, f"?draft={draft.uid}", status=422)
        assert "no longer waiting" in response.content.decode()
        assert not Evidence.objects.filter(kind="law").exists()
        assert record.head() == head

    def test_the_draft_of_another_is_not_found(
        self, draft: Draft, world: World, signed_in: Callable[[User], Client]
    ) -> None:
        assert signed_in(world.rui).get(f"{ADDRESS}?draft={draft.uid}").status_code == 404


def test_below_the_page_too_all_of_it_is_saved_or_nothing(
    draft: Draft, world: World, mei: User
) -> None:
    def law() -> Evidence:
        return Evidence(key="law", title="The law", kind="law", tier=1)

    def bears() -> Citation:
        return Citation(measure=world.rulings, stage="in-force", bearing="supports")

    with pytest.raises(PermissionDenied):
        workflow.bring_in(law(), by=mei)
    with pytest.raises(PermissionDenied, match="Only its author"):
        workflow.bring_in(law(), by=world.rui, citation=bears(), draft=draft)
    assert not Evidence.objects.filter(key="law").exists()
    workflow.bring_in(law(), by=world.ana, citation=bears(), draft=draft)
    assert draft.citations.get().evidence.key == "law"


def test_only_who_keeps_the_library_adds_to_it(
    world: World, mei: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    assert visitor.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"
    assert signed_in(mei).get(ADDRESS).status_code == 403
    assert signed_in(mei).post(ADDRESS, LAW).status_code == 403
    assert not Evidence.objects.filter(kind="law").exists()


@pytest.mark.parametrize("place", ["", "?measure=2.1"])
def test_the_page_holds_to_the_rules_of_every_page(place: str, desk: Client) -> None:
    shown = Node.of(desk.get(ADDRESS + place))
    assert shown.one("h1").text == "New evidence"
    assert inline_code(shown) == []
    assert unmarked_chinese(shown) == []
    ids = [node["id"] for node in shown.everything() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    assert {each["for"] for each in shown.all("label") if "for" in each.attributes} <= set(ids)


def test_the_way_there_is_offered_to_who_may(world: World, visitor: Client, desk: Client) -> None:
    for path, way in (
        ("/evidence/", ADDRESS),
        ("/measures/2.1/", f"{ADDRESS}?source=speech-2020&measure=2.1"),
    ):
        assert way in Node.of(desk.get(path)).links().values()
        assert way not in Node.of(visitor.get(path)).links().values()
