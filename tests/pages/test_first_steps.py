"""An empty desk and an empty register say what to do first."""

from collections.abc import Callable

import pytest
from django.test import Client

from measures import record
from measures.models import User
from tests.pages.reader import Node
from tests.world import SPEECH_DAY, World, a_plan

SignedIn = Callable[[User], Client]


@pytest.fixture
def unassessed(roles: None, ana: User) -> User:
    """A register with one commitment, which nobody has judged; its analyst."""
    a_plan(ana, "plan", SPEECH_DAY, "read", done_when="It is open.")
    return ana


@pytest.fixture
def idle(world: World) -> World:
    """Nothing falls due, nothing is written, nothing waits."""
    for measure in world.speech.measures.all():
        measure.review_on = measure.analyst = None
        record.save(measure, by=world.ana)
    return world


def steps(client: Client, path: str = "/desk/") -> dict[str, str]:
    section = Node.of(client.get(path)).section("first-steps")
    assert len(section.one("ol").all("li")) == 3
    return section.links()


def test_an_empty_register_is_filled_by_whoever_may(
    roles: None, ana: User, ada: User, signed_in: SignedIn
) -> None:
    assert set(steps(signed_in(ada)).values()) == {
        "/desk/bundle/",
        "/account/invitations/",
        "/about/",
    }
    assert "/desk/bundle/" not in steps(signed_in(ana)).values()


def test_the_first_finding_is_asked_for(unassessed: User, mei: User, signed_in: SignedIn) -> None:
    links = steps(signed_in(unassessed))
    assert links["Choose a commitment"] == "/measures/?status=not-assessed"
    assert links["Record a document"] == "/desk/evidence/"
    assert links["Write the first finding"] == "/help/analysts/"
    assert steps(signed_in(unassessed), "/") == links
    assert "Record a document" not in steps(signed_in(mei))


def test_readers_are_told_that_nothing_is_assessed(unassessed: User, visitor: Client) -> None:
    page = Node.of(visitor.get("/"))
    assert page.all(aria_labelledby="first-steps") == []
    assert "waits for its first finding" in page.one("main").text


def test_an_idle_desk_tells_each_person_what_they_may_do(
    idle: World, mei: User, signed_in: SignedIn
) -> None:
    assert "/desk/quality/" in steps(signed_in(idle.ana)).values()
    assert "/help/analysts/" in steps(signed_in(idle.ana)).values()
    assert "/help/reviewers/" in steps(signed_in(idle.rui)).values()
    assert set(steps(signed_in(mei)).values()) == {"/compare/", "/brief/", "/help/"}


def test_every_step_leads_somewhere(idle: World, mei: User, ada: User, signed_in: SignedIn) -> None:
    for person in (idle.ana, ada, mei):
        client = signed_in(person)
        for address in steps(client).values():
            assert client.get(address).status_code == 200, address


def test_a_desk_with_work_tells_no_first_steps(idle: World, signed_in: SignedIn) -> None:
    idle.draft(idle.rulings)
    page = Node.of(signed_in(idle.rui).get("/desk/"))
    assert page.all(aria_labelledby="first-steps") == []
