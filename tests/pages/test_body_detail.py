"""The page of one institution: what it is responsible for, and what it issued."""

from collections.abc import Callable
from datetime import date

from django.test import Client

from measures import record
from measures.models import Body, Evidence, Measure, Source
from tests.pages.reader import Node
from tests.world import World

Get = Callable[..., Node]


def test_a_body_answers_for_its_own_measures(world: World, today: date, page: Get) -> None:
    shown = page("/bodies/patent-office/")
    assert shown.one("h1").text == "Patent Office"
    assert "专利局" in [n.text for n in shown.all(lang="zh")]
    assert shown.one("p", cls="headline").text.startswith("2 of 2 commitments are")
    responsible = shown.section("commitments")
    assert [cell.text for cell in responsible.all("td", cls="code")] == ["1.1", "1.2"]
    assert responsible.one("header").one("small").text == "2 commitments"
    assert "0 of 1 commitments" in page("/bodies/supreme-court/").text


def test_what_a_body_issued_is_listed_newest_first(world: World, page: Get) -> None:
    issued = page("/bodies/patent-office/").section("issued")
    assert [a.text for a in issued.one("ul").all("a")] == ["The outline", "The statement"]
    assert issued.row("The outline").text.endswith("22 Sep 2021 · Plan or policy opinion")
    assert issued.one("header").links() == {"all": "/evidence/?body=patent-office"}
    assert issued.one("header").one("small").text.startswith("2 documents")


def test_of_many_documents_the_newest_are_listed(
    world: World, page: Get, crowd: Callable[[int], list[Measure]]
) -> None:
    crowd(20)
    issued = page("/bodies/patent-office/").section("issued")
    assert len(issued.one("ul").all("li")) == 15
    assert issued.one("header").one("small").text.startswith("22 documents")


def test_a_body_with_nothing_says_so_twice(world: World, page: Get) -> None:
    record.save(Body(slug="idle", title="Idle Office", abbreviation="IO"), by=world.ana)
    shown = page("/bodies/idle/")
    assert "No commitment of this source" in shown.text
    assert "no document that this body issued" in shown.section("issued").text
    assert "IO" in shown.one(cls="meta").text


def test_an_undated_document_is_listed_last(world: World, page: Get) -> None:
    undated = Evidence(key="a-note", title="A note", kind="news", tier=5)
    record.save(undated, by=world.ana, bodies=[world.patent_office])
    issued = page("/bodies/patent-office/").section("issued")
    assert [a.text for a in issued.one("ul").all("a")][-1] == "A note"


def test_a_body_is_seen_from_each_source(world: World, second_source: Source, page: Get) -> None:
    other = page("/s/plan-2021/bodies/patent-office/")
    assert [cell.text for cell in other.section("commitments").all("th", scope="row")] == [
        "The library",
        "The archive",
    ]
    assert other.one(cls="lede").links()["Progress"] == "/s/plan-2021/"
    assert "The library" not in page("/bodies/patent-office/").text


def test_an_unknown_body_is_not_found(world: World, visitor: Client) -> None:
    assert visitor.get("/bodies/nowhere/").status_code == 404
