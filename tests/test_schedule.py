"""The schedule: whether a measure keeps the day that its source states, whatever its status."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from measures import method, progress, record
from measures.models import Measure
from measures.record import triggers
from tests.world import LATER, SPEECH_DAY, World, table

pytestmark = pytest.mark.django_db

TODAY = date(2024, 1, 1)
MET = date(2021, 9, 22)


def due(measure: Measure, world: World, day: date | None, said: str = "") -> Measure:
    measure.refresh_from_db()
    measure.due_on, measure.due_as_said = day, said
    record.save(measure, by=world.ana)
    return measure


def slug(measure: Measure, day: date = TODAY, known: datetime | None = None) -> str:
    return progress.schedule(measure, day, known).term.slug


def listed(world: World, day: date = TODAY, known: datetime | None = None) -> dict[str, list[str]]:
    """The codes that the list finds under each schedule."""
    return {
        wanted: [m.code for m in progress.listing(world.speech, day, known, schedule=wanted)]
        for wanted in method.SCHEDULES
    }


def test_what_states_no_day_has_none_whatever_its_words(world: World) -> None:
    due(world.rulings, world, None, "promptly")
    assert [slug(m) for m in (world.plan, world.rulings)] == ["none-stated", "none-stated"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (91, "not-due"),
        (90, "due-soon"),
        (0, "due-soon"),
        (-1, "overdue"),
    ],
)
def test_what_is_not_done_yet_is_told_by_the_calendar(
    world: World, days: int, expected: str
) -> None:
    due(world.rulings, world, TODAY + timedelta(days=days))
    told = progress.schedule(world.rulings, TODAY)
    assert (told.term.slug, told.met_on) == (expected, None)
    assert listed(world)[expected] == ["2.1"]


@pytest.mark.parametrize(
    ("stated", "expected"), [(MET, "met-on-time"), (MET - timedelta(days=1), "met-late")]
)
def test_what_is_done_was_done_in_time_or_late(world: World, stated: date, expected: str) -> None:
    due(world.plan, world, stated)
    told = progress.schedule(world.plan, TODAY)
    assert (told.term.slug, told.met_on) == (expected, MET)
    assert listed(world)[expected] == ["1.1"]
    assert world.plan.findings.standing(TODAY)[0].status == "implemented"  # Lateness is apart.


def test_it_is_told_as_of_any_day(world: World) -> None:
    due(world.plan, world, date(2021, 6, 30))
    days = {
        SPEECH_DAY: "not-due",
        date(2021, 4, 1): "due-soon",
        date(2021, 7, 1): "overdue",
        MET: "met-late",
    }
    assert {day: slug(world.plan, day) for day in days} == days
    assert all(listed(world, day)[expected] == ["1.1"] for day, expected in days.items())


def test_what_was_undone_since_is_overdue_again(world: World) -> None:
    due(world.plan, world, MET)
    world.find(world.plan, "partial", date(2023, 1, 1), [world.outline_on_plan])
    told = progress.schedule(world.plan, TODAY)
    assert (told.term.slug, told.met_on) == ("overdue", None)
    assert slug(world.plan, date(2022, 1, 1)) == "met-on-time"


def test_a_corrected_finding_does_not_count(world: World) -> None:
    due(world.plan, world, MET)
    wrong = world.plan.findings.get(status="implemented")
    world.find(
        world.plan,
        "implemented",
        date(2021, 10, 1),
        [world.outline_on_plan],
        supersedes=wrong,
        correction_reason="It was issued later.",
    )
    told = progress.schedule(world.plan, TODAY)
    assert (told.term.slug, told.met_on) == ("met-late", date(2021, 10, 1))
    before = progress.schedule(world.plan, TODAY, LATER)
    assert before.term.slug == "none-stated"  # The day had not been entered then either.


def test_the_first_day_counts_not_the_latest_confirmation(world: World) -> None:
    due(world.plan, world, MET)
    world.find(world.plan, "implemented", date(2023, 1, 1), [world.outline_on_plan])
    assert progress.schedule(world.plan, TODAY).met_on == MET


def test_it_is_told_as_it_was_known_then(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    due(world.plan, world, MET - timedelta(days=1))
    moment = record.head().at  # type: ignore[union-attr]
    due(world.plan, world, MET)
    due(world.plan, world, None, "soon")
    assert slug(world.plan) == "none-stated"
    assert slug(world.plan, known=moment) == "met-late"
    assert listed(world, known=moment)["met-late"] == ["1.1"]
    assert slug(world.plan, known=datetime(2022, 1, 1, tzinfo=UTC)) == "none-stated"


def test_a_finding_that_nobody_had_recorded_is_not_known(world: World) -> None:
    world.plan.refresh_from_db()
    due(world.plan, world, MET)
    told = {count.term.slug: count.number for count in progress.schedules(world.speech, TODAY)}
    assert told == dict.fromkeys(method.SCHEDULES, 0) | {"met-on-time": 1, "none-stated": 2}
    wrong = world.plan.findings.get(status="implemented")
    moment = record.head().at  # type: ignore[union-attr]
    world.find(
        world.plan,
        "not-started",
        MET,
        supersedes=wrong,
        correction_reason="Not issued.",
    )
    assert slug(world.plan) == "overdue"
    assert slug(world.plan, known=moment) == "met-on-time"


def test_the_counts_have_their_denominator_and_lead_to_the_list(world: World) -> None:
    due(world.plan, world, MET)
    due(world.rulings, world, date(2022, 1, 1))
    counts = progress.schedules(world.speech, TODAY)
    assert [count.term.slug for count in counts] == list(method.SCHEDULES)
    assert {count.total for count in counts} == {3} == {sum(count.number for count in counts)}
    found = listed(world)
    assert {c.term.slug: c.number for c in counts} == {key: len(f) for key, f in found.items()}
    (courts,) = (c for c in progress.schedules(world.speech, TODAY, theme=world.courts) if c.number)
    assert (courts.term.slug, courts.total) == ("overdue", 1)


@pytest.mark.django_db(transaction=True)
def test_a_register_from_before_schedules_is_taken_along(world: World) -> None:
    def columns() -> set[str]:
        with connection.cursor() as cursor:
            found = connection.introspection.get_table_description(cursor, table(Measure))
        return {column.name for column in found}

    head = record.head()
    call_command("migrate", "measures", "0004_desk_roles", verbosity=0)
    assert "due_on" not in columns()
    call_command("migrate", "measures", verbosity=0)
    assert {"due_on", "due_as_said", "due_as_said_zh"} <= columns()
    assert record.head() == head
    assert record.verify().broken is None
    assert triggers.missing() == []
    assert {(m.due_on, m.due_as_said) for m in Measure.objects.all()} == {(None, "")}
    due(world.plan, world, MET, "by autumn")
    assert record.verify().broken is None
