"""The page on which a reviewer decides: on what was read, and on nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from measures import record, workflow
from measures.models import Draft, User
from tests.pages.desk import address, review
from tests.pages.reader import Node, inline_code, parse, unmarked_chinese
from tests.world import PROPOSAL, World, person

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture
def draft(world: World) -> Draft:
    """A draft of Ana's that was handed in."""
    return world.draft(world.rulings)


@pytest.fixture
def browser(rui: User, signed_in: SignedIn) -> Client:
    """Rui's."""
    return signed_in(rui)


def decision(browser: Client, draft: Draft, act: str, **told: Any) -> dict[str, Any]:
    """What that button on the page would post."""
    form = Node.of(browser.get(review(draft))).section("decision").one("form")
    assert act in [button["value"] for button in form.all("button")]
    seen = form.one("input", name="seen_version")["value"]
    return {"act": act, "seen_version": seen, "note": "", **told}


def refused(response: Any, status: int) -> str:
    """What the page says against the decision."""
    assert response.status_code == status
    page = parse(response.content.decode())
    return " ".join(each.text for each in page.all("p", role="alert"))


class TestWho:
    def test_a_visitor_is_asked_to_sign_in(self, draft: Draft, visitor: Client) -> None:
        for response in (visitor.get(review(draft)), visitor.post(review(draft))):
            assert response["Location"] == f"/accounts/login/?next={review(draft)}"

    @pytest.mark.parametrize("who", ["ana", "ben", "mei"])
    def test_who_does_not_review_decides_nothing(
        self, who: str, draft: Draft, signed_in: SignedIn, request: pytest.FixtureRequest
    ) -> None:
        user = person("ben", "Ben", "Analysts") if who == "ben" else request.getfixturevalue(who)
        told = {"act": "approve", "seen_version": draft.version}
        assert signed_in(user).get(review(draft)).status_code == 403
        assert signed_in(user).post(review(draft), told).status_code == 403
        assert Draft.objects.get().state == "submitted"

    @pytest.mark.parametrize("who", ["rui", "ada", "superuser"])
    def test_who_reviews_decides(
        self, who: str, draft: Draft, signed_in: SignedIn, request: pytest.FixtureRequest
    ) -> None:
        if who == "superuser":
            user = person("sol", "Sol", "Managers", is_superuser=True)
        else:
            user = request.getfixturevalue(who)
        browser = signed_in(user)
        response = browser.post(review(draft), decision(browser, draft, "approve"))
        finding = draft.measure.findings.get()
        assert response["Location"] == finding.get_absolute_url()
        assert (finding.author.username, finding.approver) == ("ana", user)

    @pytest.mark.parametrize("who", ["rui", "superuser"])
    @pytest.mark.parametrize("act", ["approve", "approve-next", "return"])
    def test_nobody_decides_on_their_own(
        self, act: str, who: str, draft: Draft, rui: User, signed_in: SignedIn
    ) -> None:
        own = person("sol", "Sol", "Managers", is_superuser=True) if who == "superuser" else rui
        Draft.objects.update(author=own)
        browser = signed_in(own)
        section = Node.of(browser.get(review(draft))).section("decision")
        assert section.all("form") == []
        assert "Somebody else decides" in section.text
        told = {"act": act, "seen_version": draft.version, "note": "Mine."}
        said = refused(browser.post(review(draft), told), 422)
        assert "Ask another reviewer to decide." in said
        assert Draft.objects.get().state == "submitted"
        assert not draft.measure.findings.exists()

    def test_at_a_desk_of_one_the_author_decides_and_the_finding_says_so(
        self, draft: Draft, rui: User, browser: Client, settings: Any
    ) -> None:
        settings.FOUR_EYES = False
        Draft.objects.update(author=rui)
        browser.post(review(draft), decision(browser, draft, "approve"))
        assert not draft.measure.findings.get().four_eyes


class TestPage:
    def test_it_shows_all_that_a_decision_needs(self, draft: Draft, browser: Client) -> None:
        page = Node.of(browser.get(review(draft)))
        assert page.one("h1").text == "2.1 The rulings"
        assert PROPOSAL["rationale"] in page.section("proposal").text
        assert "The yearbook" in page.section("cited").text
        assert "It is in force." in page.section("source-words").text
        assert "first finding" in page.section("changes").text
        assert page.section("rules").all("li", cls="is-open") == []
        assert "Ana" in page.section("history").text

    def test_old_stands_beside_new(self, world: World, browser: Client) -> None:
        draft = world.draft(world.training, "limited", is_late=True)
        changes = Node.of(browser.get(review(draft))).section("changes")
        assert "Sustained" in [gone.text for gone in changes.all("del")]
        assert "Limited" in [new.text for new in changes.all("ins")]

    def test_what_was_written_is_shown_as_it_was_written(
        self, world: World, browser: Client
    ) -> None:
        hostile = "<script>alert(1)</script><b onclick=x>bold</b> & {{ draft }} 规划"
        world.yearbook_on_rulings.note = hostile
        record.save(world.yearbook_on_rulings, by=world.ana)
        draft = world.draft(world.rulings, rationale=hostile, confidence_reason=hostile)
        world.yearbook.title = hostile
        record.save(world.yearbook, by=world.ana)
        page = Node.of(browser.get(review(draft)))
        assert inline_code(page) == []
        assert page.section("proposal").text.count(hostile) == 2
        assert hostile in page.section("cited").text
        assert "bold" in page.section("outdated").text

    def test_ids_are_unique_and_chinese_is_marked(self, world: World, browser: Client) -> None:
        draft = world.draft(world.rulings, rationale_zh="文件如此规定。")
        page = Node.of(browser.get(review(draft)))
        ids = [node["id"] for node in page.everything() if "id" in node.attributes]
        assert len(ids) == len(set(ids))
        assert unmarked_chinese(page) == []


class TestReturn:
    def test_the_author_finds_it_on_the_desk_with_the_note(
        self, draft: Draft, browser: Client, world: World, signed_in: SignedIn
    ) -> None:
        told = decision(browser, draft, "return", note="Which year?")
        assert browser.post(review(draft), told)["Location"] == "/desk/"
        row = Node.of(signed_in(world.ana).get("/desk/")).section("returned").row("2.1 The rulings")
        assert "Which year?" in row.text
        assert row.links()["2.1 The rulings"] == address(draft)

    def test_without_a_note_it_is_asked_for(self, draft: Draft, browser: Client) -> None:
        said = refused(browser.post(review(draft), decision(browser, draft, "return")), 422)
        assert said.strip() == "Say what should be mended."
        assert Draft.objects.get().state == "submitted"


class TestBoundToWhatWasRead:
    @pytest.mark.parametrize("act", ["approve", "approve-next", "return"])
    def test_a_draft_mended_meanwhile_is_not_decided_on(
        self, act: str, draft: Draft, browser: Client, world: World
    ) -> None:
        told = decision(browser, draft, act, note="Which year?")
        mine = Draft.objects.get()
        workflow.send_back(mine, by=person("sol", "Sol", "Reviewers"), note="Say more.")
        workflow.save(mine, by=world.ana, status="limited")
        workflow.submit(mine, by=world.ana)
        response = browser.post(review(draft), told)
        assert "changed by somebody else" in refused(response, 409)
        assert Draft.objects.get().state == "submitted"
        assert not world.rulings.findings.exists()
        # The page shows the newer one, and its button decides on that.
        page = parse(response.content.decode())
        assert page.section("proposal").one(cls="status").text == "Limited"
        assert page.one("textarea", name="note").text == "Which year?"
        again = {**told, "seen_version": page.one("input", name="seen_version")["value"]}
        assert browser.post(review(draft), again).status_code == 302

    def test_one_decided_meanwhile_shows_how(
        self, draft: Draft, browser: Client, ada: User
    ) -> None:
        told = decision(browser, draft, "return", note="Which year?")
        workflow.approve(Draft.objects.get(), by=ada)
        response = browser.post(review(draft), told)
        assert response.status_code == 409
        section = parse(response.content.decode()).section("decision")
        assert "it is approved" in section.text
        assert section.links()["See the finding"] == draft.measure.findings.get().get_absolute_url()

    def test_the_same_decision_sent_twice_makes_one_finding(
        self, draft: Draft, browser: Client
    ) -> None:
        told = decision(browser, draft, "approve")
        assert browser.post(review(draft), told).status_code == 302
        assert browser.post(review(draft), told).status_code == 409
        assert draft.measure.findings.count() == 1

    @pytest.mark.parametrize("told", [{}, {"act": "erase"}, {"seen_version": ""}])
    def test_a_decision_that_no_button_makes_is_refused(
        self, told: dict[str, str], draft: Draft, browser: Client
    ) -> None:
        posted = {**decision(browser, draft, "approve"), **told} if told else {}
        assert browser.post(review(draft), posted).status_code == 422
        assert Draft.objects.get().state == "submitted"

    def test_changed_evidence_shows_both_versions(
        self, draft: Draft, browser: Client, world: World
    ) -> None:
        told = decision(browser, draft, "approve")
        world.yearbook.title = "The almanac"
        record.save(world.yearbook, by=world.ana)
        response = browser.post(review(draft), told)
        assert "evidence was changed" in refused(response, 409)
        outdated = parse(response.content.decode()).section("outdated")
        assert outdated.one("del").text == "yearbook"
        assert outdated.one("ins").text == "almanac"
        assert not world.rulings.findings.exists()
        # It is seen before the button is pressed, too.
        assert Node.of(browser.get(review(draft))).section("outdated").one("ins").text == "almanac"

    def test_an_overtaken_one_says_so(
        self, draft: Draft, browser: Client, world: World, ada: User
    ) -> None:
        other = world.draft(world.rulings, "limited")
        told = decision(browser, draft, "approve")
        workflow.approve(other, by=ada)
        response = browser.post(review(draft), told)
        assert "Compare the two" in refused(response, 409)
        page = parse(response.content.decode())
        assert page.section("standing").one(cls="status").text == "Limited"
        assert page.section("proposal").one(cls="status").text == "Partial"


class TestApproveAndNext:
    def test_it_leads_through_the_queue_and_back_to_the_desk(
        self, draft: Draft, browser: Client, world: World
    ) -> None:
        following = world.draft(world.plan, "substantial")
        told = decision(browser, draft, "approve-next")
        assert browser.post(review(draft), told)["Location"] == review(following)
        told = decision(browser, following, "approve-next")
        assert browser.post(review(following), told)["Location"] == "/desk/"

    def test_ones_own_is_not_the_next(
        self, draft: Draft, browser: Client, world: World, rui: User
    ) -> None:
        own = world.draft(world.plan, "substantial")
        Draft.objects.filter(pk=own.pk).update(author=rui)
        told = decision(browser, draft, "approve-next")
        assert browser.post(review(draft), told)["Location"] == "/desk/"
