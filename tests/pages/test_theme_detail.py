"""The page of one theme."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from measures import record
from measures.models import Measure, Source, Theme
from tests.pages.reader import Node
from tests.world import SPEECH_DAY, World

Get = Callable[..., Node]


def test_a_theme_counts_only_its_own_measures(world: World, today: date, page: Get) -> None:
    shown = page("/themes/design/")
    said = shown.one("p", cls="headline").text
    assert said.startswith("2 of 2 commitments are implemented or sustained")
    assert said.endswith("0 are substantially in place and 0 are under way.")
    commitments = shown.section("commitments")
    assert [cell.text for cell in commitments.all("td", cls="code")] == ["1.1", "1.2"]
    assert commitments.row("The plan").one(cls="status").text == "Implemented"
    drawn = shown.all("svg", cls="ladder")
    assert drawn[0]["aria-label"].endswith("1 March 2024: Implemented 1, Sustained 1")
    assert drawn[1]["aria-label"].endswith("30 November 2020: Limited 1, Not started 1")


def test_the_tenth_measure_comes_after_the_ninth(
    world: World, page: Get, crowd: Callable[[int], list[Measure]]
) -> None:
    world.training.code, world.training.position = "1.9", 9  # As text, 1.103 is before 1.9.
    record.save(world.training, by=world.ana)
    crowd(2)
    shown = page("/themes/design/").section("commitments")
    codes = [cell.text for cell in shown.all("td", cls="code")]
    assert codes == ["1.1", "1.9", "1.103", "1.104"]
    nearby = page("/measures/1.103/").one("nav", aria_label="Neighbouring measures")
    assert nearby.one("a", rel="prev")["href"] == "/measures/1.9/"


def test_one_measure_is_spoken_of_in_the_singular(world: World, page: Get) -> None:
    assert "0 of 1 commitments are" in page("/themes/courts/").one("p", cls="headline").text
    world.find(world.rulings, "sustained", SPEECH_DAY, [world.yearbook_on_rulings])
    said = page("/themes/courts/").one("p", cls="headline").text
    assert said.startswith("1 of 1 commitments is implemented or sustained")


def test_a_theme_says_what_it_is_about_and_where_it_stands_in_the_source(
    world: World, page: Get
) -> None:
    world.design.title_zh, world.design.summary, world.design.summary_zh = (
        "设计",
        "Plans.",
        "规划。",
    )
    record.save(world.design, by=world.ana)
    shown = page("/themes/design/")
    assert shown.one("h1").text == "1. Design"
    assert "设计" in [n.text for n in shown.all(lang="zh")]
    assert "规划。" not in shown.text
    assert "Plans." in shown.one("main").text
    assert shown.one("meta", name="description")["content"] == "Plans."
    chinese = page("/zh/themes/design/")
    assert chinese.one("h1").text == "1. 设计"
    assert "规划。" in chinese.one("main").text
    assert chinese.one("meta", name="description")["content"] == "规划。"
    links = shown.one(cls="lede").links()
    assert links["Paragraph 2 of the source"] == "/source/speech-2020/#passage-2"


def test_the_other_themes_are_one_step_away(world: World, page: Get) -> None:
    themes = page("/themes/courts/").one("nav", aria_label="Themes")
    assert themes.links() == {"1. Design": "/themes/design/", "2. Courts": "/themes/courts/"}
    assert themes.one("a", aria_current="page").text == "2. Courts"


def test_a_theme_without_measures_says_so(world: World, page: Get) -> None:
    record.save(Theme(source=world.speech, number=3, slug="new", title="New"), by=world.ana)
    shown = page("/themes/new/")
    assert "No commitment is grouped" in shown.one(cls="empty").text
    assert shown.all("svg") == []


def test_a_theme_belongs_to_its_source(
    world: World, second_source: Source, page: Get, visitor: Client
) -> None:
    other = page("/s/plan-2021/themes/design/")
    assert other.one("h1").text == "1. Reading"
    assert [cell.text for cell in other.section("commitments").all("th", scope="row")] == [
        "The library",
        "The archive",
    ]
    links = other.one("main").links()
    assert links["Progress"] == "/s/plan-2021/"
    assert links["The library"] == "/s/plan-2021/measures/1.1/"
    assert links["Not started 1"] == "/s/plan-2021/measures/?status=not-started"
    assert visitor.get("/s/plan-2021/themes/courts/").status_code == 404


@pytest.mark.parametrize("slug", ["nowhere", "1", "Design"])
def test_an_unknown_theme_is_not_found(slug: str, world: World, visitor: Client) -> None:
    assert visitor.get(f"/themes/{slug}/").status_code == 404
