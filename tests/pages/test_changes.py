"""The public record: who did what, when and why, newest first."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from measures import record, workflow
from measures.models import Measure, RecordEntry
from measures.pages.changes import NOUNS
from tests.pages.reader import Node, parse
from tests.world import World

Get = Callable[..., Node]


def rows(shown: Node) -> list[Node]:
    return shown.section("found").all("tr", cls="entry")


def sequences(shown: Node) -> list[int]:
    return [int(row.all("td")[-1].text.split()[0]) for row in rows(shown)]


def test_entries_are_told_newest_first(world: World, page: Get) -> None:
    entries = RecordEntry.objects.filter(noun__in=NOUNS).order_by("-sequence")
    shown = page("/changes/")
    assert sequences(shown) == [entry.sequence for entry in entries]
    assert shown.section("found").one("h2").text == f"{len(entries)} entries"
    assert rows(shown)[0].one(cls="hash")["title"] == entries[0].hash


def test_an_entry_names_person_object_and_reason(world: World, page: Get) -> None:
    world.outline.document_number = "No. 15"
    record.save(world.outline, by=world.rui, why="The number was published.")
    newest = rows(page("/changes/"))[0]
    assert "evidence changed" in newest.text
    assert "The number was published." in newest.text
    assert newest.links() == {"The outline": "/evidence/outline/"}
    assert newest.all("td")[1].text == "Rui"
    assert newest.one("time")


def test_a_changed_field_is_shown_before_and_after(world: World, page: Get) -> None:
    plan = world.plan
    plan.title, plan.title_zh, plan.done_when = "The whole plan", "总体规划", ""
    record.save(plan, by=world.ana, bodies=[world.patent_office, world.supreme_court])
    told = rows(page("/changes/"))[0]
    assert told.one("summary").text == "4 fields"
    fields = dict(zip([t.text for t in told.all("dt")], told.all("dd"), strict=True))
    assert fields["title"].one("del").text == "The plan"
    assert fields["title"].one("ins").text == "The whole plan"
    assert (fields["title (zh)"].one("del")["lang"], fields["title (zh)"].one("ins")["lang"]) == (
        "zh",
        "zh",
    )
    assert fields["title"].one("ins")["lang"] == "en"
    assert fields["criteria"].text == "It is in force. emptied"
    assert fields["responsible bodies"].one("ins").text == "patent-office, supreme-court"


def test_a_switch_is_shown_in_words(world: World, page: Get) -> None:
    world.outline.title_zh_ours = True
    record.save(world.outline, by=world.ana)
    assert rows(page("/changes/"))[0].one("dd").text == "no yes"
    world.outline.title_zh_ours = False
    record.save(world.outline, by=world.ana)
    assert rows(page("/changes/"))[0].one("dd").text == "yes no"


def test_an_addition_speaks_for_itself(world: World, page: Get) -> None:
    told = page("/changes/", noun="theme")
    assert [row.all("details") for row in rows(told)] == [[], []]
    assert rows(told)[0].links() == {"2. Courts": "/themes/courts/"}


def test_a_finding_is_told_with_its_status_and_day(world: World, page: Get) -> None:
    found = page("/changes/", noun="finding")
    newest = rows(found)[0]
    assert newest.one(cls="status").text == "Sustained"
    assert newest.links() == {"1.2 The training": "/measures/1.2/#finding-2"}
    assert "in effect 1 Jun 2022" in newest.text
    assert newest.chips() == []


def test_a_correction_is_marked(world: World, page: Get) -> None:
    world.find(
        world.plan,
        "partial",
        date(2021, 9, 22),
        [world.outline_on_plan],
        supersedes=world.plan.findings.get(number=2),
        correction_reason="Misread.",
    )
    newest, before, *_ = rows(page("/changes/", noun="finding"))
    assert newest.chips() == ["correction"]
    assert before.chips() == []


@pytest.mark.parametrize("noun", NOUNS)
def test_the_record_can_be_read_by_kind(noun: str, world: World, page: Get) -> None:
    shown = page("/changes/", noun=noun)
    entries = RecordEntry.objects.filter(noun=noun).order_by("-sequence")
    assert entries
    assert sequences(shown) == [entry.sequence for entry in entries]
    assert [each["value"] for each in shown.all("input", name="noun", checked="")] == [noun]


def test_what_was_removed_keeps_its_name(world: World, page: Get) -> None:
    record.delete(world.yearbook_on_rulings, by=world.ana, why="A duplicate.")
    newest = rows(page("/changes/", noun="citation"))[0]
    assert "citation removed" in newest.text
    assert "yearbook @ speech-2020/2.1" in newest.text
    assert newest.all("a") == []


def test_accounts_and_drafts_are_not_shown_in_public(world: World, page: Get) -> None:
    before = sequences(page("/changes/"))
    draft = world.draft(world.plan, rationale="Between us.", citations=[world.outline_on_plan])
    record.added([world.ana], by=world.rui, why="An account.")
    hidden = RecordEntry.objects.filter(noun__in=("draft", "user"))
    assert {entry.noun for entry in hidden} == {"draft", "user"}
    for noun in ("", "draft", "user", "recordentry", "DRAFT"):
        shown = page("/changes/", noun=noun)
        assert sequences(shown) == before
        assert "Between us." not in shown.text
        assert "An account." not in shown.text
    workflow.approve(draft, by=world.rui)  # What was approved, however, is for everybody.
    assert "Partial" in rows(page("/changes/", noun="finding"))[0].text


def test_a_kind_that_is_not_told_is_named_and_left_out(world: World, page: Get) -> None:
    said = page("/changes/", noun="draft").one(cls="errorlist").text
    assert said.startswith("Show:")
    assert said.endswith("It was left out.")


def test_the_record_is_read_page_by_page(
    world: World, page: Get, crowd: Callable[[int], list[Measure]]
) -> None:
    crowd(60)
    shown = page("/changes/", noun="measure")
    forth = shown.one("nav", aria_label="Pages").one("a", rel="next")
    assert forth["href"] == "?noun=measure&page=2"
    assert len(rows(shown)) == 50
    further = page(f"/changes/{forth['href']}")
    assert max(sequences(further)) < min(sequences(shown))
    assert sequences(page("/changes/?noun=measure&page=99")) == sequences(further)


def test_htmx_gets_the_part_and_a_clean_address(world: World, visitor: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = visitor.get("/changes/", {"noun": "theme", "page": ""}, headers=headers)
    text = response.content.decode()
    assert "<html" not in text
    assert len(rows(parse(text))) == 2
    assert response["HX-Push-Url"] == "/changes/?noun=theme"
    assert "HX-Request" in response["Vary"]


def test_an_empty_record_says_so(db: None, page: Get) -> None:
    assert "no such entry yet" in page("/changes/").one(cls="empty").text


def test_a_person_who_was_erased_is_told_by_a_number_only(world: World, page: Get) -> None:
    world.courts.summary = "Swift."
    stranger = type(world.ana)(username="gone", display_name="Gone")
    record.save(world.courts, by=stranger)
    newest = rows(page("/changes/"))[0]
    assert newest.all("td")[1].text == str(stranger.opaque_id)[:8]
