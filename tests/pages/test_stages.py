"""The legal stages on the page of a measure."""

from collections.abc import Callable
from datetime import date

from measures import record
from tests.pages.reader import Node
from tests.world import World, cite

Get = Callable[..., Node]


def steps(shown: Node) -> list[str]:
    return [step.text for step in shown.section("stages").one("ol").all("li")]


def test_each_stage_has_its_day_and_document(world: World, page: Get) -> None:
    shown = page("/measures/1.1/")
    assert steps(shown) == [
        "Drafted no document, yet a later stage was reached",
        "Consulted on no document, yet a later stage was reached",
        "Adopted 22 Sep 2021 The outline",
        "In force 22 Sep 2021 The outline",
        "Applied not reached",
    ]
    ladder = shown.section("stages")
    assert [li["class"] for li in ladder.all("li")] == [
        "is-passed",
        "is-passed",
        "is-reached",
        "is-reached",
        "is-open",
    ]
    assert [each["datetime"] for each in ladder.all("time")] == ["2021-09-22"] * 2
    assert ladder.links() == {"The outline": "/evidence/outline/"}


def test_they_are_shown_as_of_any_day(world: World, page: Get) -> None:
    world.outline.effective_on = date(2022, 1, 1)
    record.save(world.outline, by=world.ana)
    then = page("/measures/1.1/", as_of="2021-12-31")
    assert steps(then)[2:4] == [
        "Adopted 22 Sep 2021 The outline",
        "In force not reached; the text names 1 Jan 2022",
    ]
    assert then.section("stages").links() == {"The outline": "/evidence/outline/?as_of=2021-12-31"}
    assert steps(page("/measures/1.1/"))[3] == "In force 1 Jan 2022 The outline"
    before = page("/measures/1.1/", as_of="2021-09-01")
    assert before.all("section", aria_labelledby="stages") == []


def test_what_was_learnt_later_is_left_out_as_known_before(world: World, page: Get) -> None:
    head = record.head()
    assert head is not None
    cite(world.plan, world.statement, by=world.ana, stage="drafted")
    assert steps(page("/measures/1.1/"))[0] == "Drafted 1 Jun 2020 The statement"
    known = steps(page("/measures/1.1/", known=head.at.isoformat()))
    assert known[0].startswith("Drafted no document")


def test_a_measure_that_no_law_tells_of_has_none(world: World, page: Get) -> None:
    assert page("/measures/2.1/").all("section", aria_labelledby="stages") == []
