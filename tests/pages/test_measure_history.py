"""Everything that was changed on a measure or a document, field by field, from the record."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import record, workflow
from measures.models import Measure, Passage, RecordEntry, Source, Theme
from tests.pages.reader import Node, inline_code, parse
from tests.world import World, cite

Get = Callable[..., Node]
PLAN = "/measures/1.1/history/"


def entries(shown: Node) -> list[RecordEntry]:
    rows = shown.section("found").all("tr", cls="entry")
    numbers = [int(row.all("td")[-1].text.split()[0]) for row in rows]
    found = RecordEntry.objects.in_bulk(numbers)
    return [found[number] for number in numbers]


def told(shown: Node) -> list[tuple[str, str, str]]:
    return [(entry.noun, entry.action, entry.key) for entry in entries(shown)]


def test_a_measure_is_told_with_its_citations_and_findings(world: World, page: Get) -> None:
    outline = "outline @ speech-2020/1.1"
    record.delete(cite(world.plan, world.yearbook, by=world.ana), by=world.ana, why="Twice.")
    assert told(page(PLAN)) == [
        ("citation", "removed", "yearbook @ speech-2020/1.1"),
        ("citation", "added", "yearbook @ speech-2020/1.1"),
        *(each for each in told(page(PLAN))[2:-2]),
        ("citation", "added", outline),
        ("measure", "added", "speech-2020/1.1"),
    ]
    keys = {key for _, _, key in told(page(PLAN))}
    assert {"speech-2020/1.1#1", "speech-2020/1.1#2", outline} < keys
    assert not [key for key in keys if "1.2" in key or "2.1" in key]


def test_a_code_that_begins_alike_is_another_measure(world: World, page: Get) -> None:
    other = Measure.objects.get(pk=world.plan.pk)
    other.pk, other.code, other.slug, other.position = None, "1.11", "other", 11
    other._state.adding = True
    record.save(other, by=world.ana)
    before = told(page(PLAN))
    world.find(other, "partial", date(2022, 1, 1), [cite(other, world.outline, by=world.ana)])
    assert told(page(PLAN)) == before
    assert {
        key.split("/")[1].split("#")[0] for _, _, key in told(page("/measures/1.11/history/"))
    } == {"1.11"}


def test_another_source_has_its_own_measure_of_that_code(
    world: World, second_source: object, page: Get
) -> None:
    keys = {key for _, _, key in told(page("/s/plan-2021/measures/1.1/history/"))}
    assert keys == {"plan-2021/1.1", "plan-2021/1.1#1"}
    assert not [key for _, _, key in told(page(PLAN)) if "plan-2021" in key]


def test_a_source_whose_name_ends_alike_is_another(world: World, page: Get) -> None:
    before = told(page(PLAN))
    source = Source(slug="old-speech-2020", title="Older", delivered_on=date(2019, 1, 1))
    record.save(source, by=world.ana)
    passage = Passage(source=source, number=1, role="commitments", gist="Older words.")
    record.save(passage, by=world.ana)
    theme = Theme(source=source, number=1, slug="design", title="Older", passage=passage)
    record.save(theme, by=world.ana)
    other = Measure.objects.get(pk=world.plan.pk)
    other.pk, other.source, other.theme, other.passage = None, source, theme, passage
    other._state.adding = True
    record.save(other, by=world.ana)
    cite(other, world.outline, by=world.ana)
    assert told(page(PLAN)) == before
    assert len(told(page("/s/old-speech-2020/measures/1.1/history/"))) == 2


def test_only_findings_when_asked(world: World, page: Get) -> None:
    shown = page(PLAN, only="findings")
    assert [key for _, _, key in told(shown)] == ["speech-2020/1.1#2", "speech-2020/1.1#1"]
    assert shown.one("select", name="only").one("option", selected="")["value"] == "findings"
    assert "It was left out." in page(PLAN, only="drafts").one(cls="errorlist").text


def test_who_when_why_and_each_field(world: World, page: Get) -> None:
    world.plan.refresh_from_db()
    world.plan.title = "The whole plan"
    record.save(world.plan, by=world.rui, why="As it was called.")
    shown = page(PLAN)
    newest = shown.section("found").all("tr", cls="entry")[0]
    assert newest.all("td")[1].text == "Rui"
    assert "As it was called." in newest.text
    assert newest.one("del").text == "The plan"
    assert newest.one("ins").text == "The whole plan"
    assert "open" in newest.one("details").attributes
    assert newest.one("time")
    assert shown.one("h1").text == "History of 1.1 The whole plan"
    assert inline_code(shown) == []


def test_drafts_and_notes_are_not_told(world: World, page: Get) -> None:
    before = told(page(PLAN))
    workflow.note(world.plan, "Between us.", by=world.ana)
    world.draft(world.plan, citations=[world.outline_on_plan])
    assert told(page(PLAN)) == before
    cite(world.plan, world.statement, by=world.ana)
    assert len(told(page(PLAN))) == len(before) + 1


def test_a_document_is_told_with_its_citations(world: World, page: Get) -> None:
    shown = page("/evidence/yearbook/history/")
    assert told(shown) == [
        ("citation", "added", "yearbook @ speech-2020/2.1"),
        ("citation", "added", "yearbook @ speech-2020/1.2"),
        ("evidence", "added", "yearbook"),
    ]
    assert shown.one("h1").text == "History of The yearbook"


@pytest.mark.parametrize("path", ["/measures/1.1/", "/evidence/outline/"])
def test_the_page_leads_to_its_history(path: str, world: World, page: Get) -> None:
    link = page(path).section("history").one("header").one("a")["href"]
    assert link == f"{path}history/"
    assert page(link).one("main").one(cls="meta").one("a")["href"] == path


@pytest.mark.parametrize("path", ["/measures/9.9/history/", "/evidence/nothing/history/"])
def test_what_does_not_exist_has_no_history(path: str, world: World, visitor: Client) -> None:
    assert visitor.get(path).status_code == 404


def test_it_is_read_page_by_page_and_in_parts(world: World, page: Get, visitor: Client) -> None:
    few = len(told(page(PLAN)))
    world.plan.refresh_from_db()
    for n in range(60):
        world.plan.title = f"Plan {n}"
        record.save(world.plan, by=world.ana)
    shown = page(PLAN)
    assert len(entries(shown)) == 50
    forth = shown.one("nav", aria_label="Pages").one("a", rel="next")["href"]
    assert len(entries(page(PLAN + forth))) == 10 + few
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = visitor.get(PLAN, {"only": "findings"}, headers=headers)
    assert "<html" not in response.content.decode()
    assert len(entries(parse(response.content.decode()))) == 2
    assert response["HX-Push-Url"] == f"{PLAN}?only=findings"


@pytest.mark.parametrize("path", [PLAN, "/evidence/outline/history/"])
def test_the_questions_do_not_grow(
    path: str, world: World, visitor: Client, crowd: Callable[[int], list[Measure]]
) -> None:
    def questions() -> int:
        visitor.get(path)
        with CaptureQueriesContext(connection) as asked:
            visitor.get(path)
        return len(asked)

    cite(world.plan, world.yearbook, by=world.ana)
    few = questions()
    for _ in range(5):
        world.find(world.plan, "partial", date(2022, 7, 1), [world.outline_on_plan])
    crowd(20)
    cite(world.plan, world.statement, by=world.ana)
    assert questions() == few
