"""Which finding holds: true in the world on one day, as known at one moment."""

from datetime import UTC, date, datetime

import pytest

from measures.models import Finding, Measure
from tests.world import SPEECH_DAY, World

pytestmark = pytest.mark.django_db

JANUARY, JUNE = date(2022, 1, 1), date(2022, 6, 1)


def moment(year: int, month: int = 1) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


def holds(measure: Measure, day: date, known: datetime | None = None) -> int | None:
    """The number of the finding that holds; asked in both ways, which must agree."""
    one = measure.findings.standing(day, known).first()
    (row,) = Measure.objects.filter(pk=measure.pk).standing_on(day, known)
    assert row.standing_id == (one.pk if one else None)  # type: ignore[attr-defined]
    return one.number if one else None


def test_a_measure_without_findings_is_not_yet_assessed(world: World) -> None:
    assert holds(world.rulings, JUNE) is None


def test_the_latest_fact_by_the_day_holds(world: World) -> None:
    assert holds(world.plan, date(2020, 11, 29)) is None
    assert holds(world.plan, SPEECH_DAY) == 1
    assert holds(world.plan, date(2021, 9, 21)) == 1
    assert holds(world.plan, date(2021, 9, 22)) == 2


def test_a_later_finding_does_not_change_an_earlier_day(world: World) -> None:
    world.find(world.plan, "reversed", JUNE, [world.outline_on_plan])
    assert holds(world.plan, JANUARY) == 2
    assert holds(world.plan, JUNE) == 3


def test_a_late_record_of_an_early_fact_changes_that_day_but_not_what_was_known(
    world: World,
) -> None:
    found = world.find(world.plan, "limited", date(2021, 3, 1), [world.outline_on_plan])
    between = date(2021, 6, 1)
    assert holds(world.plan, between) == found.number == 3
    assert holds(world.plan, between, moment(2024)) == 1
    assert holds(world.plan, JANUARY) == 2


def test_what_was_not_yet_recorded_was_not_known(world: World) -> None:
    """The world's later findings were recorded in June 2023, months after the fact."""
    assert holds(world.plan, JANUARY, moment(2023)) == 1
    assert holds(world.plan, JANUARY, moment(2023, 7)) == 2
    assert holds(world.plan, SPEECH_DAY, moment(2021)) is None


def test_known_includes_the_very_moment(world: World) -> None:
    recorded = world.plan.findings.get(number=2).recorded_at
    assert holds(world.plan, JANUARY, recorded) == 2
    assert holds(world.plan, JANUARY, recorded.replace(second=0, hour=8)) == 1


def test_of_two_facts_of_one_day_the_later_record_holds(world: World) -> None:
    world.find(world.plan, "dropped", JUNE, recorded_at=moment(2024))
    world.find(world.plan, "dropped", JUNE, recorded_at=moment(2023, 7))
    assert holds(world.plan, JUNE) == 3
    assert holds(world.plan, JUNE, moment(2023, 8)) == 4


def test_of_two_recorded_at_one_moment_the_later_number_holds(world: World) -> None:
    for _ in range(2):
        world.find(world.plan, "dropped", JUNE, recorded_at=moment(2024))
    assert holds(world.plan, JUNE) == 4


class TestCorrections:
    @pytest.fixture
    def corrected(self, world: World) -> Finding:
        """In 2024 it is found that the plan was only partly in force, and later."""
        return world.find(
            world.plan,
            "partial",
            JUNE,
            [world.outline_on_plan],
            supersedes=world.plan.findings.get(number=2),
            correction_reason="It came into force later.",
            recorded_at=moment(2024),
        )

    def test_a_correction_replaces_the_finding_on_every_day(
        self, world: World, corrected: Finding
    ) -> None:
        assert holds(world.plan, JANUARY) == 1
        assert holds(world.plan, JUNE) == corrected.number == 3

    def test_what_was_known_before_stays_known(self, world: World, corrected: Finding) -> None:
        assert holds(world.plan, JANUARY, moment(2023, 12)) == 2
        assert holds(world.plan, JUNE, moment(2023, 12)) == 2
        assert holds(world.plan, JUNE, moment(2024)) == 3

    def test_a_correction_can_be_corrected(self, world: World, corrected: Finding) -> None:
        again = world.find(
            world.plan,
            "substantial",
            JUNE,
            [world.outline_on_plan],
            supersedes=corrected,
            correction_reason="All but one element.",
            recorded_at=moment(2025),
        )
        assert holds(world.plan, JUNE) == again.number == 4
        # The first one does not come back: what corrected it is still in the record.
        assert holds(world.plan, JANUARY) == 1
        assert holds(world.plan, JUNE, moment(2024, 12)) == 3

    def test_both_are_among_the_findings(self, world: World, corrected: Finding) -> None:
        assert world.plan.findings.count() == 3
        known = Finding.objects.filter(measure=world.plan).known_at(None)
        assert {finding.number for finding in known} == {1, 3}
