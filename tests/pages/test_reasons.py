"""What the record tells of a change, in the language of its reader."""

from collections.abc import Callable

from measures import record
from measures.models import reasons
from tests.pages.reader import Node
from tests.world import World

Page = Callable[..., Node]
HISTORY = "/measures/1.1/history/"


def test_a_reason_of_the_trackers_own_is_told_in_the_readers_language(
    world: World, page: Page
) -> None:
    world.plan.short = "Aim"
    record.save(world.plan, by=world.ana, why=reasons.LOADED)
    assert "Loaded from a bundle." in page(HISTORY).one("main").text
    chinese = page("/zh" + HISTORY).one("main").text
    assert "Loaded" not in chinese
    assert "从数据包载入" in chinese


def test_a_reason_that_a_person_gave_stays_as_it_was_written(world: World, page: Page) -> None:
    world.plan.short = "Aim"
    record.save(world.plan, by=world.ana, why="Evidence")
    assert "Evidence" in page("/zh" + HISTORY).one("main").text


def test_a_value_that_has_a_name_is_told_by_it(world: World, page: Page) -> None:
    world.plan.nature = "continuing"
    record.save(world.plan, by=world.ana)
    for prefix, name in (("", "Continuing"), ("/zh", "持续型")):
        told = page(prefix + HISTORY).all("dl", cls="diff")[0].text
        assert name in told
        assert "continuing" not in told
