"""The page on which a finding is written: kept as it is written, judged as it is written."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from measures import record, workflow
from measures.models import Draft, User
from tests.pages.desk import HTMX, address, filled
from tests.pages.reader import Node, inline_code, parse, unmarked_chinese
from tests.world import PROPOSAL, World, cite, person

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture
def ben(roles: None) -> User:
    """Ben writes as well."""
    return person("ben", "Ben", "Analysts")


@pytest.fixture
def draft(world: World) -> Draft:
    """A draft of Ana's that satisfies every rule and is not handed in yet."""
    told: dict[str, Any] = {"status": "partial", "effective_on": date(2022, 5, 1), **PROPOSAL}
    cited = [world.yearbook_on_rulings]
    return workflow.start(world.rulings, by=world.ana, citations=cited, **told)


@pytest.fixture
def browser(world: World, signed_in: SignedIn) -> Client:
    """Ana's."""
    return signed_in(world.ana)


def shown(response: Any, status: int) -> Node:
    assert response.status_code == status
    return parse(response.content.decode())


def open_rules(page: Node) -> list[str]:
    return [item.text for item in page.one("ul", cls="verdicts").all("li", cls="is-open")]


class TestWho:
    def test_a_visitor_is_asked_to_sign_in(self, draft: Draft, visitor: Client) -> None:
        for response in (visitor.get(address(draft)), visitor.post(address(draft))):
            assert response["Location"] == f"/accounts/login/?next={address(draft)}"

    def test_where_the_session_ended_no_sign_in_is_swapped_into_the_page(
        self, draft: Draft, visitor: Client
    ) -> None:
        response = visitor.post(address(draft), headers=HTMX)
        assert response.content == b""
        assert response["HX-Redirect"] == f"/accounts/login/?next={address(draft)}"

    @pytest.mark.parametrize("who", ["ben", "mei"])
    def test_a_draft_of_somebody_else_is_not_there(
        self, who: str, draft: Draft, signed_in: SignedIn, request: pytest.FixtureRequest
    ) -> None:
        other = signed_in(request.getfixturevalue(who))
        assert other.get(address(draft)).status_code == 404
        assert other.post(address(draft), {"rationale": "Mine."}).status_code == 404

    @pytest.mark.parametrize("who", ["rui", "ada"])
    def test_who_reviews_reads_it_and_does_not_write_it(
        self,
        who: str,
        draft: Draft,
        browser: Client,
        signed_in: SignedIn,
        request: pytest.FixtureRequest,
    ) -> None:
        posted = filled(browser, draft, rationale="Not Ana's words.", act="submit")
        other = signed_in(request.getfixturevalue(who))
        page = Node.of(other.get(address(draft)))
        assert PROPOSAL["rationale"] in page.section("proposal").text
        assert page.one("main").all("form") == []
        assert other.post(address(draft), posted).status_code == 403
        draft.refresh_from_db()
        assert (draft.rationale, draft.state) == (PROPOSAL["rationale"], "writing")

    def test_a_form_without_its_token_is_refused(self, draft: Draft, world: World) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.ana)
        assert client.post(address(draft), {"rationale": "Forged."}).status_code == 403


class TestPage:
    def test_the_form_stands_beside_what_it_needs(self, draft: Draft, browser: Client) -> None:
        page = Node.of(browser.get(address(draft)))
        assert page.one("h1").text == "2.1 The rulings"
        assert "courts will be swift" in page.section("source-words").text
        assert "It is in force." in page.section("source-words").text
        assert page.section("standing").text.endswith("Not yet assessed.")
        assert open_rules(page) == []
        assert page.one("input", name="citations").attributes.get("checked") is not None
        names = [button.text for button in page.one("form", id="draft").all("button")]
        # The first is what Enter in a field does; it is not shown.
        assert names == ["Save", "Hand in", "Save", "Withdraw"]
        assert "hidden" in page.one("form", id="draft").all("button")[0].attributes

    def test_every_field_has_its_label(self, draft: Draft, browser: Client) -> None:
        form = Node.of(browser.get(address(draft))).one("form", id="draft")
        named = {label["for"] for label in form.all("label") if "for" in label.attributes}
        fields = [*form.all("select"), *form.all("textarea"), *form.all("input")]
        ids = {field["id"] for field in fields if "id" in field.attributes} - {"seen_version"}
        assert ids
        assert ids <= named

    def test_it_shows_what_would_change(self, world: World, browser: Client) -> None:
        told: dict[str, Any] = {"status": "partial", "effective_on": date(2022, 5, 1), **PROPOSAL}
        draft = workflow.start(world.plan, by=world.ana, **told)
        changes = Node.of(browser.get(address(draft))).section("changes")
        assert "Implemented" in [gone.text for gone in changes.all("del")]
        assert "Partial" in [new.text for new in changes.all("ins")]

    def test_what_was_written_is_shown_as_it_was_written(
        self, draft: Draft, browser: Client, world: World
    ) -> None:
        hostile = "<script>alert(1)</script></textarea><b onclick=x>bold</b> & {{ draft }} 规划"
        world.yearbook.title = world.rulings.done_when = hostile
        record.save(world.yearbook, by=world.ana)
        workflow.save(draft, by=world.ana, rationale=hostile, confidence_reason=hostile)
        workflow.submit(draft, by=world.ana)
        workflow.send_back(draft, by=world.rui, note=hostile)
        page = Node.of(browser.get(address(draft)))
        assert inline_code(page) == []
        assert page.one("textarea", name="rationale").text == hostile
        assert hostile in page.section("note").text
        assert hostile in page.one("fieldset").text

    def test_no_two_elements_have_the_same_id_and_chinese_is_marked(
        self, draft: Draft, browser: Client
    ) -> None:
        workflow.save(draft, by=draft.author, rationale_zh="文件如此规定。")
        page = Node.of(browser.get(address(draft)))
        ids = [node["id"] for node in page.everything() if "id" in node.attributes]
        assert len(ids) == len(set(ids))
        assert unmarked_chinese(page) == []

    def test_no_cache_keeps_it_and_none_takes_a_part_for_the_page(
        self, draft: Draft, browser: Client
    ) -> None:
        response = browser.get(address(draft))
        assert response["Cache-Control"] == "no-store, private"
        assert "HX-Request" in response["Vary"]


class TestAutosave:
    def test_only_the_part_comes_back_with_the_new_version(
        self, draft: Draft, browser: Client
    ) -> None:
        posted = filled(browser, draft, rationale="")
        part = Node.of(browser.post(address(draft), posted, headers=HTMX))
        draft.refresh_from_db()
        assert draft.rationale == ""
        assert part.all("html") == part.all("h1") == part.all("textarea") == []
        assert part.one(id="checks").all("section")
        version = part.one("input", name="seen_version")
        assert version["value"] == str(draft.version) != str(posted["seen_version"])
        assert (version["hx-swap-oob"], version["form"]) == ("true", "draft")
        assert part.one(role="status").text == "saved"
        (broken,) = open_rules(part)
        assert "Write the rationale" in broken

    def test_the_next_one_follows_on_the_version_that_came_back(
        self, draft: Draft, browser: Client
    ) -> None:
        posted = filled(browser, draft)
        for words in ("One", "One two", "One two three"):
            posted["rationale"] = words
            part = Node.of(browser.post(address(draft), posted, headers=HTMX))
            posted["seen_version"] = part.one("input", name="seen_version")["value"]
        draft.refresh_from_db()
        assert draft.rationale == "One two three"
        assert record.verify().broken is None

    def test_what_cannot_be_read_is_said_and_nothing_is_saved(
        self, draft: Draft, browser: Client
    ) -> None:
        posted = filled(browser, draft, effective_on="someday", rationale="Lost?")
        part = Node.of(browser.post(address(draft), posted, headers=HTMX))
        assert "Enter a valid date" in part.one(cls="errorlist").text
        assert part.one(role="status").text == "not saved"
        assert part.all("input", name="seen_version") == []
        before = draft.version
        draft.refresh_from_db()
        assert (draft.version, draft.rationale) == (before, PROPOSAL["rationale"])

    def test_to_hand_in_leads_to_the_desk(self, draft: Draft, browser: Client) -> None:
        posted = filled(browser, draft, act="submit")
        response = browser.post(address(draft), posted, headers=HTMX)
        assert response["HX-Redirect"] == "/desk/"
        draft.refresh_from_db()
        assert draft.state == "submitted"

    def test_a_conflict_stands_above_the_form_which_stays(
        self, draft: Draft, browser: Client
    ) -> None:
        posted = filled(browser, draft, rationale="From this window.")
        workflow.save(Draft.objects.get(), by=draft.author, rationale="From the other.")
        response = browser.post(address(draft), posted, headers=HTMX)
        assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#conflict-place", "innerHTML")
        conflict = Node.of(response).section("conflict")
        assert conflict.all("textarea") == []
        assert [gone.text for gone in conflict.all("del")] == ["the other"]
        assert [new.text for new in conflict.all("ins")] == ["this window"]
        assert Draft.objects.get().rationale == "From the other."

    def test_who_read_the_newer_version_saves_over_it(self, draft: Draft, browser: Client) -> None:
        posted = filled(browser, draft, rationale="Both, merged.")
        workflow.save(Draft.objects.get(), by=draft.author, rationale="From the other.")
        conflict = Node.of(browser.post(address(draft), posted, headers=HTMX))
        over = {"over": conflict.one("button", name="over").attributes["value"]}
        workflow.save(Draft.objects.get(), by=draft.author, rationale="A third one.")
        again = browser.post(address(draft), posted | over, headers=HTMX)
        assert again["HX-Retarget"] == "#conflict-place"
        assert Draft.objects.get().rationale == "A third one."
        over = {"over": Node.of(again).one("button", name="over").attributes["value"]}
        saved = browser.post(address(draft), posted | over, headers=HTMX)
        assert "HX-Retarget" not in saved
        assert Draft.objects.get().rationale == "Both, merged."

    def test_a_draft_handed_in_meanwhile_takes_the_place_of_the_page(
        self, draft: Draft, browser: Client
    ) -> None:
        posted = filled(browser, draft, rationale="From this window.")
        workflow.submit(Draft.objects.get(), by=draft.author)
        response = browser.post(address(draft), posted, headers=HTMX)
        assert response["HX-Retarget"] == "main"
        page = Node.of(response)
        assert "From this window." in " ".join(new.text for new in page.all("ins"))
        assert page.one("main").all("form") == []


class TestWithoutScript:
    def test_a_save_leads_back_to_the_page(self, draft: Draft, browser: Client) -> None:
        posted = filled(browser, draft, rationale="Said better.", act="save")
        response = browser.post(address(draft), posted, follow=True)
        assert response.redirect_chain == [(address(draft), 302)]
        page = Node.of(response)
        assert "Saved." in [said.text for said in page.all("p", role="status")]
        assert page.one("textarea", name="rationale").text == "Said better."

    def test_enter_in_a_field_saves(self, draft: Draft, browser: Client) -> None:
        browser.post(address(draft), filled(browser, draft, confidence_reason="One law."))
        draft.refresh_from_db()
        assert (draft.confidence_reason, draft.state) == ("One law.", "writing")

    def test_a_complete_draft_is_handed_in(self, draft: Draft, browser: Client) -> None:
        response = browser.post(address(draft), filled(browser, draft, act="submit"), follow=True)
        assert response.redirect_chain == [("/desk/", 302)]
        assert "Handed in" in Node.of(response).one("p", role="status").text
        draft.refresh_from_db()
        assert draft.state == "submitted"
        assert draft.submitted_as == workflow.proposed(draft)

    def test_one_with_open_rules_is_kept_and_says_why_it_stays(
        self, draft: Draft, browser: Client
    ) -> None:
        posted = filled(browser, draft, act="submit", status="sustained", citations=[])
        page = shown(browser.post(address(draft), posted), 422)
        assert "Not handed in" in page.section("rules").one(role="alert").text
        assert open_rules(page) == [
            "✕Open: “Sustained” needs evidence, and none is cited. Cite at least one document."
        ]
        draft.refresh_from_db()
        assert (draft.state, draft.status) == ("writing", "sustained")
        version = page.one("input", id="seen_version")["value"]
        assert version == str(draft.version)
        mended = {**posted, "status": "not-started", "seen_version": version}
        assert browser.post(address(draft), mended)["Location"] == "/desk/"

    def test_what_cannot_be_read_is_said_beside_its_field(
        self, draft: Draft, browser: Client
    ) -> None:
        posted = filled(browser, draft, effective_on="2022-02-31", rationale="Kept in the form.")
        page = shown(browser.post(address(draft), posted), 422)
        assert "valid date" in page.one("p", id="id_effective_on_error").text
        assert page.one("textarea", name="rationale").text == "Kept in the form."
        draft.refresh_from_db()
        assert draft.rationale == PROPOSAL["rationale"]

    @pytest.mark.parametrize("words", ["a\x0bb", "a\u202eb"])
    def test_what_nobody_can_see_is_refused(
        self, words: str, draft: Draft, browser: Client
    ) -> None:
        response = browser.post(address(draft), filled(browser, draft, rationale=words))
        assert response.status_code == 422
        draft.refresh_from_db()
        assert draft.rationale == PROPOSAL["rationale"]

    def test_evidence_of_another_measure_cannot_be_picked(
        self, draft: Draft, browser: Client, world: World
    ) -> None:
        posted = filled(browser, draft, citations=[world.outline_on_plan.pk])
        assert browser.post(address(draft), posted).status_code == 422
        assert list(draft.citations.all()) == [world.yearbook_on_rulings]

    def test_it_is_withdrawn(self, draft: Draft, browser: Client) -> None:
        response = browser.post(address(draft), filled(browser, draft, act="withdraw"))
        assert response["Location"] == "/desk/"
        draft.refresh_from_db()
        assert draft.state == "withdrawn"
        page = Node.of(browser.get(address(draft)))
        assert page.one("main").all("form") == []

    def test_the_note_of_a_return_stands_above_the_form(
        self, draft: Draft, browser: Client, world: World
    ) -> None:
        workflow.submit(draft, by=world.ana)
        workflow.send_back(draft, by=world.rui, note="Which year?")
        page = Node.of(browser.get(address(draft)))
        assert page.section("note").text == "Returned by Rui Which year?"
        posted = filled(browser, draft, rationale="In 2022.", act="submit")
        browser.post(address(draft), posted)
        draft.refresh_from_db()
        assert (draft.state, draft.rationale) == ("submitted", "In 2022.")


class TestConflict:
    def test_both_versions_are_shown_and_merged_by_saving_again(
        self, draft: Draft, browser: Client, world: World
    ) -> None:
        outline = cite(world.rulings, world.outline, by=world.ana)
        first = filled(browser, draft, rationale="The document says so in May.")
        second = filled(browser, draft, rationale="The document says so on page 7.",
                        citations=[outline.pk])  # fmt: skip
        assert browser.post(address(draft), first).status_code == 302
        page = shown(browser.post(address(draft), second), 409)
        conflict = page.section("conflict")
        assert "in May" in " ".join(gone.text for gone in conflict.all("del"))
        assert "on page 7" in " ".join(new.text for new in conflict.all("ins"))
        evidence = conflict.one("dl").all("dd")[-1]
        assert (evidence.all("del")[0].text, evidence.all("ins")[0].text) == ("yearbook", "outline")
        assert page.one("textarea", name="rationale").text == second["rationale"]
        draft.refresh_from_db()
        assert draft.rationale == first["rationale"]
        assert list(draft.citations.all()) == [world.yearbook_on_rulings]
        merged = {
            **second,
            "rationale": "The document says so in May, on page 7.",
            "seen_version": page.one("input", id="seen_version")["value"],
        }
        assert browser.post(address(draft), merged).status_code == 302
        draft.refresh_from_db()
        assert draft.rationale == "The document says so in May, on page 7."
        assert list(draft.citations.all()) == [outline]

    @pytest.mark.parametrize("act", ["save", "submit", "withdraw"])
    def test_nothing_is_done_over_a_newer_version(
        self, act: str, draft: Draft, browser: Client
    ) -> None:
        posted = filled(browser, draft, act=act)
        workflow.save(Draft.objects.get(), by=draft.author, rationale="Newer.")
        shown(browser.post(address(draft), posted), 409)
        draft.refresh_from_db()
        assert (draft.state, draft.rationale) == ("writing", "Newer.")

    def test_what_was_written_after_another_window_handed_it_in_can_still_be_read(
        self, draft: Draft, browser: Client
    ) -> None:
        late = filled(browser, draft, rationale="The document says so, twice.")
        browser.post(address(draft), filled(browser, draft, act="submit"))
        page = shown(browser.post(address(draft), late), 409)
        assert "It is submitted now, so nothing was saved." in page.section("conflict").text
        assert "twice" in " ".join(new.text for new in page.section("conflict").all("ins"))
        assert page.one("main").all("form") == []
        draft.refresh_from_db()
        assert draft.rationale == PROPOSAL["rationale"]

    def test_a_draft_that_was_overtaken_says_so(self, draft: Draft, browser: Client) -> None:
        assert "Another finding was approved" not in browser.get(address(draft)).content.decode()
        other = workflow.start(
            draft.measure,
            by=draft.author,
            citations=draft.citations.all(),
            status="limited",
            effective_on=date(2022, 5, 1),
            **PROPOSAL,
        )
        rui = User.objects.get(username="rui")
        workflow.approve(workflow.submit(other, by=draft.author), by=rui)
        assert "Another finding was approved" in browser.get(address(draft)).content.decode()
