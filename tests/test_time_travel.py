"""The state on any two dates, held against a model so simple that it cannot be wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures import method, progress, record, workflow
from measures.models import Finding, Measure
from measures.progress import end_of
from tests.world import PROPOSAL, SPEECH_DAY, World

pytestmark = pytest.mark.django_db

# Asking for a state costs the same however many histories stand in it.
HISTORIES, REGISTERS = 50, 10
# Few days and moments, so that many findings share theirs.
DAYS = [SPEECH_DAY, *(date(year, month, 1) for year in (2021, 2022) for month in (1, 4, 9))]
MOMENTS = [datetime(2021, 2, 1, tzinfo=UTC), *(datetime(2022, m, 1, tzinfo=UTC) for m in (2, 6))]
STATUSES = ["not-started", "dropped", "not-assessable"]
ASKED_DAYS = [date(2020, 11, 29), *DAYS, date(2022, 12, 31)]
ASKED_MOMENTS = [datetime(2021, 1, 1, tzinfo=UTC), *MOMENTS, None]


@dataclass(frozen=True)
class Told:
    """A finding as plain values; `number` is its place in the history, `corrects` another's."""

    number: int
    status: str
    day: date
    recorded: datetime
    corrects: int | None = None


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """Findings in the order of recording; a correction is of one not corrected before it."""
    told: list[Told] = []
    recorded = sorted(draw(st.lists(st.sampled_from(MOMENTS), max_size=6)))
    for number, moment in enumerate(recorded, start=1):
        free = {t.number for t in told} - {t.corrects for t in told}
        corrects = draw(st.none() | st.sampled_from(sorted(free))) if free else None
        status, day = draw(st.sampled_from(STATUSES)), draw(st.sampled_from(DAYS))
        told.append(Told(number, status, day, moment, corrects))
    return told


def holds(history: list[Told], day: date, known: datetime | None) -> Told | None:
    """Design, section 5, word by word: recorded by then, not superseded by then, in effect."""
    recorded = [t for t in history if known is None or t.recorded <= known]
    superseded = {t.corrects for t in recorded}
    counted = [t for t in recorded if t.number not in superseded and t.day <= day]
    return max(counted, key=lambda t: (t.day, t.recorded, t.number), default=None)


@contextmanager
def a_register(world: World, told: list[list[Told]]) -> Iterator[list[Measure]]:
    """The histories, each on a measure of its own; gone again afterwards."""
    with transaction.atomic():
        measures = [_measure(world, number) for number in range(len(told))]
        record.add_all(measures, by=world.ana, many=[{}] * len(measures))
        entrances = []
        for measure, history in zip(measures, told, strict=True):
            made: dict[int | None, Finding] = {}
            for each in history:
                made[each.number] = Finding(
                    measure=measure,
                    number=each.number,
                    status=each.status,
                    effective_on=each.day,
                    recorded_at=each.recorded,
                    supersedes=made.get(each.corrects),
                    correction_reason="It was wrong." if each.corrects else "",
                    author=world.ana,
                    approver=world.rui,
                    **PROPOSAL,
                )
                entrances.append(workflow.Entrance(made[each.number], []))
        workflow.enter(entrances, by=world.rui)
        yield measures
        transaction.set_rollback(True)


def _measure(world: World, number: int) -> Measure:
    return Measure(
        source=world.speech,
        theme=world.courts,
        passage=world.pledges,
        code=f"7.{number}",
        position=number + 10,
        slug=f"measure-{number}",
        short="Measure",
        title=f"Measure {number}",
        quotation="we will",
        kind="plan",
        nature="deliverable",
    )


GENERATED = settings(
    max_examples=REGISTERS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
registers = st.lists(histories(), min_size=HISTORIES, max_size=HISTORIES)


def numbers(state: progress.State, measures: list[Measure]) -> list[int | None]:
    found = (state.standing_of(measure.pk) for measure in measures)
    return [each.finding.number if each and each.finding else None for each in found]


@GENERATED
@given(told=registers)
def test_five_hundred_histories_stand_at_every_date_where_the_method_says(
    world: World, told: list[list[Told]]
) -> None:
    with a_register(world, told) as measures:
        for day, known in product(ASKED_DAYS, ASKED_MOMENTS):
            expected = [holds(history, day, known) for history in told]
            state = progress.state(world.speech, day, known)
            assert numbers(state, measures) == [t.number if t else None for t in expected]
        for measure, history in zip(measures, told, strict=True):
            for day, known in product(ASKED_DAYS[3::6], ASKED_MOMENTS[1::3]):
                told_there = progress.story(measure, day, known)
                standing = [chapter.finding.number for chapter in told_there if chapter.holds]
                one = holds(history, day, known)
                assert standing == ([one.number] if one else [])


def reason(history: list[Told], first: date, last: date) -> tuple[str, str, str] | None:
    """Why the status of `last` differs from what was said at the end of `first`."""
    before, after = holds(history, first, end_of(first)), holds(history, last, None)
    slugs = [t.status if t else method.NOT_ASSESSED for t in (before, after)]
    if slugs[0] == slugs[1]:
        return None
    corrected = {t.corrects for t in history}
    if after is None or (before and before.number in corrected):
        return slugs[0], slugs[1], progress.CORRECTED
    if after.day > first:
        return slugs[0], slugs[1], progress.WORLD_CHANGED
    return slugs[0], slugs[1], progress.CORRECTED if after.corrects else progress.LEARNT_MORE


@GENERATED
@given(told=registers)
def test_what_moved_between_two_days_has_the_reason_that_its_history_gives(
    world: World, told: list[list[Told]]
) -> None:
    with a_register(world, told) as measures:
        for first, last in [(DAYS[2], DAYS[4]), (DAYS[2], DAYS[-1]), (DAYS[-1], ASKED_DAYS[-1])]:
            moves = {m.measure.pk: m for m in progress.compare(world.speech, first, last).moves}
            for measure, history in zip(measures, told, strict=True):
                move = moves.get(measure.pk)
                found = move and (move.before.slug, move.after.slug, move.reason)
                assert found == reason(history, first, last)


def test_the_simple_model_would_show_a_difference() -> None:
    early, late = Told(1, "dropped", DAYS[1], MOMENTS[0]), Told(2, "dropped", DAYS[1], MOMENTS[1])
    assert holds([early, late], DAYS[1], None) is late
    assert holds([early, late], DAYS[1], MOMENTS[0]) is early
    assert (
        holds([early, Told(2, "dropped", DAYS[3], MOMENTS[1], corrects=1)], DAYS[2], None) is None
    )
