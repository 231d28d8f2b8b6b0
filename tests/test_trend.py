"""The trend says of every month's end what the state of that day says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures import progress, record, workflow
from measures.models import Finding, Measure
from tests.world import LATER, SOON_AFTER, SPEECH_DAY, World

pytestmark = pytest.mark.django_db

TODAY = date(2024, 1, 1)


def numbers(point: progress.Point) -> dict[str, int]:
    return {count.term.slug: count.number for count in point.counts if count.number}


def agrees(world: World, drawn: progress.Trend, **part: Any) -> None:
    for point in drawn.points:
        stood = progress.state(world.speech, point.day, drawn.known, **part)
        assert point.counts == stood.counts, point.day


class TestDays:
    def test_it_begins_with_the_speech_and_ends_with_the_day_asked_for(self) -> None:
        assert progress.month_ends(date(2020, 11, 15), date(2021, 2, 10)) == (
            date(2020, 11, 15),
            date(2020, 11, 30),
            date(2020, 12, 31),
            date(2021, 1, 31),
            date(2021, 2, 10),
        )

    def test_a_day_that_ends_a_month_is_there_once(self) -> None:
        assert progress.month_ends(date(2020, 11, 30), date(2020, 12, 31)) == (
            date(2020, 11, 30),
            date(2020, 12, 31),
        )

    def test_on_the_day_of_the_speech_there_is_one(self) -> None:
        assert progress.month_ends(SPEECH_DAY, SPEECH_DAY) == (SPEECH_DAY,)

    def test_a_leap_year_has_its_day(self) -> None:
        assert date(2024, 2, 29) in progress.month_ends(SPEECH_DAY, date(2024, 3, 1))

    @given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
    def test_days_follow_each_other(self, first: date, length: int) -> None:
        last = first + timedelta(days=length)
        days = progress.month_ends(first, last)
        assert (days[0], days[-1]) == (first, last)
        assert list(days) == sorted(set(days))
        assert all((day + timedelta(days=1)).day == 1 for day in days[1:-1])


class TestPoints:
    def test_each_stands_as_the_findings_of_its_day_say(self, world: World) -> None:
        drawn = progress.trend(world.speech, TODAY)
        told = {point.day: numbers(point) for point in drawn.points}
        assert told[SPEECH_DAY] == {"limited": 1, "not-started": 1, "not-assessed": 1}
        assert told[date(2021, 8, 31)] == told[SPEECH_DAY]
        assert told[date(2021, 9, 30)] == {"implemented": 1, "limited": 1, "not-assessed": 1}
        assert told[TODAY] == {"implemented": 1, "sustained": 1, "not-assessed": 1}
        assert {point.total for point in drawn.points} == {len(drawn)} == {3}
        assert [point.achieved for point in (drawn.points[0], drawn.points[-1])] == [0, 2]
        agrees(world, drawn)

    def test_all_of_them_are_read_as_known_at_one_moment(self, world: World) -> None:
        drawn = progress.trend(world.speech, TODAY, datetime(2022, 1, 1, tzinfo=UTC))
        assert {"implemented", "sustained"}.isdisjoint(numbers(drawn.points[-1]))
        agrees(world, drawn)
        nothing = progress.trend(world.speech, TODAY, datetime(2020, 12, 1, tzinfo=UTC))
        assert {point.total for point in nothing.points} == {0}

    def test_a_correction_changes_the_past_but_not_what_was_known(self, world: World) -> None:
        world.find(
            world.plan,
            "dropped",
            date(2022, 6, 1),
            supersedes=world.plan.findings.get(number=2),
            correction_reason="It was another plan.",
            recorded_at=datetime(2024, 1, 1, tzinfo=UTC),
        )
        now = progress.trend(world.speech, date(2022, 12, 31))
        assert not any("implemented" in numbers(point) for point in now.points)
        before = progress.trend(world.speech, date(2022, 12, 31), LATER)
        assert "implemented" in numbers(before.points[-1])
        agrees(world, now)
        agrees(world, before)

    def test_a_retired_measure_leaves_from_its_day_on(self, world: World) -> None:
        world.rulings.retired_on = date(2022, 3, 31)
        record.save(world.rulings, by=world.ana)
        drawn = progress.trend(world.speech, TODAY)
        told = {point.day: point.total for point in drawn.points}
        assert (told[date(2022, 2, 28)], told[date(2022, 3, 31)]) == (3, 2)
        agrees(world, drawn)

    def test_a_theme_or_a_body_is_a_part_of_it(self, world: World) -> None:
        whole = progress.trend(world.speech, TODAY)
        design = progress.trend(world.speech, TODAY, theme=world.design)
        assert whole.of_theme(world.design).points == design.points
        assert design.points[-1].total == 2
        agrees(world, design, theme=world.design)
        court = progress.trend(world.speech, TODAY, body=world.supreme_court)
        assert whole.of_measures([world.rulings.pk]).points == court.points
        agrees(world, court, body=world.supreme_court)

    def test_quarters_leave_out_months_but_neither_end(self, world: World) -> None:
        drawn = progress.trend(world.speech, date(2021, 8, 10))
        assert [point.day for point in drawn.quarters] == [
            SPEECH_DAY,
            date(2020, 12, 31),
            date(2021, 3, 31),
            date(2021, 6, 30),
            date(2021, 8, 10),
        ]
        assert drawn.digest == drawn.points  # Ten months are not too many.
        longer = progress.trend(world.speech, TODAY)
        assert longer.digest == longer.quarters != longer.points
        (only,) = progress.trend(world.speech, SPEECH_DAY).quarters
        assert only.day == SPEECH_DAY


def test_two_queries_however_many_months_and_findings(world: World) -> None:
    for number in range(1, 13):
        world.find(world.plan, "dropped", date(2022, number, 1), recorded_at=SOON_AFTER)
    with CaptureQueriesContext(connection) as asked:
        drawn = progress.trend(world.speech, TODAY)
        assert drawn.of_theme(world.design).points
        assert drawn.points
    assert len(asked) == 2


MOMENTS = st.integers(0, 31 * 24).map(
    lambda hours: datetime(2021, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)
DAYS = st.dates(SPEECH_DAY, date(2021, 6, 1))
FOUND = st.fixed_dictionaries(
    {
        "measure": st.sampled_from(["plan", "training", "rulings"]),
        "status": st.sampled_from(["not-started", "dropped", "not-assessable"]),
        "day": DAYS,
        # Few moments, so that ties are frequent.
        "at": st.sampled_from([SOON_AFTER, SOON_AFTER + timedelta(days=3)]) | MOMENTS,
        "corrects": st.none() | st.integers(0, 5),
    }
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    history=st.lists(FOUND, max_size=8),
    retired=st.none() | DAYS,
    last=DAYS,
    known=st.none() | MOMENTS,
)
def test_every_point_is_the_state_of_its_day(
    world: World,
    history: list[dict[str, Any]],
    retired: date | None,
    last: date,
    known: datetime | None,
) -> None:
    with transaction.atomic():
        _happen(world, history, retired)
        drawn = progress.trend(world.speech, last, known)
        agrees(world, drawn)
        agrees(world, drawn.of_theme(world.design), theme=world.design)
        transaction.set_rollback(True)


def _happen(world: World, history: list[dict[str, Any]], retired: date | None) -> None:
    """Enter the findings; one corrects an earlier one of its measure that nobody corrected yet."""
    undone: set[int] = set()
    for told in sorted(history, key=lambda told: told["at"]):
        measure = getattr(world, told["measure"])
        said: dict[str, Any] = {"recorded_at": told["at"]}
        if told["corrects"] is not None:
            open_ones = [
                finding
                for finding in Finding.objects.filter(measure=measure).order_by("number")
                if finding.pk not in undone
            ]
            if open_ones:
                wrong = open_ones[told["corrects"] % len(open_ones)]
                undone.add(wrong.pk)
                said |= {"supersedes": wrong, "correction_reason": "It was wrong."}
        said["rationale"] = "The wording cannot be tested."
        workflow.enter([world.propose(measure, told["status"], told["day"], **said)], by=world.rui)
    if retired:
        rulings = Measure.objects.get(pk=world.rulings.pk)
        rulings.retired_on = retired
        record.save(rulings, by=world.ana)


def test_the_check_would_notice(world: World) -> None:
    drawn = progress.trend(world.speech, TODAY)
    with pytest.raises(AssertionError):
        agrees(world, drawn, theme=world.design)
