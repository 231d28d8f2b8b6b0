from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import charts, method
from measures.progress import State


@dataclass(frozen=True)
class Stood:
    """A measure as far as a chart looks at it."""

    slug: str


def state(**numbers: int) -> State:
    """A state with so many measures of each status."""
    standings: list[Any] = [
        Stood(slug.replace("_", "-")) for slug, number in numbers.items() for _ in range(number)
    ]
    return State(date(2024, 3, 1), None, standings)


def test_the_steps_stand_side_by_side_furthest_first() -> None:
    steps = charts.ladder(state(limited=1, implemented=2, not_assessed=1))
    assert [step.term.slug for step in steps] == ["implemented", "limited", "not-assessed"]
    assert [step.number for step in steps] == [2, 1, 1]
    assert [(step.x, step.width, step.middle) for step in steps] == [
        (0, 50, 25),
        (50, 25, 62.5),
        (75, 25, 87.5),
    ]


def test_nothing_is_drawn_of_nothing() -> None:
    assert charts.ladder(state()) == ()


def test_one_status_takes_the_whole_width() -> None:
    (step,) = charts.ladder(state(sustained=47))
    assert (step.number, step.x, step.width) == (47, 0, 100)


def test_a_number_is_written_only_where_it_fits() -> None:
    narrow, wide = charts.ladder(state(implemented=1, limited=99))
    assert not narrow.shows_number
    assert wide.shows_number


SOME = st.dictionaries(st.sampled_from(list(method.SHOWN_STATUSES)), st.integers(0, 60), min_size=1)


@given(SOME)
def test_the_steps_fill_the_width_without_gap_or_overlap(numbers: dict[str, int]) -> None:
    counted = {slug: number for slug, number in numbers.items() if number}
    steps = charts.ladder(state(**{slug.replace("-", "_"): n for slug, n in counted.items()}))
    assert {step.term.slug: step.number for step in steps} == counted
    place = 0.0
    for step in steps:
        assert step.x == pytest.approx(place, abs=0.01)
        assert step.width > 0
        place = step.x + step.width
    assert place == pytest.approx(100 if steps else 0, abs=0.01)
