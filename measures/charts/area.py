"""The trend as areas one above the other, the furthest status at the bottom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .. import method
from ..progress import Trend
from .words import day_of, told

# A band thinner than this share of the height has no room for words; in a small chart than that.
ROOM_FOR_WORDS, ROOM_IN_A_SMALL_ONE = 0.075, 0.13
# How much of the width, from its right end, the words of a band take.
WIDTH_OF_WORDS = 0.3
# Beyond this share of the width the name of a year would leave the picture.
LAST_NAME = 0.94
MOST_STEPS = 5
MOST_YEARS = 8


@dataclass(frozen=True, slots=True)
class Band:
    """The area of one status: its outline, and the number at the end.

    `words_at` is the height at which there is room for words at the right end, None where there
    is none; `names_itself` whether for the name and the number, else for the number alone.
    """

    term: method.Status
    number: int
    outline: str
    words_at: float | None
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what it says; nothing where there is no room to say it."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A trend drawn within `width` and `height`, from the upper left corner."""

    trend: Trend
    width: float
    height: float
    bands: tuple[Band, ...]
    years: tuple[Tick, ...]
    numbers: tuple[Tick, ...]

    @property
    def told(self) -> str:
        """The same in a sentence."""
        return told(self.trend)


def trend(drawn: Trend, width: float = 100, height: float = 100, *, small: bool = False) -> Chart:
    """The areas of a trend; statuses that no measure ever had take no room.

    `small` is for one of many beside each other, whose words need more of the height.
    """
    room = height * (ROOM_IN_A_SMALL_ONE if small else ROOM_FOR_WORDS)
    top = max((point.total for point in drawn.points), default=0) or 1
    places = _places(drawn.days, width)
    bands = []
    for number, term in enumerate(method.SHOWN_STATUSES.values()):
        counts = [point.counts[number] for point in drawn.points]
        lower = [height - height * count.before / top for count in counts]
        upper = [height - height * (count.before + count.number) / top for count in counts]
        if any(count.number for count in counts):
            edges = (lower * 2, upper * 2) if len(counts) == 1 else (lower, upper)
            bands.append(_band(term, counts[-1].number, places, *edges, room))
    return Chart(
        drawn, width, height, tuple(bands), _years(drawn.days, width), _numbers(top, height)
    )


def _places(days: Sequence[date], width: float) -> list[float]:
    """Where each day stands; a single one reaches from side to side."""
    span = (days[-1] - days[0]).days
    return [width * (day - days[0]).days / span for day in days] if span else [0, width]


def _band(
    term: method.Status,
    number: int,
    places: Sequence[float],
    lower: Sequence[float],
    upper: Sequence[float],
    room: float,
) -> Band:
    there = zip(places, upper, strict=True)
    back = zip(reversed(places), reversed(lower), strict=True)
    outline = " ".join(f"{round(x, 2)},{round(y, 2)}" for x, y in (*there, *back))
    begins = places[-1] * (1 - WIDTH_OF_WORDS)
    near = [n for n, place in enumerate(places) if place >= begins]
    near.insert(0, max(near[0] - 1, 0))
    ceiling, floor = max(upper[n] for n in near), min(lower[n] for n in near)
    if floor - ceiling >= room:
        return Band(term, number, outline, round((floor + ceiling) / 2, 2), names_itself=True)
    if lower[-1] - upper[-1] >= room:
        middle = round((lower[-1] + upper[-1]) / 2, 2)
        return Band(term, number, outline, middle, names_itself=False)
    return Band(term, number, outline, None, names_itself=False)


def _years(days: Sequence[date], width: float) -> tuple[Tick, ...]:
    """Where each year begins; the first day where none does."""
    first, last = days[0], days[-1]
    years = range(first.year + 1, last.year + 1)
    if not years:
        return (Tick(0, day_of(first)),)
    every = -(-len(years) // MOST_YEARS)
    found = []
    for year in years:
        at = (date(year, 1, 1) - first).days / (last - first).days
        named = (year - years[0]) % every == 0 and at <= LAST_NAME
        found.append(Tick(round(width * at, 2), str(year) if named else ""))
    return tuple(found)


def _numbers(top: int, height: float) -> tuple[Tick, ...]:
    """Round numbers from 0 up, and the denominator at the top."""
    sizes = (size * 10**power for power in range(9) for size in (1, 2, 5))
    step = next(size for size in sizes if top / size <= MOST_STEPS)
    # The last round number gives way where the denominator would stand on it.
    rounds = [number for number in range(0, top, step) if top - number >= step * 0.6]
    return tuple(
        Tick(round(height - height * number / top, 2), str(number)) for number in (*rounds, top)
    )
