"""The sums that today's figures are read from are kept by whoever changes what they add up."""

from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from measures import record, turnover
from measures.models import BEGINNING, DAY, MONTH, Measure, Turnover
from measures.turnover.checks import every_measure_is_counted
from tests.world import SPEECH_DAY, World

pytestmark = pytest.mark.django_db


def of_day(day: date, **wanted: Any) -> dict[str, int]:
    """The net of a day by status, without those that did not change."""
    net = Counter[str]()
    for row in Turnover.objects.filter(span=DAY, day=day, **wanted):
        net[row.status] += row.came - row.went
    return {status: number for status, number in net.items() if number}


def test_the_world_is_added_up_as_its_findings_tell(world: World) -> None:
    assert turnover.differences() == []
    assert of_day(BEGINNING) == {"not-assessed": 3}
    assert of_day(SPEECH_DAY) == {"not-assessed": -2, "limited": 1, "not-started": 1}


def test_a_confirmation_moves_nothing(world: World) -> None:
    before = list(Turnover.objects.order_by("pk").values_list())
    status = world.plan.findings.standing(date(2022, 1, 1)).first().status
    world.find(world.plan, status, date(2022, 1, 1), world.plan.citations.all())
    assert list(Turnover.objects.order_by("pk").values_list()) == before


def test_a_correction_takes_back_what_the_wrong_one_said(world: World) -> None:
    wrong = world.find(world.rulings, "partial", date(2022, 2, 2), [world.yearbook_on_rulings])
    assert of_day(date(2022, 2, 2)) == {"partial": 1, "not-assessed": -1}
    world.find(
        world.rulings,
        "dropped",
        date(2022, 3, 3),
        supersedes=wrong,
        correction_reason="It was another yearbook.",
    )
    assert of_day(date(2022, 2, 2)) == {}
    assert of_day(date(2022, 3, 3)) == {"dropped": 1, "not-assessed": -1}


def test_a_late_finding_changes_its_day_and_that_of_the_next(world: World) -> None:
    day = date(2021, 3, 1)
    following = world.plan.findings.get(number=2).effective_on
    was = world.plan.findings.standing(day).first().status
    assert of_day(following)[was] == -1
    world.find(world.plan, "dropped", day)
    assert of_day(day) == {"dropped": 1, was: -1}
    assert of_day(following)["dropped"] == -1


def test_a_measure_takes_its_course_along_to_another_theme(world: World) -> None:
    world.plan.theme = world.courts
    record.save(world.plan, by=world.ana)
    assert turnover.differences() == []
    assert of_day(BEGINNING, theme=world.courts) == {"not-assessed": 2}


def test_a_theme_that_was_left_holds_no_sums(world: World) -> None:
    world.rulings.theme = world.design
    record.save(world.rulings, by=world.ana)
    assert not Turnover.objects.filter(theme=world.courts).exists()
    record.delete(world.courts, by=world.ana)
    assert turnover.differences() == []


def test_a_retired_measure_leaves_and_may_come_back(world: World) -> None:
    day = date(2022, 5, 5)
    world.plan.retired_on = day
    record.save(world.plan, by=world.ana)
    assert of_day(day) == {"implemented": -1}
    world.plan.retired_on = None
    record.save(world.plan, by=world.ana)
    assert of_day(day) == {}


def test_a_deleted_measure_is_counted_no_more(world: World) -> None:
    for citation in world.rulings.citations.all():
        record.delete(citation, by=world.ana)
    record.delete(world.rulings, by=world.ana)
    assert of_day(BEGINNING) == {"not-assessed": 2}
    assert turnover.differences() == []


def test_a_finding_costs_two_questions_however_long_the_history(world: World) -> None:
    for n in range(5):
        world.find(world.plan, "dropped", date(2022, 1, 1 + n))
    newest = [world.find(world.plan, "reversed", date(2022, 2, 1), world.plan.citations.all())]
    with CaptureQueriesContext(connection) as questions:
        turnover.added(newest)
    assert len(questions) == 2


class TestRepair:
    @pytest.fixture
    def tampered(self, world: World) -> World:
        Turnover.objects.filter(span=MONTH, day=BEGINNING).update(came=models.F("came") + 1)
        return world

    def test_a_tampered_sum_is_found(self, tampered: World) -> None:
        (found,) = {(each.span, each.day) for each in turnover.differences()}
        assert found == (MONTH, BEGINNING)
        with pytest.raises(CommandError, match="2 sums differ"):
            call_command("rebuild_rollups", check=True, stdout=StringIO())

    def test_a_lost_and_an_invented_sum_are_found(self, world: World) -> None:
        lost = Turnover.objects.filter(span=DAY, day=SPEECH_DAY).first()
        lost.delete()
        Turnover.objects.create(
            source=world.speech,
            theme=world.courts,
            span=DAY,
            day=date(2022, 2, 2),
            status="dropped",
            came=1,
        )
        assert {each.day for each in turnover.differences()} == {SPEECH_DAY, date(2022, 2, 2)}

    def test_the_start_says_so(self, tampered: World) -> None:
        (told,) = every_measure_is_counted(["default"])
        assert told.id == "measures.E004"
        call_command("rebuild_rollups", stdout=StringIO())
        assert every_measure_is_counted(["default"]) == []
        assert every_measure_is_counted(None) == []

    def test_made_anew_they_are_as_they_were_kept(self, tampered: World) -> None:
        told = StringIO()
        call_command("rebuild_rollups", stdout=told)
        assert "are those that the findings tell" in told.getvalue()
        assert turnover.differences() == []
        call_command("rebuild_rollups", check=True, stdout=told)

    def test_a_measure_written_past_the_record_is_found(self, world: World) -> None:
        Measure.objects.filter(pk=world.plan.pk).update(theme=world.courts)
        assert turnover.differences()
