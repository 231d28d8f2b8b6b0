"""Whatever is judged, in whatever order, the sums are those that the findings tell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures import progress, record, turnover, workflow
from measures.models import Measure
from tests.world import SPEECH_DAY, World

pytestmark = pytest.mark.django_db

# Few days, so that findings meet on them; before the speech, around the ends of months, and after.
DAYS = st.sampled_from(
    [SPEECH_DAY + timedelta(days=n) for n in (-400, -1, 0, 1, 30, 31, 32, 62, 500, 501)]
)
STATUSES = st.sampled_from(["dropped", "limited", "partial", "reversed", "not-started"])
PLACES = st.integers(0, 2)
MOMENTS = st.integers(0, 9).map(lambda n: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=n))
JUDGEMENT = st.tuples(PLACES, STATUSES, DAYS, MOMENTS)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("judged"), st.lists(JUDGEMENT, min_size=1, max_size=4)),
        st.tuples(st.just("corrected"), JUDGEMENT, st.integers(0, 20)),
        st.tuples(st.just("moved"), PLACES),
        st.tuples(st.just("retired"), PLACES, st.none() | DAYS),
        st.tuples(st.just("added"), st.none() | DAYS),
    ),
    max_size=9,
)


def propose(world: World, judged: Any, **said: Any) -> workflow.Entrance:
    place, status, day, moment = judged
    measure = Measure.objects.order_by("pk")[place]
    return world.propose(measure, status, day, measure.citations.all(), recorded_at=moment, **said)


def carry_out(world: World, told: Any, number: int) -> None:
    kind, *what = told
    if kind == "judged":
        workflow.enter([propose(world, each) for each in what[0]], by=world.rui)
    elif kind == "corrected":
        judged, choice = what
        measure = Measure.objects.order_by("pk")[judged[0]]
        open_ones = list(measure.findings.known_at(None).order_by("pk"))
        if open_ones:
            wrong = open_ones[choice % len(open_ones)]
            said = {"supersedes": wrong, "correction_reason": "It was misread."}
            workflow.enter([propose(world, judged, **said)], by=world.rui)
    elif kind == "added":
        copy = Measure.objects.order_by("pk").first()
        copy.pk, copy.version, copy.retired_on = None, 1, what[0]
        copy.code, copy.slug = f"9.{number}", f"new-{number}"
        record.save(copy, by=world.ana)
    else:
        measure = Measure.objects.order_by("pk")[what[0]]
        if kind == "moved":
            measure.theme = world.courts if measure.theme == world.design else world.design
        else:
            measure.retired_on = what[1]
        record.save(measure, by=world.ana)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS, DAYS)
def test_the_sums_are_those_of_the_history(world: World, steps: Any, day: date) -> None:
    with transaction.atomic():
        for number, told in enumerate(steps):
            carry_out(world, told, number)
        assert turnover.differences() == []
        drawn = progress.trend(world.speech, max(day, SPEECH_DAY))
        for point in drawn.points:
            assert point.counts == progress.state(world.speech, point.day).counts, point.day
        told, stood = progress.figures(world.speech, day), progress.state(world.speech, day)
        assert told.counts == stood.counts
        for theme in (world.design, world.courts):
            assert told.of_theme(theme).counts == stood.of_theme(theme).counts
            part = drawn.of_theme(theme)
            last = progress.state(world.speech, part.days[-1], theme=theme)
            assert part.points[-1].counts == last.counts
        transaction.set_rollback(True)
