"""How the measures came to stand where they do: their number by status, month by month."""

from bisect import bisect_left
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from .. import method, record
from ..models import Body, Finding, Measure, Source, Theme
from .ledger import Ledger, Sum
from .states import Count, counted

MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Course:
    """One measure over the days of a trend: from which day on, by its place, it has which status.

    `ends` is the place of the first day on which it was retired, or the number of days.
    """

    measure_id: int
    theme_id: int
    steps: tuple[tuple[int, str], ...]
    ends: int


@dataclass(frozen=True, slots=True)
class Point:
    """Where the measures stood on one day, counted with their denominator."""

    day: date
    counts: tuple[Count, ...]

    @property
    def total(self) -> int:
        """How many measures there were."""
        return self.counts[0].total

    @property
    def achieved(self) -> int:
        """Implemented or sustained."""
        return sum(c.number for c in self.counts if c.term.slug in method.ACHIEVED)


@dataclass(frozen=True)
class Trend:
    """The measures of a source, a theme or a body on each of `days`, all known at `known`."""

    days: tuple[date, ...]
    known: datetime | None
    courses: tuple[Course, ...] = field(repr=False)

    def __len__(self) -> int:
        """How many measures it follows, retired ones among them."""
        return len(self.courses)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """One for each day; those not yet assessed are counted as such."""
        comings = [Counter[str]() for _ in range(len(self.days) + 1)]
        for course in self.courses:
            before = ""
            for place, slug in (*course.steps, (course.ends, "")):
                comings[place][slug] += 1
                comings[place][before] -= 1
                before = slug
        standing, found = Counter[str](), []
        for day, coming in zip(self.days, comings, strict=False):
            standing.update(coming)
            del standing[""]
            found.append(Point(day, counted(standing)))
        return tuple(found)

    @property
    def first(self) -> Sum:
        """Where they stood on the first day."""
        return self._sum(self.points[0])

    @property
    def last(self) -> Sum:
        """Where they stood on the last day."""
        return self._sum(self.points[-1])

    def _sum(self, point: Point) -> Sum:
        tally = Counter({count.term.slug: count.number for count in point.counts})
        return Sum(point.day, self.known, tally)

    def last_of(self, theme: Theme) -> Sum:
        """Where the measures of one theme stood on the last day."""
        return self.of_theme(theme).last

    @property
    def changes(self) -> int | None:
        """How often one came to another status since the first day; None where nobody counted."""
        return None

    @property
    def digest(self) -> tuple[Point, ...]:
        """Every point, or by quarter where that would be too many for a small table."""
        return self.points if len(self.points) <= MOST_MONTHS else self.quarters

    @property
    def quarters(self) -> tuple[Point, ...]:
        """The first point, the ends of quarters, and the last."""
        first, *between, last = self.points if len(self.points) > 1 else self.points * 2
        some = (point for point in between if point.day.month % 3 == 0)
        return (first, *some, last) if last is not first else (first,)

    def of_theme(self, theme: Theme) -> "Trend":
        """The part that belongs to one theme."""
        part = tuple(c for c in self.courses if c.theme_id == theme.pk)
        return Trend(self.days, self.known, part)

    def of_measures(self, ids: Iterable[int]) -> "Trend":
        """The part that is made of these measures."""
        wanted = set(ids)
        part = tuple(c for c in self.courses if c.measure_id in wanted)
        return Trend(self.days, self.known, part)


@dataclass(frozen=True)
class Summed(Trend):
    """The same as known now, told by the sums that are kept: no measure is looked at.

    It follows every course first where its part is asked for that some measures make.
    """

    ledger: Ledger = field(repr=False)
    tallies: tuple[Counter[str], ...] = field(repr=False)

    def __len__(self) -> int:
        return self.tallies[0].total()

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """One for each day."""
        return tuple(
            Point(day, counted(tally)) for day, tally in zip(self.days, self.tallies, strict=True)
        )

    @property
    def changes(self) -> int:
        """How often one came to another status since the first day."""
        return self.ledger.changes

    def of_theme(self, theme: Theme) -> "Trend":
        """The part that belongs to one theme. One query for the parts of all themes."""
        nothing = tuple(Counter[str]() for _ in self.days)
        return replace(self, tallies=self.ledger.by_theme.get(theme.pk, nothing))

    def last_of(self, theme: Theme) -> Sum:
        """Where the measures of one theme stood on the last day. One query for all themes."""
        return self.ledger.lately.get(theme.pk) or Sum(self.days[-1], None, Counter())

    def of_measures(self, ids: Iterable[int]) -> "Trend":
        """The part that is made of these measures. Two queries."""
        return _followed(self.ledger.source, self.days, None).of_measures(ids)


def month_ends(first: date, last: date) -> tuple[date, ...]:
    """`first`, the end of every month in between, and `last`: each once, in order."""
    found = [first]
    year, month = first.year, first.month
    while (end := date(year, month, monthrange(year, month)[1])) < last:
        if end > first:
            found.append(end)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return (*found, last) if last > first else (first,)


def trend(
    source: Source,
    day: date,
    known: datetime | None = None,
    *,
    theme: Theme | None = None,
    body: Body | None = None,
) -> Trend:
    """How the measures of `source` stood from its day to `day`; of a theme or a body if given.

    On each day exactly what `state` says of it, however many days and measures: in one query as
    known now, in two of a body, in three where `known` is given.
    """
    days = month_ends(source.delivered_on, day)
    if known is None and body is None:
        sums = Ledger(source, days, theme)
        return Summed(days, None, (), sums, sums.tallies)
    return _followed(source, days, known, theme=theme, body=body)


def _followed(source: Source, days: tuple[date, ...], known: datetime | None, **part: Any) -> Trend:
    """The trend as the history itself tells it, measure by measure."""
    measures = Measure.objects.of(source, days[0], known).matching(**part)
    findings = Finding.objects.standing(days[-1], known).filter(measure__source=source)
    held = {
        measure: [(effective, status) for _, effective, status in latest_first]
        for measure, latest_first in groupby(
            findings.order_by("measure_id", "-effective_on", "-recorded_at", "-number").values_list(
                "measure_id", "effective_on", "status"
            ),
            itemgetter(0),
        )
    }
    return Trend(
        days,
        known,
        tuple(
            Course(m.pk, m.theme_id, *_course(days, held.get(m.pk, []), m.retired_on))
            for m in record.rewound(measures.only("theme", "retired_on"), known)
        ),
    )


def _course(
    days: tuple[date, ...], latest_first: list[tuple[date, str]], retired: date | None
) -> tuple[tuple[tuple[int, str], ...], int]:
    """The steps over the days, and where they end: of findings that hold from the same day on, the
    latest counts."""
    ends = bisect_left(days, retired) if retired else len(days)
    steps: list[tuple[int, str]] = []
    place = ends
    for effective, status in latest_first:
        begins = bisect_left(days, effective)
        if begins < place:
            steps.append((begins, status))
            place = begins
    if place > 0:
        steps.append((0, method.NOT_ASSESSED))
    return tuple(reversed(steps)), ends
