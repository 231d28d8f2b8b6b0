"""Two people who change what is added up at the same moment are both counted."""

from copy import copy
from datetime import date, timedelta

import pytest

from measures import record, turnover
from measures.models import Measure
from tests.threads import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


def test_two_findings_and_a_move_at_once_are_all_counted(world: World) -> None:
    day = date(2022, 1, 1)
    for number in range(ROUNDS):
        early, late = day + timedelta(days=number), day + timedelta(days=100 - number)
        moved = Measure.objects.select_related("source", "theme__source").get(pk=world.rulings.pk)
        moved.theme = world.courts if moved.theme == world.design else world.design
        results = at_once(
            lambda since=early: world.find(copy(world.rulings), "dropped", since),
            lambda since=late: world.find(copy(world.training), "dropped", since),
            lambda row=moved: record.save(row, by=world.ana),
        )
        # Whoever moves the measure may be told that its review was moved on meanwhile.
        failed = [each for each in results if isinstance(each, Exception)]
        assert all(isinstance(each, record.Conflict) for each in failed)
        assert results[0].pk
        assert results[1].pk
        assert turnover.differences() == []
