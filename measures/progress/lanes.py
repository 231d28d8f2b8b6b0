"""Where things stand on a picture of the years: plain numbers that a template draws.

Across in per cent of the width, so that the picture fits a phone and a wall; down in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# Nearer to each other than this, two marks would cover each other: the later one goes a row down.
APART = 1.6
MARGIN, EARLIER = 2.0, 14.0
ROW, MOST_ROWS = 15, 16
TALLEST_BAR, THINNEST_BAR = 44, 0.3
MOST_TICKS = 7
STEPS = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Axis:
    """The years from the first to the last day; those before `bend` are drawn closer together."""

    first: date
    bend: date
    last: date

    @property
    def is_bent(self) -> bool:
        """Whether there is anything before the bend."""
        return self.first < self.bend

    @property
    def bend_x(self) -> float:
        """Where the years begin to be drawn at their full width, in per cent."""
        return EARLIER if self.is_bent else MARGIN

    def at(self, day: date) -> float:
        """Where a day stands, in per cent; what lies outside stands at the edge."""
        if day < self.bend and self.is_bent:
            return _between(day, self.first, self.bend, MARGIN, EARLIER)
        return _between(day, self.bend, self.last, self.bend_x, 100 - MARGIN)

    @property
    def ticks(self) -> tuple[tuple[float, int], ...]:
        """Where the years begin that are named: as many as fit."""
        years = range(self.bend.year, self.last.year + 1)
        step = next((s for s in STEPS if len(years) <= s * MOST_TICKS), STEPS[-1])
        named = tuple((self.at(date(year, 1, 1)), year) for year in years[::step])
        return ((MARGIN, self.first.year), *named) if self.is_bent else named


def _between(day: date, first: date, last: date, left: float, right: float) -> float:
    share = (day - first).days / max((last - first).days, 1)
    return round(left + min(max(share, 0), 1) * (right - left), 2)


def rows(places: Sequence[float]) -> list[int]:
    """The row, from 0, of each mark, given their places from left to right."""
    ends: list[float] = []
    found = []
    for place in places:
        free = [row for row, end in enumerate(ends) if place - end >= APART]
        if free:
            row = free[0]
        elif len(ends) < MOST_ROWS:
            row = len(ends)
            ends.append(place)
        else:
            row = ends.index(min(ends))
        ends[row] = place
        found.append(row)
    return found


def middle(row: int) -> int:
    """How far down the middle of a row is."""
    return ROW * row + ROW // 2 + 3


def depth(rows_used: int) -> int:
    """How deep a lane of so many rows is."""
    return max(rows_used, 1) * ROW + 6


def bar(number: int, most: int) -> int:
    """How tall the bar of a number is; the most has the tallest, and one is still seen."""
    return max(round(TALLEST_BAR * number / (most or 1)), 2)
