"""Where marks stand on the picture of the years."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from measures.progress import lanes
from measures.progress.lanes import Axis

AXIS = Axis(date(1997, 1, 1), date(2018, 1, 1), date(2026, 11, 23))
DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))


@given(DAYS, DAYS)
def test_a_later_day_never_stands_further_left(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert 0 <= AXIS.at(first) <= AXIS.at(last) <= 100


def test_the_years_before_the_bend_are_drawn_closer_together() -> None:
    def year(number: int) -> float:
        return AXIS.at(date(number + 1, 1, 1)) - AXIS.at(date(number, 1, 1))

    assert 0 < year(2010) < year(2020) / 5
    assert AXIS.at(date(2018, 1, 1)) == AXIS.bend_x


def test_without_history_there_is_no_bend() -> None:
    axis = Axis(date(2018, 1, 1), date(2018, 1, 1), date(2020, 12, 31))
    assert not axis.is_bent
    assert [year for _, year in axis.ticks] == [2018, 2019, 2020]
    assert axis.at(date(2018, 1, 1)) == lanes.MARGIN


def test_the_years_that_are_named_fit() -> None:
    assert [year for _, year in AXIS.ticks] == [1997, 2018, 2020, 2022, 2024, 2026]
    long = Axis(date(1900, 1, 1), date(1900, 1, 1), date(2026, 1, 1))
    assert len(long.ticks) <= lanes.MOST_TICKS
    one_day = Axis(date(2020, 1, 1), date(2020, 1, 1), date(2020, 1, 1))
    assert [year for _, year in one_day.ticks] == [2020]


@given(st.lists(st.floats(0, 100), max_size=120).map(sorted))
def test_marks_of_a_row_do_not_cover_each_other(places: list[float]) -> None:
    found = lanes.rows(places)
    assert len(found) == len(places)
    deepest = max(found, default=0)
    assert deepest < lanes.MOST_ROWS
    if deepest < lanes.MOST_ROWS - 1:  # Full lanes may overlap: better than without end.
        for row in set(found):
            mine = [place for place, its in zip(places, found, strict=True) if its == row]
            assert all(right - left >= lanes.APART for left, right in pairwise(mine))
    assert all(lanes.middle(row) < lanes.depth(deepest + 1) for row in found)


def test_a_bar_is_as_tall_as_its_number_and_one_is_still_seen() -> None:
    assert lanes.bar(500, 500) == lanes.TALLEST_BAR
    assert lanes.bar(250, 500) == lanes.TALLEST_BAR / 2
    assert lanes.bar(1, 10_000) > 0
