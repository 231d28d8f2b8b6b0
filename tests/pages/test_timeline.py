"""The timeline: dated evidence along the years, as a picture and as a list."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from measures import record
from measures.models import Citation, Evidence, Measure, Source
from tests.pages.reader import Node, parse
from tests.world import World, cite

Get = Callable[..., Node]
HTMX = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture
def undated(world: World) -> Evidence:
    """A document without a date, under the plan."""
    found = Evidence(key="leaflet", title="The leaflet", kind="news", tier=5)
    record.save(found, by=world.ana)
    cite(world.plan, found, by=world.ana, stage="applied", bearing="contradicts")
    return found


def titles(shown: Node) -> list[str]:
    """The documents of the list, in its order."""
    return [row.one("a").text for row in shown.all("th", scope="row")]


def entry(shown: Node, title: str) -> Node:
    """The row of the list that has this document."""
    return shown.one("table").row(title)


def marks(shown: Node) -> dict[str, list[str]]:
    """The marks of the picture by theme: what each says of itself."""
    return {
        lane.one("a").text: [g.one("title").text for g in lane.one("svg").all("g")]
        for lane in shown.one("ul", cls="lanes").all("li")
        if "aria-hidden" not in lane.attributes
    }


def test_every_dated_document_is_listed_by_year_newest_first(world: World, page: Get) -> None:
    shown = page("/timeline/")
    assert shown.section("found").one("h2").text == "3 of 3 dated documents"
    assert titles(shown) == ["The yearbook", "The outline", "The statement"]
    years = [each.text for each in shown.all("th", scope="rowgroup")]
    assert years == ["2022", "2021", "2020"]
    row = entry(shown, "The yearbook")
    assert row.one("time")["datetime"] == "2022-06-01"
    assert row.one("span", lang="zh").text == "文件"
    assert row.one(cls="readings").text == "Applied: 1.2, 2.1"
    assert row.links()["1.2"] == "/measures/1.2/"
    assert row.links()["2. Courts"] == "/themes/courts/"


def test_the_picture_has_a_lane_for_each_theme_and_a_mark_for_each_document(
    world: World, page: Get
) -> None:
    shown = page("/timeline/")
    assert marks(shown) == {
        "1. Design": [
            "1 Jun 2020 · The statement · Drafted",
            "22 Sep 2021 · The outline · In force",
            "1 Jun 2022 · The yearbook · Applied",
        ],
        "2. Courts": ["1 Jun 2022 · The yearbook · Applied"],
    }
    picture = shown.all("svg", role="img")[0]
    assert picture.all("title")[0].text.startswith("Design: 3 documents from ")
    assert picture["aria-labelledby"] == picture.all("title")[0]["id"]
    assert {use["href"] for use in picture.all("use")} == {
        "#stage-drafted",
        "#stage-in-force",
        "#stage-applied",
    }
    named = {node["id"] for node in shown.everything() if node.attributes.get("id")}
    assert {use["href"][1:] for use in shown.all("use")} <= named
    assert len(picture.all("line", cls="source-day")) == 1


def test_the_furthest_stage_and_a_contradiction_are_seen_in_the_picture(
    world: World, page: Get
) -> None:
    cite(world.plan, world.statement, by=world.ana, stage="adopted", bearing="contradicts")
    shown = page("/timeline/")
    assert marks(shown)["1. Design"][0] == "1 Jun 2020 · The statement · Adopted · contradicts"
    assert len(shown.all("svg", role="img")[0].all("use", href="#against")) == 1
    readings = entry(shown, "The statement").one(cls="readings").all("li")
    assert [each.text for each in readings] == ["Drafted: 1.2", "Adopted: 1.1 Contradicts"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"theme": "courts"}, ["The yearbook"]),
        ({"stage": "in-force"}, ["The outline"]),
        ({"bearing": "contradicts"}, []),
        ({"body": "patent-office"}, ["The outline", "The statement"]),
        ({"year": "2020"}, ["The statement"]),
        ({"theme": "design", "stage": "applied", "body": "supreme-court"}, ["The yearbook"]),
        ({"theme": "courts", "year": "2021"}, []),
    ],
)
def test_the_filters_of_the_address_choose(
    world: World, page: Get, asked: dict[str, str], expected: list[str]
) -> None:
    shown = page("/timeline/", **asked)
    assert titles(shown) == expected
    assert shown.one("h2", id="found").text == f"{len(expected)} of 3 dated documents"
    assert shown.links()["Clear"] == "/timeline/"
    if not expected:
        assert shown.links()["Show all documents"] == "/timeline/"


def test_a_row_names_only_what_matches(world: World, page: Get) -> None:
    row = entry(page("/timeline/", theme="courts"), "The yearbook")
    assert row.one(cls="readings").text == "Applied: 2.1"


def test_what_cannot_be_read_in_the_address_is_said_and_left_out(world: World, page: Get) -> None:
    shown = page("/timeline/", stage="sideways", year="soon")
    assert len(titles(shown)) == 3
    assert len(shown.all("p", cls="errorlist")) == 2


def test_undated_documents_are_counted_not_hidden(
    world: World, undated: Evidence, page: Get
) -> None:
    shown = page("/timeline/")
    assert "1 more has no date and is not shown" in shown.section("found").one("header").text
    assert "The leaflet" not in titles(shown)
    assert shown.section("found").one("h2").text == "3 of 3 dated documents"
    header = page("/timeline/", theme="courts").section("found").one("header")
    assert "no date" not in header.text


def test_nothing_issued_later_is_shown_on_a_past_day(world: World, page: Get) -> None:
    shown = page("/timeline/", as_of="2021-12-31")
    assert titles(shown) == ["The outline", "The statement"]
    assert [len(each) for each in marks(shown).values()] == [2, 0]
    link = entry(shown, "The outline").links()["The outline"]
    assert link == "/evidence/outline/?as_of=2021-12-31"
    assert entry(shown, "The outline").links()["1.1"] == "/measures/1.1/?as_of=2021-12-31"
    hidden = shown.one("form", cls="filters").one("input", name="as_of")
    assert hidden["value"] == "2021-12-31"


def test_nothing_learnt_later_is_shown_as_known_before(world: World, page: Get) -> None:
    shown = page("/timeline/", known="2021-06-01")
    assert titles(shown) == ["The statement"]  # A finding of that time rests on it.
    assert page("/timeline/", known="2020-12-31").all("table") == []


def test_the_words_are_those_of_that_time(world: World, page: Get, undated: Evidence) -> None:
    head = record.head()
    assert head is not None
    moment = head.at.isoformat()
    world.outline.title = "Another name"
    record.save(world.outline, by=world.ana)
    world.outline_on_plan.stage = "applied"
    record.save(world.outline_on_plan, by=world.ana)
    assert "Applied: 1.1" in entry(page("/timeline/"), "Another name").text
    shown = page("/timeline/", known=moment)
    assert "In force: 1.1" in entry(shown, "The outline").text
    assert "22 Sep 2021 · The outline · In force" in marks(shown)["1. Design"]


def test_a_text_says_since_when_it_is_in_force(world: World, page: Get) -> None:
    world.outline.effective_on = date(2022, 1, 1)
    record.save(world.outline, by=world.ana)
    assert "In force since 1 Jan 2022: 1.1" in entry(page("/timeline/"), "The outline").text


def test_htmx_gets_the_part_alone_and_a_clean_address(world: World, visitor: Client) -> None:
    response = visitor.get("/timeline/?theme=courts&stage=&year=", headers=HTMX)
    shown = parse(response.content.decode())
    assert shown.all("html") == []
    assert titles(shown) == ["The yearbook"]
    assert shown.one(id="announce").text == "1 of 3 dated documents"
    assert response["HX-Push-Url"] == "/timeline/?theme=courts"
    assert "HX-Request" in response["Vary"]


def test_the_page_works_without_javascript(world: World, page: Get) -> None:
    form = page("/timeline/", theme="courts").one("form", cls="filters")
    assert form["method"] == "get"
    assert form.one("button").text == "Show"
    names = [each["name"] for each in form.all("select")]
    assert names == ["theme", "stage", "bearing", "body", "year"]


def test_each_source_has_its_own(world: World, second_source: Source, page: Get) -> None:
    shown = page("/s/plan-2021/timeline/")
    assert "No dated document bears on a commitment of this source yet." in shown.text
    library = second_source.measures.get(code="1.1")
    cite(library, world.outline, by=world.ana)
    shown = page("/s/plan-2021/timeline/")
    assert titles(shown) == ["The outline"]
    assert entry(shown, "The outline").links()["1.1"] == "/s/plan-2021/measures/1.1/"
    assert entry(page("/timeline/"), "The outline").one(cls="readings").text == "In force: 1.1"


def test_a_retired_measure_brings_nothing(world: World, page: Get) -> None:
    world.plan.refresh_from_db()
    world.plan.retired_on = date(2022, 1, 1)
    record.save(world.plan, by=world.ana)
    assert "The outline" not in titles(page("/timeline/"))
    assert "The outline" in titles(page("/timeline/", as_of="2021-12-31"))


def test_many_documents_are_paged_and_counted_by_month(
    world: World, crowd: Callable[[int], list[Measure]], page: Get
) -> None:
    crowd(60)
    shown = page("/timeline/")
    assert len(titles(shown)) == 50
    assert shown.one("nav", cls="pages").links()["Next"] == "?page=2"
    assert len(titles(page("/timeline/", page="2"))) == 13
    assert len(marks(shown)["1. Design"]) == 63
    crowd(400)
    crowded = page("/timeline/")
    assert marks(crowded) == {"1. Design": [], "2. Courts": []}
    bars = [bar.one("title").text for bar in crowded.all("rect", cls="month")]
    assert bars == ["Jun 2020: 1", "Nov 2020: 460", "Sep 2021: 1", "Jun 2022: 1", "Jun 2022: 1"]
    assert "Too many documents to mark each" in crowded.text
    assert "the tallest 460." in crowded.text
    few = page("/timeline/", stage="applied")
    assert marks(few)["2. Courts"] == ["1 Jun 2022 · The yearbook · Applied"]
    assert Citation.objects.count() > 900
