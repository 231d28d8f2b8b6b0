"""Every figure comes from here: counted with its denominator, nothing hidden."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures import method, progress, record, workflow
from measures.models import Body, Measure, Theme
from tests.world import LATER, SPEECH_DAY, World, cite

pytestmark = pytest.mark.django_db

TODAY = date(2024, 1, 1)


def by_code(state: progress.State) -> dict[str, str]:
    return {standing.measure.code: standing.slug for standing in state.standings}


class TestState:
    def test_each_measure_stands_where_its_finding_says(self, world: World) -> None:
        assert by_code(progress.state(world.speech, TODAY)) == {
            "1.1": "implemented",
            "1.2": "sustained",
            "2.1": "not-assessed",
        }

    def test_on_the_day_of_the_speech_it_stood_where_it_stood_then(self, world: World) -> None:
        assert by_code(progress.state(world.speech, SPEECH_DAY)) == {
            "1.1": "not-started",
            "1.2": "limited",
            "2.1": "not-assessed",
        }

    def test_as_it_was_known_then(self, world: World) -> None:
        early = datetime(2022, 1, 1, tzinfo=UTC)
        known_early = progress.state(world.speech, TODAY, early)
        assert by_code(known_early)["1.1"] == "not-started"
        assert by_code(progress.state(world.speech, TODAY, LATER))["1.1"] == "implemented"

    def test_counts_have_their_denominator_and_hide_nothing(self, world: World) -> None:
        state = progress.state(world.speech, TODAY)
        told = {count.term.slug: count.number for count in state.counts}
        assert list(told) == list(method.SHOWN_STATUSES)
        assert {slug: n for slug, n in told.items() if n} == {
            "implemented": 1,
            "sustained": 1,
            "not-assessed": 1,
        }
        assert {count.total for count in state.counts} == {len(state)} == {3}
        assert sum(told.values()) == 3
        places = [(count.before, count.number) for count in state.counts]
        assert all(before + n == after for (before, n), (after, _) in pairwise(places))

    def test_the_sentence_names_every_measure_once(self, world: World) -> None:
        for day in (SPEECH_DAY, TODAY):
            state = progress.state(world.speech, day)
            rest = sum(count.number for count in state.elsewhere)
            assert state.achieved + state.substantial + state.under_way + rest == len(state)
        assert progress.state(world.speech, TODAY).achieved == 2
        assert progress.state(world.speech, SPEECH_DAY).achieved == 0
        assert progress.state(world.speech, SPEECH_DAY).under_way == 1

    def test_a_theme_or_a_body_is_a_part_of_it(self, world: World) -> None:
        whole = progress.state(world.speech, TODAY)
        design = progress.state(world.speech, TODAY, theme=world.design)
        court = progress.state(world.speech, TODAY, body=world.supreme_court)
        assert (
            list(by_code(design)) == list(by_code(whole.of_theme(world.design))) == ["1.1", "1.2"]
        )
        assert list(by_code(court)) == ["2.1"]
        assert court.standing_of(world.plan.pk) is None
        assert whole.standing_of(world.rulings.pk) is not None

    def test_a_retired_measure_is_left_out_of_the_denominator(self, world: World) -> None:
        world.rulings.retired_on = TODAY
        record.save(world.rulings, by=world.ana)
        assert len(progress.state(world.speech, TODAY)) == 2

    def test_without_measures_nothing_is_counted(self, world: World) -> None:
        empty = progress.state(world.speech, TODAY, body=Body(pk=0))
        assert (len(empty), empty.achieved, empty.elsewhere) == (0, 0, ())


@pytest.fixture
def many(world: World) -> Callable[[int], None]:
    """So many more measures, each with two findings."""

    def made(number: int) -> None:
        theme = Theme(source=world.speech, number=9, slug="many", title="Many")
        record.save(theme, by=world.ana)
        fresh = [
            Measure(
                source=world.speech, theme=theme, passage=world.pledges, code=f"9.{n}",
                position=n, slug=f"many-{n}", short="One", title="One of many",
                quotation="many", kind="plan", nature="deliverable",
            )
            for n in range(1, number + 1)
        ]  # fmt: skip
        Measure.objects.bulk_create(fresh)
        record.added(fresh, by=world.ana)
        days = (SPEECH_DAY, date(2022, 1, 1))
        entrances = [
            world.propose(measure, status, day, recorded_at=LATER)
            for measure in fresh
            for status, day in zip(("not-started", "dropped"), days, strict=True)
        ]
        workflow.enter(entrances, by=world.rui)

    return made


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_measures(
    world: World, many: Callable[[int], None]
) -> None:
    def everything() -> None:
        before = progress.state(world.speech, SPEECH_DAY, LATER)
        now = progress.state(world.speech, TODAY)
        for move in progress.moves(before, now):
            assert move.measure.theme.title
            assert move.after.finding
        for concern in progress.concerns(now):
            assert concern.standing.measure.title
        assert now.counts

    with_three = queries_of(everything)
    many(300)
    assert len(progress.state(world.speech, TODAY)) == 303
    assert queries_of(everything) == with_three
    assert queries_of(lambda: progress.state(world.speech, TODAY)) == 2


class TestMoves:
    def test_what_changed_in_the_world(self, world: World) -> None:
        moves = progress.moves(
            progress.state(world.speech, SPEECH_DAY), progress.state(world.speech, TODAY)
        )
        told = [(m.measure.code, m.before.slug, m.after.slug, m.direction) for m in moves]
        assert told == [  # the latest fact first
            ("1.2", "limited", "sustained", 1),
            ("1.1", "not-started", "implemented", 1),
        ]
        assert {move.reason for move in moves} == {progress.WORLD_CHANGED}

    def test_what_stayed_did_not_move(self, world: World) -> None:
        state = progress.state(world.speech, TODAY)
        assert progress.moves(state, progress.state(world.speech, date(2024, 6, 1))) == ()

    def test_a_confirmation_is_no_move(self, world: World) -> None:
        before = progress.state(world.speech, date(2023, 1, 1))
        world.find(world.plan, "implemented", date(2023, 6, 1), [world.outline_on_plan])
        assert progress.moves(before, progress.state(world.speech, TODAY)) == ()

    def test_what_was_only_learnt(self, world: World) -> None:
        day = date(2022, 12, 1)
        earlier = progress.state(world.speech, day, datetime(2022, 12, 1, tzinfo=UTC))
        moves = progress.moves(earlier, progress.state(world.speech, day, LATER))
        assert {move.measure.code for move in moves} == {"1.1", "1.2"}
        assert {move.reason for move in moves} == {progress.LEARNT_MORE}

    def test_what_was_corrected(self, world: World) -> None:
        before = progress.state(world.speech, TODAY, LATER)
        world.find(
            world.plan,
            "partial",
            date(2021, 9, 22),
            [world.outline_on_plan],
            supersedes=world.plan.findings.get(number=2),
            correction_reason="An element is missing.",
        )
        (move,) = progress.moves(before, progress.state(world.speech, TODAY))
        assert (move.reason, move.direction) == (progress.CORRECTED, -1)

    def test_a_first_finding_has_no_direction(self, world: World) -> None:
        before = progress.state(world.speech, TODAY)
        world.find(world.rulings, "partial", date(2023, 1, 1), [world.yearbook_on_rulings])
        (move,) = progress.moves(before, progress.state(world.speech, TODAY))
        assert (move.before.slug, move.direction) == ("not-assessed", 0)

    def test_a_measure_entered_since_and_judged_is_new(self, world: World) -> None:
        part = progress.state(world.speech, TODAY, theme=world.courts)
        moved = progress.moves(part, progress.state(world.speech, TODAY))
        assert {move.measure.code: move.kind for move in moved} == {"1.1": "new", "1.2": "new"}


class TestConcerns:
    DAY = date(2023, 7, 1)  # No review is due yet.

    def reasons(self, world: World, day: date = DAY) -> dict[str, tuple[str, ...]]:
        found = progress.concerns(progress.state(world.speech, day))
        return {concern.standing.measure.code: concern.reasons for concern in found}

    def test_only_what_needs_attention_is_named(self, world: World) -> None:
        assert self.reasons(world) == {"2.1": (progress.UNASSESSED,)}

    def test_a_review_past_its_day(self, world: World) -> None:
        plan = Measure.objects.get(pk=world.plan.pk)
        plan.review_on = date(2023, 6, 21)
        record.save(plan, by=world.ana)
        found = progress.concerns(progress.state(world.speech, self.DAY))
        told = {concern.standing.measure.code: concern for concern in found}
        assert told["1.1"].reasons == (progress.STALE,)
        assert told["1.1"].days_overdue == 10
        assert told["2.1"].days_overdue == 0

    def test_evidence_against_and_little_confidence_and_no_criteria(self, world: World) -> None:
        against = cite(world.rulings, world.outline, by=world.ana, bearing="contradicts")
        world.find(world.rulings, "limited", date(2023, 1, 1), [against], confidence="low")
        rulings = Measure.objects.get(pk=world.rulings.pk)
        rulings.done_when = ""
        record.save(rulings, by=world.ana)
        assert self.reasons(world) == {
            "2.1": (progress.CONTRADICTED, progress.UNSURE, progress.NO_CRITERIA)
        }

    def test_criteria_in_chinese_are_criteria(self, world: World) -> None:
        plan = Measure.objects.get(pk=world.plan.pk)
        plan.done_when, plan.done_when_zh = "", "已经生效。"
        record.save(plan, by=world.ana)
        assert "1.1" not in self.reasons(world)
