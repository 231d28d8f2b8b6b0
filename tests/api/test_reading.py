"""What the API answers, on any day and as known on any day."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from measures import record, shapes
from measures.api import answers
from measures.method import SHOWN_STATUSES
from measures.models import Measure
from tests.world import LATER, SPEECH_DAY, World, cite

Ask = Callable[..., Any]


@pytest.fixture
def ask(visitor: Client) -> Ask:
    """An answer of the API, as a visitor's machine reads it."""

    def get(path: str, **asked: Any) -> Any:
        response = visitor.get(f"/api/v1/{path}", asked)
        assert response.status_code == 200, response.content
        assert response["Content-Type"].startswith("application/json")
        return response.json()

    return get


def test_a_measure_says_where_it_stands(world: World, ask: Ask) -> None:
    (plan, training, rulings) = ask("measures")["items"]
    assert plan["code"] == "1.1"
    assert plan["theme"] == "design"
    assert plan["bodies"] == ["patent-office"]
    assert plan["standing"] == {
        "status": "implemented",
        "since": "2021-09-22",
        "confidence": "moderate",
        "finding": 2,
        "schedule": "none-stated",
    }
    assert training["standing"]["status"] == "sustained"
    assert rulings["standing"]["status"] == "not-assessed"
    assert rulings["standing"]["finding"] is None


def test_every_answer_says_its_dates_and_the_record(world: World, ask: Ask) -> None:
    told = ask("measures", as_of="2022-01-31", known="2023-01-31")
    assert told["as_of"] == "2022-01-31"
    assert told["known"] == "2023-01-31T23:59:59.999999+00:00"
    assert told["record"] is None  # Nothing had been entered by then.
    head = record.head()
    assert head
    assert ask("progress")["record"] == {"sequence": head.sequence, "hash": head.hash}


@pytest.mark.parametrize(
    ("asked", "statuses"),
    [
        ({}, ["implemented", "sustained", "not-assessed"]),
        ({"as_of": "2021-12-31"}, ["implemented", "limited", "not-assessed"]),
        ({"known": "2023-01-31"}, ["not-started", "limited"]),
        ({"as_of": "2020-11-30"}, ["not-started", "limited", "not-assessed"]),
    ],
)
def test_both_dates_are_honoured(
    asked: dict[str, str], statuses: list[str], world: World, ask: Ask
) -> None:
    told = ask("measures", **asked)
    assert [each["standing"]["status"] for each in told["items"]] == statuses
    assert told["total"] == len(statuses)


def test_a_measure_is_told_in_the_words_it_had(world: World, ask: Ask) -> None:
    entered = timezone.now().isoformat()
    world.plan.title = "Another title"
    record.save(world.plan, by=world.ana)
    for path in ("measures/1.1", "measures"):
        now, then = ask(path), ask(path, known=entered)
        now, then = now.get("items", [now])[0], then.get("items", [then])[0]
        assert (now["title"], then["title"]) == ("Another title", "The plan")


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"theme": "courts"}, ["2.1"]),
        ({"body": "patent-office"}, ["1.1", "1.2"]),
        ({"status": "not-assessed"}, ["2.1"]),
        ({"nature": "deliverable"}, ["1.1"]),
        ({"schedule": "overdue"}, []),
        ({"kind": "plan", "theme": "design", "status": "sustained"}, ["1.2"]),
    ],
)
def test_measures_are_filtered_as_on_the_page(
    asked: dict[str, str], codes: list[str], world: World, ask: Ask
) -> None:
    assert [each["code"] for each in ask("measures", **asked)["items"]] == codes


@pytest.mark.parametrize("path", ["measures", "findings", "evidence", "changes", "themes"])
def test_the_pages_of_a_list_give_every_row_once_and_in_order(
    path: str, world: World, visitor: Client, ask: Ask, crowd: Callable[[int], list[Measure]]
) -> None:
    crowd(12)
    whole = ask(path, limit=500)
    address, found = f"/api/v1/{path}?limit=5", []
    while address:
        page = visitor.get(address).json()
        assert page["total"] == whole["total"] == len(whole["items"])
        assert len(page["items"]) <= 5
        found += page["items"]
        address = page["next"]
    assert found == whole["items"]
    assert whole["next"] is None


def test_a_row_that_comes_meanwhile_hides_none(world: World, visitor: Client, ask: Ask) -> None:
    first = ask("changes", limit=3)
    world.plan.short = "Plans"
    record.save(world.plan, by=world.ana)
    second = visitor.get(first["next"]).json()
    last, next_one = first["items"][-1]["sequence"], second["items"][0]["sequence"]
    assert next_one == last - 1


def test_undated_documents_come_last_on_their_page(world: World, visitor: Client) -> None:
    world.outline.issued_on = None
    record.save(world.outline, by=world.ana)
    address, keys = "/api/v1/evidence?limit=1", []
    while address:
        page = visitor.get(address).json()
        keys += [each["key"] for each in page["items"]]
        address = page["next"]
    assert keys == ["yearbook", "statement", "outline"]


def test_a_measure_in_full_has_its_findings_and_what_they_rest_on(world: World, ask: Ask) -> None:
    told = ask("measures/1.1")
    held, before = told["findings"]
    assert (held["status"], held["holds"], held["corrected"]) == ("implemented", True, False)
    assert (before["status"], before["holds"]) == ("not-started", False)
    assert [each["evidence"] for each in held["evidence"]] == ["outline"]
    assert held["recorded_at"] == LATER.isoformat()
    assert [each["evidence"] for each in told["citations"]] == ["outline"]
    assert held["author"] == str(world.ana.opaque_id)
    assert ask("measures/1.1", known="2023-01-31")["standing"]["status"] == "not-started"


def test_findings_come_as_they_entered_the_record(world: World, ask: Ask) -> None:
    told = ask("findings")["items"]
    assert [(each["measure"], each["number"]) for each in told] == [
        ("1.1", 1),
        ("1.2", 1),
        ("1.1", 2),
        ("1.2", 2),
    ]
    assert ask("findings", status="limited")["total"] == 1
    assert ask("findings", measure="1.1", as_of="2021-01-01")["total"] == 1
    assert ask("findings", theme="courts")["total"] == 0


def test_evidence_says_where_it_is_cited(world: World, ask: Ask) -> None:
    keys = [each["key"] for each in ask("evidence")["items"]]
    assert keys == ["yearbook", "outline", "statement"]
    told = ask("evidence/yearbook")
    assert [each["measure"] for each in told["citations"]] == ["1.2", "2.1"]
    assert [each["key"] for each in ask("evidence", as_of="2021-12-31")["items"]] == keys[1:]
    assert ask("evidence", tier=2)["total"] == 1
    assert ask("evidence", body="patent-office", year=2020)["items"][0]["key"] == "statement"


def test_progress_counts_with_its_denominator(world: World, ask: Ask) -> None:
    told = ask("progress")
    assert (told["total"], told["achieved"]) == (3, 2)
    assert sum(each["number"] for each in told["counts"]) == 3
    assert [each["status"] for each in told["counts"]] == list(SHOWN_STATUSES)
    assert [each["status"] for each in told["themes"][0]["counts"]] == list(SHOWN_STATUSES)
    assert [each["total"] for each in told["themes"]] == [2, 1]
    part = ask("progress", theme="courts")
    assert (part["total"], [each["theme"] for each in part["themes"]]) == (1, ["courts"])
    assert ask("progress", body="patent-office", as_of="2020-11-30")["achieved"] == 0


def test_the_trend_ends_where_progress_stands(world: World, ask: Ask) -> None:
    told = ask("trend", as_of="2023-06-30")
    assert told["points"][0]["day"] == "2020-11-30"
    assert told["points"][-1]["day"] == "2023-06-30"
    assert told["points"][-1]["counts"] == ask("progress", as_of="2023-06-30")["counts"]


def test_a_comparison_says_what_moved_and_why(world: World, ask: Ask) -> None:
    told = ask("compare", **{"from": "2021-06-30", "to": "2021-12-31", "hindsight": "true"})
    (move,) = told["moves"]
    assert (move["measure"], move["before"], move["after"]) == ("1.1", "not-started", "implemented")
    assert (move["direction"], move["kind"], move["reason"]) == (1, "up", "world-changed")
    assert move["evidence"] == ["outline"]
    assert (told["earlier"]["day"], told["later"]["day"]) == ("2021-06-30", "2021-12-31")
    assert told["as_of"] == "2021-12-31"


def test_the_record_is_told_without_what_is_for_staff(world: World, ask: Ask) -> None:
    world.plan.analyst, world.plan.short = world.ana, "Plans"
    record.save(world.plan, by=world.ana, why="Shorter.")
    newest = ask("changes")["items"][0]
    assert newest["changes"] == [{"field": "short", "before": "Plan", "after": "Plans"}]
    assert (newest["noun"], newest["key"], newest["why"]) == (
        "measure",
        "speech-2020/1.1",
        "Shorter.",
    )
    world.draft(world.rulings, rationale="A canary.")
    assert "draft" not in {each["noun"] for each in ask("changes", limit=500)["items"]}
    assert ask("changes", noun="finding")["total"] == 4


@pytest.mark.usefixtures("second_source")
def test_another_source_is_asked_for_by_its_slug(world: World, ask: Ask) -> None:
    assert [each["slug"] for each in ask("sources")["items"]] == ["plan-2021", "speech-2020"]
    assert ask("measures/1.1", source="plan-2021")["title"] == "The library"
    assert ask("measures/1.1")["title"] == "The plan"
    assert ask("themes", source="plan-2021")["total"] == 1


def test_answers_have_the_fields_of_bundles_and_exports() -> None:
    for shape, schema in (
        (shapes.BY_NOUN["source"], answers.Source),
        (shapes.BY_NOUN["theme"], answers.Theme),
        (shapes.BY_NOUN["measure"], answers.Measure),
        (shapes.BY_NOUN["evidence"], answers.Evidence),
        (shapes.BY_NOUN["citation"], answers.Citation),
        (shapes.FINDING, answers.Finding),
    ):
        told = list(schema.model_fields)
        assert [name for name in told if name in shape.fields] == list(shape.fields)
    assert list(answers.Frozen.model_fields) == ["evidence", *shapes.FROZEN]


@pytest.mark.parametrize(
    "path",
    [
        "sources",
        "themes",
        "measures",
        "measures/1.1",
        "findings",
        "evidence",
        "evidence/outline",
        "progress",
        "trend",
        "compare",
        "changes",
    ],
)
def test_with_both_dates_an_answer_stays_the_same(path: str, world: World, ask: Ask) -> None:
    dates = {"as_of": "2023-12-31", "known": timezone.now().isoformat()}
    before = ask(path, **dates)
    assert before["record"]
    for row in (world.plan, world.outline, world.design, world.speech):
        row.title = "Another title"
        record.save(row, by=world.ana)
    world.find(world.rulings, "limited", SPEECH_DAY, [world.yearbook_on_rulings])
    cite(world.plan, world.yearbook, by=world.ana)
    assert ask(path, **dates) == before
    assert ask(path) != before
