"""The legal stages of a measure: how far the law has come, and by which document."""

from datetime import date
from typing import Any

import pytest

from measures import method, progress, record
from measures.models import Evidence, Measure
from tests.world import World, cite

pytestmark = pytest.mark.django_db

TODAY = date(2024, 1, 1)
Ladder = dict[str, tuple[date | None, str | None]]


def rungs(measure: Measure, day: date = TODAY) -> Ladder:
    """Each stage with its day and document, as the page of the measure asks for them."""
    citations = measure.citations.on(day).newest_first()
    return {
        rung.stage.slug: (rung.on, rung.citation.evidence.key if rung.citation else None)
        for rung in progress.stages(measure, citations, day)
    }


@pytest.fixture
def act(world: World) -> Any:
    """Attach a new document to the rulings, which nothing but a yearbook bears on."""

    def made(key: str, issued: date | None, stage: str, **said: Any) -> Evidence:
        since, kind = said.pop("effective_on", None), said.pop("kind", "law")
        found = Evidence(
            key=key, title=key, kind=kind, tier=1, issued_on=issued, effective_on=since
        )
        record.save(found, by=world.ana)
        cite(world.rulings, found, by=world.ana, stage=stage, **said)
        return found

    return made


def test_each_stage_has_the_first_document_that_reached_it(world: World, act: Any) -> None:
    act("second-draft", date(2021, 9, 1), "consulted")
    act("first-draft", date(2021, 3, 1), "consulted")
    act("law", date(2022, 10, 1), "in-force", effective_on=date(2023, 1, 1))
    assert rungs(world.rulings) == {
        "drafted": (None, None),
        "consulted": (date(2021, 3, 1), "first-draft"),
        "adopted": (date(2022, 10, 1), "law"),
        "in-force": (date(2023, 1, 1), "law"),
        "applied": (date(2022, 6, 1), "yearbook"),
    }
    assert list(rungs(world.rulings)) == list(method.STAGES)


def test_a_law_that_has_not_taken_effect_is_adopted_and_no_more(world: World, act: Any) -> None:
    act("law", date(2022, 10, 1), "in-force", effective_on=date(2023, 1, 1))
    eve = rungs(world.rulings, date(2022, 12, 31))
    assert eve["adopted"] == (date(2022, 10, 1), "law")
    assert eve["in-force"] == (None, None)
    assert rungs(world.rulings, date(2023, 1, 1))["in-force"] == (date(2023, 1, 1), "law")
    assert rungs(world.rulings, date(2022, 9, 30)) == {}  # Nothing had been issued.


def test_the_day_that_a_text_names_is_told_beforehand(world: World, act: Any) -> None:
    act("law", date(2022, 10, 1), "adopted", effective_on=date(2023, 1, 1))
    day = date(2022, 12, 1)
    found = progress.stages(world.rulings, world.rulings.citations.on(day).newest_first(), day)
    assert [r.expected for r in found if r.expected] == [date(2023, 1, 1)]


def test_without_a_day_in_force_it_is_in_force_since_its_issue(world: World) -> None:
    issued = date(2021, 9, 22)
    found = rungs(world.plan)
    assert found["adopted"] == found["in-force"] == (issued, "outline")


def test_a_stage_without_a_document_was_passed_where_a_later_one_was_reached(world: World) -> None:
    found = progress.stages(world.plan, world.plan.citations.newest_first(), TODAY)
    assert {rung.stage.slug: rung.passed for rung in found if rung.on is None} == {
        "drafted": True,
        "consulted": True,
        "applied": False,
    }


def test_only_dated_documents_that_support_the_measure_count(world: World, act: Any) -> None:
    act("against", date(2021, 1, 1), "drafted", bearing="contradicts")
    act("beside", date(2021, 1, 1), "adopted", bearing="context")
    act("undated", None, "in-force")
    assert rungs(world.rulings) == {}


@pytest.fixture
def law(world: World) -> Measure:
    """The rulings as a commitment to make a law."""
    world.rulings.refresh_from_db()
    world.rulings.kind = "legislation"
    record.save(world.rulings, by=world.ana)
    return world.rulings


def test_a_law_without_evidence_shows_every_stage_as_not_reached(law: Measure) -> None:
    found = progress.stages(law, [], TODAY)
    assert [rung.stage.slug for rung in found] == list(method.LAW_STAGES)
    assert {(rung.on, rung.passed) for rung in found} == {(None, False)}


def test_a_law_climbs_from_its_plan_to_its_rules(law: Measure, act: Any) -> None:
    act("work-plan", date(2021, 1, 4), "in-force", kind="plan")
    act("bill", date(2021, 3, 1), "drafted", kind="draft")
    act("first-reading", date(2021, 6, 1), "consulted", kind="draft")
    act("law", date(2022, 10, 1), "in-force", effective_on=date(2023, 1, 1))
    act("rules", date(2023, 2, 1), "in-force", kind="regulation")
    assert rungs(law) == {
        "planned": (date(2021, 1, 4), "work-plan"),
        "drafted": (date(2021, 3, 1), "bill"),
        "consulted": (date(2021, 6, 1), "first-reading"),
        "adopted": (date(2022, 10, 1), "law"),
        "in-force": (date(2023, 1, 1), "law"),
        "rules-in-force": (date(2023, 2, 1), "rules"),
    }


def test_rules_without_a_law_do_not_stand_for_one(law: Measure, act: Any) -> None:
    act("rules", date(2023, 2, 1), "in-force", kind="departmental-rule")
    found = progress.stages(law, law.citations.newest_first(), TODAY)
    assert [rung.stage.slug for rung in found if rung.on] == ["rules-in-force"]
    assert not any(rung.passed for rung in found)
