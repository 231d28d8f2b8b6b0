"""The areas of a trend: side by side, one on the other, to scale."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import charts, method
from measures.progress import Course, Trend, month_ends

FIRST, LAST = date(2020, 11, 30), date(2021, 11, 30)
DAYS = month_ends(FIRST, LAST)


def course(*steps: tuple[int, str], ends: int = len(DAYS)) -> Course:
    return Course(1, 1, steps, ends)


def corners(band: charts.Band) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in band.outline.split())]


def drawn(*courses: Course, days: tuple[date, ...] = DAYS) -> charts.Chart:
    return charts.trend(Trend(days, None, courses))


def test_the_furthest_status_lies_at_the_bottom() -> None:
    chart = drawn(course((0, "limited"), (6, "implemented")), course((0, "not-assessed")))
    assert [band.term.slug for band in chart.bands] == ["implemented", "limited", "not-assessed"]
    implemented, limited, unassessed = (corners(band) for band in chart.bands)
    # The upper edge from left to right, then the lower one back.
    assert implemented[0] == (0, 100)
    assert implemented[len(DAYS) - 1] == (100, 50)
    assert implemented[-1] == (0, 100)
    assert limited[0] == (0, 50)
    assert unassessed[0] == (0, 0)
    assert [band.number for band in chart.bands] == [1, 0, 1]


def test_a_status_that_nobody_had_takes_no_room() -> None:
    assert [band.term.slug for band in drawn(course((0, "partial"))).bands] == ["partial"]


def test_a_single_day_reaches_from_side_to_side() -> None:
    chart = drawn(course((0, "partial"), ends=1), days=(FIRST,))
    assert corners(chart.bands[0]) == [(0, 0), (100, 0), (100, 100), (0, 100)]
    assert [tick.label for tick in chart.years] == ["30 November 2020"]


def test_the_scale_is_that_of_the_most_commitments() -> None:
    chart = drawn(course((0, "partial")), course((0, "partial"), ends=3))
    edge = corners(chart.bands[0])
    assert (edge[0][1], edge[len(DAYS) - 1][1]) == (0, 50)


def test_years_stand_where_they_begin() -> None:
    (year,) = drawn(course((0, "partial"))).years
    assert year.label == "2021"
    assert year.at == pytest.approx(100 * 32 / 365, abs=0.01)


def test_many_years_are_not_all_named_nor_is_one_at_the_very_end() -> None:
    days = month_ends(FIRST, date(2045, 1, 15))
    years = charts.trend(Trend(days, None, ())).years
    assert len(years) == 25
    assert 3 <= len([year for year in years if year.label]) <= 8
    assert years[-1].label == ""


@pytest.mark.parametrize(
    ("total", "numbers"),
    [
        (1, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (47, ["0", "10", "20", "30", "40", "47"]),
        (41, ["0", "10", "20", "30", "41"]),
        (5000, ["0", "1000", "2000", "3000", "4000", "5000"]),
    ],
)
def test_the_numbers_are_round_and_the_denominator_is_one_of_them(
    total: int, numbers: list[str]
) -> None:
    chart = drawn(*[course((0, "partial"))] * total)
    assert [tick.label for tick in chart.numbers] == numbers
    assert (chart.numbers[0].at, chart.numbers[-1].at) == (100, 0)


def test_without_commitments_there_is_nothing_but_the_axes() -> None:
    chart = drawn()
    assert chart.bands == ()
    assert "none; 0 in all" in chart.told


def test_words_stand_only_where_they_fit() -> None:
    many = [course((0, "partial"))] * 40
    chart = drawn(*many, course((0, "implemented")))
    thin, thick = chart.bands
    assert thin.words_at is None
    assert thick.names_itself
    assert thick.words_at == pytest.approx(100 * 20 / 41, abs=0.01)
    # What grew thick only lately has room for its number, not for its name.
    late = drawn(*many, *[course((0, "partial"), (len(DAYS) - 1, "implemented"))] * 20)
    assert late.bands[0].words_at is not None
    assert not late.bands[0].names_itself


STEPS = st.lists(
    st.tuples(st.integers(1, len(DAYS) - 1), st.sampled_from(list(method.STATUSES))),
    max_size=4,
    unique_by=lambda step: step[0],
)
COURSES = st.builds(lambda steps: course((0, "not-assessed"), *sorted(steps)), STEPS)


@given(st.lists(COURSES, min_size=1, max_size=12))
def test_the_bands_fill_the_picture_without_gap_or_overlap(courses: list[Course]) -> None:
    chart = drawn(*courses)
    floor = [100.0] * len(DAYS)
    for band in chart.bands:
        edge = [y for _, y in corners(band)]
        upper, lower = edge[: len(DAYS)], edge[len(DAYS) :][::-1]
        assert lower == pytest.approx(floor, abs=0.02)
        assert all(above <= below + 0.02 for above, below in zip(upper, lower, strict=True))
        floor = upper
    assert floor == pytest.approx([0.0] * len(DAYS), abs=0.02)
