"""What the register lacks, each row a way to the place to mend it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import record, workflow
from measures.models import Evidence, LinkCheck, Measure, User
from measures.pages.desk import GAPS_SHOWN
from tests.pages.reader import Node, inline_code
from tests.world import World, cite

SignedIn = Callable[[User], Client]
SECTIONS = (
    "unassessed",
    "stale",
    "without-criteria",
    "weak",
    "contradicted",
    "fallen",
    "uncited",
    "broken",
    "moved",
)


def shown(client: Client) -> Node:
    return Node.of(client.get("/desk/quality/"))


@pytest.fixture
def lacking(world: World, today: date) -> World:
    """One row in every list."""
    world.find(world.plan, "reversed", date(2022, 7, 1), [world.outline_on_plan])
    cite(world.plan, world.yearbook, by=world.ana, bearing="contradicts")
    world.find(world.training, "limited", date(2022, 7, 1), [world.statement_on_training])
    for measure, review in ((world.plan, date(2022, 1, 1)), (world.training, None)):
        measure.refresh_from_db()
        measure.review_on = review
        record.save(measure, by=world.ana)
    world.rulings.done_when = ""
    record.save(world.rulings, by=world.ana)
    workflow.add_evidence(Evidence(key="stray", title="Stray", kind="law", tier=1), by=world.ana)
    LinkCheck.objects.create(evidence=world.outline, address=world.outline.url, outcome="gone")
    LinkCheck.objects.create(
        evidence=world.yearbook,
        address=world.yearbook.url,
        outcome="moved",
        final_address="https://example.org/moved",
    )
    return world


def test_every_list_leads_to_the_place_to_mend_it(lacking: World, signed_in: SignedIn) -> None:
    page = shown(signed_in(lacking.ana))
    assert {name: page.section(name).links() for name in SECTIONS} == {
        "unassessed": {"2.1 The rulings": "/measures/2.1/#findings"},
        "stale": {"1.1 The plan": "/measures/1.1/#findings"},
        "without-criteria": {"2.1 The rulings": "/measures/2.1/#criteria"},
        "weak": {"1.2 The training": "/measures/1.2/#evidence"},
        "contradicted": {"1.1 The plan": "/measures/1.1/#evidence"},
        "fallen": {
            "1.1 The plan": "/measures/1.1/#finding-3",
            "1.2 The training": "/measures/1.2/#finding-3",
        },
        "uncited": {"Stray": "/evidence/stray/"},
        "broken": {"The outline": "/desk/evidence/outline/"},
        "moved": {
            "The yearbook": "/desk/evidence/yearbook/",
            "https://example.org/moved": "https://example.org/moved",
        },
    }
    counts = {name: page.section(name).one("header").one("small").text for name in SECTIONS}
    assert counts == dict.fromkeys(SECTIONS, "1") | {"fallen": "2"}
    fallen = page.section("fallen").row("The plan")
    assert [each.text for each in fallen.all(cls="status")] == ["Implemented", "Reversed"]
    assert inline_code(page) == []


def test_each_place_is_there(lacking: World, signed_in: SignedIn) -> None:
    client = signed_in(lacking.ana)
    for link in shown(client).one("main").all("a"):
        if link["href"].startswith("https://"):
            continue
        path, _, fragment = link["href"].partition("#")
        target = Node.of(client.get(path))
        assert not fragment or target.one(id=fragment), link["href"]


def test_criteria_are_written_in_the_administration(
    lacking: World, ada: User, signed_in: SignedIn
) -> None:
    rows = shown(signed_in(ada)).section("without-criteria").links()
    assert rows == {"2.1 The rulings": f"/admin/measures/measure/{lacking.rulings.pk}/change/"}


def test_an_empty_register_is_well(roles: None, ana: User, signed_in: SignedIn) -> None:
    page = shown(signed_in(ana))
    assert "Nothing: all is well." in page.one(cls="lede").text
    for name in SECTIONS:
        assert page.section(name).one("p", cls="quiet").text.startswith("All is well:")
        assert page.section(name).one("header").one("small").text == "0"


def test_all_is_not_well_where_something_lacks(lacking: World, signed_in: SignedIn) -> None:
    assert "All is well" not in shown(signed_in(lacking.ana)).one("main").text


def test_the_desk_leads_here_and_readers_do_not_get_in(
    world: World, visitor: Client, signed_in: SignedIn
) -> None:
    desk = Node.of(signed_in(world.ana).get("/desk/"))
    assert desk.one("main").links()["What the register lacks"] == "/desk/quality/"
    assert visitor.get("/desk/quality/")["Location"].startswith("/accounts/login/")
    stranger = User.objects.create_user("eve", "eve@example.org", "eve")
    assert signed_in(stranger).get("/desk/quality/").status_code == 403


def test_a_long_list_says_how_long_it_is(
    world: World, crowd: Callable[[int], list[Measure]], today: date, signed_in: SignedIn
) -> None:
    crowd(GAPS_SHOWN + 5)
    stale = shown(signed_in(world.ana)).section("stale")
    in_all = stale.one("header").one("small").text
    assert len(stale.all("li")) == GAPS_SHOWN
    assert f"{GAPS_SHOWN} of {in_all} are shown." in stale.text


def test_the_questions_do_not_grow(
    world: World, crowd: Callable[[int], list[Measure]], signed_in: SignedIn
) -> None:
    client = signed_in(world.ana)

    def questions() -> Any:
        client.get("/desk/quality/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/quality/")
        return len(asked)

    crowd(2)
    few = questions()
    crowd(40)
    assert questions() == few
