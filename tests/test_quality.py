"""What the register itself lacks: every gap is named, and nothing that is well."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures import record, workflow
from measures.models import Citation, Evidence, Measure
from measures.quality import Quality, quality
from tests.world import SPEECH_DAY, World, cite

pytestmark = pytest.mark.django_db

DAY = date(2022, 7, 1)  # Before the reviews of the small world fall due.


def codes(standings: Any) -> list[str]:
    return [standing.measure.code for standing in standings]


def test_the_small_world_lacks_one_finding(world: World) -> None:
    told = quality(DAY)
    assert codes(told.unassessed) == ["2.1"]
    assert told.gaps == 1


def test_an_empty_register_lacks_nothing(db: None) -> None:
    assert quality(DAY) == Quality((), (), (), (), (), (), (), (), ())
    assert quality(DAY).gaps == 0


def test_a_finding_of_the_future_does_not_count_yet(world: World) -> None:
    assert codes(quality(SPEECH_DAY - timedelta(days=1)).unassessed) == ["1.1", "1.2", "2.1"]


def test_a_review_is_overdue_the_day_after(world: World) -> None:
    world.plan.review_on = DAY
    record.save(world.plan, by=world.ana)
    assert codes(quality(DAY).stale) == []
    assert codes(quality(DAY + timedelta(days=1)).stale) == ["1.1"]


def test_criteria_in_either_language_are_criteria(world: World) -> None:
    for measure, zh in ((world.plan, "已生效"), (world.training, "")):
        measure.done_when, measure.done_when_zh = "", zh
        record.save(measure, by=world.ana)
    assert codes(quality(DAY).without_criteria) == ["1.2"]


def test_a_finding_on_the_issuers_own_word_is_weak(world: World) -> None:
    said, yearbook = world.statement_on_training, world.yearbook_on_training
    assert codes(quality(SPEECH_DAY).weak) == ["1.2"]
    assert codes(quality(DAY).weak) == []
    world.find(world.training, "partial", DAY, [said, yearbook])
    assert codes(quality(DAY).weak) == []
    yearbook.bearing = "contradicts"
    record.save(yearbook, by=world.ana)
    world.find(world.training, "partial", DAY, [said, yearbook])
    assert codes(quality(DAY).weak) == ["1.2"]


def test_a_contradiction_stays_until_a_finding_no_longer_cites_it(world: World) -> None:
    assert codes(quality(DAY).contradicted) == []
    against = cite(world.plan, world.yearbook, by=world.ana, bearing="contradicts")
    assert codes(quality(DAY).contradicted) == ["1.1"]
    world.find(world.plan, "partial", DAY, [world.outline_on_plan, against])
    assert codes(quality(DAY).contradicted) == ["1.1"]
    world.find(world.plan, "partial", DAY, [world.outline_on_plan])
    assert codes(quality(DAY).contradicted) == []


def test_supporting_evidence_that_came_since_contradicts_nothing(world: World) -> None:
    cite(world.plan, world.yearbook, by=world.ana)
    cite(world.rulings, world.statement, by=world.ana, bearing="contradicts")
    assert codes(quality(DAY).contradicted) == []  # Nothing holds on 2.1 yet.


def test_a_status_that_fell_is_told_with_the_one_before(world: World) -> None:
    world.find(world.plan, "reversed", DAY, [world.outline_on_plan])
    (fall,) = quality(DAY).fallen
    assert (fall.standing.measure, fall.before.slug) == (world.plan, "implemented")
    assert quality(DAY - timedelta(days=1)).fallen == ()
    confirmed = DAY + timedelta(days=1)
    world.find(world.plan, "reversed", confirmed, [world.outline_on_plan])
    assert quality(confirmed).fallen[0].before.slug == "implemented"
    world.find(world.plan, "partial", confirmed, [world.outline_on_plan])
    assert quality(confirmed).fallen == ()


def test_a_correction_is_no_fall(world: World) -> None:
    wrong = world.plan.findings.get(number=2)
    world.find(
        world.plan,
        "partial",
        wrong.effective_on,
        [world.outline_on_plan],
        supersedes=wrong,
        correction_reason="Misread.",
    )
    assert quality(DAY).fallen == ()


def test_a_step_aside_is_no_fall(world: World) -> None:
    world.find(world.plan, "not-assessable", DAY)
    assert quality(DAY).fallen == ()


def test_a_document_cited_nowhere_is_named(world: World) -> None:
    stray = Evidence(key="stray", title="Stray", kind="law", tier=1)
    workflow.add_evidence(stray, by=world.ana)
    assert quality(DAY).uncited == (stray,)
    workflow.cite(
        Citation(evidence=stray, measure=world.plan, stage="in-force", bearing="supports"),
        by=world.ana,
    )
    assert quality(DAY).uncited == ()


def test_what_is_retired_lacks_nothing(world: World) -> None:
    world.rulings.retired_on = DAY
    world.rulings.done_when = ""
    record.save(world.rulings, by=world.ana)
    assert quality(DAY).gaps == 0


def test_the_number_of_questions_is_the_same_for_any_register(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            quality(DAY)
        return len(questions)

    few = asked()
    for n in range(20):
        measure = Measure.objects.get(pk=world.plan.pk)
        measure.pk, measure.code, measure.slug = None, f"1.{n + 10}", f"more-{n}"
        measure.position, measure.version, measure.review_on = n + 10, 1, SPEECH_DAY
        measure._state.adding = True
        record.save(measure, by=world.ana)
        cited = cite(measure, world.outline, by=world.ana, bearing="contradicts")
        world.find(measure, "partial", SPEECH_DAY, [cited])
    assert asked() == few == 8


class TestSinceLastFinding:
    """`Citation.objects.since_last_finding`: what came after the last judgement."""

    def since(self, measure: Measure) -> set[Citation]:
        return set(Citation.objects.since_last_finding()) & set(measure.citations.all())

    def test_what_a_finding_could_know_is_not_new(self, world: World) -> None:
        assert self.since(world.plan) == self.since(world.training) == set()

    def test_what_came_after_is_new_until_the_next_finding(self, world: World) -> None:
        new = cite(world.plan, world.yearbook, by=world.ana)
        assert self.since(world.plan) == {new}
        assert self.since(world.training) == set()
        world.find(world.plan, "implemented", DAY, [world.outline_on_plan])
        assert self.since(world.plan) == set()

    def test_without_any_finding_all_of_it_is_to_judge(self, world: World) -> None:
        assert self.since(world.rulings) == {world.yearbook_on_rulings}
        assert not Citation.objects.since_last_finding().get().found_at

    def test_the_record_decides_not_the_date_that_a_finding_brings(self, world: World) -> None:
        """A finding that came home from a bundle was recorded long ago, yet read here later."""
        new = cite(world.plan, world.yearbook, by=world.ana)
        world.find(
            world.plan,
            "partial",
            SPEECH_DAY,
            [world.outline_on_plan, new],
            recorded_at=world.plan.findings.get(number=1).recorded_at,
        )
        assert self.since(world.plan) == set()

    def test_a_change_of_an_old_citation_is_not_new_evidence(self, world: World) -> None:
        world.outline_on_plan.note = "Reads otherwise."
        record.save(world.outline_on_plan, by=world.ana)
        assert self.since(world.plan) == set()

    def test_those_in_somebodys_care(self, world: World) -> None:
        news: Callable[[Any], Any] = lambda person: list(  # noqa: E731
            Citation.objects.since_last_finding().in_care_of(person)
        )
        assert news(world.ana) == []
        world.rulings.analyst = world.ana
        record.save(world.rulings, by=world.rui)
        assert news(world.ana) == [world.yearbook_on_rulings]
        assert news(world.rui) == []
