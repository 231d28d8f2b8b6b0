"""The desk: what waits for a person, theirs first."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import record, workflow
from measures.models import Measure, User
from tests.pages.reader import Node, inline_code
from tests.world import World, cite

SignedIn = Callable[[User], Client]


def desk(client: Client) -> Node:
    return Node.of(client.get("/desk/"))


def in_care(measure: Measure, analyst: User | None, review: date | None = None) -> None:
    measure.refresh_from_db()
    measure.analyst, measure.review_on = analyst, review
    record.save(measure, by=measure.analyst or User.objects.get(username="ana"))


def due(page: Node) -> list[str]:
    return [row.one("a").text for row in page.section("due").all("li")]


@pytest.fixture
def reviews(world: World, today: date) -> World:
    """Nobody's longest overdue, Ana's due soon, Rui's overdue."""
    in_care(world.plan, None, today - timedelta(days=100))
    in_care(world.training, world.ana, today + timedelta(days=14))
    in_care(world.rulings, world.rui, today - timedelta(days=1))
    return world


def test_reviews_of_mine_come_first_then_those_in_nobodys_care(
    reviews: World, mei: User, signed_in: SignedIn
) -> None:
    assert due(desk(signed_in(reviews.ana))) == ["1.2 The training", "1.1 The plan"]
    assert due(desk(signed_in(reviews.rui))) == ["2.1 The rulings", "1.1 The plan"]
    assert due(desk(signed_in(mei))) == ["1.1 The plan"]


def test_a_review_says_whose_it_is_and_whether_it_is_overdue(
    reviews: World, signed_in: SignedIn
) -> None:
    page = desk(signed_in(reviews.rui)).section("due")
    assert page.row("The rulings").chips() == ["yours", "overdue"]
    assert page.row("The plan").chips() == ["overdue"]
    assert desk(signed_in(reviews.ana)).section("due").row("The training").chips() == ["yours"]


def test_a_review_further_ahead_is_not_announced(
    reviews: World, today: date, signed_in: SignedIn
) -> None:
    in_care(reviews.training, reviews.ana, today + timedelta(days=15))
    in_care(reviews.plan, None, None)
    page = desk(signed_in(reviews.ana)).section("due")
    assert page.one(cls="empty").text == "No review of yours falls due in the next 14 days."


def test_new_evidence_on_measures_of_mine(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.ana)
    cite(world.plan, world.yearbook, by=world.rui, bearing="contradicts")
    assert not desk(client).all(id="news")  # The plan is in nobody's care.
    in_care(world.plan, world.ana)
    in_care(world.training, world.ana)
    in_care(world.rulings, world.ana)
    news = desk(client).section("news")
    assert news.links() == {
        "1.1 The plan": "/measures/1.1/#evidence",
        "2.1 The rulings": "/measures/2.1/#evidence",
    }
    assert news.row("1.1").chips() == ["Contradicts"]
    assert news.row("2.1").chips() == ["not yet assessed"]
    assert not desk(signed_in(world.rui)).all(id="news")
    world.find(world.plan, "partial", date(2022, 7, 1), world.plan.citations.all())
    assert list(desk(client).section("news").links()) == ["2.1 The rulings"]


def test_the_badge_counts_mentions_and_what_was_returned(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.ana)
    assert not desk(client).all(cls="badge")
    workflow.note(world.plan, "@ana look", by=world.rui)
    assert desk(client).one(cls="badge").text == "1 waiting"
    workflow.send_back(world.draft(world.rulings), by=world.rui, note="Say more.")
    assert desk(client).one(cls="badge").text == "2 waiting"
    world.draft(world.training, effective_on=date(2022, 7, 1))
    assert desk(client).one(cls="badge").text == "2 waiting"  # Her own: for Rui to decide.
    assert desk(signed_in(world.rui)).one(cls="badge").text == "1 waiting"


def test_every_list_works_from_the_keyboard(reviews: World, signed_in: SignedIn) -> None:
    workflow.note(reviews.plan, "@ana look", by=reviews.rui)
    cite(reviews.training, reviews.outline, by=reviews.rui)
    page = desk(signed_in(reviews.ana))
    rows = [row for rows in page.all("ul", cls="rows") for row in rows.all("li")]
    assert len(rows) >= 4
    for row in rows:
        assert row.all("a")[0]["href"].startswith("/")
    assert not [node for node in page.everything() if node.attributes.get("tabindex", "-1") != "-1"]
    assert inline_code(page) == []


def test_readers_have_no_desk(world: World, visitor: Client, signed_in: SignedIn) -> None:
    assert visitor.get("/desk/")["Location"].startswith("/accounts/login/")
    stranger = User.objects.create_user("eve", "eve@example.org", "eve")
    assert signed_in(stranger).get("/desk/").status_code == 403


def test_the_questions_do_not_grow(
    world: World, crowd: Callable[[int], list[Measure]], signed_in: SignedIn
) -> None:
    client = signed_in(world.ana)

    def more(number: int) -> None:
        for measure in crowd(number):
            in_care(measure, world.ana, date(2022, 1, 1))
            cite(measure, world.yearbook, by=world.ana)
            workflow.note(measure, "@ana look", by=world.rui)

    def questions() -> Any:
        client.get("/desk/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/")
        return len(asked)

    more(2)
    few = questions()
    more(10)
    assert questions() == few
