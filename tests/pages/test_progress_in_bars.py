"""The progress of a register with more commitments than a page has room for squares."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import progress, record
from measures.models import Measure
from measures.pages import progress as pages
from tests.pages.reader import Node
from tests.world import SOON_AFTER, SPEECH_DAY, World

Get = Callable[..., Node]


@pytest.fixture
def in_bars(monkeypatch: pytest.MonkeyPatch, world: World, today: date) -> World:
    """The small world, as if it were a large one."""
    monkeypatch.setattr(pages, "MOST_TILES", 1)
    return world


def numbers(shown: Node) -> dict[str, str]:
    """The words and numbers of a legend, each with where it leads."""
    links = [link for link in shown.all("a") if "?" in link["href"]]
    return {link.text: link["href"] for link in links}


def test_each_theme_is_a_bar_with_its_numbers(in_bars: World, page: Get) -> None:
    shown = page("/").section("by-theme")
    assert not page("/").all(cls="tiles")
    design = shown.row("1. Design")
    assert "2 of 2 achieved" in design.text
    assert numbers(design) == {
        "Implemented 1": "/measures/?theme=design&status=implemented",
        "Sustained 1": "/measures/?theme=design&status=sustained",
    }
    (bar,) = design.all("svg", cls="ladder")
    assert bar["aria-label"].endswith("1 March 2024: Implemented 1, Sustained 1")
    assert list(numbers(shown.row("2. Courts"))) == ["Not yet assessed 1"]


def test_figures_ladders_and_sentence_are_those_of_the_squares(
    monkeypatch: pytest.MonkeyPatch, in_bars: World, page: Get
) -> None:
    for dates in ({}, {"as_of": "2021-08-01"}, {"as_of": "2023-06-01", "known": "2023-06-30"}):
        bars = page("/", **dates)
        monkeypatch.setattr(pages, "MOST_TILES", 500)
        squares = page("/", **dates)
        monkeypatch.setattr(pages, "MOST_TILES", 1)
        assert squares.all(cls="tiles")
        for part in (("p", "headline"), ("table", "figures"), ("dl", "ladders")):
            assert bars.one(part[0], cls=part[1]).text == squares.one(part[0], cls=part[1]).text


def test_what_changed_is_that_of_the_squares(in_bars: World, page: Get) -> None:
    shown = page("/").section("what-changed")
    assert [row.one("a").text for row in shown.all("li")] == ["1.2 The training", "1.1 The plan"]
    assert "2 changes of status since 30 Nov 2020, the latest first" in shown.text
    assert "changes of status" not in page("/", known="2023-07-01").section("what-changed").text


def test_what_waits_is_counted_and_the_longest_overdue_named(in_bars: World, page: Get) -> None:
    plan = in_bars.plan
    plan.review_on = date(2024, 1, 20)
    record.save(plan, by=in_bars.ana)
    in_bars.training.review_on = date(2024, 3, 1)  # Today: not overdue yet.
    record.save(in_bars.training, by=in_bars.ana)
    shown = page("/").section("needs-attention")
    assert "review overdue by 41 days" in shown.row("1.1 The plan").text
    assert "The training" not in shown.text
    assert numbers(shown) == {
        "Not yet assessed: 1 of 3": "/measures/?status=not-assessed",
        "Review overdue: 1": "/measures/?review=overdue",
        "Low confidence": "/measures/?confidence=low",
    }


def test_many_overdue_reviews_are_not_counted_to_the_last(
    monkeypatch: pytest.MonkeyPatch, in_bars: World, page: Get
) -> None:
    Measure.objects.update(review_on=date(2023, 1, 1))
    monkeypatch.setattr(pages, "MANY", 2)
    assert "Review overdue: 2 or more" in page("/").section("needs-attention").text


def test_a_theme_shows_the_first_and_leads_to_the_others(
    monkeypatch: pytest.MonkeyPatch, in_bars: World, page: Get
) -> None:
    monkeypatch.setattr(pages, "ROWS_SHOWN", 1)
    shown = page("/themes/design/")
    assert [row.one("a").text for row in shown.one("table", cls="list").one("tbody").all("tr")] == [
        "The plan"
    ]
    link = shown.one("a", href="/measures/?theme=design")
    assert link.text == "The first 1 are shown: see all 2 in the list"
    assert "2 of 2" in shown.one("p", cls="headline").text


def test_no_question_grows_with_the_commitments(
    in_bars: World, visitor: Client, crowd: Callable[[int], list[Measure]]
) -> None:
    def asked() -> int:
        visitor.get("/")
        with CaptureQueriesContext(connection) as questions:
            visitor.get("/")
        return len(questions)

    crowd(30)
    few = asked()
    crowd(100)
    assert asked() == few


class TestLatestMoves:
    def told(self, moves: Any) -> list[Any]:
        return [(m.measure, m.before.slug, m.after.slug, m.reason) for m in moves]

    @pytest.mark.parametrize("day", [SPEECH_DAY, date(2021, 10, 1), date(2024, 1, 1)])
    def test_they_are_the_first_of_all_moves(
        self, world: World, crowd: Callable[[int], list[Measure]], day: date
    ) -> None:
        for number, measure in enumerate(crowd(90)):
            status = "limited" if number % 3 else "partial"
            since = date(2021, 1, 1) + timedelta(days=number * 7)
            world.find(measure, status, since, measure.citations.all()[:1], recorded_at=SOON_AFTER)
        every = progress.moves(*progress.states(world.speech, SPEECH_DAY, day))
        found = progress.latest_moves(world.speech, SPEECH_DAY, day, most=7)
        assert self.told(found) == self.told(every)[:7]
        assert len(found) == min(7, len(every))

    def test_a_retired_measure_moves_no_more(self, world: World) -> None:
        world.training.retired_on = date(2023, 6, 1)
        record.save(world.training, by=world.ana)
        for day, number in ((date(2023, 5, 31), 2), (date(2023, 6, 1), 1)):
            found = progress.latest_moves(world.speech, SPEECH_DAY, day, most=7)
            assert len(found) == number
