"""Rows in the words that they had at an earlier moment."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures import record
from measures.models import Citation, Measure, Passage
from tests.world import World

pytestmark = pytest.mark.django_db

Changes = Callable[..., datetime]


@pytest.fixture
def changed(world: World) -> Changes:
    """Change a row; the moment just before."""

    def change(row: Any, **values: Any) -> datetime:
        before = timezone.now()
        row = type(row).objects.get(pk=row.pk)
        for name, value in values.items():
            setattr(row, name, value)
        record.save(row, by=world.ana)
        return before

    return change


def then(row: Any, moment: datetime | None) -> Any:
    (found,) = record.rewound(type(row).objects.filter(pk=row.pk), moment)
    return found


def test_each_moment_has_its_own_words(world: World, changed: Changes) -> None:
    first = changed(world.plan, title="Second", review_on=date(2030, 1, 1))
    second = changed(world.plan, title="Third", done_when="")
    assert then(world.plan, first).title == "The plan"
    assert then(world.plan, first).review_on == world.plan.review_on
    assert (then(world.plan, second).title, then(world.plan, second).review_on) == (
        "Second",
        date(2030, 1, 1),
    )
    assert then(world.plan, second).done_when == "It is in force."
    assert then(world.plan, timezone.now()).title == then(world.plan, None).title == "Third"


def test_what_was_loaded_with_a_row_goes_back_with_it(world: World, changed: Changes) -> None:
    moment = changed(world.outline, title="Renamed")
    changed(world.design, title="Renamed")
    rows = Citation.objects.select_related("evidence", "measure__theme")
    (citation,) = record.rewound(rows.filter(pk=world.outline_on_plan.pk), moment)
    assert (citation.evidence.title, citation.measure.theme.title) == ("The outline", "Design")


def test_nothing_is_written(world: World, changed: Changes) -> None:
    moment = changed(world.plan, title="Renamed")
    then(world.plan, moment)
    assert Measure.objects.get(pk=world.plan.pk).title == "Renamed"
    assert record.verify().broken is None


def test_a_text_of_which_only_the_hash_is_kept_does_not_turn_into_it(
    world: World, changed: Changes
) -> None:
    unloaded = changed(world.pledges, text="We will issue a plan.")
    loaded = changed(world.pledges, text="We will issue two plans.")
    assert then(world.pledges, unloaded).text == ""
    assert then(world.pledges, loaded).text == "We will issue two plans."
    assert then(world.pledges, loaded).gist == Passage.objects.get(pk=world.pledges.pk).gist


def test_the_number_of_queries_does_not_grow_with_the_rows(world: World) -> None:
    def queries(rows: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            record.rewound(rows, timezone.now())
        return len(captured)

    measures = Measure.objects.select_related("theme")
    assert queries(measures.filter(pk=world.plan.pk)) == queries(measures) == 2
    assert record.rewound([], timezone.now()) == []
