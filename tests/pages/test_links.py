"""Where a reader and the staff see whether a cited page is still there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from measures import record
from measures.models import Evidence, LinkCheck, Measure, User
from measures.pages.evidence import CHECKS_SHOWN
from tests.pages.reader import Node, inline_code, unmarked_chinese
from tests.pages.take_away import Files
from tests.test_broken import checked, hold
from tests.world import World

SignedIn = Callable[[User], Client]
Get = Callable[..., Node]


class TestEvidence:
    """The page of a document."""

    def test_without_a_check_nothing_is_said(self, world: World, page: Get) -> None:
        shown = page("/evidence/outline/")
        assert "Page" not in [term.text for term in shown.section("facts").all("dt")]
        assert not shown.all("section", aria_labelledby="checks")

    def test_it_tells_the_last_check_and_those_before(
        self, world: World, page: Get, today: Any
    ) -> None:
        checked(world.outline, "answers", "moved", "gone")
        shown = page("/evidence/outline/")
        facts = shown.section("facts")
        assert "Gone 1 Mar 2024 The site says that there is no such page" in facts.text
        assert shown.section("checks").chips() == ["Gone", "Moved", "Answers"]
        assert inline_code(shown) == []
        assert unmarked_chinese(shown) == []

    def test_in_the_past_it_tells_what_was_known(self, world: World, page: Get, today: Any) -> None:
        checked(world.outline, "answers", "gone")
        shown = page("/evidence/outline/", known="2024-02-29")
        assert shown.section("checks").chips() == ["Answers"]
        assert shown.section("facts").chips() == ["Answers"]
        assert not page("/evidence/outline/", known="2024-02-01").all(id="checks")

    def test_a_check_of_another_address_is_history_only(self, world: World, page: Get) -> None:
        checked(world.outline, "gone")
        world.outline.url = "https://example.org/elsewhere"
        record.save(world.outline, by=world.ana)
        shown = page("/evidence/outline/")
        assert shown.section("facts").chips() == []
        assert "asked for https://example.org/outline" in shown.section("checks").text

    def test_where_it_moved_is_a_link_only_where_it_may_be_one(
        self, world: World, page: Get
    ) -> None:
        check = checked(world.outline, "moved")
        LinkCheck.objects.filter(pk=check.pk).update(final_address="https://example.org/new")
        links = page("/evidence/outline/").section("checks").links()
        assert links == {"https://example.org/new": "https://example.org/new"}

    def test_notes_are_for_staff(self, world: World, page: Get, signed_in: SignedIn) -> None:
        note = "intranet.example leads to an address that is not public."
        check = checked(world.outline, "refused")
        LinkCheck.objects.filter(pk=check.pk).update(note=note)
        assert note not in page("/evidence/outline/").text
        assert note in Node.of(signed_in(world.ana).get("/evidence/outline/")).text

    def test_a_long_history_is_cut(self, world: World, page: Get) -> None:
        checked(world.outline, *["answers"] * (CHECKS_SHOWN + 5))
        assert len(page("/evidence/outline/").section("checks").all("li")) == CHECKS_SHOWN


class TestDesk:
    def rows(self, client: Client) -> list[str]:
        desk = Node.of(client.get("/desk/"))
        assert inline_code(desk) == []
        return [row.one("a").text for row in desk.section("broken").all("li")]

    def test_those_of_mine_come_first(self, world: World, signed_in: SignedIn) -> None:
        for document in (world.outline, world.yearbook):
            checked(document, "gone")
        world.plan.analyst = world.ana
        record.save(world.plan, by=world.ana)
        assert self.rows(signed_in(world.ana)) == ["The outline", "The yearbook"]
        assert self.rows(signed_in(world.rui)) == ["The yearbook", "The outline"]

    def test_each_tells_what_happened_and_leads_to_where_it_is_mended(
        self, world: World, signed_in: SignedIn, today: Any
    ) -> None:
        checked(world.outline, "gone")
        checked(world.yearbook, "changed")
        hold(world.yearbook, world)
        broken = Node.of(signed_in(world.ana).get("/desk/")).section("broken")
        assert broken.row("The outline").text == "The outline Gone 1 Mar 2024 · no copy held"
        assert broken.row("The yearbook").text == "The yearbook Changed 1 Mar 2024 · copy held"
        assert broken.links()["The outline"] == "/desk/evidence/outline/"

    def test_who_may_not_edit_is_led_to_the_document(
        self, world: World, mei: User, signed_in: SignedIn
    ) -> None:
        checked(world.outline, "gone")
        broken = Node.of(signed_in(mei).get("/desk/")).section("broken")
        assert broken.links() == {"The outline": "/evidence/outline/"}

    def test_where_all_answer_there_is_no_such_list(
        self, world: World, signed_in: SignedIn
    ) -> None:
        checked(world.outline, "unreachable")
        desk = Node.of(signed_in(world.ana).get("/desk/"))
        assert not desk.all("section", aria_labelledby="broken")

    def test_a_long_list_is_cut_and_asks_no_more(
        self,
        world: World,
        crowd: Callable[[int], list[Measure]],
        signed_in: SignedIn,
        django_assert_max_num_queries: Any,
    ) -> None:
        crowd(30)
        Evidence.objects.filter(key__startswith="document").update(url="https://example.org/")
        for document in Evidence.objects.filter(key__startswith="document"):
            checked(document, "gone")
        client = signed_in(world.ana)
        assert len(self.rows(client)) == 20
        with django_assert_max_num_queries(25):
            page = Node.of(client.get("/desk/"))
        assert "20 of 30 are shown." in page.section("broken").text


class TestProgress:
    @pytest.mark.parametrize(
        ("number", "copies", "words"),
        [
            (1, 0, "one cited page no longer answers; no copy held"),
            (1, 1, "one cited page no longer answers; copy held"),
            (2, 1, "2 cited pages no longer answer; 1 copy held"),
            (2, 2, "2 cited pages no longer answer; copies held"),
        ],
    )
    def test_page_and_brief_say_it_alike(
        self,
        number: int,
        copies: int,
        words: str,
        world: World,
        page: Get,
        taken: Callable[..., Files],
    ) -> None:
        documents = [world.statement, world.yearbook][:number]
        cited = [world.statement_on_training, world.yearbook_on_training][:number]
        world.find(world.training, "limited", world.yearbook.issued_on, cited)
        for document in documents:
            checked(document, "gone")
        for document in documents[:copies]:
            hold(document, world)
        row = page("/").section("needs-attention").row("The training")
        assert words in row.text
        today = timezone.localdate().isoformat()
        files = taken(f"from=2021-01-01&to={today}")
        assert words in files.page.section("needs-attention").row("The training").text
        told = "\n".join(cell.text for t in files.word.tables for r in t.rows for cell in r.cells)
        assert words in told

    def test_before_the_check_the_page_says_nothing_of_it(self, world: World, page: Get) -> None:
        checked(world.outline, "gone")
        yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
        assert "no longer answers" not in page("/", known=yesterday).text
        assert "no longer answers" in page("/").text
