"""The desk: what was returned, what is written, what waits to be decided."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures import workflow
from measures.models import Draft, User
from tests.pages.desk import address, review
from tests.pages.reader import Node, inline_code
from tests.world import World, person

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def rows(page: Node, section: str) -> list[str]:
    return [row.text for row in page.section(section).all("li")]


def test_a_visitor_is_asked_to_sign_in(world: World, visitor: Client) -> None:
    assert visitor.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"


def test_a_manager_reads_what_falls_due_and_has_no_queue(
    world: World, mei: User, signed_in: SignedIn
) -> None:
    world.draft(world.rulings)
    page = Node.of(signed_in(mei).get("/desk/"))
    assert page.all("section", aria_labelledby="queue") == []
    assert rows(page, "due")


def test_an_analyst_sees_their_own_drafts_by_what_is_to_be_done(
    world: World, signed_in: SignedIn
) -> None:
    handed_in = world.draft(world.rulings)
    returned = world.draft(world.training, is_late=True)
    workflow.send_back(returned, by=world.rui, note="Which year?")
    writing = workflow.begin(world.plan, by=world.ana, uid=uuid4())
    withdrawn = workflow.begin(world.plan, by=world.ana, uid=uuid4())
    workflow.withdraw(withdrawn, by=world.ana)
    page = Node.of(signed_in(world.ana).get("/desk/"))
    assert page.section("returned").row("Which year?").links() == {
        "1.2 The training": address(returned)
    }
    assert page.section("writing").row("1.1 The plan").links() == {"1.1 The plan": address(writing)}
    assert page.section("handed-in").row("2.1 The rulings").links() == {
        "2.1 The rulings": address(handed_in)
    }
    assert address(withdrawn) not in page.links().values()
    assert page.all("section", aria_labelledby="queue") == []


def test_nobody_sees_the_drafts_of_another_analyst(world: World, signed_in: SignedIn) -> None:
    world.draft(world.rulings, rationale="Between Ana and Rui.")
    page = Node.of(signed_in(person("ben", "Ben", "Analysts")).get("/desk/"))
    assert not [link for link in page.links().values() if link.startswith("/desk/drafts/")]


def test_the_longest_waiting_is_decided_first_and_says_how_long_it_waits(
    world: World, rui: User, signed_in: SignedIn
) -> None:
    newer, older = world.draft(world.rulings), world.draft(world.plan, "substantial")
    for draft, days in ((newer, 2), (older, 9)):
        handed_in = timezone.now() - timedelta(days=days, minutes=1)
        Draft.objects.filter(pk=draft.pk).update(submitted_at=handed_in)
    queue = Node.of(signed_in(rui).get("/desk/")).section("queue")
    assert [link["href"] for link in queue.all("a")] == [review(older), review(newer)]
    first, second = (row.text for row in queue.all("li"))
    assert first.endswith("Ana, handed in 1\xa0week, 2\xa0days ago".replace("\xa0", " "))
    assert "2 days ago" in second


def test_ones_own_is_not_in_ones_queue(world: World, rui: User, signed_in: SignedIn) -> None:
    draft = world.draft(world.rulings)
    Draft.objects.update(author=rui)
    page = Node.of(signed_in(rui).get("/desk/"))
    assert review(draft) not in page.links().values()
    assert rows(page, "handed-in")


def test_at_a_desk_of_one_it_is(
    world: World, rui: User, signed_in: SignedIn, settings: Any
) -> None:
    settings.FOUR_EYES = False
    draft = world.draft(world.rulings)
    Draft.objects.update(author=rui)
    page = Node.of(signed_in(rui).get("/desk/"))
    assert page.section("queue").row("2.1").links() == {"2.1 The rulings": review(draft)}


def test_the_masthead_counts_what_waits(world: World, rui: User, signed_in: SignedIn) -> None:
    def badge(user: User) -> list[str]:
        banner = Node.of(signed_in(user).get("/")).one("header", cls="masthead")
        return [mark.text for mark in banner.all(cls="badge")]

    assert badge(rui) == badge(world.ana) == []
    draft = world.draft(world.rulings)
    assert (badge(rui), badge(world.ana)) == (["1 waiting"], [])
    workflow.send_back(draft, by=rui, note="Which year?")
    assert (badge(rui), badge(world.ana)) == ([], ["1 waiting"])


def test_an_empty_desk_says_what_to_do(world: World, rui: User, signed_in: SignedIn) -> None:
    page = Node.of(signed_in(rui).get("/desk/"))
    assert "No draft waits" in page.section("queue").text
    assert page.section("writing").links() == {"To the measures": "/measures/"}


def test_what_people_write_is_shown_as_they_wrote_it(world: World, signed_in: SignedIn) -> None:
    hostile = "<script>alert(1)</script><b onclick=x>bold</b>"
    draft = world.draft(world.rulings)
    workflow.send_back(draft, by=world.rui, note=hostile)
    page = Node.of(signed_in(world.ana).get("/desk/"))
    assert inline_code(page) == []
    assert hostile in page.section("returned").text


def test_the_number_of_questions_does_not_grow_with_the_drafts(
    world: World, rui: User, signed_in: SignedIn
) -> None:
    def questions(user: User) -> int:
        browser = signed_in(user)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/desk/").status_code == 200
        return len(asked)

    def more() -> None:
        for measure in (world.rulings, world.plan):
            world.draft(measure, "limited", is_late=True)
            workflow.begin(measure, by=world.ana, uid=uuid4())
            workflow.send_back(
                world.draft(measure, "limited", is_late=True), by=rui, note="Which year?"
            )

    more()
    for user in (rui, world.ana):
        questions(user)  # What Django looks up once and remembers.
    few = questions(rui), questions(world.ana)
    for _ in range(3):
        more()
    assert (questions(rui), questions(world.ana)) == few
