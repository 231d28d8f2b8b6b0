"""Two days of a register with more commitments than a page can name."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from measures import progress, record
from measures.pages import compare as pages
from tests.pages.reader import Node
from tests.world import SPEECH_DAY, World

Get = Callable[..., Node]
PERIODS = (
    {},
    {"from": "2021-01-31", "to": "2023-01-01"},
    {"from": "2021-01-31", "to": "2023-01-01", "hindsight": "on"},
    {"from": "2021-09-30", "to": "2024-02-01", "known": "2023-07-01"},
)


@pytest.mark.parametrize("asked", PERIODS)
def test_the_figures_are_those_of_the_page_that_names_each(
    monkeypatch: pytest.MonkeyPatch, world: World, today: date, page: Get, asked: dict[str, str]
) -> None:
    named = page("/compare/", **asked)
    monkeypatch.setattr(pages, "MOST_TILES", 1)
    counted = page("/compare/", **asked)
    assert named.text != counted.text
    for part in (("p", "headline"), ("table", "figures"), ("dl", "ladders"), ("svg", "flow")):
        (theirs, *_), (ours, *_) = (each.all(part[0], cls=part[1]) for each in (named, counted))
        assert ours.text == theirs.text, part
    for section in ("flow", "by-theme"):
        assert counted.section(section).text == named.section(section).text


def test_it_names_the_latest_alone(
    monkeypatch: pytest.MonkeyPatch, world: World, today: date, page: Get
) -> None:
    monkeypatch.setattr(pages, "MOST_TILES", 1)
    monkeypatch.setattr(pages, "MOVES_SHOWN", 1)
    shown = page("/compare/").section("latest")
    assert [row.all("a")[0].text for row in shown.all("li")] == ["1.2 The training"]
    assert shown.one("li").chips() == ["world changed"]


def test_a_retired_measure_counts_on_the_first_day_only(world: World) -> None:
    world.rulings.retired_on = date(2022, 1, 1)
    record.save(world.rulings, by=world.ana)
    days: Any = (world.speech, SPEECH_DAY, date(2023, 1, 1))
    found, named = progress.cross(*days, most=3), progress.compare(*days)
    assert (len(found.earlier), len(found.later)) == (3, 2)
    assert found.earlier.counts == named.earlier.counts
    assert found.later.counts == named.later.counts
    assert (found.flows, found.moved) == (named.flows, named.moved)
