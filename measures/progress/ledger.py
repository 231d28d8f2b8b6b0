"""Today's figures of a register of any size: read from the turnover, never from each measure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from ..models import Source, Theme, Turnover
from .states import Tallied

# Of a month or a day: its first day, a status, how many came to it and how many went.
_Row = tuple[date, str, int, int]


@dataclass(frozen=True)
class Sum(Tallied):
    """How many measures stood where on `day`: the figures of a `State` without its measures."""

    day: date
    known: datetime | None
    tally: Counter[str]


@dataclass(frozen=True)
class Ledger:
    """How many measures of each theme had which status on each of the `days`, as known now.

    `arrivals` says by theme how often one came to another status after the first day.
    """

    days: tuple[date, ...]
    by_theme: dict[int, tuple[Counter[str], ...]] = field(repr=False)
    arrivals: dict[int, int] = field(repr=False)

    def __len__(self) -> int:
        """How many measures there were on the first day, those retired since among them."""
        return self.first.tally.total()

    @cached_property
    def tallies(self) -> tuple[Counter[str], ...]:
        """The measures by status, for each of the days."""
        found = tuple(Counter[str]() for _ in self.days)
        for tallies in self.by_theme.values():
            for whole, part in zip(found, tallies, strict=True):
                whole.update(part)
        return found

    @property
    def first(self) -> Sum:
        """Where they stood on the first day."""
        return Sum(self.days[0], None, self.tallies[0])

    @property
    def last(self) -> Sum:
        """Where they stood on the last day."""
        return Sum(self.days[-1], None, self.tallies[-1])

    @property
    def changes(self) -> int:
        """How often one came to another status after the first day and up to the last."""
        return sum(self.arrivals.values())

    def of_theme(self, theme: Theme) -> "Ledger":
        """The part that belongs to one theme."""
        nothing = tuple(Counter[str]() for _ in self.days)
        part = {theme.pk: self.by_theme.get(theme.pk, nothing)}
        return Ledger(self.days, part, {theme.pk: self.arrivals.get(theme.pk, 0)})


def ledger(source: Source, days: Sequence[date], theme: Theme | None = None) -> Ledger:
    """The figures of these days as known now. One query.

    Between the first and the last there are ends of months only. What it costs grows with the
    months and themes, not with measures or findings.
    """
    first, last = days[0], days[-1]
    months, singles = defaultdict[int, list[_Row]](list), defaultdict[int, list[_Row]](list)
    for theme_id, by_month, *row in Turnover.objects.of(source, theme).told(first, last):
        (months if by_month else singles)[theme_id].append(tuple(row))
    every = months.keys() | singles.keys()
    return Ledger(
        tuple(days),
        {each: tuple(_tallies(days, months[each], singles[each])) for each in every},
        {each: _arrivals(first, last, months[each], singles[each]) for each in every},
    )


def _tallies(
    days: Sequence[date], months: Sequence[_Row], singles: Sequence[_Row]
) -> Iterator[Counter[str]]:
    """What stood on each day; both lists are in the order of their days."""
    standing, place = Counter[str](), 0
    for day in days:
        begins = day.replace(day=1)
        # At either end the month may go on: its days up to this one count, singly.
        is_end = day in (days[0], days[-1])
        while place < len(months) and (
            months[place][0] < begins or (months[place][0] == begins and not is_end)
        ):
            _, status, came, went = months[place]
            standing[status] += came - went
            place += 1
        tally = standing.copy()
        for on, status, came, went in singles if is_end else ():
            if begins <= on <= day:
                tally[status] += came - went
        yield tally


def _arrivals(first: date, last: date, months: Sequence[_Row], singles: Sequence[_Row]) -> int:
    """How often one came to a status after `first` and up to `last`."""

    def until(day: date) -> int:
        begins = day.replace(day=1)
        whole = sum(came for on, _, came, _ in months if on < begins)
        return whole + sum(came for on, _, came, _ in singles if begins <= on <= day)

    return until(last) - until(first)
