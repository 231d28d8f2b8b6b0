"""The list of measures: filtered, sorted and paged as the address says."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from measures import record
from measures.models import Measure, Source
from tests.pages.reader import Node, parse
from tests.world import SPEECH_DAY, World

Get = Callable[..., Node]
HTMX = {"HX-Request": "true", "HX-Target": "results"}


def codes(shown: Node) -> list[str]:
    return [cell.text for cell in shown.all("td", cls="code")]


@pytest.fixture
def court(world: World) -> Measure:
    """A fourth measure, of another kind, which nobody assessed."""
    measure = Measure(
        source=world.speech,
        theme=world.courts,
        passage=world.pledges,
        code="2.2",
        position=2,
        slug="court",
        short="Court",
        title="A court",
        quotation="a court will be set up",
        kind="judicial",
        nature="deliverable",
    )
    record.save(measure, by=world.ana, bodies=[world.supreme_court, world.patent_office])
    return measure


def test_every_measure_is_listed_with_its_finding(world: World, page: Get) -> None:
    shown = page("/measures/")
    assert shown.section("found").one("h2").text == "3 of 3 measures"
    assert codes(shown) == ["1.1", "1.2", "2.1"]
    row = shown.row("The plan")
    assert row.one("a")["href"] == "/measures/1.1/"
    assert row.one(cls="status").classes == {"status", "is-implemented"}
    assert row.one(cls="status").text == "Implemented"
    assert "confidence moderate" in row.text
    assert row.one("time")["datetime"] == "2021-09-22"
    assert row.one(lang="zh").text == "措施"
    unassessed = shown.row("The rulings")
    assert unassessed.one(cls="status").text == "Not yet assessed"
    assert unassessed.all("time") == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["1.1", "1.2", "2.1", "2.2"]),
        ({"theme": "design"}, ["1.1", "1.2"]),
        ({"status": "sustained"}, ["1.2"]),
        ({"status": "not-assessed"}, ["2.1", "2.2"]),
        ({"body": "supreme-court"}, ["2.1", "2.2"]),
        ({"kind": "judicial"}, ["2.2"]),
        ({"nature": "continuing"}, ["1.2", "2.1"]),
        ({"status": "not-started"}, []),  # Once, but no longer.
        ({"theme": "courts", "nature": "continuing"}, ["2.1"]),
        ({"body": "patent-office", "kind": "plan", "status": "implemented"}, ["1.1"]),
        ({"theme": "design", "kind": "judicial"}, []),
    ],
)
def test_a_filter_leaves_what_has_all_that_is_asked(
    asked: dict[str, str], expected: list[str], court: Measure, page: Get
) -> None:
    shown = page("/measures/", **asked)
    assert codes(shown) == expected
    assert shown.section("found").one("h2").text == f"{len(expected)} of 4 measures"
    for name in ("theme", "status", "body", "kind", "nature"):
        ticks = shown.all("input", name=name, checked="")
        assert [tick["value"] for tick in ticks] == [asked[name] for _ in range(name in asked)]
    assert ("Clear all" in shown.section("found").links()) is bool(asked)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["1.1", "1.2", "2.1", "2.2", "2.9", "2.10"]),
        ("status", ["1.1", "1.2", "2.10", "2.1", "2.2", "2.9"]),
        ("latest", ["1.2", "1.1", "2.10", "2.1", "2.2", "2.9"]),
        ("title", ["2.2", "2.10", "1.1", "2.1", "1.2", "2.9"]),
    ],
)
def test_the_list_is_sorted_as_asked(
    order: str, expected: list[str], world: World, court: Measure, page: Get
) -> None:
    for code, title in (("2.10", "B court"), ("2.9", "Z court")):
        court.pk, court._state.adding = None, True
        court.code, court.position, court.slug = code, int(code[2:]), f"court-{code}"
        court.title, court.version = title, 1
        record.save(court, by=world.ana)
    tenth = Measure.objects.get(code="2.10")
    world.find(tenth, "limited", date(2021, 1, 1), [world.outline_on_plan])
    assert codes(page("/measures/", order=order)) == expected


@pytest.mark.parametrize("name", ["theme", "status", "body", "kind", "nature", "order"])
def test_a_value_that_cannot_be_read_is_named_and_left_out(
    name: str, world: World, page: Get
) -> None:
    beside = {"nature": "continuing"} if name != "nature" else {"theme": "design"}
    expected = ["1.2", "2.1"] if name != "nature" else ["1.1", "1.2"]
    for value in ("nonsense", "<b>", "规划", "x" * 2000):
        shown = page("/measures/", **beside, **{name: value})
        assert codes(shown) == expected
        said = shown.one(cls="errorlist").text
        told = {"order": "Sort by"}.get(name, name.capitalize())
        assert said.startswith(f"{told}: ")
        assert said.endswith("It was left out.")


def test_nothing_is_said_to_be_left_out_where_everything_can_be_read(
    world: World, page: Get
) -> None:
    assert page("/measures/", theme="design", unknown="x").all(cls="errorlist") == []


def test_no_match_is_an_answer_with_a_way_out(world: World, page: Get) -> None:
    shown = page("/measures/", status="dropped")
    assert "No measure matches" in shown.one(cls="empty").text
    assert shown.one(cls="empty").links() == {"Show all measures": "/measures/"}


@pytest.fixture
def long(world: World, crowd: Callable[[int], list[Measure]]) -> int:
    """How many measures of the first theme there are, on three pages."""
    return len(crowd(110)) + 2


def test_paging_keeps_the_filters_in_the_address(long: int, page: Get) -> None:
    shown = page("/measures/", theme="design", order="title", nature="continuing", unknown="x")
    links = shown.one("nav", aria_label="Pages")
    assert f"1–50 of {long - 1}" in links.text
    forth = links.one("a", rel="next")
    assert forth["href"] == "?theme=design&nature=continuing&order=title&page=2"
    assert forth["hx-get"] == forth["href"]
    assert links.all("a", rel="prev") == []
    second = page(f"/measures/{forth['href']}")
    assert f"51–100 of {long - 1}" in second.one("nav", aria_label="Pages").text
    back = second.one("a", rel="prev")
    assert back["href"] == "?theme=design&nature=continuing&order=title&page=1"
    seen = (
        codes(shown)
        + codes(second)
        + codes(page("/measures/?theme=design&nature=continuing&order=title&page=3"))
    )
    assert len(set(seen)) == long - 1


@pytest.mark.parametrize(
    ("number", "first"),
    [("99999999999999999999", 101), ("0", 101), ("-1", 101), ("many", 1), ("", 1)],
)
def test_a_page_that_does_not_exist_gives_the_nearest(
    number: str, first: int, long: int, page: Get
) -> None:
    shown = page("/measures/", theme="design", page=number)
    assert f"{first}–" in shown.one("nav", aria_label="Pages").text


def test_one_page_needs_no_paging(world: World, page: Get) -> None:
    assert page("/measures/").all("nav", aria_label="Pages") == []


def test_htmx_gets_the_part_and_a_clean_address(world: World, visitor: Client) -> None:
    asked = {"theme": "design", "status": "", "kind": "nonsense", "order": "", "page": "1"}
    response = visitor.get("/measures/", asked, headers=HTMX)
    text = response.content.decode()
    assert "<html" not in text
    part = parse(text).one("section", id="results")
    assert codes(part) == ["1.1", "1.2"]
    assert response["HX-Push-Url"] == "/measures/?theme=design"
    announced = part.one("p", id="announce")
    assert announced["hx-swap-oob"] == "innerHTML"
    assert announced.text == "2 of 3 measures"


def test_htmx_pushes_the_page_it_shows(long: int, visitor: Client) -> None:
    def pushed(**asked: Any) -> str:
        return str(visitor.get("/measures/", asked, headers=HTMX)["HX-Push-Url"])

    assert pushed() == "/measures/"
    assert pushed(page="2", theme="design") == "/measures/?theme=design&page=2"
    assert pushed(page="99", theme="design") == "/measures/?theme=design&page=3"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Target": "main"},
        {**HTMX, "HX-History-Restore-Request": "true"},
        {"HX-Target": "results"},
    ],
    ids=["plain", "no target", "another target", "history", "not htmx"],
)
def test_everything_else_gets_the_whole_page(
    headers: dict[str, str], world: World, visitor: Client
) -> None:
    response = visitor.get("/measures/", headers=headers)
    assert Node.of(response).one("html")
    assert not response.has_header("HX-Push-Url")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_cache_keeps_part_and_page_apart(
    headers: dict[str, str], world: World, visitor: Client
) -> None:
    vary = visitor.get("/measures/", headers=headers)["Vary"]
    assert {"HX-Request", "HX-Target", "Cookie"} <= {name.strip() for name in vary.split(",")}


def test_the_form_works_without_javascript(world: World, page: Get) -> None:
    form = page("/measures/").one("main").one("form", role="search")
    assert form["method"] == "get"
    assert form["hx-get"] == "/measures/"
    assert form.one("button").text == "Show"
    assert form.one("label", for_=form.one("select")["id"]).text == "Sort by"
    for tick in form.all("input", type="checkbox"):
        assert tick.parent is not None
        assert tick.parent.tag == "label"


def test_each_source_lists_its_own_measures(world: World, second_source: Source, page: Get) -> None:
    other = page("/s/plan-2021/measures/")
    assert codes(other) == ["1.1", "1.2"]
    assert other.links()["The library"] == "/s/plan-2021/measures/1.1/"
    assert "The plan" not in other.section("found").text
    assert codes(page("/measures/")) == ["1.1", "1.2", "2.1"]
    assert [tick["value"] for tick in other.all("input", name="theme")] == ["design"]
    assert "1. Reading" in other.one("form", cls="facets").text


def test_a_retired_measure_is_not_listed(world: World, page: Get) -> None:
    world.plan.retired_on = SPEECH_DAY
    record.save(world.plan, by=world.ana)
    assert codes(page("/measures/")) == ["1.2", "2.1"]
