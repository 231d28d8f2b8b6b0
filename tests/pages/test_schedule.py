"""The schedule on pages: on the page of a measure, in the list of measures, counted on progress."""

from collections.abc import Callable
from datetime import date

import pytest

from measures import record
from measures.models import Measure
from tests.pages.reader import Node
from tests.world import World

Get = Callable[..., Node]
MET = date(2021, 9, 22)


def fact(shown: Node) -> Node:
    """What the page of a measure says about its schedule."""
    inside = [each for each in shown.one("dl", cls="facts").inside if isinstance(each, Node)]
    names = [each.text for each in inside]
    return inside[names.index("Schedule") + 1]


@pytest.fixture
def stated(world: World) -> World:
    """The plan in time, the training late in its words alone, the rulings past their day."""

    def state(measure: Measure, day: date | None, said: str, said_zh: str = "") -> None:
        measure.refresh_from_db()
        measure.due_on, measure.due_as_said, measure.due_as_said_zh = day, said, said_zh
        record.save(measure, by=world.ana)

    state(world.plan, date(2021, 12, 31), "by the end of 2021")
    state(world.training, None, "promptly", "抓紧")
    state(world.rulings, date(2022, 1, 1), "")
    return world


def test_a_stated_day_is_shown_with_what_became_of_it(stated: World, page: Get) -> None:
    told = fact(page("/measures/1.1/"))
    assert told.text.startswith("met on time due by 31 Dec 2021 , met on 22 Sep 2021")
    assert told.one("q").text == "by the end of 2021"
    overdue = fact(page("/measures/2.1/"))
    assert overdue.chips() == ["Overdue"]
    assert [each["datetime"] for each in overdue.all("time")] == ["2022-01-01"]


def test_words_stay_as_said_and_get_no_day(stated: World, page: Get) -> None:
    told = fact(page("/measures/1.2/"))
    assert told.one("q").text == "promptly"
    assert told.one("q")["lang"] == "en"
    assert told.one(lang="zh").text == "抓紧"
    assert told.text.endswith("no date stated")
    assert told.all("time") == []
    assert told.chips() == []


def test_no_word_on_time_is_said_too(world: World, page: Get) -> None:
    assert fact(page("/measures/2.1/")).text == "no deadline stated"


def test_it_is_shown_as_of_the_day_asked_for(stated: World, page: Get) -> None:
    told = fact(page("/measures/1.1/", as_of="2021-09-01"))
    assert told.text.startswith("not due due by 31 Dec 2021 ")
    assert fact(page("/measures/1.1/", as_of="2021-09-21")).text.startswith("not due")
    assert fact(page("/measures/2.1/", as_of="2021-11-15")).text.startswith("due soon")
    before = fact(page("/measures/2.1/", known="2021-06-01"))
    assert before.text == "no deadline stated"  # Nobody had entered it then.


def test_the_list_shows_and_filters_it(stated: World, page: Get) -> None:
    shown = page("/measures/")
    assert shown.row("The plan").all("td")[-1].text == "Met on time due 31 Dec 2021"
    assert "no deadline stated “promptly”" in shown.row("The training").text
    overdue = page("/measures/", schedule="overdue")
    assert [cell.text for cell in overdue.all("td", cls="code")] == ["2.1"]
    assert page("/measures/", schedule="overdue", as_of="2021-12-01").all("table") == []
    offered = [each["value"] for each in shown.all("input", name="schedule")]
    assert offered[:2] == ["none-stated", "not-due"]


def test_progress_counts_it_with_its_denominator(stated: World, page: Get) -> None:
    counts = page("/").one("div", aria_labelledby="schedule").one("ul")
    assert counts.text == "None stated 1 Overdue 1 Met on time 1 of 3"
    assert counts.links()["Overdue 1"] == "/measures/?schedule=overdue"
    then = page("/", as_of="2021-01-01").one("div", aria_labelledby="schedule").one("ul")
    assert then.text == "None stated 1 Not due 2 of 3"
    assert then.links()["Not due 2"] == "/measures/?schedule=not-due&as_of=2021-01-01"


def test_lateness_never_touches_the_status(stated: World, page: Get) -> None:
    stated.plan.refresh_from_db()
    stated.plan.due_on = date(2021, 1, 1)
    record.save(stated.plan, by=stated.ana)
    row = page("/measures/").row("The plan")
    assert row.one(cls="status").text == "Implemented"
    assert "Met late" in row.text


def test_the_method_says_what_each_word_means(world: World, page: Get) -> None:
    assert "at most 90 days away" in page("/method/").section("schedules").text
